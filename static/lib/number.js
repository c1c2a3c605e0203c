/** A ticket's number as somebody types it. */

/**
 * "b 27" and "B027" are the same number, "27" one of a block without a letter; null for anything else.
 * @param {string} text
 */
export function asNumber(text) {
  const [, letter, digits] = written(text).match(/^(\p{L}?)(\d+)$/u) ?? [];
  if (!digits) return null;
  return letter ? letter + digits.padStart(3, "0") : digits;
}

/**
 * A number as somebody writes it down, "b 27", as it is kept: "B027". A capital D with a stroke is the Vietnamese letter,
 * whichever of the three the keyboard has.
 * @param {string} text
 */
export function written(text) {
  return text
    .normalize("NFKC") // full-width letters too
    .replace(/[\s.-]/g, "")
    .toUpperCase()
    .replace(/[\u00d0\u0189]/g, "\u0110")
    .replace(/^(\p{L})(\d{1,2})$/u, (_, letter, count) => letter + count.padStart(3, "0"));
}

/**
 * The one of `all` with this number, however it is written: without its stroke too, where that leaves one only.
 * @template {{number: string}} T
 * @param {T[]} all
 * @param {string} text
 * @returns {T | undefined}
 */
export function withNumber(all, text) {
  const number = written(text);
  const plain = (/** @type {string} */ each) => each.replace("\u0110", "D");
  const alike = all.filter((each) => plain(each.number) === plain(number));
  return alike.find((each) => each.number === number) ?? (alike.length === 1 ? alike[0] : undefined);
}
