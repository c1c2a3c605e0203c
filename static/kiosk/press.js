/**
 * Presses on the glass. A key acts when the finger leaves it, however much it trembled: the browser's own click is lost
 * when an old hand stays or slides. A finger that rests hears what lies under it, if there is a voice; then it takes nothing.
 */

const REPEAT_MS = 1500;
const HOLD_MS = 1200; // an old hand is slower than a young one; longer is a question
const TYPING_MS = 120; // between two digits of a code: the same one may come twice
const REPEAT_MM = 10; // a second tap this near the first is the same wish, whatever stands there by now
const SLIP_MM = 5; // a finger may slide this far off its key, as long as it is not on another

/** @typedef {{x: number, y: number}} Spot */

/**
 * What becomes of fingers. `press`: a key ([data-press]) was pressed, null where the page has been drawn without it;
 * `touch`: a finger came down, or slid on, answers whether that was all it did; `explain`: one rests, likewise;
 * `repeated`: a press was the one before once more.
 * @typedef {object} Fingers
 * @property {(name: string, key: ?HTMLElement) => void} press
 * @property {(under: ?Element) => boolean} touch
 * @property {(under: ?Element) => boolean} explain
 * @property {() => void} repeated
 */

/**
 * Report what fingers do in `root`.
 * @param {HTMLElement} root
 * @param {Fingers} on
 */
export function listen(root, on) {
  /** @returns {?HTMLElement} */
  const named = (/** @type {string} */ name) => root.querySelector(`[data-press="${CSS.escape(name)}"]`);
  /** @type {?{id: number, name: string, key: HTMLElement}} */
  let down = null;
  /** @type {?{id: number, over: ?Element}} */
  let asking = null; // a finger that only wants to hear
  /** @type {?{at: number, name: string, spot: ?Spot}} */
  let last = null;
  let resting = 0;

  function release() {
    clearTimeout(resting);
    down?.key.classList.remove("is-pressed");
    down = asking = null;
  }

  /** @param {string} name @param {?Spot} spot */
  function isRepeat(name, spot) {
    const pause_ms = named(name)?.dataset.typing === undefined ? REPEAT_MS : TYPING_MS;
    return last && performance.now() - last.at < pause_ms && (name === last.name || near(spot, last.spot));
  }

  /** @param {string} name @param {?Spot} spot */
  function act(name, spot) {
    if (isRepeat(name, spot)) return on.repeated();
    last = { at: performance.now(), name, spot };
    on.press(name, named(name));
  }

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    release(); // a palm that rests on the glass must not keep the finger from working
    const { pointerId: id, target } = event;
    const under = /** @type {Element} */ (target);
    const key = keyOf(event);
    if (!isRepeat(key ? nameOf(key) : "", spotOf(event)) && on.touch(under)) {
      asking = { id, over: partOf(under) };
      return;
    }
    resting = setTimeout(() => {
      if (!on.explain(under)) return;
      release();
      asking = { id, over: partOf(under) };
    }, HOLD_MS);
    if (!key) return;
    key.classList.add("is-pressed");
    down = { id, name: nameOf(key), key };
  });

  // Who slides on hears what the finger comes to.
  root.addEventListener("pointermove", (event) => {
    if (asking?.id !== event.pointerId) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (partOf(under) === asking.over) return;
    asking.over = partOf(under);
    if (!on.touch(under)) on.explain(under);
  });

  addEventListener("pointerup", (event) => {
    if (asking?.id === event.pointerId || !down) release();
    if (!down || event.pointerId !== down.id) return;
    const { name } = down;
    release();
    // Asked by name: the page may have drawn its keys again while the finger lay on one.
    const key = named(name);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-press]");
    if (key && (under ? under === key : within(key, event, SLIP_MM * millimetre()))) act(name, spotOf(event));
  });

  addEventListener("pointercancel", (event) => [down?.id, asking?.id].includes(event.pointerId) && release());

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

/**
 * What a finger lies on, the whole of a key.
 * @param {?Element} under
 */
function partOf(under) {
  return under?.closest("[data-press]") ?? under;
}

/** @param {MouseEvent} event @returns {Spot} */
function spotOf({ clientX, clientY }) {
  return { x: clientX, y: clientY };
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

/** Pixels in a millimetre of this glass, as kiosk.css has them; of the one the pages are drawn for until it is measured. */
function millimetre() {
  const style = getComputedStyle(document.documentElement);
  return parseFloat(style.getPropertyValue("--real-mm")) || parseFloat(style.getPropertyValue("--mm"));
}
