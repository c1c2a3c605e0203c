"""The addresses of printers, and the driver for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from paper.drivers import DirectFile, DirectLP, DirectNetwork, DirectSerial, DirectUsb, DirectWin32Raw
from paper.printers import CONNECT_TIMEOUT_S, STATUS_TIMEOUT_S, Driver, Printer
from paper.profiles import DEFAULT_PROFILE, Profile, profiles

PREVIEW = "preview"

Allow = Callable[[str, int, str], bool]  # host, port, and an IP address of this host -> whether it is connected to


class WrongAddress(Exception):
    """An address no printer can have; the message says why."""


def printer_at(address: str, name: str, allow: Allow = lambda host, port, ip: True) -> Printer | None:
    """Return the printer at an address; None for preview://, which prints nothing.

    `allow` is asked at each connection to a printer in the network.

    Raises:
        WrongAddress: no printer can have this address; the message says why.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise WrongAddress(f"{address!r}: {error}") from error
    if parts.scheme == PREVIEW:
        return None
    if parts.scheme not in _SCHEMES:
        raise WrongAddress(f"{address!r} begins with none of {', '.join(f'{s}://' for s in (*_SCHEMES, PREVIEW))}")
    driver, reads, make = _SCHEMES[parts.scheme]
    options = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    chosen = options.pop("profile", DEFAULT_PROFILE)
    profile = profiles().get(chosen)
    if profile is None:
        raise WrongAddress(f"{address!r}: no profile is called {chosen!r}; there are {', '.join(profiles())}")
    if not driver.is_usable():
        raise WrongAddress(f"{address!r}: {parts.scheme}:// cannot be used on this machine, its library is missing")
    try:
        connect = make(_Given(parts, options, allow))
    except ValueError as error:
        raise WrongAddress(f"{address!r}: {error}") from error
    if options:
        raise WrongAddress(f"{address!r} has no setting called {sorted(options)[0]!r}")
    if not reads:
        profile = Profile(profile.name, profile.label, profile.width, "no", profile.cutter)
    return Printer(name, address, connect, profile)


def usable() -> tuple[str, ...]:
    """Return the kinds of printers that this machine has drivers for, as their addresses begin: "network", "usb" …"""
    return tuple(scheme for scheme, (driver, _, _) in _SCHEMES.items() if driver.is_usable())


Connect = Callable[[], Driver]


@dataclass(frozen=True, slots=True)
class _Given:
    """An address in its parts; who reads an option takes it out."""

    parts: SplitResult
    options: dict[str, str]
    allow: Allow


def _network(given: _Given) -> Connect:
    parts, allow = given.parts, given.allow
    if not parts.hostname:
        raise ValueError("a host is missing, as in network://192.168.1.50:9100")
    host, port = parts.hostname, parts.port or 9100
    return lambda: DirectNetwork(host, port, CONNECT_TIMEOUT_S, lambda ip: allow(host, port, ip))


def _usb(given: _Given) -> Connect:
    ids = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", given.parts.netloc)
    if not ids:
        raise ValueError("the two numbers of the device are missing, as in usb://04b8:0202")
    vendor, product = (int(number, 16) for number in ids.groups())
    ends = {"in_ep": int(given.options.pop("in", "0x82"), 0), "out_ep": int(given.options.pop("out", "0x01"), 0)}
    return lambda: DirectUsb(vendor, product, timeout=int(CONNECT_TIMEOUT_S * 1000), **ends)


def _serial(given: _Given) -> Connect:
    device, baud = _path(given.parts, "serial:///dev/ttyS0"), int(given.options.pop("baud", "19200"))
    return lambda: DirectSerial(device, baudrate=baud, timeout=STATUS_TIMEOUT_S)


def _file(given: _Given) -> Connect:
    device = _path(given.parts, "file:///dev/usb/lp0")
    return lambda: DirectFile(device, auto_flush=True)


def _lp(given: _Given) -> Connect:
    name = _named(given.parts, "lp://receipt")
    return lambda: DirectLP(name, CONNECT_TIMEOUT_S)


def _win32(given: _Given) -> Connect:
    name = _named(given.parts, "win32://POS-80")
    return lambda: DirectWin32Raw(name)


def _path(parts: SplitResult, example: str) -> str:
    if parts.netloc or len(parts.path) < 2:
        raise ValueError(f"a path is missing, as in {example}")
    return unquote(parts.path)


def _named(parts: SplitResult, example: str) -> str:
    name = unquote(parts.netloc + parts.path).strip("/")
    if not name or name.startswith("-"):
        raise ValueError(f"the printer's name is missing, as in {example}")
    return name


# scheme -> the driver of python-escpos, whether it can read answers, and the function that reads its address
_SCHEMES: dict[str, tuple[Any, bool, Callable[[_Given], Connect]]] = {
    "network": (DirectNetwork, True, _network),
    "usb": (DirectUsb, True, _usb),
    "serial": (DirectSerial, True, _serial),
    "file": (DirectFile, False, _file),
    "lp": (DirectLP, False, _lp),
    "win32": (DirectWin32Raw, False, _win32),
}
