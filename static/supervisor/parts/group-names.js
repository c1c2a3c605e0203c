/** What a group of the statistics is called: an hour, a weekday, a day, a month. */

import { t } from "/static/lib/text.js";
import { day } from "./figures.js";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** "08" -> "8–9 giờ" */
export function hour(key) {
  return t("charts.hour", { from: Number(key), to: Number(key) + 1 });
}

/**
 * 1 -> "Thứ Hai"
 * @param {string | number} number
 * @param {"long" | "short"} [length]
 */
export function weekday(number, length = "long") {
  const date = new Date(MONDAY + (Number(number) - 1) * DAY_MS);
  return new Intl.DateTimeFormat(document.documentElement.lang, { weekday: length, timeZone: "UTC" }).format(date);
}

/** "2025-09" -> "09/2025" */
export function month(key) {
  return key.split("-").reverse().join("/");
}

/** "Kiosk ở cửa", or who issues by hand, together; by hour "Kiosk ở cửa, 8–9 giờ" */
function kiosk(key, label) {
  const [who, at] = key.split(" ");
  const name = who === "staff" ? t("charts.kiosk_staff") : label.replace(/ \d\d$/, "");
  return at ? `${name}, ${hour(at)}` : name;
}

const NAMES = {
  hour,
  weekday: (key) => weekday(key),
  day,
  month,
  counter: (key, label) => label || t("supervisor.no_counter"),
  kiosk,
  kiosk_hour: kiosk,
  shift: (key) => t(`charts.shift_${key}`),
  channel: (key) => t(`charts.channel_${key}`),
  clerk: (key, label) => label || t("supervisor.no_counter"),
};

/** The name of a row, where the server's own label is not enough. */
export function groupName(by, { key, label }) {
  return NAMES[by]?.(key, label) ?? label;
}
