/**
 * A numeric keypad that somebody plugs in, for those who do not see the glass: its middle key, which every pad marks with
 * a dot, chooses; right and left of it are next and back. A hand scanner is no keypad: lib/scan.js distinguishes them.
 */

/** @typedef {"next" | "previous" | "choose" | "repeat" | "help" | "erase" | "keys"} KeypadAct */

/** By the place of the key, so that it is the same without NumLock. @type {Record<string, KeypadAct>} */
const ACTS = {
  5: "choose",
  Enter: "choose",
  6: "next",
  8: "next",
  Add: "next",
  4: "previous",
  2: "previous",
  Subtract: "previous",
  0: "repeat",
  Decimal: "help",
  Multiply: "help",
  Backspace: "erase",
  // The others say what the keys are for.
  1: "keys",
  3: "keys",
  7: "keys",
  9: "keys",
  Divide: "keys",
};
const ARROWS = { ArrowRight: "next", ArrowDown: "next", ArrowLeft: "previous", ArrowUp: "previous" };

/**
 * What a key of a keypad asks for, and its digit; null for any other key.
 * @param {Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">} event
 * @returns {?{act: KeypadAct, digit: ?string}}
 */
export function keypadKey({ code, ctrlKey, altKey, metaKey, shiftKey }) {
  if (ctrlKey || altKey || metaKey || shiftKey) return null;
  const arrow = ARROWS[/** @type {keyof typeof ARROWS} */ (code)];
  if (arrow) return { act: /** @type {KeypadAct} */ (arrow), digit: null };
  const name = code.replace(/^(?:Numpad|Digit)/, "");
  const act = ACTS[name];
  return act ? { act, digit: /^\d$/.test(name) ? name : null } : null;
}
