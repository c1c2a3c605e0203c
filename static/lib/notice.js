/** The one message to all who wait. */

/**
 * The message if it has not ended by itself, else null.
 * @param {Api.NoticeView | null | undefined} notice
 * @param {Date} now
 */
export function standing(notice, now) {
  return notice && (notice.until === null || now.getTime() < Date.parse(notice.until)) ? notice : null;
}
