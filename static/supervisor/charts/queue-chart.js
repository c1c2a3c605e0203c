/** How many waited at each quarter of an hour of the day, and when the queue was longest. */

import { html, useMemo } from "/static/vendor/preact.js";
import { clock, day, decimal, t } from "/static/lib/text.js";
import { ground } from "./chart-axes.js";
import { ChartCard } from "./chart-card.js";
import { steps, stepsAbove } from "./chart-marks.js";
import { count } from "/static/supervisor/parts/figures.js";
import { HEIGHT_PX } from "./hour-charts.js";
import { Plot } from "./plot.js";

const QUARTER_MIN = 15;
const numberOf = (at) => (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) / QUARTER_MIN;

function drawing(slots, days) {
  const found = new Map(slots.map((slot) => [numberOf(slot.at), slot]));
  const first = Math.min(...found.keys());
  const numbers = Array.from({ length: Math.max(...found.keys()) - first + 1 }, (_, i) => first + i);
  // The last quarter is drawn to its end.
  const held = (figure) => [...numbers.map(figure), figure(numbers[numbers.length - 1])];
  const mean = held((n) => (found.has(n) ? found.get(n).sum / found.get(n).days : null));
  const most = held((n) => found.get(n)?.most ?? null);
  const hours = numbers.map((n, i) => [n, i]).filter(([n]) => n % 4 === 0);
  return {
    data: [mean.map((_, i) => i), mean, ...(days > 1 ? [most] : [])],
    options: (uPlot, width) => ({
      ...ground({
        names: hours.map(([n]) => String(n / 4)),
        at: hours.map(([, i]) => i),
        places: mean.length,
        width,
        most: Math.max(...most),
      }),
      series: [{}, steps(uPlot), ...(days > 1 ? [stepsAbove(uPlot)] : [])],
    }),
  };
}

/** @param {Props<{overview: Api.OverviewView}>} props */
export function QueueOverDay({ overview }) {
  const { queue, days, longest_queue: most, longest_queue_at: at } = overview;
  const chart = useMemo(() => queue.length > 0 && drawing(queue, days), [queue, days]);
  const title = t("charts.queue_over_day");
  const several = days > 1;
  const mean = (slot) => decimal(slot.sum / slot.days, 1);
  const table = {
    heads: several
      ? [t("charts.from_time"), t("charts.queue_mean"), t("charts.queue_days"), t("charts.queue_most")]
      : [t("charts.from_time"), t("charts.queue_most")],
    rows: queue.map((slot) =>
      several
        ? [slot.at, slot.at, mean(slot), count(slot.days), count(slot.most)]
        : [slot.at, slot.at, count(slot.most)],
    ),
  };
  const marks = several
    ? [
        ["above", t("charts.queue_fullest")],
        ["level", t("charts.queue_mean_of_days")],
      ]
    : [];
  const about = at
    ? t("charts.queue_about", { people: count(most), time: clock(at), date: day(at) })
    : t("charts.queue_nobody");
  return html`<${ChartCard} name="queue-over-day" title=${title} about=${about} marks=${marks} table=${table}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}
