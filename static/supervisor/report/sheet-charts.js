/** The day by the hour on paper: arrivals and waits side by side. */

import { html, useMemo } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Marks } from "/static/supervisor/charts/chart-card.js";
import { arrivalsOf, waitMarks, waitsOf } from "/static/supervisor/charts/hour-charts.js";
import { Plot } from "/static/supervisor/charts/plot.js";

const HEIGHT_PX = 125;

function Drawing({ title, marks = [], chart }) {
  return html`<figure><figcaption>${title}</figcaption>
    <${Marks} marks=${marks} />
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /></figure>`;
}

export function HourCharts({ rows, days, target }) {
  const came = useMemo(() => arrivalsOf(rows, days), [rows, days]);
  const waited = useMemo(() => waitsOf(rows, target), [rows, target]);
  if (rows.length === 0) return null;
  const arrivals = t(days > 1 ? "sheet.arrivals_days" : "charts.arrivals_by_hour", { days });
  return html`<div class="sheet-charts">
    <${Drawing} title=${arrivals} chart=${came} />
    <${Drawing} title=${t("sheet.waits")} marks=${waitMarks(target)} chart=${waited} />
  </div>`;
}
