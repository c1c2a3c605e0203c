/** One table of figures: a row for each service or counter, and their total. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/text.js";
import { count, exact, percent } from "./figures.js";
import { ServiceName } from "./service-name.js";

const COUNTS = ["issued", "called", "served", "no_shows", "cancelled", "expired"];
const LENGTHS = ["mean", "median", "p90", "max"];
const SHARES = ["15", "20", "30"];

function Cells({ row }) {
  return html`${COUNTS.map((name) => html`<td key=${name} data-figure=${name}>${count(row[name])}</td>`)}
    <td data-figure="priority" class="group-end">${count(row.priority)} <small>${percent(row.priority, row.issued)}</small></td>
    ${["wait", "service"].map((of) =>
      LENGTHS.map(
        (name) => html`<td key=${of + name} data-figure="${of}-${name}"
      class=${name === "max" ? "group-end" : ""}>${exact(row[of][`${name}_s`])}</td>`,
      ),
    )}
    ${SHARES.map((minutes) => {
      const { met, of } = row.within[minutes];
      return html`<td key=${minutes} data-figure="within-${minutes}">${percent(met, of)} <small>${count(met)}/${count(of)}</small></td>`;
    })}`;
}

export function StatisticsTable({ id, title, first, table, services }) {
  const named = Object.fromEntries(services.map((service) => [service.code, service]));
  return html`<section class="card" aria-labelledby=${id}>
    <h2 id=${id} class="card-title">${title}</h2>
    ${
      table.rows.length === 0
        ? html`<p class="empty">${t("supervisor.stats_empty")}</p>`
        : html`
    <div class="scroll" tabindex="0" role="group" aria-labelledby=${id}><table class="stats" data-by=${table.by}>
      <thead>
        <tr><th scope="col" rowspan="2" class="first">${first}</th>
          <th scope="colgroup" colspan=${COUNTS.length + 1} class="group">${t("supervisor.group_counts")}</th>
          <th scope="colgroup" colspan=${LENGTHS.length} class="group">${t("supervisor.group_wait")}</th>
          <th scope="colgroup" colspan=${LENGTHS.length} class="group">${t("supervisor.group_service")}</th>
          <th scope="colgroup" colspan=${SHARES.length} class="group">${t("supervisor.group_within")}</th></tr>
        <tr>${COUNTS.map((name) => html`<th key=${name} scope="col">${t(`supervisor.col_${name}`)}</th>`)}
          <th scope="col" class="group-end">${t("supervisor.col_priority")}</th>
          ${["wait", "service"].map((of) =>
            LENGTHS.map(
              (name) => html`<th key=${of + name} scope="col"
            class=${name === "max" ? "group-end" : ""}>${t(`supervisor.col_${name}`)}</th>`,
            ),
          )}
          ${SHARES.map((minutes) => html`<th key=${minutes} scope="col">${t("supervisor.col_within", { minutes })}</th>`)}</tr>
      </thead>
      <tbody>${table.rows.map(
        (row) => html`<tr key=${row.key} data-key=${row.key}>
        <th scope="row" class="first">${named[row.key] ? html`<${ServiceName} service=${named[row.key]} />` : row.label || t("supervisor.no_counter")}</th>
        <${Cells} row=${row} /></tr>`,
      )}</tbody>
      <tfoot><tr data-key="total"><th scope="row" class="first">${t("supervisor.total")}</th><${Cells} row=${table.total} /></tr></tfoot>
    </table></div>`
    }
  </section>`;
}
