/** One table of figures: a row for each group, and their total. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { count, exact, percent } from "/static/supervisor/parts/figures.js";
import { groupName } from "/static/supervisor/parts/group-names.js";
import { ServiceName } from "/static/supervisor/parts/service-name.js";

const COUNTS = [
  "issued",
  "called",
  "served",
  "no_shows",
  "cancelled",
  "expired",
  "ghosts",
  "recalls",
  "transfers",
  "transfers_in",
];
const SPREADS = ["wait", "walk", "service", "sojourn"];
const LENGTHS = ["mean", "median", "p90", "max"];
const SHARES = ["15", "20", "30"];
const end = (name) => (name === "max" ? "group-end" : "");

function Share({ name, share }) {
  return html`<td data-figure=${name}>${percent(share.met, share.of)} <small>${count(share.met)}/${count(share.of)}</small></td>`;
}

function Cells({ row }) {
  return html`${COUNTS.map((name) => html`<td key=${name} data-figure=${name}>${count(row[name])}</td>`)}
    <td data-figure="priority" class="group-end">${count(row.priority)} <small>${percent(row.priority, row.issued)}</small></td>
    ${SPREADS.map((of) =>
      LENGTHS.map(
        (name) =>
          html`<td key=${of + name} data-figure="${of}-${name}" class="of-${of} ${end(name)}">${exact(row[of][`${name}_s`])}</td>`,
      ),
    )}
    ${SHARES.map((minutes) => html`<${Share} key=${minutes} name="within-${minutes}" share=${row.within[minutes]} />`)}
    <${Share} name="on-target" share=${row.on_target} />`;
}

/** @param {Props<{table: Api.StatisticsView}>} props */
export function StatisticsTable({ table, services }) {
  const named = Object.fromEntries(services.map((service) => [service.code, service]));
  const name = (row) =>
    table.by === "service" && named[row.key]
      ? html`<${ServiceName} service=${named[row.key]} />`
      : groupName(table.by, row);
  return html`<section class="card table-card" aria-labelledby="by-group">
    <h2 id="by-group" class="card-title">${t(`charts.title_${table.by}`)}</h2>
    ${
      table.rows.length === 0
        ? html`<p class="empty">${t("supervisor.stats_empty")}</p>`
        : html`
    <div class="scroll" tabindex="0" role="group" aria-labelledby="by-group"><table class="stats" data-by=${table.by}>
      <thead>
        <tr><th scope="col" rowspan="2" class="first">${t(`report.by_${table.by}`)}</th>
          <th scope="colgroup" colspan=${COUNTS.length + 1} class="group">${t("supervisor.group_counts")}</th>
          ${SPREADS.map((of) => html`<th key=${of} scope="colgroup" colspan=${LENGTHS.length} class="group of-${of}">${t(`supervisor.group_${of}`)}</th>`)}
          <th scope="colgroup" colspan=${SHARES.length + 1} class="group">${t("supervisor.group_within")}</th></tr>
        <tr>${COUNTS.map((name) => html`<th key=${name} scope="col">${t(`supervisor.col_${name}`)}</th>`)}
          <th scope="col" class="group-end">${t("supervisor.col_priority")}</th>
          ${SPREADS.map((of) =>
            LENGTHS.map(
              (name) =>
                html`<th key=${of + name} scope="col" class="of-${of} ${end(name)}">${t(`supervisor.col_${name}`)}</th>`,
            ),
          )}
          ${SHARES.map((minutes) => html`<th key=${minutes} scope="col">${t("supervisor.col_within", { minutes })}</th>`)}
          <th scope="col">${t("figures.on_target")}</th></tr>
      </thead>
      <tbody>${table.rows.map(
        (row) => html`<tr key=${row.key} data-key=${row.key}>
        <th scope="row" class="first">${name(row)}</th><${Cells} row=${row} /></tr>`,
      )}</tbody>
      <tfoot><tr data-key="total"><th scope="row" class="first">${t("supervisor.total")}</th><${Cells} row=${table.total} /></tr></tfoot>
    </table></div>`
    }
  </section>`;
}
