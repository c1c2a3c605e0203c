"""Lists devices connected to this computer that may be printers, so that nobody has to type their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PRINTER_CLASS = "07"  # of an interface, by the USB standard
_PORTS = (("file", "dev/usb/lp*"), ("file", "dev/lp*"), ("serial", "dev/ttyUSB*"), ("serial", "dev/ttyACM*"))


@dataclass(frozen=True, slots=True)
class Attached:
    """A device to choose: how it is connected, its address there, and the maker's name for it, if it has one."""

    kind: str
    address: str
    label: str


def attached(root: Path = Path("/")) -> list[Attached]:
    """Return the USB printers and the ports of printers that are there now; empty on other systems than Linux."""
    ports = [
        Attached(kind, f"/{path.relative_to(root)}", "")
        for kind, pattern in _PORTS
        for path in sorted(root.glob(pattern))
    ]
    return [*dict.fromkeys(_usb(root)), *ports]


def _usb(root: Path) -> Iterator[Attached]:
    for interface in sorted(root.glob("sys/bus/usb/devices/*:*")):
        if _read(interface / "bInterfaceClass") != _PRINTER_CLASS:
            continue
        device = interface.with_name(interface.name.partition(":")[0])
        vendor, product = _read(device / "idVendor"), _read(device / "idProduct")
        if vendor and product:
            label = " ".join(filter(None, (_read(device / "manufacturer"), _read(device / "product"))))
            yield Attached("usb", f"{vendor}:{product}", label)


def _read(file: Path) -> str:
    try:
        return " ".join(file.read_text("utf-8", errors="replace").split())
    except OSError:  # it was pulled out meanwhile
        return ""
