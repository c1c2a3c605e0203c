/** Ranges of local days, as texts "2025-09-11"; both ends belong to the range. */

const DAY_MS = 86_400_000;
const read = (day) => new Date(`${day}T00:00:00Z`);
const write = (date) => date.toISOString().slice(0, 10);
const shift = (day, days) => write(new Date(read(day).getTime() + days * DAY_MS));

function monthDay(day, months, number) {
  const date = read(day);
  return write(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, number)));
}

/** Nghị định 09/2019/NĐ-CP closes periodic reports on the 14th: 15th to 14th. */
function reporting(today, back) {
  const begun = read(today).getUTCDate() >= 15 ? 0 : -1;
  return { from: monthDay(today, begun - back, 15), to: monthDay(today, begun - back + 1, 14) };
}

/** The twelve months that end with the range, or all of its own where those are more. */
export function trendOf({ from, to }) {
  const [year, first] = [monthDay(to, -11, 1), monthDay(from, 0, 1)];
  return { from: first < year ? first : year, to: monthDay(to, 1, 0) };
}

/** The range of the same kind before this one: a reporting period, a month, or as many days. */
export function before({ from, to }) {
  const period = { from: monthDay(to, -1, 15), to: monthDay(to, 0, 14) };
  if (from === period.from && to === period.to) return { from: monthDay(to, -2, 15), to: monthDay(to, -1, 14) };
  if (from === monthDay(from, 0, 1) && to === monthDay(from, 1, 0))
    return { from: monthDay(from, -1, 1), to: monthDay(from, 0, 0) };
  const days = Math.round((read(to).getTime() - read(from).getTime()) / DAY_MS) + 1;
  return { from: shift(from, -days), to: shift(from, -1) };
}

/** Every range offered by one key, in the order shown. */
export function presets(today) {
  const monday = shift(today, -((read(today).getUTCDay() + 6) % 7));
  return [
    { name: "today", from: today, to: today },
    { name: "yesterday", from: shift(today, -1), to: shift(today, -1) },
    { name: "this_week", from: monday, to: shift(monday, 6) },
    { name: "this_month", from: monthDay(today, 0, 1), to: monthDay(today, 1, 0) },
    { name: "this_period", ...reporting(today, 0) },
    { name: "last_period", ...reporting(today, 1) },
  ];
}
