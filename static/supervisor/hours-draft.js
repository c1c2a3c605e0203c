/** The calendar between the file's form and the form on the page: days as they are written here, numbers as typed. */

const MORNING = { opens: "07:30", closes: "11:30", issues_from: "07:00", issues_to: "11:00" };
const AFTERNOON = { opens: "13:30", closes: "17:00", issues_from: "13:00", issues_to: "16:30" };

export const NEW_SHIFT = MORNING;
export const NEW_RULE = { weekdays: [6], shifts: [MORNING], services: null };
export const NEW_SEASON = {
  name: "", first: "01/01", last: "31/12",
  rules: [{ weekdays: [1, 2, 3, 4, 5], shifts: [MORNING, AFTERNOON], services: null }],
};

const backwards = (text, from, to) => text.trim().split(from).reverse().join(to);

/** "04-01" -> "01/04", "2026-02-16" -> "16/02/2026" */
export const shownDay = (text) => backwards(text, "-", "/");

/** "1/4" -> "04-01", "16/2/2026" -> "2026-02-16". What is no day goes to the server as it is, which tells the reason. */
export const writtenDay = (text) => backwards(text.replace(/\b(\d)\b/g, "0$1"), "/", "-");

/** The calendar as the page holds it. */
export function drafted({ seasons, days, quotas }) {
  const plain = (each) => ({ ...each, first: shownDay(each.first), last: shownDay(each.last) });
  const typed = (number) => (number === null ? "" : String(number));
  return {
    seasons: seasons.map(plain),
    days: days.map((each) => ({ ...plain(each), off: each.shifts.length === 0 })),
    quotas: Object.fromEntries(
      Object.entries(quotas).map(([code, { day, shift }]) => [code, { day: typed(day), shift: typed(shift) }]),
    ),
  };
}

/** The calendar as the server takes it. */
export function told({ seasons, days, quotas }) {
  const plain = (each) => ({ ...each, first: writtenDay(each.first), last: writtenDay(each.last) });
  const number = (text) => (text.trim() === "" ? null : /^\d+$/.test(text.trim()) ? Number(text) : 0);
  return {
    seasons: seasons.map(plain),
    days: days.map(({ off, shifts, ...each }) => plain({ ...each, last: each.last.trim() || each.first, shifts: off ? [] : shifts })),
    quotas: Object.fromEntries(
      Object.entries(quotas).map(([code, { day, shift }]) => [code, { day: number(day), shift: number(shift) }]),
    ),
  };
}
