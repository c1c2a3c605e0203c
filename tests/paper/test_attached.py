"""Printers that are plugged in are listed by name."""

from paper.attached import Attached, attached


def device(root, name, interface_class, **files):
    folder = root / "sys/bus/usb/devices" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(f"{text}\n")
    interface = folder.with_name(f"{name}:1.0")
    interface.mkdir()
    (interface / "bInterfaceClass").write_text(f"{interface_class}\n")


def test_given_printers_and_other_things_then_the_printers_are_found_with_their_names(tmp_path):
    device(tmp_path, "1-1", "03", idVendor="046d", idProduct="c31c", product="Keyboard")
    device(tmp_path, "1-2", "07", idVendor="04b8", idProduct="0e28", manufacturer="EPSON", product="TM-T82III")
    device(tmp_path, "1-3", "07", idVendor="0fe6", idProduct="811e")
    device(tmp_path, "1-4", "07")
    for port in ("usb/lp0", "ttyUSB0", "ttyS0", "sda"):
        path = tmp_path / "dev" / port
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert attached(tmp_path) == [
        Attached("usb", "04b8:0e28", "EPSON TM-T82III"),
        Attached("usb", "0fe6:811e", ""),
        Attached("file", "/dev/usb/lp0", ""),
        Attached("serial", "/dev/ttyUSB0", ""),
    ]


def test_given_a_pc_that_shows_nothing_then_nothing_is_offered(tmp_path):
    assert attached(tmp_path) == []
