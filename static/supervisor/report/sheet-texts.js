/** The sentences of reports, each made of figures of the API. */

import { clock, day, t } from "/static/lib/text.js";
import { count, percent } from "/static/supervisor/parts/figures.js";
import { hour } from "/static/supervisor/parts/group-names.js";
import { perDay } from "/static/supervisor/charts/hour-charts.js";

/** How many came, were served, and did not come. */
export function counts(total) {
  return t("sheet.counts", {
    issued: count(total.issued),
    priority: count(total.priority),
    priority_share: percent(total.priority, total.issued),
    served: count(total.served),
    no_shows: count(total.no_shows),
    cancelled: count(total.cancelled),
    expired: count(total.expired),
  });
}

/** The share within 15, 20 and 30 minutes, as two counts and what they make. */
export function shares(total) {
  const [a, b, c] = ["15", "20", "30"].map((minutes) => {
    const { met, of } = total.within[minutes];
    return t("sheet.share", { minutes, met: count(met), of: count(of), percent: percent(met, of) });
  });
  return t("sheet.shares", { a, b, c });
}

/** The hour in which most came, and the longest queue. */
export function peaks(rows, { days, longest_queue: most, longest_queue_at: at }) {
  if (rows.length === 0 || !at) return t("supervisor.stats_empty");
  const fullest = rows.reduce((best, row) => (row.issued > best.issued ? row : best));
  const people = perDay(fullest.issued, days);
  return [
    t(days > 1 ? "sheet.peak_hour_days" : "sheet.peak_hour", { hour: hour(fullest.key), people }),
    t("sheet.peak_queue", { people: count(most), time: clock(at), date: day(at) }),
  ].join(" ");
}
