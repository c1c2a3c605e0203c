/** The day by the hour in which people came: how long they waited, and how many they were. */

import { html, useMemo } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { dashed, ground } from "./chart-axes.js";
import { ChartCard } from "./chart-card.js";
import { bars, figures, median, nineInTen } from "./chart-marks.js";
import { count, exact } from "/static/supervisor/parts/figures.js";
import { hour } from "/static/supervisor/parts/group-names.js";
import { Plot } from "./plot.js";

export const HEIGHT_PX = 250;
const inMinutes = (seconds) => (seconds == null ? null : seconds / 60);

/** Every hour from the first to the last that has figures: an hour without is a gap, not a line across it. */
function hoursOf(rows) {
  const found = new Map(rows.map((row) => [Number(row.key), row]));
  const hours = [...found.keys()];
  const first = Math.min(...hours);
  return hours.length === 0
    ? []
    : Array.from({ length: Math.max(...hours) - first + 1 }, (_, i) => [first + i, found.get(first + i)]);
}

/** Median and nine in ten as lines with the target across. */
export function waits(names, rows, target) {
  const middle = rows.map((row) => inMinutes(row?.wait.median_s));
  const high = rows.map((row) => inMinutes(row?.wait.p90_s));
  return {
    data: [names.map((_, i) => i), high, middle],
    options: (_, width) => ({
      ...ground({ names, width, most: Math.max(target * 1.2, ...high) }),
      series: [{}, nineInTen(), median()],
      hooks: { drawClear: [dashed({ y: target })] },
    }),
  };
}

/** What the marks of such a chart mean. */
export const waitMarks = (target) => [
  ["nine", t("charts.nine_in_ten")],
  ["median", t("charts.median")],
  ["target", t("charts.target", { minutes: decimal(target) })],
];

/** The waits of each hour as a drawing. */
export function waitsOf(rows, target) {
  const hours = hoursOf(rows);
  return waits(
    hours.map(([at]) => String(at)),
    hours.map(([, row]) => row),
    target,
  );
}

/** The arrivals of each hour as a drawing; of several days their mean. */
export function arrivalsOf(rows, days) {
  const hours = hoursOf(rows);
  const names = hours.map(([at]) => String(at));
  const came = hours.map(([, row]) => (row ? row.issued / days : 0));
  return {
    data: [names.map((_, i) => i), came],
    options: (uPlot, width) => ({
      ...ground({ names, width, most: Math.max(...came) * 1.1 }),
      series: [{}, bars(uPlot)],
      hooks: {
        draw: [
          figures(
            hours.map(([, row]) => (row ? perDay(row.issued, days) : "")),
            [1],
          ),
        ],
      },
    }),
  };
}

/** The mean of the days, with a decimal where there are several. */
export const perDay = (n, days) => decimal(n / days, days > 1 ? 1 : 0);

/** @param {Props<{rows: Api.RowView[]}>} props */
export function WaitsByHour({ rows, target }) {
  const chart = useMemo(() => waitsOf(rows, target), [rows, target]);
  const title = t("charts.waits_by_hour");
  const table = {
    heads: [t("charts.hour_head"), t("charts.median_exact"), t("charts.nine_in_ten_exact")],
    rows: rows.map((row) => [row.key, hour(row.key), exact(row.wait.median_s), exact(row.wait.p90_s)]),
  };
  return html`<${ChartCard} name="waits-by-hour" title=${title} about=${t("charts.waits_by_hour_about")}
    marks=${waitMarks(target)} table=${table}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}

/** @param {Props<{rows: Api.RowView[]}>} props */
export function ArrivalsByHour({ rows, days }) {
  const chart = useMemo(() => arrivalsOf(rows, days), [rows, days]);
  const title = t("charts.arrivals_by_hour");
  const several = days > 1;
  const table = {
    heads: [
      t("charts.hour_head"),
      t("charts.issued"),
      ...(several ? [t("charts.mean_of_days", { days: count(days) })] : []),
    ],
    rows: rows.map((row) => [
      row.key,
      hour(row.key),
      count(row.issued),
      ...(several ? [perDay(row.issued, days)] : []),
    ]),
  };
  return html`<${ChartCard} name="arrivals-by-hour" title=${title} table=${table}
    about=${t(several ? "charts.arrivals_about_days" : "charts.arrivals_about", { days: count(days) })}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}
