"""Checks of the printers that are set in a browser.

A supervisor must not be able to make the server write to any file or connect to any address of the internet:
a device file must be one of a printer, a host one of the building's network. See `docs/security.md`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from contextlib import suppress

from hall.catalogue.printers import (
    DEFAULT_BAUD,
    DEFAULT_PORT,
    FILE,
    KINDS,
    LP,
    NETWORK,
    SERIAL,
    USB,
    WIN32,
    PrinterChoices,
    PrinterSetting,
)
from hall.settings.text import refuse

MOST = 2  # the main one and its spare
PORTS = (1, 65535)
BAUDS = (9600, 19200, 38400, 57600, 115200)

LOCAL_PORTS = range(9100, 9110)  # at which a print server of this PC itself may be
_LOCAL_NAME = "localhost"
_HOST_LONGEST = 100
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
_LOOKS_LIKE_NUMBERS = re.compile(r"[0-9.]+|0[xX].*")  # resolvers read "192.168.1" and "0x7f.1" as addresses
_USB = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_FILE = re.compile(r"/dev/(?:usb/)?lp[0-9]{1,2}")
_SERIAL = re.compile(r"/dev/tty(?:S|USB|ACM|AMA)[0-9]{1,2}")
_LP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}")
_WIN32 = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+() -]{0,126}")
# Where a computer in a cloud is told its own keys: no printer is there, and nobody else may ask.
_CLOUD = {ipaddress.ip_address(address) for address in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")}
# kind -> what an address of it looks like, the reason it is refused with, and an example
_ADDRESSES = {
    USB: (_USB, "setting_usb", "04b8:0202"),
    FILE: (_FILE, "setting_device", "/dev/usb/lp0"),
    SERIAL: (_SERIAL, "setting_device", "/dev/ttyUSB0"),
    LP: (_LP, "setting_queue", "may-in"),
    WIN32: (_WIN32, "setting_queue", "POS-80"),
}


def checked_printers(at: str, parts: Sequence[PrinterSetting]) -> tuple[PrinterSetting, ...]:
    """Return the printers in their one form: no spaces at the ends, defaults where their kind has no such field.

    Raises:
        SettingRefused: there are too many, one is named twice, or an address may not be set in a browser.
    """
    if len(parts) > MOST:
        refuse("setting_too_many", at, most=MOST)
    printers: list[PrinterSetting] = []
    for n, part in enumerate(parts):
        printer = _checked(f"{at}.{n}", part)
        if any(_place(printer) == _place(other) for other in printers):
            refuse("setting_printer_twice", f"{at}.{n}.address")
        printers.append(printer)
    return tuple(printers)


def _place(printer: PrinterSetting) -> tuple[str, str, int]:
    return printer.kind, printer.address, printer.port


def _checked(at: str, part: PrinterSetting) -> PrinterSetting:
    if part.kind not in KINDS:
        refuse("setting_choice", f"{at}.kind", choices=", ".join(KINDS))
    address = part.address.strip()
    if not address:
        refuse("setting_empty", f"{at}.address")
    if part.kind == NETWORK:
        address = _host(f"{at}.address", address)
        if not PORTS[0] <= part.port <= PORTS[1]:
            refuse("setting_range", f"{at}.port", low=PORTS[0], high=PORTS[1])
    else:
        address = address.lower() if part.kind == USB else address
        looks, reason, example = _ADDRESSES[part.kind]
        if not looks.fullmatch(address):
            refuse(reason, f"{at}.address", example=example)
    if part.kind == SERIAL and part.baud not in BAUDS:
        refuse("setting_choice", f"{at}.baud", choices=", ".join(map(str, BAUDS)))
    return PrinterSetting(
        part.kind,
        address,
        part.profile,
        part.port if part.kind == NETWORK else DEFAULT_PORT,
        part.baud if part.kind == SERIAL else DEFAULT_BAUD,
    )


def _host(field: str, host: str) -> str:
    """Return a host of the building: an address the internet does not route, or a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if len(host) > _HOST_LONGEST or _LOOKS_LIKE_NUMBERS.fullmatch(host) or not _NAME.fullmatch(host):
            refuse("setting_host", field)
        return host.lower()
    if _outside(address):
        refuse("setting_host_outside", field)
    if "%" in host or getattr(address, "ipv4_mapped", None) is not None:
        refuse("setting_host", field)
    return str(address)


def _outside(address: IPAddress) -> bool:
    return address.is_global or address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255"


def may_connect(host: str, port: int, ip: str) -> bool:
    """Return whether a printer that was set as `host` and `port` may be spoken to at `ip`, which the host has now.

    It must be an address of the building, whatever the name says today. This PC itself is meant only where it is
    written so, and only a print server of it.
    """
    address: IPAddress = ipaddress.ip_address(ip.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if _outside(address) or address in _CLOUD:
        return False
    return not address.is_loopback or (_names_this_pc(host) and port in LOCAL_PORTS)


def _names_this_pc(host: str) -> bool:
    try:
        return host == _LOCAL_NAME or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_choices(
    at: str, parts: Sequence[PrinterSetting], choices: PrinterChoices, before: Sequence[PrinterSetting] = ()
) -> None:
    """Refuse printers that this machine cannot use. One that was set `before` is not checked again.

    Raises:
        SettingRefused: this machine has no driver for the kind, the family is unknown, or the host is none where a
            printer may be.
    """
    for n, part in enumerate(parts):
        if part in before:
            continue
        if part.kind not in choices.kinds:
            refuse("setting_choice", f"{at}.{n}.kind", choices=", ".join(choices.kinds))
        if part.kind == NETWORK:
            _check_reach(f"{at}.{n}", part)
        if part.profile not in choices.profiles:
            refuse("setting_choice", f"{at}.{n}.profile", choices=", ".join(choices.profiles))


def _check_reach(at: str, part: PrinterSetting) -> None:
    """Refuse a host that would never be connected to. What a name stands for is asked at each connection."""
    if _names_this_pc(part.address):
        if part.port not in LOCAL_PORTS:
            refuse("setting_range", f"{at}.port", low=LOCAL_PORTS[0], high=LOCAL_PORTS[-1])
        return
    with suppress(ValueError):
        if ipaddress.ip_address(part.address) in _CLOUD:
            refuse("setting_host_outside", f"{at}.address")
