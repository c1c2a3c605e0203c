/** A chart under its title, with what its marks mean, and its figures as a table one key away. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

function Swatch({ kind }) {
  return html`<svg class="swatch swatch-${kind}" viewBox="0 0 28 14" aria-hidden="true" focusable="false">
    ${["median", "nine", "target", "above"].includes(kind) && html`<path class="swatch-line" d="M1 7h26" />`}
    ${kind === "median" && html`<circle cx="14" cy="7" r="4" />`}
    ${kind === "nine" && html`<path class="swatch-mark" d="m14 1 6 6-6 6-6-6z" />`}
    ${["bar", "over", "level"].includes(kind) && html`<rect x="7" y="0.5" width="14" height="13" rx="2" />`}
    ${kind === "over" && html`<path class="swatch-hatch" d="M7 9 15 1M8 13 20 1m-6 12 7-7" />`}
  </svg>`;
}

/** What the marks of a chart mean: [[kind, words], …]. */
export function Marks({ marks }) {
  if (marks.length === 0) return null;
  return html`<ul class="marks" role="list">${marks.map(
    ([kind, words]) => html`<li key=${kind}><${Swatch} kind=${kind} />${words}</li>`,
  )}</ul>`;
}

/** The figures of a chart, row by row. */
export function ChartTable({ name, caption, heads, rows }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${caption}>
    <table class="stats" data-chart=${name}>
      <thead><tr>${heads.map((head, i) => html`<th key=${i} scope="col" class=${i ? "" : "first"}>${head}</th>`)}</tr></thead>
      <tbody>${rows.map(
        ([key, ...cells]) => html`<tr key=${key} data-key=${key}>
        ${cells.map((cell, i) => (i ? html`<td key=${i}>${cell}</td>` : html`<th key=${i} scope="row" class="first">${cell}</th>`))}
      </tr>`,
      )}</tbody>
    </table></div>`;
}

/**
 * A row of `table.rows` is [key, name, ...figures]; without rows the card says that there is nothing.
 * @param {Props<{name: string, title: string, table: {heads: string[], rows: string[][]}, marks?: string[][]}>} props
 */
export function ChartCard({ name, title, about, marks = [], table, wide = false, children }) {
  const [asTable, setAsTable] = useState(false);
  const id = `chart-${name}`;
  return html`<section class="card chart ${wide ? "chart-wide" : ""}" data-name=${name} aria-labelledby=${id}>
    <div class="chart-head">
      <div><h2 id=${id}>${title}</h2><p>${about}</p></div>
      ${
        table.rows.length > 0 &&
        html`<button type="button" class="button" aria-describedby=${id} onClick=${() => setAsTable(!asTable)}>
        <${Glyph} name=${asTable ? "chart-bar" : "table"} />${t(asTable ? "charts.as_chart" : "charts.as_table")}</button>`
      }
    </div>
    ${
      table.rows.length === 0
        ? html`<p class="empty">${t("supervisor.stats_empty")}</p>`
        : asTable
          ? html`<${ChartTable} name=${name} caption=${title} heads=${table.heads} rows=${table.rows} />`
          : html`<${Marks} marks=${marks} />
      <div class="chart-body">${children}</div>`
    }
  </section>`;
}
