/** How large the letters of the wall must be for the farthest seat, and how far away a television can be read. */

/** A capital, as a part of the size of its type. */
const CAPITAL = 0.74;
/** The distance in capitals: of the call, 0.7 degrees (EN 301 549, 5.1.4); of the rows, 22 minutes (ISO 9241-303). */
const CALL_AWAY = 82;
const ROW_AWAY = 156;
/** What rounding to whole pixels may take. */
const MARGIN = 1.01;
const MM_PER_INCH = 25.4;
const MM_PER_M = 1000;
/** Nearly all televisions are 16:9. */
const SIDES = [16, 9];

/**
 * The largest type that the wall has room for, of the call and of the rows, lying and upright. The unit is the height
 * of a 16:9 picture that lies, the width of one that stands.
 */
export const LARGEST = { lying: { call: 0.319, row: 0.164 }, upright: { call: 0.261, row: 0.164 } };

/**
 * The type that can be read so far away, of the call and of the rows, in units of the picture.
 * @param {number} metres
 * @param {number} inches  the diagonal of the television
 */
export function typeFor(metres, inches) {
  const unit_mm = (inches * MM_PER_INCH * SIDES[1]) / Math.hypot(...SIDES);
  const sizeOf = (/** @type {number} */ away) => (MARGIN * metres * MM_PER_M) / away / CAPITAL / unit_mm;
  return { call: sizeOf(CALL_AWAY), row: sizeOf(ROW_AWAY) };
}

/**
 * From how far away a television can be read, in metres, to the half metre below.
 * @param {number} inches  its diagonal
 * @param {"lying" | "upright"} how
 */
export function readFrom(inches, how) {
  return Math.floor(2 * metresPerInch(how) * inches) / 2;
}

/**
 * The smallest diagonal, in inches, that can be read from so far away.
 * @param {number} metres
 * @param {"lying" | "upright"} how
 */
export function inchesFor(metres, how) {
  return Math.ceil(metres / metresPerInch(how));
}

/** @param {"lying" | "upright"} how */
function metresPerInch(how) {
  const needed = typeFor(1, 1);
  return Math.min(LARGEST[how].call / needed.call, LARGEST[how].row / needed.row);
}
