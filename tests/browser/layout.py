"""Is the layout of a page sound? Nothing cut off, nothing on another, nothing that moves from under a finger.

watch = watch_moves(page)                     # before the page is opened
page.goto(address)
assert layout_faults(page) == []              # a screen that does not scroll: kiosk, wall
assert layout_faults(page, scrolling=["html", ".queue-list"]) == []
page.wait_for_timeout(3000)
assert watch.moved() == []
"""

from pathlib import Path

from tests.browser.measure import PRESSABLE

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8").replace("export function", "function")
FAULTS = f"(asked) => {{ {SCRIPT}\nreturn layoutFaults(asked); }}"
ROOM_EM = 0.2  # between letters and the line beside them

# Sees every target from the first frame it is drawn in. Targets are known by what they are called, not by their
# node: a page that builds its keys again has moved them all the same. Where several are called alike they are told
# apart by their order.
WATCH = """
(() => {
  const SLACK_PX = 1;
  const pressable = PRESSABLE;
  let first = new Map();
  let moved = new Map();
  const name = (el) => [el.tagName, el.id, el.name, ...Object.values(el.dataset)].filter(Boolean).join(" ")
    || el.textContent.trim();
  function look() {
    const counts = new Map();
    for (const el of document.querySelectorAll(pressable)) {
      if (el.closest(".visually-hidden") || !el.checkVisibility({ visibilityProperty: true })) continue;
      const { x, y, width, height } = el.getBoundingClientRect();
      if (!width || !height) continue;
      const plain = name(el);
      const nth = counts.get(plain) ?? 0;
      counts.set(plain, nth + 1);
      const key = `${plain}|${nth}`;
      const box = [x + scrollX, y + scrollY, width, height];
      const before = first.get(key);
      if (!before) first.set(key, box);
      else if (before.some((side, i) => Math.abs(side - box[i]) > SLACK_PX))
        moved.set(key, `${el.textContent.trim().replace(/\\s+/g, " ").slice(0, 40) || plain}: from `
          + `${before.map(Math.round)} to ${box.map(Math.round)}`);
    }
  }
  const watch = () => {
    if (document.documentElement) look();
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  window.movesOfTargets = () => { look(); return [...moved.values()]; };
  window.forgetMoves = () => { first = new Map(); moved = new Map(); };
})();
""".replace("PRESSABLE", repr(PRESSABLE))


def layout_faults(page, *, inside="body", scrolling=(), ground=(), room=ROOM_EM):
    """Return what is wrong with the page as it stands, a sentence each; empty when nothing is.

    No sign of any text leaves the box that is painted around it or comes too near to its line; no
    text, target or picture is cut off, off the screen, on another or under another. Only what is seen counts, and of
    a page with a modal question only the question.

    Args:
        inside: selector of the part to look at.
        scrolling: selectors of what may scroll (`html` is the page itself, which then scrolls downwards only).
        ground: selectors of pictures and painted pieces that texts are meant to lie on.
        room: free space between letters and a line that is drawn beside them, as a part of their size.
    """
    given = {
        "inside": inside,
        "pressable": PRESSABLE,
        "scrolling": list(scrolling),
        "ground": list(ground),
        "room": room,
    }
    page.evaluate("document.fonts.ready")
    return page.evaluate(FAULTS, given)


class MoveWatch:
    """Knows where every target stood when it was first drawn."""

    def __init__(self, page):
        self._page = page
        page.add_init_script(WATCH)

    def moved(self):
        """Return the targets that have stood elsewhere since they were first drawn, a sentence each."""
        return self._page.evaluate("window.movesOfTargets()")

    def forget(self):
        """Begin again, as after a press that is meant to change the page."""
        self._page.evaluate("window.forgetMoves()")


def watch_moves(page):
    """Watch the targets of a page that is not yet opened: none may move after it was painted."""
    return MoveWatch(page)
