/** A call as a sequence of clips. `voice/phrases.py` says the same for the packs; a test holds the two together. */

import { FAULT_REASONS } from "/static/lib/choices.js";

/** Pauses between clips, in seconds. */
export const PAUSES = { ",": 0.12, ".": 0.45 };
const WHOLE_COUNTERS = 20;
const NUMBER = /^(\D*)(\d+)$/;

/** Digits that sound different after tens: "hai mươi mốt", "hai mươi tư", "hai mươi lăm". */
const AFTER_TENS = [1, 4, 5];
const EVERY = () => true;

/** @typedef {(clip: string) => boolean} Has  whether the voice has a clip: one with few makes its numbers of shorter ones */

/**
 * The first pass, with the number as a number: "Mời công dân có số thứ tự A, một trăm hai mươi ba, …".
 * @param {{number: string, counter: number, priority?: boolean, again?: boolean, accessible?: boolean, room?: string}} call
 *   `room`: the clip that says it
 * @param {Has} [has]
 */
export function call({ number, counter, priority = false, again = false, accessible = false, room }, has = EVERY) {
  const opening = again ? "again" : priority ? "call_priority" : "call";
  const mark = accessible && has("accessible") ? [",", "accessible"] : [];
  return [opening, ...numberClips(number, has), ...toCounter(counter, has), ...inRoom(room, has), ...mark];
}

/**
 * The second pass, digit by digit.
 * @param {{number: string, counter: number, room?: string}} call
 * @param {Has} [has]
 */
export function repeat({ number, counter, room }, has = EVERY) {
  return ["again", ...digitClips(number), ...toCounter(counter, has), ...inRoom(room, has)];
}

/**
 * The room after the counter, if the voice has it: no other clip can stand for a name.
 * @param {string | undefined} room
 * @param {Has} has
 */
function inRoom(room, has) {
  return room && has !== EVERY && has(room) ? [",", room] : [];
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
 * @param {Has} [has]
 */
export function numberClips(number, has = EVERY) {
  const [, letter, digits] = parts(number);
  return digits.length > 3 ? digitClips(number) : [...letterClips(letter), ...wholeNumber(Number(digits), has), ","];
}

/**
 * "A027" -> [all, "A", "027"]
 * @param {string} number
 */
function parts(number) {
  return /** @type {RegExpExecArray} */ (NUMBER.exec(number));
}

/** @param {number} n @param {Has} [has] */
export function wholeNumber(n, has = EVERY) {
  if (n >= 1000) return oneByOne(String(n));
  const all = [...ways(n), oneByOne(String(n))];
  return all.find((way) => way.every(has)) ?? all[0];
}

/**
 * How a number below a thousand can be said, the best first. Without the link 105 would be heard as 150.
 * @param {number} n
 */
function ways(n) {
  const hundreds = Math.floor(n / 100);
  const rest = n % 100;
  if (!hundreds) return belowHundred(n);
  const hundred = `hundred-${hundreds}`;
  if (!rest) return [[hundred]];
  const endings = rest < 10 ? [["link", `digit-${rest}`]] : belowHundred(rest);
  return [[hundred, `rest-${rest}`], ...endings.map((ending) => [hundred, ...ending])];
}

/** @param {number} n */
function belowHundred(n) {
  const unit = n % 10;
  if (n < 20 || !unit) return [[`number-${n}`]];
  return [[`number-${n}`], [`number-${n - unit}`, `${AFTER_TENS.includes(unit) ? "after_tens" : "digit"}-${unit}`]];
}

/** @param {string} digits */
function oneByOne(digits) {
  return [...digits].map((digit) => `digit-${digit}`);
}

/** @param {string} number */
function digitClips(number) {
  const [, letter, digits] = parts(number);
  return [...letterClips(letter), ...oneByOne(digits), ","];
}

/** @param {string} letter */
export function letterClips(letter) {
  return letter ? [`letter-${letter}`, ","] : [];
}

/** @param {number} counter @param {Has} has */
function toCounter(counter, has) {
  const whole = `to_counter-${counter}`;
  const inParts = ["to_counter", ...wholeNumber(counter, has)];
  return counter >= 1 && counter <= WHOLE_COUNTERS && (has(whole) || !inParts.every(has)) ? [whole] : inParts;
}
