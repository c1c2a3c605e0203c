/** How figures are written: 4.595, 82,4%, 12:05, 15/08/2025; a missing figure is a dash. */

import { decimal, duration, t, timer } from "/static/lib/text.js";

const NONE = "–";

/** 4595 -> "4.595". */
export function count(n) {
  return n == null ? NONE : decimal(n);
}

/** What stands before the percent sign, from its counts: (3786, 4595) -> "82,4". */
export function share(part, of, digits = 1) {
  return of ? decimal((part / of) * 100, digits) : NONE;
}

/** (3786, 4595) -> "82,4%". */
export function percent(part, of, digits = 1) {
  return of ? `${share(part, of, digits)}%` : NONE;
}

/** 725 -> "12:05": exact, so that it can be compared with the figures given to others. */
export function exact(seconds) {
  return seconds == null ? NONE : timer(Math.round(seconds));
}

/** Whole minutes without their word, rounded down, and never "0": "12", "dưới 1". */
export function minutes(seconds) {
  if (seconds == null) return NONE;
  return seconds < 60 ? t("common.under_one") : count(Math.floor(seconds / 60));
}

/** Whole minutes for "at most": rounded up, and never "at most 0". */
export function minutesAtMost(seconds) {
  return seconds == null ? NONE : count(Math.max(1, Math.ceil(seconds / 60)));
}

/** "2025-08-15" -> "15/08/2025". */
export function day(text) {
  const [y, m, d] = text.split("-");
  return `${d}/${m}/${y}`;
}

/** A time spent in a state: "vừa xong", "4 phút", "1 giờ 5 phút". */
export function spent(seconds) {
  return seconds < 60 ? t("supervisor.just_now") : duration(seconds);
}
