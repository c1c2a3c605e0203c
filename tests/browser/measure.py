"""Read off a page what people see: letter heights, targets, gaps, contrast, axe's findings."""

import json
from itertools import combinations
from typing import NamedTuple

from tests.centre import ROOT

CAP_HEIGHT_EM = 0.74  # of Be Vietnam Pro
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PRESSABLE = (
    "a[href], button, input:not([type=hidden]), select, textarea, summary,"
    " [role=button], [role=tab], [role=radio], [role=checkbox], [tabindex]:not([tabindex='-1'])"
)


class Target(NamedTuple):
    """Something one can press; sides and place in CSS pixels."""

    label: str
    x: float
    y: float
    width: float
    height: float


class Text(NamedTuple):
    """A piece of visible text and the height of its capitals in CSS pixels."""

    text: str
    cap: float


class Inked(NamedTuple):
    """A piece of visible text and its contrast to the ground."""

    text: str
    contrast: float


def cap_height(locator):
    """Height of a capital letter in CSS pixels."""
    return locator.evaluate("el => parseFloat(getComputedStyle(el).fontSize)") * CAP_HEIGHT_EM


def texts(page, inside="body"):
    """All visible texts under `inside`, smallest capitals first."""
    found = page.evaluate(
        """selector => {
          const found = [];
          for (const root of document.querySelectorAll(selector)) {
            const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
              const el = walk.currentNode.parentElement;
              const words = walk.currentNode.data.trim();
              if (!words || el.closest("script, style, noscript, .visually-hidden")) continue;
              if (!el.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
              found.push([words, parseFloat(getComputedStyle(el).fontSize)]);
            }
          }
          return found;
        }""",
        inside,
    )
    return sorted((Text(words, size * CAP_HEIGHT_EM) for words, size in found), key=lambda t: t.cap)


def targets(page, inside="body"):
    """Everything under `inside` that can be pressed and is shown."""
    found = page.evaluate(
        """([inside, pressable]) => [...document.querySelectorAll(inside)].flatMap(root =>
          [...root.querySelectorAll(pressable)].filter(el => el.checkVisibility({visibilityProperty: true}))
            .filter(el => !el.closest(".visually-hidden"))
            .map(el => {
              const box = el.getBoundingClientRect();
              const label = (el.ariaLabel || el.innerText || el.name || el.id || el.tagName).trim();
              return [label.replace(/\\s+/g, " "), box.x, box.y, box.width, box.height];
            }))""",
        [inside, PRESSABLE],
    )
    return [Target(*row) for row in found]


def gap(one, other):
    """Free distance between two targets in CSS pixels; negative when they overlap."""
    across = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    down = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    if across > 0 and down > 0:
        return (across**2 + down**2) ** 0.5
    return max(across, down)


def between(one, other):
    """Free distance between what two locators name, in CSS pixels; negative when they overlap."""
    sides = ("x", "y", "width", "height")
    return gap(*(Target("", *(each.bounding_box()[side] for side in sides)) for each in (one, other)))


def smallest_gap(page, inside="body"):
    """The two targets nearest to each other and their distance: (px, one, other); None below two."""
    pairs = combinations(targets(page, inside), 2)
    return min(((gap(a, b), a, b) for a, b in pairs), default=None)


COLOURS = """el => {
          const context = (window.swatch ??= new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true}));
          const layers = [];
          for (let at = el; at; at = at.parentElement) {
            const before = getComputedStyle(at, "::before");
            if (before.content !== "none" && before.position === "absolute" && before.inset === "0px")
              layers.push(before.backgroundColor);
            layers.push(getComputedStyle(at).backgroundColor);
          }
          const paint = (colours) => {
            context.fillStyle = "#fff";
            context.fillRect(0, 0, 1, 1);
            for (const colour of colours) {
              context.fillStyle = colour;
              context.fillRect(0, 0, 1, 1);
            }
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          layers.reverse();
          return [paint([...layers, getComputedStyle(el).color]), paint(layers)];
        }"""


def contrast(locator):
    """Contrast ratio (WCAG 2) of the text's colour to the ground it stands on.

    A ground may be painted by an ancestor or by its ::before (the ticket); pictures are not seen.
    """
    ink, ground = locator.evaluate(COLOURS)
    return ratio(ink, ground)


def contrasts(page, inside="body"):
    """All visible texts under `inside` with their contrast, faintest first."""
    found = page.evaluate(
        f"""inside => {{
          const colours = {COLOURS};
          return [...document.querySelectorAll(inside)].flatMap(root => [...root.querySelectorAll("*")])
            .filter(el => !el.closest("script, style, noscript, .visually-hidden"))
            .filter(el => [...el.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .filter(el => el.checkVisibility({{visibilityProperty: true, opacityProperty: true}}))
            .map(el => [el.textContent.trim(), ...colours(el)]);
        }}""",
        inside,
    )
    return sorted((Inked(words, ratio(ink, ground)) for words, ink, ground in found), key=lambda t: t.contrast)


def ratio(one, other):
    """Contrast ratio of two sRGB colours given as 0–255 triples (WCAG 2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    """Relative luminance of an sRGB colour (WCAG 2)."""
    parts = (value / 255 for value in colour)
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def overflowing(page):
    """How far the page can be scrolled: (across, down) in CSS pixels."""
    return tuple(
        page.evaluate(
            "() => { const d = document.documentElement;"
            " return [d.scrollWidth - d.clientWidth, d.scrollHeight - d.clientHeight]; }"
        )
    )


def axe(page):
    """Violations that axe-core finds: [(rule, help, [element, …]), …], empty when there is none.

    The source goes in over the debugging protocol, which the page's content security policy
    does not reach; nothing of the policy has to be loosened for it. Nor does axe load the style sheets again
    (`preload`), which it would put into the page as inline styles: none of the rules in use needs them.
    """
    session = page.context.new_cdp_session(page)
    try:
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8") + ";0"})
        answer = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run(document, {resultTypes: ['violations'], preload: false,"
                " rules: {'target-size': {enabled: true}}})"
                ".then(result => JSON.stringify(result.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
    finally:
        session.detach()
    if "exceptionDetails" in answer:
        raise AssertionError(answer["exceptionDetails"])
    return [
        (rule["id"], rule["help"], [node["html"] for node in rule["nodes"]])
        for rule in json.loads(answer["result"]["value"])
    ]
