/** A ticket's number as somebody types it. */

import { written } from "./text.js";

/**
 * "b 27" and "B027" are the same number, "27" one of a block without a letter; null for anything else.
 * @param {string} text
 */
export function asNumber(text) {
  const [, letter, digits] = written(text).match(/^(\p{L}?)(\d+)$/u) ?? [];
  if (!digits) return null;
  return letter ? letter + digits.padStart(3, "0") : digits;
}
