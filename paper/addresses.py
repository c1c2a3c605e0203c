"""The addresses of printers, and the drivers behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from escpos.printer import LP, File, Network, Serial, Usb, Win32Raw

from paper.printers import DEFAULT_PROFILE, GLANCE_S, OPEN_S, Printer, Profile, profiles

PREVIEW = "preview"


class WrongAddress(Exception):
    """An address no printer can have; the message says why."""


def printer_at(address: str, name: str) -> Printer | None:
    """The printer at an address; None for preview://, which is none.

    Raises:
        WrongAddress: it cannot be one; the message says why.
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
        connect = make(parts, options)
    except ValueError as error:
        raise WrongAddress(f"{address!r}: {error}") from error
    if options:
        raise WrongAddress(f"{address!r} has no setting called {sorted(options)[0]!r}")
    if not reads:
        profile = Profile(profile.name, profile.label, profile.width, "no", profile.cutter)
    return Printer(name, address, connect, profile)


def usable() -> tuple[str, ...]:
    """The kinds of printers this machine can speak to, by the beginnings of their addresses."""
    return tuple(scheme for scheme, (driver, _, _) in _SCHEMES.items() if driver.is_usable())


Options = dict[str, str]
Connect = Callable[[], Any]


def _network(parts: SplitResult, options: Options) -> Connect:
    if not parts.hostname:
        raise ValueError("a host is missing, as in network://192.168.1.50:9100")
    host, port = parts.hostname, parts.port or 9100
    return lambda: Network(host, port, timeout=OPEN_S)


def _usb(parts: SplitResult, options: Options) -> Connect:
    ids = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", parts.netloc)
    if not ids:
        raise ValueError("the two numbers of the device are missing, as in usb://04b8:0202")
    vendor, product = (int(number, 16) for number in ids.groups())
    ends = {"in_ep": int(options.pop("in", "0x82"), 0), "out_ep": int(options.pop("out", "0x01"), 0)}
    return lambda: Usb(vendor, product, timeout=int(OPEN_S * 1000), **ends)


def _serial(parts: SplitResult, options: Options) -> Connect:
    device, baud = _path(parts, "serial:///dev/ttyS0"), int(options.pop("baud", "19200"))
    return lambda: Serial(device, baudrate=baud, timeout=GLANCE_S)


def _file(parts: SplitResult, options: Options) -> Connect:
    device = _path(parts, "file:///dev/usb/lp0")
    return lambda: File(device, auto_flush=True)


def _lp(parts: SplitResult, options: Options) -> Connect:
    name = _named(parts, "lp://receipt")
    return lambda: LP(name)


def _win32(parts: SplitResult, options: Options) -> Connect:
    name = _named(parts, "win32://POS-80")
    return lambda: Win32Raw(name)


def _path(parts: SplitResult, example: str) -> str:
    if parts.netloc or len(parts.path) < 2:
        raise ValueError(f"a path is missing, as in {example}")
    return unquote(parts.path)


def _named(parts: SplitResult, example: str) -> str:
    name = unquote(parts.netloc + parts.path).strip("/")
    if not name or name.startswith("-"):
        raise ValueError(f"the printer's name is missing, as in {example}")
    return name


# scheme -> the driver of python-escpos, whether it can hear answers, and how an address becomes one
_SCHEMES: dict[str, tuple[Any, bool, Callable[[SplitResult, Options], Connect]]] = {
    "network": (Network, True, _network),
    "usb": (Usb, True, _usb),
    "serial": (Serial, True, _serial),
    "file": (File, False, _file),
    "lp": (LP, False, _lp),
    "win32": (Win32Raw, False, _win32),
}
