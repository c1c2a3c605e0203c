"""The machine's settings: flags, environment, TOML; checked, as one frozen object.

The hall's own settings (services, counters, texts) live in the store. Order of precedence: flag,
environment (`DENLUOT_PORT` and so on; `ASYNC_MODE` alone), file, default.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

ASYNC_MODES = ("eventlet", "threading", "gevent")
PREFIX = "DENLUOT_"
PORT_LARGEST = 65535
HOST_LONGEST = 253
SHOWN_LONGEST = 80  # letters of a wrong value in its message


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
    names = Settings.__struct_fields__
    values: dict[str, object] = _from_file(config) if config is not None else {}
    variables = {"ASYNC_MODE" if name == "async_mode" else PREFIX + name.upper(): name for name in names}
    unknown = sorted(variable for variable in environment if variable.startswith(PREFIX) and variable not in variables)
    if unknown:
        raise WrongSetting(f"{unknown[0]}: there is no such setting; known are {', '.join(sorted(variables))}")
    values |= {name: environment[variable] for variable, name in variables.items() if environment.get(variable)}
    values |= {name: flags[name] for name in names if flags.get(name) not in (None, ())}
    return _checked(values)


def _from_file(config: Path) -> dict[str, object]:
    try:
        # Editors on Windows put a mark before the first letter.
        values = tomllib.loads(config.read_text("utf-8-sig"))
    except OSError as error:
        raise WrongSetting(f"config: {config} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number of thousands of digits
        raise WrongSetting(f"config: {config}: {error}") from error
    unknown = sorted(values.keys() - set(Settings.__struct_fields__))
    if unknown:
        raise WrongSetting(f"config: {config} has no setting called {unknown[0]!r}")
    return values


def _checked(values: Mapping[str, object]) -> Settings:
    defaults = Settings()
    async_mode = _text("async_mode", values.get("async_mode", defaults.async_mode))
    if async_mode not in ASYNC_MODES:
        raise WrongSetting(f"async_mode: {_shown(async_mode)} is none of {', '.join(ASYNC_MODES)}")
    data = _folder("data", values.get("data", defaults.data))
    second = _folder("backup_to", values["backup_to"]) if values.get("backup_to", "") != "" else None
    if second is not None and _is_within(second, data):
        raise WrongSetting("backup_to: the second place must not be the data folder, nor in it")
    return Settings(
        _host(values.get("host", defaults.host)),
        _port(values.get("port", defaults.port)),
        data,
        async_mode,
        _public_url(values.get("public_url")),
        second,
        _printer(values.get("printer")),
        _trusted_proxy(values.get("trusted_proxy")),
    )


def _shown(value: object) -> str:
    """Return a value as a message shows it: on one line, and not endless."""
    text = repr(value)
    return text if len(text) <= SHOWN_LONGEST else f"{text[:SHOWN_LONGEST]}…"


def _text(name: str, value: object) -> str:
    """Return a text.

    Raises:
        WrongSetting: it is another type, or has signs that cannot be printed.
    """
    if not isinstance(value, str):
        raise WrongSetting(f"{name}: {_shown(value)} is not a text in quotation marks")
    if not value.isprintable():  # a line break, a NUL, half a letter
        raise WrongSetting(f"{name}: {_shown(value)} has signs that cannot be printed")
    return value


def _port(value: object) -> int:
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(digits, str) or not re.fullmatch(r"-?[0-9]+", digits):
        raise WrongSetting(f"port: {_shown(value)} is not a number")
    if not re.fullmatch(r"0*[1-9][0-9]{0,4}", digits) or int(digits) > PORT_LARGEST:
        raise WrongSetting(f"port: {_shown(value)} is not between 1 and {PORT_LARGEST}")
    return int(digits)


def _host(value: object) -> str:
    host = _text("host", value)
    if not _is_host(host) and not _is_address(host):
        raise WrongSetting(f"host: {_shown(host)} is not an address")
    return host


def _is_host(text: str) -> bool:
    """Return whether this can be the name of a PC, or an address of four numbers."""
    labels = text.removesuffix(".").split(".")
    return len(text) <= HOST_LONGEST and all(re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})", one) for one in labels)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _folder(name: str, value: object) -> Path:
    """Return a folder, which need not be there yet.

    Raises:
        WrongSetting: something else is there, or no folder can have this name.
    """
    text = _text(name, str(value) if isinstance(value, Path) else value)
    if not text.strip() or text.startswith("~"):
        # Only a shell knows what ~ means; elsewhere a folder of that name would be made.
        raise WrongSetting(f"{name}: {_shown(text)} is not a folder; write the whole path")
    path = Path(text)
    try:
        if path.exists() and not path.is_dir():
            raise WrongSetting(f"{name}: {path} is not a folder")
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{name}: {_shown(text)}: {getattr(error, 'strerror', None) or error}") from error
    return path


def _is_within(inner: Path, outer: Path) -> bool:
    try:
        return outer.resolve() in (inner.resolve(), *inner.resolve().parents)
    except (OSError, RuntimeError):  # links that lead round in a circle
        return False


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
        raise WrongSetting(f"{name}: {_shown(value)} is neither an address nor a list of them")
    return tuple(_text(name, address.strip()) for address in given if address.strip())


def _public_url(value: object) -> str | None:
    if value is None or value == "":
        return None
    url = _text("public_url", value).rstrip("/")
    wrong = WrongSetting(f"public_url: {_shown(value)} is not an address like http://192.168.1.10:8000")
    # What a QR code may hold, and nothing that a page or a terminal could read as something else.
    if not re.fullmatch(r"https?://[A-Za-z0-9._~:/\[\]%-]+", url, re.IGNORECASE):
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    host = parts.hostname or ""
    literal = parts.netloc.startswith("[")
    if not (_is_address(host) if literal else _is_host(host)) or port == 0 or parts.netloc.endswith(":"):
        raise wrong
    if parts.path:
        # Every page asks for /static and /api, and a phone would get the page of another program.
        raise WrongSetting(f"public_url: {_shown(value)} has a path; a centre needs a host or a port of its own")
    return url
