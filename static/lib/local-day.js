/** The day of an instant at the hall, as the server writes it: "2025-09-11". */

/**
 * The parts are put together here, for what a locale writes changes: "en-CA" is 2025-09-11 in some browsers only.
 * @param {Date} date
 * @param {string} timeZone  of the hall
 */
export function localDay(date, timeZone) {
  const written = new Intl.DateTimeFormat("en", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const parts = Object.fromEntries(written.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}
