"""The hall's printers as a setting: their form, and what an address that is typed in a browser may be.

Whoever may change settings must not thereby write to any file of the machine or speak to any address
of the world: a device is one of a printer, a host is one of the building. `docs/security.md` tells it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn
from urllib.parse import quote

import msgspec

from queueing.errors import SettingRefused

MOST = 2  # the main one and its spare
NETWORK, USB, SERIAL, FILE, LP, WIN32 = "network", "usb", "serial", "file", "lp", "win32"
KINDS = (NETWORK, USB, FILE, SERIAL, LP, WIN32)
PORTS = (1, 65535)
BAUDS = (9600, 19200, 38400, 57600, 115200)
DEFAULT_PORT, DEFAULT_BAUD = 9100, 19200

_HOST_LONGEST = 100
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
_LOOKS_LIKE_NUMBERS = re.compile(r"[0-9.]+|0[xX].*")  # "192.168.1" and "0x7f.1" are names to no one but resolvers
_USB = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_FILE = re.compile(r"/dev/(?:usb/)?lp[0-9]{1,2}")
_SERIAL = re.compile(r"/dev/tty(?:S|USB|ACM|AMA)[0-9]{1,2}")
_LP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}")
_WIN32 = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+() -]{0,126}")
# kind -> what an address of it looks like, the reason it is refused with, and an example
_ADDRESSES = {
    USB: (_USB, "setting_usb", "04b8:0202"),
    FILE: (_FILE, "setting_device", "/dev/usb/lp0"),
    SERIAL: (_SERIAL, "setting_device", "/dev/ttyUSB0"),
    LP: (_LP, "setting_queue", "may-in"),
    WIN32: (_WIN32, "setting_queue", "POS-80"),
}


class PrinterPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One printer. `address` is a host, the two numbers of a USB device, a device or a queue of the machine."""

    kind: str
    address: str
    profile: str  # the family, which says how wide its paper is and what it can answer
    port: int = DEFAULT_PORT  # of a network printer
    baud: int = DEFAULT_BAUD  # of a serial one


class PrinterChoices(msgspec.Struct, frozen=True):
    """What can be chosen on this machine: the kinds it can speak to, and the families that are known."""

    kinds: tuple[str, ...] = ()
    profiles: Mapping[str, str] = {}  # name -> what its maker calls it


def address_of(printer: PrinterPart) -> str:
    """Its address as `--printer` takes it."""
    options = f"profile={printer.profile}"
    match printer.kind:
        case "network":
            host = f"[{printer.address}]" if ":" in printer.address else printer.address
            return f"network://{host}:{printer.port}?{options}"
        case "serial":
            return f"serial://{printer.address}?baud={printer.baud}&{options}"
        case "file":
            return f"file://{printer.address}?{options}"
        case _:
            return f"{printer.kind}://{quote(printer.address, safe=':')}?{options}"


def checked_printers(at: str, parts: Sequence[PrinterPart]) -> list[PrinterPart]:
    """The printers as they are kept: without spaces at the ends, what their kind does not know by default.

    Raises:
        SettingRefused: one cannot be, or may not be set in a browser.
    """
    if len(parts) > MOST:
        _refuse("setting_too_many", at, most=MOST)
    found: list[PrinterPart] = []
    for n, part in enumerate(parts):
        printer = _checked(f"{at}.{n}", part)
        if any(_place(printer) == _place(other) for other in found):
            _refuse("setting_printer_twice", f"{at}.{n}.address")
        found.append(printer)
    return found


def _place(printer: PrinterPart) -> tuple[str, str, int]:
    return printer.kind, printer.address, printer.port


def _checked(at: str, part: PrinterPart) -> PrinterPart:
    if part.kind not in KINDS:
        _refuse("setting_choice", f"{at}.kind", choices=", ".join(KINDS))
    address = part.address.strip()
    if not address:
        _refuse("setting_empty", f"{at}.address")
    if part.kind == NETWORK:
        address = _host(f"{at}.address", address)
        if not PORTS[0] <= part.port <= PORTS[1]:
            _refuse("setting_range", f"{at}.port", low=PORTS[0], high=PORTS[1])
    else:
        address = address.lower() if part.kind == USB else address
        looks, reason, example = _ADDRESSES[part.kind]
        if not looks.fullmatch(address):
            _refuse(reason, f"{at}.address", example=example)
    if part.kind == SERIAL and part.baud not in BAUDS:
        _refuse("setting_choice", f"{at}.baud", choices=", ".join(map(str, BAUDS)))
    return PrinterPart(
        part.kind,
        address,
        part.profile,
        part.port if part.kind == NETWORK else DEFAULT_PORT,
        part.baud if part.kind == SERIAL else DEFAULT_BAUD,
    )


def _host(field: str, host: str) -> str:
    """A host of the building: an address the internet does not route, or a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if len(host) > _HOST_LONGEST or _LOOKS_LIKE_NUMBERS.fullmatch(host) or not _NAME.fullmatch(host):
            _refuse("setting_host", field)
        return host.lower()
    if address.is_global or address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
        _refuse("setting_host_outside", field)
    if "%" in host or getattr(address, "ipv4_mapped", None) is not None:
        _refuse("setting_host", field)
    return str(address)


def check_choices(
    at: str, parts: Sequence[PrinterPart], choices: PrinterChoices, before: Sequence[PrinterPart] = ()
) -> None:
    """What this machine has besides. A printer that was there `before` is not asked again.

    Raises:
        SettingRefused: a kind the machine cannot speak to, or a family nobody knows.
    """
    for n, part in enumerate(parts):
        if part in before:
            continue
        if part.kind not in choices.kinds:
            _refuse("setting_choice", f"{at}.{n}.kind", choices=", ".join(choices.kinds))
        if part.profile not in choices.profiles:
            _refuse("setting_choice", f"{at}.{n}.profile", choices=", ".join(choices.profiles))


Choose = Callable[[], PrinterChoices]


def _refuse(reason: str, field: str, **params: object) -> NoReturn:
    raise SettingRefused(reason, field, **params)
