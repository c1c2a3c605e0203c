"""The pieces of a printed slip: each is a strip as wide as the paper.

They are black and white only, as thermal printing has no grey. Text is drawn, never sent, so no character can
reach the printer as a command.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
WHITE, BLACK = 255, 0
# A dot more than half covered is black; a little less keeps thin strokes from breaking up.
THRESHOLD = 150
RULE = 4
CAP = 0.74  # cap height of Be Vietnam Pro, in em
# Vietnamese stacks two marks: room above the capitals of a first line, and between two lines.
ABOVE, LINE, BELOW = 1.06, 1.24, 0.26
LONGEST = 300  # characters of one text; the longest name of a procedure has 260

MODULE = 6
QUIET = 4  # modules

BODY, BOLD, HEAVY = 500, 700, 800


@dataclass(frozen=True, slots=True)
class Paper:
    """A width of paper, and how large things are on it. Everything in dots."""

    width: int
    margin: int
    office: int
    label: int
    number: int  # font size; the capital is 0.74 of it
    bar: int
    body: int
    small: int
    narrow: bool  # the letter stands on a line of its own above the digits

    @property
    def content(self) -> int:
        """Return the width between the margins."""
        return self.width - 2 * self.margin


# 203 dpi, 8 dots to a millimetre: the capitals of the number are 18.2 mm high, on 58 mm paper 15.1 mm.
WIDE = Paper(width=576, margin=20, office=31, label=35, number=197, bar=42, body=31, small=27, narrow=False)
# 180 dpi, 7.1 dots to a millimetre: 18.3 mm.
COARSE = Paper(width=512, margin=16, office=28, label=31, number=176, bar=37, body=28, small=24, narrow=False)
NARROW = Paper(width=384, margin=8, office=26, label=27, number=164, bar=33, body=26, small=26, narrow=True)


def paper_of(width: int) -> Paper:
    """Return the layout for a printer of `width` dots a line."""
    return next((paper for paper in (WIDE, COARSE) if width >= paper.width), NARROW)


@cache
def font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    """Return the font of a weight (BODY, BOLD, HEAVY) in a size in dots."""
    # BASIC: one glyph after the other. The other engine reorders text by rules of its own.
    return ImageFont.truetype(FONTS / f"paper-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str) -> str:
    """Return a text as it can be drawn: composed, on one line, visible characters only, at most LONGEST of them."""
    composed = unicodedata.normalize("NFC", text[: LONGEST * 4])
    seen = ("" if unicodedata.category(c)[0] == "C" else c for c in " ".join(composed.split()))
    return " ".join("".join(seen).split())[:LONGEST]


def width_of(text: str, face: ImageFont.FreeTypeFont) -> int:
    """Return the width of a text in dots."""
    return round(face.getlength(text))


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int, most: int = 4) -> list[str]:
    """Break a text into at most `most` lines of `width` dots; a longer word is broken, a longer text ends in …"""
    lines: list[str] = []
    for word in clean(text).split(" "):
        while word:
            if lines and width_of(f"{lines[-1]} {word}", face) <= width:
                lines[-1] += f" {word}"
                break
            fits = len(word)
            while fits > 1 and width_of(word[:fits], face) > width:
                fits -= 1
            lines.append(word[:fits])
            word = word[fits:]
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and width_of(lines[-1] + "…", face) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = lines[-1].rstrip() + "…"
    return lines


def balanced(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a text as `wrapped` does, into lines of about the same length: for centred text."""
    lines = wrapped(text, face, width)
    narrower = width
    while len(lines) > 1 and narrower > width // 3:
        tighter = wrapped(text, face, narrower - 8)
        if len(tighter) != len(lines) or tighter[-1].endswith("…"):
            break
        lines, narrower = tighter, narrower - 8
    return lines


# -- the strips --------------------------------------------------------------------------------


def strip(paper: Paper, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return a white strip as wide as the paper, `height` dots high, and what draws on it."""
    image = Image.new("L", (paper.width, height), WHITE)
    return image, ImageDraw.Draw(image)


def space(paper: Paper, height: int) -> Image.Image:
    """Return a white strip, `height` dots high."""
    return strip(paper, height)[0]


def rule(paper: Paper) -> Image.Image:
    """Draw a line from margin to margin."""
    image, draw = strip(paper, RULE)
    draw.rectangle((paper.margin, 0, paper.width - paper.margin - 1, RULE - 1), fill=BLACK)
    return image


def block(paper: Paper, lines: Sequence[str], weight: int, size: int, *, middle: bool = False) -> Image.Image:
    """Draw lines of text, from the left margin or in the middle."""
    face, pitch, first = font(weight, size), round(size * LINE), round(size * ABOVE)
    image, draw = strip(paper, first + pitch * (len(lines) - 1) + round(size * BELOW))
    for n, line in enumerate(lines):
        x = (paper.width - width_of(line, face)) / 2 if middle else paper.margin
        draw.text((round(x), first + n * pitch), line, BLACK, face, anchor="ls")
    return image


def baseline(size: int, height: int) -> int:
    """Return the baseline, in dots from above, on which capitals of a font size are in the middle of `height`."""
    return (height + round(size * CAP)) // 2


def row(paper: Paper, name: str, value: str) -> Image.Image:
    """Draw a name on the left and its value on the right, or on lines below where both do not fit."""
    plain, bold, pitch = font(BODY, paper.body), font(BOLD, paper.body), round(paper.body * 1.4)
    name, value = clean(name), clean(value)
    beside = width_of(name, plain) + width_of(value, bold) + paper.body // 2 <= paper.content
    values = [value] if beside else wrapped(value, bold, paper.content, most=3)
    lower = round(paper.body * LINE)
    image, draw = strip(paper, pitch + (0 if beside else lower * len(values)))
    y = baseline(paper.body, pitch)
    draw.text((paper.margin, y), name, BLACK, plain, anchor="ls")
    for n, line in enumerate(values, start=0 if beside else 1):
        draw.text((paper.width - paper.margin, y + n * lower), line, BLACK, bold, anchor="rs")
    return image


def bar(paper: Paper, text: str) -> Image.Image:
    """Draw white text on a black bar: where to go now."""
    return _plate(paper, text, BLACK, WHITE)


def frame(paper: Paper, text: str) -> Image.Image:
    """Draw black text in a frame: where one will be called."""
    return _plate(paper, text, WHITE, BLACK)


def _plate(paper: Paper, text: str, ground: int, ink: int) -> Image.Image:
    size, inside = paper.bar, paper.content - 2 * RULE * 4
    while size > paper.body and width_of(text, font(BOLD, size)) > inside:
        size -= 1
    face = font(BOLD, size)
    lines = wrapped(text, face, inside, most=3)
    pitch = round(size * 1.24)
    height = pitch * len(lines) + round(paper.bar * 0.5)
    image, draw = strip(paper, height)
    draw.rounded_rectangle(
        (paper.margin, 0, paper.width - paper.margin - 1, height - 1), radius=12, fill=ground, outline=BLACK, width=RULE
    )
    top = (height - pitch * len(lines)) // 2
    for n, line in enumerate(lines):
        y = top + baseline(size, pitch) + n * pitch
        draw.text((paper.width / 2, y), line, ink, face, anchor="ms")
    return image


def tag(paper: Paper, text: str) -> Image.Image:
    """Draw a framed word in the middle: BẢN IN LẠI, ƯU TIÊN."""
    face, text = font(HEAVY, paper.label), clean(text)
    height, wide = round(paper.label * 1.62), width_of(text, face) + 2 * paper.label
    image, draw = strip(paper, height)
    left = (paper.width - wide) // 2
    draw.rounded_rectangle((left, 0, left + wide, height - 1), radius=10, outline=BLACK, width=RULE)
    draw.text((paper.width / 2, baseline(paper.label, height) + 2), text, BLACK, face, anchor="ms")
    return image


def number(paper: Paper, text: str) -> Image.Image:
    """Draw the number of a ticket: capitals of at least 18 mm on 80 mm paper, 15 mm on 58 mm."""
    text = clean(text)[:12]
    digits = text.lstrip("".join(c for c in text if not c.isdigit()))
    letters = text[: len(text) - len(digits)]
    size = paper.number
    if not paper.narrow and letters and digits:
        for white in (0.05, 0.04, 0.03, 0.02):
            glyphs, wide = _set(f"{letters} {digits}", size, white)
            if wide <= (paper.content if white > 0.03 else paper.width - RULE):
                return _lines(paper, size, [(glyphs, wide)])
    lines = [_fitted(paper, part, size) for part in (letters, digits) if part]
    return _lines(paper, size, lines or [([], 0)])


Glyphs = list[tuple[float, str, int]]  # where, what, how large


def _fitted(paper: Paper, text: str, size: int) -> tuple[Glyphs, float]:
    """Set a text on one line: a number of five digits grows smaller before it is cut."""
    glyphs, wide = _set(text, size)
    while wide > paper.width and size > paper.bar:
        size -= 2
        glyphs, wide = _set(text, size)
    return glyphs, wide


def _set(text: str, size: int, white: float = 0.05) -> tuple[Glyphs, float]:
    """Return the places of the glyphs, with the same `white` (in em) between their inks, and the whole width.

    By ink, not by advance: M is half as wide again as B, and must stand beside three digits too.
    """
    face, right, glyphs = font(HEAVY, size), 0.0, []
    white, gap = size * white, size * 0.15
    for character in text:
        if character == " ":
            right += gap - white
            continue
        near, far = _ink(face, character)
        glyphs.append((right - near, character, size))
        right += far - near + white
    return glyphs, right - white


@cache
def _ink(face: ImageFont.FreeTypeFont, character: str) -> tuple[int, int]:
    """Return from where to where a glyph is black, from its origin; its box also holds the room around it."""
    origin = round(face.size)
    box = Image.new("L", (3 * origin, 2 * origin), BLACK)
    ImageDraw.Draw(box).text((origin, 1.5 * origin), character, WHITE, face, anchor="ls")
    left, _, right, _ = box.getbbox() or (origin, 0, origin, 0)
    return left - origin, right - origin


def _lines(paper: Paper, size: int, lines: Sequence[tuple[Glyphs, float]]) -> Image.Image:
    cap, gap = round(size * CAP), round(size * 0.2)
    image, draw = strip(paper, cap * len(lines) + gap * (len(lines) - 1) + 2 * RULE)
    for n, (glyphs, wide) in enumerate(lines):
        left = (paper.width - wide) / 2
        for x, character, drawn in glyphs:
            # Digits stand a hair below the line and above the capitals; the strip has room for it.
            y = RULE + cap + n * (cap + gap)
            draw.text((left + x, y), character, BLACK, font(HEAVY, drawn), anchor="ls")
    return image


def code(paper: Paper, address: str, title: str, hint: str) -> Image.Image:
    """Draw the QR code of an address, and what it is for beside it, or below on narrow paper."""
    picture = _qr(address, paper.width)
    side = picture.width
    if paper.narrow or side > paper.width * 0.6:
        words = [
            block(paper, balanced(title, font(BOLD, paper.body), paper.content), BOLD, paper.body, middle=True),
            block(paper, balanced(hint, font(BODY, paper.small), paper.content), BODY, paper.small, middle=True),
        ]
        image, _ = strip(paper, side)
        image.paste(picture, ((paper.width - side) // 2, 0))
        return stacked(paper, [image, *words, space(paper, 12)])
    image, draw = strip(paper, side)
    image.paste(picture, (0, 0))
    left = side + 8
    room = paper.width - paper.margin - left
    lines = [(line, font(BOLD, paper.body), paper.body) for line in balanced(title, font(BOLD, paper.body), room)]
    lines += [(line, font(BODY, paper.small), paper.small) for line in balanced(hint, font(BODY, paper.small), room)]
    height = sum(round(size * 1.24) for _, _, size in lines) + 10
    y = (side - height) // 2
    for n, (line, face, size) in enumerate(lines):
        y += 10 if n and size != lines[n - 1][2] else 0
        draw.text((left, y + baseline(size, round(size * 1.24))), line, BLACK, face, anchor="ls")
        y += round(size * 1.24)
    return image


def _qr(address: str, width: int) -> Image.Image:
    qr = segno.make(address, error="l", micro=False, boost_error=True)
    modules = [[bool(dark) for dark in line] for line in qr.matrix]
    across = len(modules) + 2 * QUIET
    dots = max(1, min(MODULE, width // across))
    image = Image.new("L", (across * dots, across * dots), WHITE)
    draw = ImageDraw.Draw(image)
    for y, line in enumerate(modules, start=QUIET):
        for x, dark in enumerate(line, start=QUIET):
            if dark:
                draw.rectangle((x * dots, y * dots, (x + 1) * dots - 1, (y + 1) * dots - 1), fill=BLACK)
    return image


def stacked(paper: Paper, strips: Sequence[Image.Image]) -> Image.Image:
    """Join strips, one under the other."""
    image, _ = strip(paper, sum(part.height for part in strips))
    y = 0
    for part in strips:
        image.paste(part, (0, y))
        y += part.height
    return image


def dots(image: Image.Image) -> Image.Image:
    """Return an image in one bit a dot: black or white, nothing between."""
    sides = [BLACK if grey < THRESHOLD else WHITE for grey in range(256)]
    return image.point(sides).convert("1", dither=Image.Dither.NONE)
