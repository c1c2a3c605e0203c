/**
 * Presses on the glass. A key acts when the finger leaves it, however long it rested there and
 * however much it trembled: the browser's own click is lost when an old hand stays or slides.
 */

const REPEAT_MS = 1500;
const TYPING_MS = 120; // between two digits of a code: the same one may come twice
const REPEAT_MM = 10; // a second tap this near the first is the same wish, whatever stands there by now
const SLIP_MM = 5; // a finger may slide this far off its key, as long as it is not on another

/** @typedef {{x: number, y: number}} Spot */

/**
 * Calls onPress for the keys ([data-press]) in `root`; no key where the page has been drawn without it.
 * @param {HTMLElement} root
 * @param {(name: string, key: ?HTMLElement) => void} onPress
 */
export function listen(root, onPress) {
  /** @returns {?HTMLElement} */
  const named = (/** @type {string} */ name) => root.querySelector(`[data-press="${CSS.escape(name)}"]`);
  /** @type {?{id: number, name: string, key: HTMLElement}} */
  let down = null;
  /** @type {?{at: number, name: string, spot: ?Spot}} */
  let last = null;

  function release() {
    down?.key.classList.remove("is-pressed");
    down = null;
  }

  /** @param {string} name @param {?Spot} spot */
  function act(name, spot) {
    const at = performance.now();
    const pause_ms = named(name)?.dataset.typing === undefined ? REPEAT_MS : TYPING_MS;
    if (last && at - last.at < pause_ms && (name === last.name || near(spot, last.spot))) return;
    last = { at, name, spot };
    onPress(name, named(name));
  }

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    release(); // a palm that rests on the glass must not keep the finger from working
    const key = keyOf(event);
    if (!key) return;
    key.classList.add("is-pressed");
    down = { id: event.pointerId, name: nameOf(key), key };
  });

  addEventListener("pointerup", (event) => {
    if (!down || event.pointerId !== down.id) return;
    const { name } = down;
    release();
    // Asked by name: the page may have drawn its keys again while the finger lay on one.
    const key = named(name);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-press]");
    if (key && (under ? under === key : within(key, event, SLIP_MM * millimetre()))) {
      act(name, { x: event.clientX, y: event.clientY });
    }
  });

  addEventListener("pointercancel", (event) => event.pointerId === down?.id && release());

  // Keyboards and screen readers click without a pointer.
  root.addEventListener("click", (event) => {
    const key = keyOf(event);
    if (key && event.detail === 0) act(nameOf(key), null);
  });
}

/**
 * The key that was touched.
 * @param {Event} event
 * @returns {?HTMLElement}
 */
function keyOf(event) {
  return /** @type {Element} */ (event.target).closest("[data-press]");
}

/** @param {HTMLElement} key */
function nameOf(key) {
  return /** @type {string} */ (key.dataset.press);
}

/** Takes from the browser what a public screen must not do: menus, dragging, marking, zooming (touch: kiosk.css), and
 *  what a keyboard that somebody plugs in would open: printing, finding, looking into the page. */
export function calm(target = document) {
  const stop = (/** @type {Event} */ event) => event.preventDefault();
  for (const kind of ["contextmenu", "dragstart", "dragover", "drop", "selectstart", "gesturestart"]) {
    target.addEventListener(kind, stop);
  }
  target.addEventListener("wheel", stop, { passive: false });
  target.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || /^F\d+$|^Browser|^ContextMenu$/.test(event.key))
        stop(event);
    },
    { capture: true },
  );
}

/** @param {?Spot} a @param {?Spot} b */
function near(a, b) {
  return a && b && Math.hypot(a.x - b.x, a.y - b.y) < REPEAT_MM * millimetre();
}

/** @param {Element} key @param {MouseEvent} event @param {number} margin  in pixels */
function within(key, { clientX, clientY }, margin) {
  const { left, right, top, bottom } = key.getBoundingClientRect();
  return clientX > left - margin && clientX < right + margin && clientY > top - margin && clientY < bottom + margin;
}

/** Pixels in a millimetre of this glass, as kiosk.css has them. */
function millimetre() {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
}
