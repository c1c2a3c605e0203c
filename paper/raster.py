"""The bytes that are sent for one picture.

A picture is cut into slices, each as wide as its ink: a row of white paper costs one byte of 72, and nothing is sent
for what is white to the right of a line of text. It needs no command but the raster every printer knows, and every dot
stays where it was drawn, which feeding by steps would not do: how long a step is differs from maker to maker.
"""

from __future__ import annotations

from collections.abc import Iterator

from escpos.constants import GS, HW_INIT
from PIL import Image

from paper.profiles import Profile

ROWS = 128  # of one raster command: a printer that lost its place needs no more than this to find it
# What python-escpos has no method for.
_NO_REPORTS = GS + b"a\x00"  # automatic status would mix with the answers asked for
_ASK_DONE = GS + b"r\x01"  # answered when everything sent before it is printed


def compose(image: Image.Image, profile: Profile, *, asks: bool, lost: bool = False) -> bytes:
    """Return all that is sent for one picture; with `asks` also the question whether it is done.

    `lost`: the printer may still wait for the rest of a raster; white dots fill it up, and a cut
    keeps the torn ticket from hanging on to this one. Outside a raster a zero byte does nothing.
    """
    from escpos.printer import Dummy  # it reads a list of all printers there are: not before one is used

    printer = Dummy(profile="TM-T20II")  # any with 576 dots: only its raster and its cut are used
    if lost and profile.cutter:
        printer.cut(feed=False)
    for top, height, width in slices(image):
        printer.image(image.crop((0, top, width, top + height)), fragment_height=ROWS)
    if profile.cutter:
        printer.cut(feed=False)
    else:
        printer.print_and_feed(5)
    filling = bytes(profile.width // 8 * ROWS) if lost else b""
    return b"".join((filling, HW_INIT, _NO_REPORTS, printer.output, _ASK_DONE if asks else b""))


def slices(image: Image.Image) -> Iterator[tuple[int, int, int]]:
    """Yield top, height and width of the slices that a picture is sent as, in dots; every row is in one of them."""
    widths = _ink(image)
    top = 0
    while top < len(widths):
        height = _height(widths, top)
        yield top, height, 8 * max(1, *widths[top : top + height])
        top += height


def _height(widths: list[int], top: int) -> int:
    """Return how many rows from `top` on go into one slice; its seams are white as far as ROWS allows."""
    inked = widths[top] > 0
    last = min(len(widths), top + ROWS)
    return next((row for row in range(top, last) if (widths[row] > 0) is not inked), last) - top


def _ink(image: Image.Image) -> list[int]:
    """Return for each row how many bytes of it reach to its last black dot; 0 for a white one."""
    across = image.width // 8
    white = b"\xff"
    data = image.tobytes()
    return [len(data[start : start + across].rstrip(white)) for start in range(0, len(data), across)]
