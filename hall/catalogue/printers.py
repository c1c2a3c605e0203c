"""The printers as a setting, and what can be chosen for them on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

import msgspec

from hall.catalogue.lengths import Code, Line

NETWORK, USB, SERIAL, FILE, LP, WIN32 = "network", "usb", "serial", "file", "lp", "win32"
KINDS = (NETWORK, USB, FILE, SERIAL, LP, WIN32)
DEFAULT_PORT, DEFAULT_BAUD = 9100, 19200


class PrinterSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One printer. `address` is a host, the two numbers of a USB device, a device file or a queue of the machine."""

    kind: Code
    address: Line
    profile: Code  # the family, which says how wide its paper is and what it can answer
    port: int = DEFAULT_PORT  # of a network printer
    baud: int = DEFAULT_BAUD  # of a serial one


class PrinterChoices(msgspec.Struct, frozen=True):
    """What can be chosen on this machine: the kinds it has drivers for, and the known families."""

    kinds: tuple[str, ...] = ()
    profiles: Mapping[str, str] = {}  # name -> what its maker calls it


Choose = Callable[[], PrinterChoices]


def address_of(printer: PrinterSetting) -> str:
    """Return its address as `--printer` takes it."""
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
