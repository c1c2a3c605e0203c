/** How many waited how long, in steps of five minutes. */

import { html, useMemo } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { dashed, ground } from "./chart-axes.js";
import { ChartCard } from "./chart-card.js";
import { bars, figures } from "./chart-marks.js";
import { count, percent } from "/static/supervisor/parts/figures.js";
import { HEIGHT_PX } from "./hour-charts.js";
import { Plot } from "./plot.js";

const BIN_MIN = 5;

function drawing(bins, target) {
  const within = bins.map((n, i) => (i * BIN_MIN < target ? n : null));
  const over = bins.map((n, i) => (i * BIN_MIN < target ? null : n));
  const last = bins.length - 1;
  // The minutes stand at the edges of the bars; the last bar has no end.
  const names = bins.map((_, i) => (i < last ? String(i * BIN_MIN) : `≥ ${i * BIN_MIN}`));
  return {
    data: [bins.map((_, i) => i), within, over],
    options: (uPlot, width) => ({
      ...ground({ names, at: bins.map((_, i) => (i < last ? i - 0.5 : i)), width, most: Math.max(...bins) * 1.1 }),
      series: [{}, bars(uPlot), bars(uPlot, true)],
      hooks: {
        draw: [
          dashed({ x: target / BIN_MIN - 0.5 }),
          figures(
            bins.map((n) => (n ? count(n) : "")),
            [1, 2],
          ),
        ],
      },
    }),
  };
}

export function WaitLengths({ bins, target }) {
  const chart = useMemo(() => drawing(bins, target), [bins, target]);
  const title = t("charts.wait_lengths");
  const all = bins.reduce((sum, n) => sum + n, 0);
  const name = (i) =>
    i < bins.length - 1
      ? t("charts.minutes_from_to", { from: i * BIN_MIN, to: (i + 1) * BIN_MIN })
      : t("charts.minutes_from", { from: i * BIN_MIN });
  const table = {
    heads: [t("charts.wait_head"), t("charts.visits"), t("charts.share")],
    rows: all ? bins.map((n, i) => [String(i * BIN_MIN), name(i), count(n), percent(n, all)]) : [],
  };
  const marks = [
    ["bar", t("charts.within_target")],
    ["over", t("charts.over_target")],
    ["target", t("charts.target", { minutes: decimal(target) })],
  ];
  return html`<${ChartCard} name="wait-lengths" title=${title} table=${table} marks=${marks}
    about=${t("charts.wait_lengths_about", { visits: count(all) })}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}
