"""Build static/vendor from node_modules: libraries, fonts and the icon sprite.

Run once at set-up, so that at run time nothing is fetched from outside the building.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
TABLER = NODE / "@tabler" / "icons"
FONTSOURCE = NODE / "@fontsource" / "be-vietnam-pro"

WEIGHTS = (400, 500, 600, 700, 800)

COPIES = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "socket.io-client/LICENSE": "socket.io.LICENSE",
    "htm/preact/standalone.module.js": "preact.js",
    "htm/LICENSE": "preact.LICENSE",
    "uplot/dist/uPlot.esm.js": "uplot.js",
    "uplot/dist/uPlot.min.css": "uplot.css",
    "uplot/LICENSE": "uplot.LICENSE",
    "@fontsource/be-vietnam-pro/LICENSE": "fonts/LICENSE",
    "@tabler/icons/LICENSE": "icons.LICENSE",
}

ICONS = """
alert-circle alert-octagon alert-triangle arrow-back-up arrow-down arrow-left arrow-right arrows-exchange
baby-carriage backspace ban bell bell-ringing building-store calendar chart-bar check chevron-down
chevron-left chevron-right circle circle-check circle-dot clock clock-pause contrast device-desktop
device-laptop device-mobile device-tablet device-tv disabled door-enter door-exit download ear-off eye
eye-off file-check file-text friends hand-stop heart-handshake help-circle history home hourglass-empty
id info-circle key keyboard language layout-dashboard layout-grid link list list-search lock lock-open login
logout map-pin medal menu-2 message-question messages minus old pencil player-pause player-play plug-connected
plug-connected-x plus printer printer-off qrcode refresh repeat rubber-stamp search seedling settings star table
text-increase ticket trash user user-check user-off user-plus users volume x
""".split()


# "My ticket" on a phone may weigh 50 KB in all: its own few icons, two weights of the font, and in
# them the letters of Vietnamese and English only.
PHONE_ICONS = """
arrow-back-up arrow-down bell-ringing building-store check circle-dot clock device-laptop file-check friends
heart-handshake help-circle hourglass-empty id list-search map-pin message-question messages
plug-connected-x refresh rubber-stamp seedling user-off volume-off x
""".split()

PHONE_WEIGHTS = (500, 800)
PAPER_WEIGHTS = (500, 700, 800)
ASCII_AND_SIGNS = "".join(chr(c) for c in range(0x20, 0x7F) if not chr(c).isdigit()) + "–·“”‘’…\u00a0"
LATIN_OF_VIETNAMESE = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"
VIETNAMESE = "ĂăĐđĨĩŨũƠơƯư" + "".join(chr(c) for c in range(0x1EA0, 0x1EFA))


def copy_libraries() -> None:
    """Copy the browser libraries and every licence that travels with them."""
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NODE / source, VENDOR / target)


def sprite(names: Iterable[str]) -> str:
    """Return one SVG file with a symbol for each icon, drawn by `<use href="…/icons.svg#name">`."""
    sources = {name: TABLER / "icons" / "outline" / f"{name}.svg" for name in names}
    if "pregnant" in sources:
        # The set has no pictogram for pregnancy; ours is drawn on the same grid.
        sources["pregnant"] = ROOT / "static" / "icons" / "pregnant.svg"
    symbols = (symbol(name, path.read_text("utf-8")) for name, path in sorted(sources.items()))
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "".join(symbols) + "</svg>\n"


def symbol(name: str, svg: str) -> str:
    """Return the drawing as a symbol: colour from the text, stroke from --icon-stroke."""
    paths = "".join(p for p in re.findall(r"<path [^>]*/>", svg) if 'stroke="none"' not in p)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="var(--icon-stroke, 2)" stroke-linecap="round" stroke-linejoin="round">'
        f"{paths}</symbol>\n"
    )


def fonts() -> str:
    """Write the woff2 files and return the style sheet that declares them."""
    folder = VENDOR / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    faces = []
    for weight in WEIGHTS:
        name = f"figures-{weight}.woff2"
        figures(weight).save(folder / name)
        faces.append(face("Figures", weight, name, "U+30-39"))
        css = (FONTSOURCE / f"{weight}.css").read_text("utf-8")
        for block in re.findall(r"@font-face \{.*?\}", css, re.DOTALL):
            name = re.search(r"files/([^)]*\.woff2)", block)[1]  # type: ignore[index]
            unicode_range = re.search(r"unicode-range: ([^;]*);", block)[1]  # type: ignore[index]
            shutil.copyfile(FONTSOURCE / "files" / name, folder / name)
            faces.append(face("Be Vietnam Pro", weight, name, unicode_range))
    for weight in PHONE_WEIGHTS:
        phone(weight).save(folder / f"phone-{weight}.woff2")
    for weight in PAPER_WEIGHTS:
        paper(weight).save(folder / f"paper-{weight}.ttf")
    return "".join(faces)


def phone(weight: int) -> TTFont:
    """Return one small font with the digits of "Figures": 7 KB where the full set of one weight takes 45."""
    font = merged(weight, {"latin": ASCII_AND_SIGNS + LATIN_OF_VIETNAMESE, "vietnamese": VIETNAMESE})
    font.flavor = "woff2"
    return font


def paper(weight: int) -> TTFont:
    """Return the whole of one weight in one file, for drawing tickets: Pillow takes no font in parts."""
    taken = {ord(digit) for digit in "0123456789"}
    texts = {}
    for script in ("latin", "vietnamese", "latin-ext"):
        letters = part_of(script, weight).getBestCmap().keys() - taken
        taken |= letters
        texts[script] = "".join(map(chr, sorted(letters)))
    return merged(weight, texts)


def merged(weight: int, texts: Mapping[str, str]) -> TTFont:
    """Return one font of "Figures" and of these letters of each part."""
    parts = [figures(weight)]
    for script, text in texts.items():
        font = part_of(script, weight)
        keep(font, text)
        parts.append(font)
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{i}.ttf" for i in range(len(parts))]
        for part, path in zip(parts, paths, strict=True):
            part.flavor = None
            part.save(path)
        return merge.Merger().merge(paths)


def part_of(script: str, weight: int) -> TTFont:
    """Load the part of Be Vietnam Pro for this script ("latin", "vietnamese", …)."""
    return TTFont(FONTSOURCE / "files" / f"be-vietnam-pro-{script}-{weight}-normal.woff2")


def face(family: str, weight: int, name: str, unicode_range: str) -> str:
    """Return one @font-face rule for a file in the folder fonts/ beside the style sheet."""
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-weight: {weight};\n  font-display: swap;\n'
        f'  src: url("fonts/{name}") format("woff2");\n  unicode-range: {unicode_range};\n}}\n'
    )


def figures(weight: int) -> TTFont:
    """Return the ten digits of Be Vietnam Pro, each centred in a cell of the same width.

    The font has no tabular figures, so a clock or a column of numbers would jump.
    """
    font = TTFont(FONTSOURCE / "files" / f"be-vietnam-pro-latin-{weight}-normal.woff2")
    bar = sorted({y for _, y in glyph(font, "L").coordinates})[1]  # thickness of a horizontal stroke
    keep(font, "0123456789")
    cell = 690 if weight >= 600 else 676
    add_foot(font, bar)
    for digit in "0123456789":
        name = font.getBestCmap()[ord(digit)]
        centre(font, name, cell)
    font.flavor = "woff2"
    return font


def keep(font: TTFont, text: str) -> None:
    """Keep the glyphs of `text` alone: no hints, no kerning, no features."""
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 13, 14], notdef_outline=True)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)


def add_foot(font: TTFont, bar: int) -> None:
    """Give the 1 a foot as wide as its flag reaches, so that it is not read as I or 7."""
    one = glyph(font, "1")
    points = list(one.coordinates)
    stem = sorted((i for i, (_, y) in enumerate(points) if y == 0), key=lambda i: points[i][0])
    left, right = (points[i][0] for i in stem)
    middle = (left + right) / 2
    reach = middle - min(x for x, _ in points)
    near, far = round(middle - reach), round(middle + reach)
    first = min(stem)
    if max(stem) != first + 1 or points[first][0] != right:
        raise ValueError("the outline of 1 runs another way round than expected")
    foot = [(right, bar), (far, bar), (far, 0), (near, 0), (near, bar), (left, bar)]
    one.coordinates = type(one.coordinates)(points[:first] + foot + points[first + 2 :])
    one.flags = one.flags[:first] + bytearray([1] * len(foot)) + one.flags[first + 2 :]
    one.endPtsOfContours = [len(one.coordinates) - 1]
    one.recalcBounds(font["glyf"])
    font["hmtx"][font.getBestCmap()[ord("1")]] = (far + near, one.xMin)


def centre(font: TTFont, name: str, cell: int) -> None:
    """Move the glyph so that its advance becomes `cell` with equal room on both sides."""
    advance, _ = font["hmtx"][name]
    outline = font["glyf"][name]
    outline.coordinates.translate(((cell - advance) // 2, 0))
    outline.recalcBounds(font["glyf"])
    font["hmtx"][name] = (cell, outline.xMin)


def glyph(font: TTFont, character: str):  # type: ignore[no-untyped-def]  # fontTools has no types
    """Return the outline of one character."""
    return font["glyf"][font.getBestCmap()[ord(character)]]


def main() -> None:
    """Build everything again, in the place of what is there."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_libraries()
    (VENDOR / "icons.svg").write_text(sprite([*ICONS, "pregnant"]), "utf-8")
    (VENDOR / "icons-phone.svg").write_text(sprite(PHONE_ICONS), "utf-8")
    (VENDOR / "fonts.css").write_text(fonts(), "utf-8")


if __name__ == "__main__":
    main()
