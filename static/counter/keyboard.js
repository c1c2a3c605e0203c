/** The keyboard of the console. Space and Enter belong to the counter unless another key has the focus. */

import { readScans } from "/static/lib/scan.js";
import { ACTS, OTHER_KEYS, QUEUE_ACTS, TICKET_ACTS } from "./steps.js";

const MAIN = "main-key";
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
/** What typing programs make of a vowel or D, and the key of theirs that does it. */
const MARKS = [
  ["KeyW", "\u031b"], // horn
  ["KeyW", "\u0306"], // breve
  ["KeyX", "\u0303"], // tilde
  ["KeyD", "\u0111"], // d with a stroke
];
const PRESSES = ["Space", "Enter", "NumpadEnter"]; // what a browser presses the focused button with

/** Back to the large key: after any key was used, so that Space cannot press it a second time. */
export function returnToMain() {
  document.getElementById(MAIN)?.focus();
}

/**
 * `handlers()` gives {main, act(name), digit(n), keys, leave, pick(by), confirm, astray(), scanned(scan), together()}, or
 * false while there is no counter to work at; `pick` is null while nothing is picked in the queue, and `confirm` while no
 * number is being written.
 */
export function listen(handlers) {
  const key = (event) => {
    const on = handlers();
    if (isForBrowser(event)) return;
    if (on && !event.repeat && on.astray()) {
      event.preventDefault();
      return;
    }
    if (on && document.activeElement?.matches("input")) {
      leaveNumber(event, on);
      return;
    }
    if (pressFocused(event)) return;
    const work = on && workOf(event, on);
    if (!work) return;
    event.preventDefault();
    if (!event.repeat) work();
  };
  const stopReading = readScans({
    key,
    scanned: (scan) => (handlers() || null)?.scanned(scan),
    together: () => (handlers() || null)?.together(),
  });
  // The mouse leaves the focus where it is; a click gives it back to the large key.
  const press = (event) => {
    if (handlers() && event.target.closest("button")) event.preventDefault();
  };
  // The first click of two may put another button under the second; so may a question that goes away by itself.
  const astray = (event) => {
    if (event.target.closest("button") && (event.detail > 1 || (handlers() && handlers().astray())))
      event.stopPropagation();
  };
  const click = (event) => {
    if (handlers() && event.target.closest("button"))
      queueMicrotask(
        () => document.activeElement?.closest(".is-question") ?? otherButton()?.closest(".keys") ?? returnToMain(),
      );
  };

  window.addEventListener("mousedown", press);
  window.addEventListener("click", astray, true);
  window.addEventListener("click", click);
  return () => {
    stopReading();
    window.removeEventListener("mousedown", press);
    window.removeEventListener("click", astray, true);
    window.removeEventListener("click", click);
  };
}

/** Letters and figures are the number being written; only these keys leave it. */
function leaveNumber(event, on) {
  if (event.code === "Escape") on.leave();
  else if (event.code in STEPS) on.pick?.(STEPS[event.code]);
  else if (event.key === "Enter")
    on.confirm?.(); // a keyboard on the screen knows no places
  else return;
  event.preventDefault();
}

function isForBrowser({ ctrlKey, altKey, metaKey }) {
  return ctrlKey || altKey || metaKey;
}

/** @returns {?HTMLElement} */
function otherButton() {
  const focused = /** @type {?HTMLElement} */ (document.activeElement);
  return focused?.matches("button, a") && focused.id !== MAIN ? focused : null;
}

/**
 * Whether Space or Enter press the button that has the focus: a key held back until it was sure to be no scan is no more
 * the browser's to press it with.
 */
export function pressFocused(event) {
  const focused = otherButton();
  if (!PRESSES.includes(event.code) || !focused) return false;
  if (event.repeat) event.preventDefault();
  else if (event.defaultPrevented && (event.code !== "Space" || focused.matches("button"))) focused.click();
  return true;
}

/**
 * Which key of ours is meant, as its place on a US keyboard. By the letter where the layout writes one, for the letter is
 * what stands on the key; else by the place: Vietnamese typing programs change what a key writes.
 */
function meantBy({ code, key }) {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  if (code === "") return ofProgram(key);
  // The sign that another layout has in the place of a letter, such as the comma of a French keyboard.
  return code.startsWith("Key") && key.length === 1 && key < "\u0080" ? "" : code;
}

/** The key that was pressed when a typing program writes this in its place: "ư" for W, "ũ" for X. */
function ofProgram(key) {
  const [mark] = MARKS.find(([, sign]) => key.toLowerCase().normalize("NFD").includes(sign)) ?? [];
  return mark ?? "";
}

function workOf(event, on) {
  const code = meantBy(event);
  if (event.key === "?") return on.keys;
  if (code === "Space") return on.main;
  if (code === "NumpadEnter") return () => on.act("finish");
  const act = [...ACTS, ...QUEUE_ACTS].find((each) => each.code === code);
  if (act) return () => on.act(act.act);
  if (code in OTHER_KEYS) return () => on.act(OTHER_KEYS[code]);
  if (code in TICKET_ACTS) return () => on.act(TICKET_ACTS[code]);
  const digit = digitOf(event);
  if (digit !== null) return () => on.digit(digit);
  if (code in STEPS && on.pick) return () => on.pick(STEPS[code]);
  if (code === "Slash") return on.keys;
  if (code === "Escape") return on.leave;
  return null;
}

/** The figure of a key, on the row or the number block, or null; where figures need Shift, as on a French row, with it. */
export function digitOf({ code, key, shiftKey }) {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  return digit && (!shiftKey || key === digit) ? Number(digit) : null;
}
