"""The same bytes checked by code of other authors: emupos, an emulator of three printers sold in Viet Nam.

It needs Python 3.13 and lives in an environment of its own (`make test-setup` makes it where it can).
"""

import shutil
import subprocess
import time

import pytest
import requests
from PIL import Image

from tests.centre import ROOT, free_port
from tests.paper.centre import PrintingTestCentre
from tests.paper.test_spool import expected

FOUND = ROOT / ".venv-emupos" / "bin" / "emupos"
EMUPOS = str(FOUND) if FOUND.exists() else shutil.which("emupos")
KINDS = {
    "epson-tm-t20iii": "epson-80",
    "xprinter-xp80t": "xprinter-80",
    "rongta-rp326": "rongta-80",
}
CONFIG = """
schema: 1
api: {{ host: 127.0.0.1, port: {api} }}
devices:
  - id: front
    type: printer
    profile: {kind}
    connections:
      - tcp: {{ port: {port} }}
    receipts_dir: {folder}
"""

pytestmark = pytest.mark.skipif(
    EMUPOS is None, reason="emupos is not installed: it needs Python 3.13 (make test-setup)"
)


@pytest.fixture(params=KINDS)
def emulator(request, tmp_path):
    """A running emulator: its kind, its printer's address, and its control."""
    api, port = free_port(), free_port()
    config = tmp_path / "emupos.yaml"
    config.write_text(CONFIG.format(api=api, port=port, kind=request.param, folder=tmp_path / "receipts"))
    with (tmp_path / "emupos.log").open("wb") as log:
        running = subprocess.Popen([EMUPOS, "run", "--config", str(config)], cwd=tmp_path, stdout=log, stderr=log)
    control = f"http://127.0.0.1:{api}/api/v1/devices/front"
    try:
        until = time.monotonic() + 30
        while True:
            try:
                requests.get(f"{control}/receipts", timeout=2).raise_for_status()
                break
            except requests.RequestException:
                assert running.poll() is None and time.monotonic() < until, (tmp_path / "emupos.log").read_text()
                time.sleep(0.1)
        yield f"network://127.0.0.1:{port}?profile={KINDS[request.param]}", control
    finally:
        running.terminate()
        running.wait(10)


def receipts(control):
    """The finished receipts, oldest first, as images."""
    listed = requests.get(f"{control}/receipts", timeout=5).json()
    images = []
    for each in sorted(listed, key=lambda receipt: receipt["completed_at"]):
        answer = requests.get(f"{control}/receipts/{each['id']}/image", stream=True, timeout=5)
        images.append(Image.open(answer.raw).convert("L").point(lambda grey: 255 if grey > 127 else 0))
    return images


def inked(image):
    """The picture without the white around it: paper is fed before the cut."""
    grey = image.convert("L")
    return grey.crop(grey.point(lambda level: 255 - level).getbbox())


def test_given_another_emulator_then_it_prints_the_drawn_ticket_dot_for_dot_and_says_so(emulator):
    address, control = emulator
    centre = PrintingTestCentre(address)
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.print_events() == [("print.printed", "B001", False, "1", None)]
    [printed] = receipts(control)
    assert inked(printed).tobytes() == inked(expected(centre, ref)).tobytes()


@pytest.mark.parametrize(("fault", "cause"), [("paper-out", "paper_end"), ("cover-open", "cover_open")])
def test_given_another_emulator_in_trouble_then_it_is_understood(emulator, fault, cause):
    address, control = emulator
    requests.put(f"{control}/faults/{fault}", timeout=5).raise_for_status()
    centre = PrintingTestCentre(address)
    ref = centre.take().ticket.ref
    centre.run()
    assert centre.print_events() == [("print.failed", "B001", False, "1", cause)]
    requests.delete(f"{control}/faults/{fault}", timeout=5).raise_for_status()
    centre.copy(ref)
    centre.run()
    assert centre.last(ref).state == "printed" and len(receipts(control)) == 1
