"""The pictures of paper in docs/: tickets of five services, priority, a reprint, 58 and 80 mm, the test page.

Run: `.venv/bin/python -m tools.papers`
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageOps

from hall.catalogue.defaults import COUNTERS, DEFAULT, SERVICES
from hall.ports import Slip
from paper.ticket import draw_test, draw_ticket
from queueing.catalogue import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "pictures"
AT = datetime(2025, 9, 11, 1, 42, tzinfo=UTC)
WORDS = {lang: json.loads((ROOT / "static/text" / f"{lang}.json").read_text("utf-8"))["paper"] for lang in LANGUAGES}
EDGE = 24  # of paper left white around the dots, so that the picture looks as the slip does

SLIP = Slip(
    number="B027", language="vi", office=DEFAULT.hall.office, centre=DEFAULT.hall.name, hotline=DEFAULT.hall.hotline,
    service="Chứng thực", counters=(2, 3), priority=False, people_ahead=6, wait_s=(1000, 1490), issued_at=AT,
    drawn_at=AT, timezone=DEFAULT.hall.timezone, help_counter=1, note="", follow_url="http://192.168.1.10:8000/t/AbCdEfGhIjKlMnOpQrStUv",
    copy=False,
)  # fmt: skip


def slip(code: str, number: int, language: str = "vi", **changes: object) -> Slip:
    """Return the slip of a ticket of this service, changed as given."""
    service = next(service for service in SERVICES if service.code == code)
    counters = tuple(counter.number for counter in COUNTERS if code in counter.services)
    named = replace(SLIP, number=f"{service.prefix}{number:03}", service=service.names[language], counters=counters)
    return replace(named, language=language, **changes)  # type: ignore[arg-type]


def main() -> None:
    """Draw every picture of paper."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, width, ticket in (
        ("1-certification", 576, slip("CHUNG_THUC", 27)),
        ("2-civil-status-priority", 576, slip("HO_TICH", 4, priority=True, people_ahead=1, wait_s=(300, 700))),
        ("3-land-without-link", 576, slip("DAT_DAI", 11, follow_url=None, wait_s=None)),
        ("4-social-policy-reprint", 576, slip("CHINH_SACH", 48, copy=True, people_ahead=3)),
        ("5-guidance-english", 576, slip("HUONG_DAN", 9, "en", people_ahead=0, wait_s=(0, 120))),
        ("6-certification-58mm", 384, slip("CHUNG_THUC", 27)),
        ("7-result-58mm-priority", 384, slip("TRA_KQ", 111, priority=True, follow_url=None)),
    ):
        save(name, draw_ticket(ticket, WORDS[ticket.language], width))
    save("8-test-page", draw_test(WORDS["vi"], 576, "xprinter-80", AT.astimezone()))


def save(name: str, image: Image.Image) -> None:
    """Save one picture, with a white edge."""
    ImageOps.expand(image, EDGE, 255).save(DOCS / f"paper-{name}.png", optimize=True)


if __name__ == "__main__":
    main()
