"""Draws the ticket and the test page, from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image

from hall.ports import Slip
from paper import pieces
from paper.pieces import BODY, BOLD, Paper, font, paper_of

STEP_MIN = 5  # a forecast is rounded to five minutes, as on the screens
COUNTERS_NAMED = 8
_PAPER_LINES = 8  # of one paper to bring, which has at most 160 letters

Words = Mapping[str, str]


def draw_ticket(slip: Slip, words: Words, width: int) -> Image.Image:
    """Draw a ticket as the printer's dots: `width` across, one bit each."""
    paper = paper_of(width)
    at = slip.issued_at.astimezone(ZoneInfo(slip.timezone))
    parts = [
        pieces.space(paper, 4),
        *_heading(paper, slip.office, slip.centre),
        *([pieces.space(paper, 14), pieces.tag(paper, words["copy"])] if slip.copy else []),
        pieces.space(paper, 8),
        pieces.block(paper, [words["number"]], BOLD, paper.label, middle=True),
        pieces.space(paper, 20),
        pieces.number(paper, slip.number),
        pieces.space(paper, 24),
        *([pieces.tag(paper, words["priority"]), pieces.space(paper, 16)] if slip.priority else []),
        *_where(paper, slip, words),
        pieces.space(paper, 12),
        *(pieces.row(paper, name, value) for name, value in _facts(slip, words, at)),
        pieces.space(paper, 6),
        _time(paper, words, at),
        pieces.space(paper, 10),
        pieces.rule(paper),
        *([pieces.code(paper, slip.follow_url, words["scan"], words["scan_hint"]), pieces.rule(paper)]
          if slip.follow_url else []),
        *_papers(paper, slip, words),
        pieces.space(paper, 6),
        *_end(paper, slip, words, at),
        pieces.space(paper, 8),
    ]  # fmt: skip
    return pieces.dots(pieces.stacked(paper, parts))


def draw_png(slip: Slip, words: Mapping[str, Words], width: int) -> bytes:
    """Draw a ticket as the printer would print it, as a PNG file for a screen."""
    file = BytesIO()
    draw_ticket(slip, words.get(slip.language) or words["vi"], width).save(file, "PNG")
    return file.getvalue()


def draw_test(words: Words, width: int, printer: str, at: datetime) -> Image.Image:
    """Draw a page that shows whether letters, lines and edges come out right. `printer` is its profile's name."""
    paper = paper_of(width)
    small = font(BODY, paper.small)
    parts = [
        pieces.space(paper, 4),
        pieces.block(paper, [words["test_title"]], BOLD, paper.label, middle=True),
        pieces.space(paper, 16),
        pieces.number(paper, "M048"),
        pieces.space(paper, 16),
        pieces.bar(paper, words["test_bar"]),
        pieces.space(paper, 12),
        pieces.block(paper, pieces.wrapped(words["test_letters"], small, paper.content, 8), BODY, paper.small),
        pieces.space(paper, 12),
        pieces.rule(paper),
        pieces.row(paper, words["test_printer"], printer),
        pieces.row(paper, words["test_width"], words["test_dots"].replace("{n}", str(width))),
        _time(paper, words, at),
        pieces.space(paper, 12),
        pieces.block(paper, pieces.wrapped(words["test_look"], small, paper.content, 8), BODY, paper.small),
        pieces.space(paper, 12),
        _edges(paper),
    ]
    return pieces.dots(pieces.stacked(paper, parts))


def _edges(paper: Paper) -> Image.Image:
    """Draw a frame on the outermost dots: where a side is missing, the width is set too large."""
    image, draw = pieces.strip(paper, 40)
    draw.rectangle((0, 0, paper.width - 1, 39), outline=pieces.BLACK, width=pieces.RULE)
    return image


def _heading(paper: Paper, office: str, centre: str) -> list[Image.Image]:
    face = font(BOLD, paper.office)
    lines = [line for name in (office, centre) for line in pieces.balanced(name.upper(), face, paper.content)]
    return [
        pieces.block(paper, lines, BOLD, paper.office, middle=True),
        pieces.space(paper, 8),
        pieces.rule(paper),
    ]


def _where(paper: Paper, slip: Slip, words: Words) -> list[Image.Image]:
    if not slip.counters or len(slip.counters) > COUNTERS_NAMED:
        return []
    counters = _listed(slip.counters, words["or"])
    plate = pieces.bar if slip.called else pieces.frame
    to = words["go_to" if slip.called else "called_to"].replace("{counters}", counters)
    return [plate(paper, to), *_accessible(paper, slip, words), *_room(paper, slip)]


def _listed(counters: tuple[int, ...], between: str) -> str:
    """Return numbers as they are said: "1, 2 or 3"."""
    *first, last = map(str, counters)
    return f"{', '.join(first)} {between} {last}" if first else last


def _accessible(paper: Paper, slip: Slip, words: Words) -> list[Image.Image]:
    """Draw which of the counters are for people with disabilities; nothing where none is."""
    if not slip.accessible:
        return []
    mark = words["accessible"].replace("{counters}", _listed(slip.accessible, words["and"]))
    lines = pieces.balanced(mark, font(BODY, paper.small), paper.content)
    return [pieces.space(paper, 8), pieces.block(paper, lines, BODY, paper.small, middle=True)]


def _room(paper: Paper, slip: Slip) -> list[Image.Image]:
    """Draw the name of the room below its counters; nothing where the hall has no rooms."""
    if not slip.room:
        return []
    lines = pieces.balanced(slip.room, font(BOLD, paper.label), paper.content)
    return [pieces.space(paper, 8), pieces.block(paper, lines, BOLD, paper.label, middle=True)]


def _facts(slip: Slip, words: Words, at: datetime) -> list[tuple[str, str]]:
    facts = [(words["service"], slip.service)]
    if slip.due_at is not None:
        facts.append((words["appointment"], f"{slip.due_at.astimezone(at.tzinfo):%H:%M}"))
    waits = slip.people_ahead is not None
    if slip.people_ahead or (waits and slip.counter_open):
        ahead = words["people"].replace("{n}", str(slip.people_ahead)) if slip.people_ahead else words["nobody"]
        facts.append((words["ahead"], ahead))
    if waits and slip.between is not None:
        edges = [f"{edge.astimezone(at.tzinfo):%H:%M}" for edge in slip.between]
        facts.append((words["expected_at"], "–".join(dict.fromkeys(edges))))
    elif waits and not slip.counter_open:
        facts.append((words["expected"], words["no_counter"]))
    elif slip.wait_s is not None and slip.people_ahead is not None:
        p50_s, p80_s = slip.wait_s
        facts.append((words["expected"], _range(words, p50_s, p80_s, slip.people_ahead)))
        facts.append((words["called_before"], f"{_round_up(slip, p80_s).astimezone(at.tzinfo):%H:%M}"))
    return facts


def _range(words: Words, p50_s: int, p80_s: int, ahead: int) -> str:
    """Return a range of minutes in words, rounded outwards to five, as `range` in static/lib/text.js does."""
    if p80_s < 60 or (ahead == 0 and p80_s <= STEP_MIN * 60):
        return words["no_wait"]
    start = p50_s // 60 // STEP_MIN * STEP_MIN
    end = -(-p80_s // (60 * STEP_MIN)) * STEP_MIN
    if start == 0:
        return words["minutes_under"].replace("{n}", str(end))
    if start >= end:
        return words["minutes"].replace("{n}", str(end))
    return words["minutes_range"].replace("{from}", str(start)).replace("{to}", str(end))


def _round_up(slip: Slip, p80_s: int) -> datetime:
    """Return when a wait that eight in ten stay under has ended, rounded up to five minutes."""
    step = timedelta(minutes=STEP_MIN)
    latest = slip.drawn_at + timedelta(seconds=p80_s)
    epoch = datetime.fromtimestamp(0, latest.tzinfo)
    return epoch + -(-(latest - epoch) // step) * step


def _time(paper: Paper, words: Words, at: datetime) -> Image.Image:
    """Draw time and date on one line, or on two where the paper is too narrow."""
    time, date = f"{at:%H:%M}", f"{words[f'weekday_{at.isoweekday()}']}, {at:%d/%m/%Y}"
    size = paper.small + (0 if paper.narrow else 1)
    line = f"{time} – {date}"
    fits = pieces.width_of(line, font(BOLD, size)) <= paper.content
    return pieces.block(paper, [line] if fits else [time, date], BOLD, size, middle=True)


def _papers(paper: Paper, slip: Slip, words: Words) -> list[Image.Image]:
    """Draw the papers to bring, each with a box to tick; nothing without any."""
    if not slip.papers:
        return []
    face = font(BODY, paper.small)
    lines = [
        pieces.block(paper, pieces.wrapped(f"[  ] {name}", face, paper.content, _PAPER_LINES), BODY, paper.small)
        for name in slip.papers
    ]
    title = pieces.block(paper, [words["papers"]], BOLD, paper.label)
    return [pieces.space(paper, 6), title, pieces.space(paper, 8), *lines, pieces.space(paper, 8), pieces.rule(paper)]


def _end(paper: Paper, slip: Slip, words: Words, at: datetime) -> list[Image.Image]:
    where = words["desk"] if slip.help_counter is None else words["desk_number"].replace("{n}", str(slip.help_counter))
    sentences = [
        (words["valid"].replace("{day}", f"{at:%d/%m/%Y}"), BODY),
        (words["absent"].replace("{where}", where), BODY),
    ]
    if slip.note:
        sentences.append((slip.note, BODY))
    if slip.rule:
        sentences.insert(0, (slip.rule, BODY))
    if slip.hotline:
        sentences.append((words["hotline"].replace("{hotline}", slip.hotline), BOLD))
    return [
        pieces.block(paper, pieces.balanced(text, font(weight, paper.small), paper.content), weight, paper.small)
        for text, weight in sentences
    ]
