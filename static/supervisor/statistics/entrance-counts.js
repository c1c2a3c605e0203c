/** From where the wait counts, and how many stood before the kiosk, as often as somebody of the staff counted. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { clock, t } from "/static/lib/text.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { count, day } from "/static/supervisor/parts/figures.js";

export function EntranceCounts({ span }) {
  const { found } = useAnswers({ counts: `/statistics/entrance?${span}` });
  /** @type {Api.EntranceCountView[]} */
  const rows = found?.counts.rows ?? [];
  const people = rows.map((row) => row.people);
  return html`<p class="hint wait-from">${t("common.wait_from")} ${found && rows.length === 0 && t("charts.entrance_none")}</p>
    ${
      rows.length > 0 &&
      html`<details class="card definitions entrance"><summary><${Glyph} name="users" /><span>${t("charts.entrance", {
        times: rows.length,
        mean: count(Math.round(people.reduce((sum, n) => sum + n, 0) / people.length)),
        most: count(Math.max(...people)),
      })}</span></summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${t("charts.entrance_counts")}><table class="stats" data-by="entrance">
        <thead><tr><th scope="col" class="first">${t("charts.early_day")}</th><th scope="col">${t("charts.entrance_time")}</th>
          <th scope="col">${t("charts.entrance_people")}</th></tr></thead>
        <tbody>${rows.map(
          (row) => html`<tr key=${row.at}><th scope="row" class="first">${day(row.day)}</th><td>${clock(row.at)}</td>
          <td data-figure="people">${count(row.people)}</td></tr>`,
        )}</tbody></table></div></details>`
    }`;
}
