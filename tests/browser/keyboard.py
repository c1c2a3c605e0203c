"""What a keyboard alone reaches on a page, and whether one sees where one is.

faults = keyboard_faults(page)   # a sentence each; empty when every target is reached, seen and left again
"""

from playwright.sync_api import expect

from tests.browser.measure import PRESSABLE

ROUNDS = 3  # a field of a date is several stops
DATE_PARTS = 5
HAND_MS = 80  # how long a hand holds a key: what follows sooner is taken for a scanner, which presses nothing

# Every place the keyboard must come to, in the order of the page; of radio buttons of one name only one is a stop.
# Each step is looked at when the next key goes down: by then the page has scrolled to it.
WATCH = """
(pressable) => {
  const modal = [...document.querySelectorAll("dialog:modal")].pop();
  const room = modal ?? document.body;
  const name = (el) => {
    const words = el.ariaLabel || el.innerText || el.labels?.[0]?.innerText || el.name || el.id || "";
    return `<${el.tagName.toLowerCase()}> "${words.trim().replace(/\\s+/g, " ").slice(0, 40)}"`;
  };
  const isStop = (el) => el.tabIndex >= 0 && !el.disabled && !el.closest("[inert]")
    && el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0
    && !(el.matches("details:not([open]) *") && !el.matches("summary"));
  const group = (el) => (el.type === "radio" && el.name ? `${el.form?.id ?? ""} ${el.name}` : null);
  const wanted = new Map(); // what must be reached -> its name
  const groups = new Map();
  for (const el of room.querySelectorAll(pressable)) {
    if (!isStop(el)) continue;
    const key = group(el);
    if (key !== null) {
      if (groups.has(key)) continue;
      groups.set(key, el);
    }
    wanted.set(el, name(el));
  }
  const seen = new Set();
  const faults = new Set();
  const DATES = ["date", "month", "time", "datetime-local"];
  const marked = (el) => {
    // Of a date each part is a stop, and the browser marks the part.
    if (DATES.includes(el.type)) return true;
    for (let at = el; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return true;
    }
    return [...(el.labels ?? [])].some((each) => marked(each)) || [...el.parentElement.children].some((each) =>
      each !== el && each.matches("span, label, i, svg") && getComputedStyle(each).outlineStyle !== "none");
  };
  const hidden = (el) => {
    const label = el.labels?.[0];
    const own = el.getBoundingClientRect();
    const box = label && (own.width < 2 || getComputedStyle(el).opacity === "0") ? label.getBoundingClientRect() : own;
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return "is off the screen";
    const free = [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
      const over = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
      return over && (el.contains(over) || over.contains(el) || label?.contains(over)
        || over.closest("label")?.control === el);
    }));
    return free ? "" : "is covered";
  };
  let first = true; // what has the focus before the first key may have been scrolled away
  const look = (event) => {
    if (event?.key === "Shift") return;
    const el = document.activeElement;
    if (first) {
      first = false;
      return;
    }
    // A heading that a page has led somebody to is no stop of the keyboard.
    if (!el || el === document.body || seen.has(el) || el.tabIndex < 0) return;
    seen.add(el);
    if (modal && !modal.contains(el)) faults.add(`${name(el)} behind the question takes the focus`);
    if (!marked(el)) faults.add(`${name(el)} does not show that it has the focus`);
    const how = hidden(el);
    if (how) faults.add(`${name(el)} ${how} while it has the focus`);
  };
  const reached = (el) => {
    const key = group(el);
    return key === null ? seen.has(el) : [...seen].some((each) => group(each) === key);
  };
  addEventListener("keydown", look, { capture: true });
  window.keyboardRound = {
    missing: () => [...wanted.keys()].filter((el) => !reached(el)).length,
    end: () => {
      look();
      removeEventListener("keydown", look, { capture: true });
      for (const [el, what] of wanted) {
        if (el.isConnected && isStop(el) && !reached(el)) faults.add(`${what} is not reached`);
      }
      return [...faults];
    },
  };
  return wanted.size;
}
"""


def keyboard_faults(page, key="Tab"):
    """Return what somebody with a keyboard alone cannot do on the page as it stands, a sentence each.

    Goes once round the page, or round its modal question, with the key (`Shift+Tab`: the other way): every target is
    reached, shows that it has the focus, and is not covered by anything that stays in its place.
    """
    stops = page.evaluate(WATCH, PRESSABLE) + 3
    *held, last = key.split("+")
    for each in held:
        page.keyboard.down(each)
    for _ in range(ROUNDS):
        for _ in range(stops):
            page.keyboard.down(last)  # held down it repeats, which takes half the time of presses
        stops = DATE_PARTS * page.evaluate("keyboardRound.missing()")
    for each in (last, *held):
        page.keyboard.up(each)
    return page.evaluate("keyboardRound.end()")


def reach(page, target, key="Tab"):
    """Press Tab until what a locator names has the focus, which must then be seen.

    Raises:
        AssertionError: the keyboard went round and did not come there.
    """
    expect(target).to_be_visible()
    most = page.locator(PRESSABLE).count() * 2 + 10
    for _ in range(most):
        if target.evaluate("el => el === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {target}")


def press(page, target, key="Enter"):
    """Go to what a locator names by Tab, and press a key there for as long as a hand does."""
    reach(page, target)
    page.keyboard.press(key, delay=HAND_MS)


def write(page, target, words):
    """Go to a field by Tab, and write over what stands there.

    As a typing program does: keys as fast as those of a test are taken for a scan.
    """
    reach(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)
