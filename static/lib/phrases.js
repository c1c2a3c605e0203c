/** A call as a sequence of clips. `voice/phrases.py` says the same for the packs; a test holds the two together. */

import { FAULT_REASONS } from "/static/lib/choices.js";

/** Pauses between clips, in seconds. */
export const PAUSES = { ",": 0.12, ".": 0.45 };
const WHOLE_COUNTERS = 20;
const NUMBER = /^(\D*)(\d+)$/;

/**
 * The first pass, with the number as a number: "Mời công dân có số thứ tự A, một trăm hai mươi ba, …".
 * @param {{number: string, counter: number, priority?: boolean, again?: boolean}} call
 */
export function call({ number, counter, priority = false, again = false }) {
  const opening = again ? "again" : priority ? "call_priority" : "call";
  return [opening, ...numberClips(number), ...toCounter(counter)];
}

/**
 * The second pass, digit by digit.
 * @param {{number: string, counter: number}} call
 */
export function repeat({ number, counter }) {
  return ["again", ...digitClips(number), ...toCounter(counter)];
}

/**
 * A counter pauses; where the system is at fault, that the number is kept.
 * @param {{counter: number, reason: ?string}} pause
 */
export function pause({ counter, reason }) {
  return [
    "counter",
    ...wholeNumber(counter),
    "paused",
    ...(reason !== null && FAULT_REASONS.includes(reason) ? [".", "trouble"] : []),
  ];
}

/**
 * A ticket's number without leading zeros; more than three digits are always said one by one.
 * @param {string} number
 */
export function numberClips(number) {
  const [, letter, digits] = parts(number);
  return digits.length > 3 ? digitClips(number) : [...letterClips(letter), ...wholeNumber(Number(digits)), ","];
}

/**
 * "A027" -> [all, "A", "027"]
 * @param {string} number
 */
function parts(number) {
  return /** @type {RegExpExecArray} */ (NUMBER.exec(number));
}

/** @param {number} n */
export function wholeNumber(n) {
  if (n >= 1000) return [...String(n)].map((digit) => `digit-${digit}`);
  const hundreds = Math.floor(n / 100);
  const rest = n % 100;
  if (!hundreds) return [`number-${n}`];
  return rest ? [`hundred-${hundreds}`, `rest-${rest}`] : [`hundred-${hundreds}`];
}

/** @param {string} number */
function digitClips(number) {
  const [, letter, digits] = parts(number);
  return [...letterClips(letter), ...[...digits].map((digit) => `digit-${digit}`), ","];
}

/** @param {string} letter */
export function letterClips(letter) {
  return letter ? [`letter-${letter}`, ","] : [];
}

/** @param {number} counter */
function toCounter(counter) {
  if (counter >= 1 && counter <= WHOLE_COUNTERS) return [`to_counter-${counter}`];
  return ["to_counter", ...wholeNumber(counter)];
}
