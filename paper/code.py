"""The code with a ticket's address, for a screen; on paper `pieces.code` draws it in the printer's dots."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET = 4  # modules of white around it: with fewer, phones do not find it


def draw_code(address: str) -> bytes:
    """Draw the QR code of an address as SVG, black on white, as large as it is shown."""
    file = BytesIO()
    code = segno.make(address, error="l", micro=False, boost_error=True)
    code.save(file, kind="svg", border=QUIET, xmldecl=False, light="#fff", omitsize=True)
    return file.getvalue()
