"""The addresses of printers, and the drivers behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from escpos.printer import LP, File, Network, Serial, Usb, Win32Raw

from paper.printers import CONNECT_TIMEOUT_S, DEFAULT_PROFILE, STATUS_TIMEOUT_S, Driver, Printer, Profile, profiles

PREVIEW = "preview"


class WrongAddress(Exception):
    """An address no printer can have; the message says why."""


def printer_at(address: str, name: str) -> Printer | None:
    """Return the printer at an address; None for preview://, which prints nothing.

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
        connect = make(parts, options)
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


class _Direct:
    """Gives a driver of python-escpos names for sending and receiving bytes.

    The library's manual does it by `printer._raw(…)` ("Print from binary blob"): it leaves both methods to those
    who write a driver, so here each driver is derived from once.
    """

    def send(self, data: bytes) -> None:
        """Send bytes to the printer as they are."""
        self._raw(data)  # type: ignore[attr-defined]

    def receive(self) -> bytes:
        """Return what has come from the printer, waiting for it as long as the driver's time-out says."""
        received: bytes = self._read()  # type: ignore[attr-defined]
        return received


class DirectNetwork(_Direct, Network):  # type: ignore[misc]
    """A printer in the network."""


class DirectUsb(_Direct, Usb):  # type: ignore[misc]
    """A printer on USB."""


class DirectSerial(_Direct, Serial):  # type: ignore[misc]
    """A printer on a serial port."""


class DirectFile(_Direct, File):  # type: ignore[misc]
    """A printer behind a file of the system."""


class DirectLP(_Direct, LP):  # type: ignore[misc]
    """A print queue of CUPS."""


class DirectWin32Raw(_Direct, Win32Raw):  # type: ignore[misc]
    """A print queue of Windows."""


Options = dict[str, str]
Connect = Callable[[], Driver]


def _network(parts: SplitResult, options: Options) -> Connect:
    if not parts.hostname:
        raise ValueError("a host is missing, as in network://192.168.1.50:9100")
    host, port = parts.hostname, parts.port or 9100
    return lambda: DirectNetwork(host, port, timeout=CONNECT_TIMEOUT_S)


def _usb(parts: SplitResult, options: Options) -> Connect:
    ids = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", parts.netloc)
    if not ids:
        raise ValueError("the two numbers of the device are missing, as in usb://04b8:0202")
    vendor, product = (int(number, 16) for number in ids.groups())
    ends = {"in_ep": int(options.pop("in", "0x82"), 0), "out_ep": int(options.pop("out", "0x01"), 0)}
    return lambda: DirectUsb(vendor, product, timeout=int(CONNECT_TIMEOUT_S * 1000), **ends)


def _serial(parts: SplitResult, options: Options) -> Connect:
    device, baud = _path(parts, "serial:///dev/ttyS0"), int(options.pop("baud", "19200"))
    return lambda: DirectSerial(device, baudrate=baud, timeout=STATUS_TIMEOUT_S)


def _file(parts: SplitResult, options: Options) -> Connect:
    device = _path(parts, "file:///dev/usb/lp0")
    return lambda: DirectFile(device, auto_flush=True)


def _lp(parts: SplitResult, options: Options) -> Connect:
    name = _named(parts, "lp://receipt")
    return lambda: DirectLP(name)


def _win32(parts: SplitResult, options: Options) -> Connect:
    name = _named(parts, "win32://POS-80")
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
_SCHEMES: dict[str, tuple[Any, bool, Callable[[SplitResult, Options], Connect]]] = {
    "network": (DirectNetwork, True, _network),
    "usb": (DirectUsb, True, _usb),
    "serial": (DirectSerial, True, _serial),
    "file": (DirectFile, False, _file),
    "lp": (DirectLP, False, _lp),
    "win32": (DirectWin32Raw, False, _win32),
}
