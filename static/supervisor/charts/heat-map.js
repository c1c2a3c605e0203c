/** The median wait of each hour of each weekday: darker is longer, and the minutes stand in the field. */

import { html } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { ChartCard } from "./chart-card.js";
import { count, exact } from "/static/supervisor/parts/figures.js";
import { hour, weekday } from "/static/supervisor/parts/group-names.js";

// Up to so many minutes a field has this shade; one more is the darkest.
const SHADES_MIN = [5, 10, 15, 20, 30];

const shadeOf = (seconds) => {
  const at = SHADES_MIN.findIndex((limit) => seconds <= limit * 60);
  return at < 0 ? SHADES_MIN.length : at;
};

function Field({ cell, target }) {
  if (!cell) return html`<td></td>`;
  if (cell.median_s == null) return html`<td data-issued=${cell.issued}>–</td>`;
  return html`<td data-shade=${shadeOf(cell.median_s)} class=${cell.median_s > target * 60 ? "is-over" : ""}>
    ${count(Math.floor(cell.median_s / 60))}</td>`;
}

export function HeatMap({ cells, target }) {
  const found = new Map(cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]));
  const days = [...new Set(cells.map((cell) => cell.weekday))].sort();
  const hours = [...new Set(cells.map((cell) => cell.hour))].sort();
  const title = t("charts.heat");
  const table = {
    heads: [
      t("charts.weekday_head"),
      t("charts.hour_head"),
      t("charts.issued"),
      t("charts.median_exact"),
      t("charts.nine_in_ten_exact"),
    ],
    rows: cells.map((cell) => [
      `${cell.weekday} ${cell.hour}`,
      weekday(cell.weekday),
      hour(cell.hour),
      count(cell.issued),
      exact(cell.median_s),
      exact(cell.p90_s),
    ]),
  };
  const limits = [0, ...SHADES_MIN];
  return html`<${ChartCard} name="heat" title=${title} about=${t("charts.heat_about")} table=${table}>
    <div class="scroll" tabindex="0" role="group" aria-label=${title}><table class="heat">
      <thead><tr><td></td>${hours.map((key) => html`<th key=${key} scope="col">${Number(key)}</th>`)}</tr></thead>
      <tbody>${days.map(
        (number) => html`<tr key=${number}><th scope="row">${weekday(number)}</th>
        ${hours.map((key) => html`<${Field} key=${key} cell=${found.get(`${number} ${key}`)} target=${target} />`)}</tr>`,
      )}</tbody>
    </table></div>
    <ul class="heat-key" role="list">
      ${limits.map(
        (from, i) => html`<li key=${from}><span data-shade=${i}></span>
        ${SHADES_MIN[i] ? t("charts.heat_range", { from, to: SHADES_MIN[i] }) : t("charts.heat_more", { from })}</li>`,
      )}
      <li><span class="is-over"></span>${t("charts.heat_over", { minutes: decimal(target) })}</li>
    </ul><//>`;
}
