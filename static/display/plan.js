/** How the wall is laid out: few counters have a row each, many a compact strip, and a long hall needs larger type. */

/** Up to this distance the sizes of the wall can be read on a 43-inch television. */
const NEAR_M = 8;
/** Larger type than this leaves no room for a number and its counter on one line: the hall needs a larger screen. */
const LARGEST = 1.25;
const MOST_ROWS = 6;

/**
 * `{layout, far, rows, columns}`: "rows" (a row a counter) or "compact" (the last calls, and a strip of all counters);
 * `far` multiplies every size; `rows` and `columns` are those of the list of calls in the compact layout.
 * A longer hall gets fewer rows, never smaller type.
 * @param {number} counters
 * @param {number | undefined} last_seat_m
 */
export function plan(counters, last_seat_m) {
  const far = Math.min(Math.max((last_seat_m || NEAR_M) / NEAR_M, 1), LARGEST);
  if (far === 1 && counters <= MOST_ROWS) return { layout: "rows", far, rows: counters, columns: 1 };
  return { layout: "compact", far, rows: far === 1 ? 4 : far < 1.2 ? 3 : 2, columns: 2 };
}
