/** The keyboard of the console. Space and Enter belong to the counter unless another key has the focus. */

import { ACTS, OTHER_KEYS, QUEUE_ACTS, TICKET_ACTS } from "./steps.js";

const MAIN = "main-key";
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const PRESSES = ["Space", "Enter", "NumpadEnter"]; // what a browser presses the focused button with

/** Back to the large key: after any key was used, so that Space cannot press it a second time. */
export function returnToMain() {
  document.getElementById(MAIN)?.focus();
}

/** `handlers()` gives {main, act(name), digit(n), keys, leave, pick(by), astray()}, or false while there is no counter to
 * work at; `pick` is null while nothing is picked in the queue. */
export function listen(handlers) {
  let swallowed = false; // some browsers press the focused button when Space is released

  const down = (event) => {
    const on = handlers();
    if (!on || isForBrowser(event)) return;
    if (!event.repeat && on.astray()) {
      event.preventDefault();
      return;
    }
    if (document.activeElement?.matches("input")) {
      leaveNumber(event, on);
      return;
    }
    if (PRESSES.includes(event.code) && otherButton()) {
      if (event.repeat) event.preventDefault();
      return;
    }
    const work = workOf(event, on);
    if (!work) return;
    event.preventDefault();
    swallowed = event.code === "Space";
    if (!event.repeat) work();
  };
  const up = (event) => {
    if (event.code === "Space" && swallowed) event.preventDefault();
    swallowed = false;
  };
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

  window.addEventListener("keydown", down, true);
  window.addEventListener("keyup", up, true);
  window.addEventListener("mousedown", press);
  window.addEventListener("click", astray, true);
  window.addEventListener("click", click);
  return () => {
    window.removeEventListener("keydown", down, true);
    window.removeEventListener("keyup", up, true);
    window.removeEventListener("mousedown", press);
    window.removeEventListener("click", astray, true);
    window.removeEventListener("click", click);
  };
}

/** Letters and figures are the number being written; only these keys leave it. */
function leaveNumber(event, on) {
  if (event.code === "Escape") on.leave();
  else if (event.code in STEPS) on.pick?.(STEPS[event.code]);
  else if (event.code === "Enter" || event.code === "NumpadEnter")
    /** @type {?HTMLElement} */ (document.querySelector(".is-question .choice"))?.focus();
  else return;
  event.preventDefault();
}

function isForBrowser({ ctrlKey, altKey, metaKey }) {
  return ctrlKey || altKey || metaKey;
}

function otherButton() {
  const focused = document.activeElement;
  return focused?.matches("button, a") && focused.id !== MAIN ? focused : null;
}

/** By the place of the key, not its letter: Vietnamese typing programs change what a key writes. */
// eslint-disable-next-line complexity -- one line a key
function workOf(event, on) {
  if (event.code === "Space") return on.main;
  if (event.code === "NumpadEnter") return () => on.act("finish");
  const act = [...ACTS, ...QUEUE_ACTS].find(({ code }) => code === event.code);
  if (act) return () => on.act(act.act);
  if (event.code in OTHER_KEYS) return () => on.act(OTHER_KEYS[event.code]);
  if (event.code in TICKET_ACTS) return () => on.act(TICKET_ACTS[event.code]);
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (digit && !event.shiftKey) return () => on.digit(Number(digit));
  if (event.code in STEPS && on.pick) return () => on.pick(STEPS[event.code]);
  if (event.key === "?" || event.code === "Slash") return on.keys;
  if (event.code === "Escape") return on.leave;
  return null;
}
