/** The calendar between the file's form and the form on the page: days as they are written here, numbers as typed. */

import { t } from "/static/lib/text.js";

const MORNING = { opens: "07:30", closes: "11:30", issues_from: "07:00", issues_to: "11:00" };
const AFTERNOON = { opens: "13:30", closes: "17:00", issues_from: "13:00", issues_to: "16:30" };

export const NEW_SHIFT = MORNING;
export const NEW_RULE = { weekdays: [6], shifts: [MORNING], services: null };
/** A season to begin with, after so many others: the usual week, all year. */
export const newSeason = (others) => ({
  name: others ? t("settings.season_more", { n: others + 1 }) : t("settings.season_all_year"),
  first: "01/01",
  last: "31/12",
  rules: [{ weekdays: [1, 2, 3, 4, 5], shifts: [MORNING, AFTERNOON], services: null }],
});

const backwards = (text, from, to) => text.trim().split(from).reverse().join(to);

/** "04-01" -> "01/04", "2026-02-16" -> "16/02/2026" */
export const shownDay = (text) => backwards(text, "-", "/");

/** "1/4" -> "04-01", "16/2/2026" -> "2026-02-16". What is no day goes to the server as it is, which answers with the reason. */
export const writtenDay = (text) => backwards(text.replace(/\b(\d)\b/g, "0$1"), "/", "-");

/** The calendar as the page holds it. */
export function drafted({ hours: { seasons, days, quotas }, appointments }) {
  const plain = (each) => ({ ...each, first: shownDay(each.first), last: shownDay(each.last) });
  const typed = (number) => (number == null ? "" : String(number));
  const codes = [...new Set([...Object.keys(quotas), ...Object.keys(appointments)])];
  return {
    seasons: seasons.map(plain),
    days: days.map((each) => ({ ...plain(each), off: each.shifts.length === 0 })),
    quotas: Object.fromEntries(
      codes.map((code) => {
        const { day, shift, minutes, share } = { ...quotas[code], ...appointments[code] };
        return [code, { day: typed(day), shift: typed(shift), minutes: typed(minutes), share: typed(share) }];
      }),
    ),
  };
}

/** The calendar as the server takes it. */
export function hallOf({ seasons, days, quotas }) {
  const plain = (each) => ({ ...each, first: writtenDay(each.first), last: writtenDay(each.last) });
  const number = (text = "") => (text.trim() === "" ? null : /^\d+$/.test(text.trim()) ? Number(text) : 0);
  /** @type {[string, Record<"day" | "shift" | "minutes" | "share", ?number>][]} */
  const every = Object.entries(quotas).map(([code, typed]) => [
    code,
    {
      day: number(typed.day),
      shift: number(typed.shift),
      minutes: number(typed.minutes),
      share: number(typed.share),
    },
  ]);
  const limited = every.filter(([, { day, shift }]) => day !== null || shift !== null);
  const given = every.filter(([, { minutes, share }]) => minutes !== null || share !== null);
  return {
    hours: {
      seasons: seasons.map(plain),
      days: days.map(({ off, shifts, ...each }) =>
        plain({ ...each, last: each.last.trim() || each.first, shifts: off ? [] : shifts }),
      ),
      quotas: Object.fromEntries(limited.map(([code, { day, shift }]) => [code, { day, shift }])),
    },
    appointments: Object.fromEntries(
      given.map(([code, { minutes, share }]) => [code, { minutes: minutes ?? 30, share: share ?? 60 }]),
    ),
  };
}
