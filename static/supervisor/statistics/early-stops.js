/** Holds and pauses in the first minute of a service, read when somebody opens the list: it goes through the whole log. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { count, day } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";

export function EarlyStops({ span, names }) {
  const [open, setOpen] = useState(false);
  return html`<details class="card definitions early" onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary><${Glyph} name="clock-pause" /><span>${t("charts.early")}</span></summary>
    <p class="hint">${t("charts.early_means")}</p>
    ${open && html`<${Stops} span=${span} names=${names} />`}
  </details>`;
}

function Stops({ span, names }) {
  const { found, refusal } = useAnswers({ stops: `/statistics/early?${span}` });
  if (refusal) return html`<${Refused} words=${refusal} />`;
  if (!found) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  /** @type {Api.EarlyStopView[]} */
  const rows = found.stops.rows;
  if (rows.length === 0) return html`<p class="empty" role="status">${t("charts.early_none")}</p>`;
  const by_clerk = rows.some((row) => row.clerk !== null);
  return html`<p class="hint"><a class="button" download href="/api/v1/statistics/table.csv?${span}&table=early">
      <${Glyph} name="download" />${t("supervisor.get_csv")}</a></p>
    <div class="scroll" tabindex="0" role="group" aria-label=${t("charts.early")}><table class="stats" data-by="early">
    <thead><tr><th scope="col" class="first">${t("charts.early_day")}</th><th scope="col" class="start">${t("supervisor.counter")}</th>
      ${by_clerk && html`<th scope="col" class="start">${t("charts.by_clerk")}</th>`}
      <th scope="col" class="start">${t("charts.early_what")}</th><th scope="col">${t("charts.early_times")}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr key=${[row.day, row.counter, row.clerk, row.what].join(" ")}>
      <th scope="row" class="first">${day(row.day)}</th><td class="start">${names[row.counter] ?? row.counter}</td>
      ${by_clerk && html`<td class="start">${row.name ?? row.clerk ?? "–"}</td>`}
      <td class="start">${t(`charts.early_${row.what}`)}</td><td data-figure="times">${count(row.times)}</td></tr>`,
    )}</tbody>
  </table></div>`;
}
