"""The machine's settings: flags, environment, TOML; checked, as one frozen object.

The hall's own settings (services, counters, texts) live in the store. Order of precedence: flag,
environment (`DENLUOT_PORT` and so on; `ASYNC_MODE` alone), file, default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

ASYNC_MODES = ("eventlet", "threading", "gevent")
PREFIX = "DENLUOT_"


class WrongSetting(Exception):
    """A setting that cannot be used; the message names it and says why."""


class Settings(msgspec.Struct, frozen=True):
    """Where the server listens, where it keeps its data, and how it is reached."""

    host: str = "0.0.0.0"
    port: int = 8000
    data: Path = Path("data")
    async_mode: str = "eventlet"
    public_url: str | None = None  # the address phones can reach, for links and QR codes
    backup_to: Path | None = None  # a second place for backups and daily files: another disk, a share
    printer: tuple[str, ...] = ()  # addresses: the main one, then the spare; none: the screen shows the ticket
    trusted_proxy: tuple[str, ...] = ()  # addresses of proxies that are believed who asks, and whether by HTTPS


def load(flags: Mapping[str, object], environment: Mapping[str, str], config: Path | None) -> Settings:
    """Return the settings in force; `flags` that are None were not given.

    Raises:
        WrongSetting: a setting is unknown, of the wrong type, or out of range.
    """
    values: dict[str, object] = _from_file(config) if config is not None else {}
    for name in Settings.__struct_fields__:
        text = environment.get("ASYNC_MODE" if name == "async_mode" else PREFIX + name.upper())
        if text:
            values[name] = text
        if flags.get(name) not in (None, ()):
            values[name] = flags[name]
    return _checked(values)


def _from_file(config: Path) -> dict[str, object]:
    try:
        values = tomllib.loads(config.read_text("utf-8"))
    except OSError as error:
        raise WrongSetting(f"config: {config} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSetting(f"config: {config}: {error}") from error
    unknown = sorted(values.keys() - set(Settings.__struct_fields__))
    if unknown:
        raise WrongSetting(f"config: {config} has no setting called {unknown[0]!r}")
    return values


def _checked(values: Mapping[str, object]) -> Settings:
    try:
        port = int(str(values.get("port", Settings().port)))
    except ValueError as error:
        raise WrongSetting(f"port: {values['port']!r} is not a number") from error
    if not 0 < port < 65536:
        raise WrongSetting(f"port: {port} is not between 1 and 65535")
    async_mode = str(values.get("async_mode", "eventlet"))
    if async_mode not in ASYNC_MODES:
        raise WrongSetting(f"async_mode: {async_mode!r} is none of {', '.join(ASYNC_MODES)}")
    host = str(values.get("host", Settings().host))
    if not host or any(letter.isspace() for letter in host):
        raise WrongSetting(f"host: {host!r} is not an address")
    data = Path(str(values.get("data", Settings().data)))
    if data.exists() and not data.is_dir():
        raise WrongSetting(f"data: {data} is not a folder")
    printer = _printer(values.get("printer"))
    second = Path(str(values["backup_to"])) if values.get("backup_to") else None
    if second is not None and second.resolve() == data.resolve():
        raise WrongSetting("backup_to: the second place must not be the data folder")
    trusted = _trusted_proxy(values.get("trusted_proxy"))
    return Settings(host, port, data, async_mode, _public_url(values.get("public_url")), second, printer, trusted)


def _printer(value: object) -> tuple[str, ...]:
    """Return the addresses of printers; `paper.addresses` checks them."""
    return _addresses("printer", value)


def _trusted_proxy(value: object) -> tuple[str, ...]:
    addresses = _addresses("trusted_proxy", value)
    try:
        return tuple(str(ip_address(address)) for address in addresses)
    except ValueError as error:
        raise WrongSetting(f"trusted_proxy: {error}; it takes addresses like 127.0.0.1") from error


def _addresses(name: str, value: object) -> tuple[str, ...]:
    """Return the addresses of a setting: from one, a list, or several separated by spaces."""
    if value is None:
        return ()
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(address, str) for address in given):
        raise WrongSetting(f"{name}: {value!r} is neither an address nor a list of them")
    return tuple(address.strip() for address in given if address.strip())


def _public_url(value: object) -> str | None:
    if value is None or value == "":
        return None
    url = str(value).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise WrongSetting(f"public_url: {value!r} is not an address like http://192.168.1.10:8000")
    return url
