/** The tables that go through the whole log of the days: each is read when somebody opens it, and is a file too. */

import { html, useState } from "/static/vendor/preact.js";
import { clock, t } from "/static/lib/text.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { count, day, exact } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { pausedOf, pauses } from "./counter-time.js";

const start = { start: true };
const dayOf = (row) => day(row.day);
const at = (field) => (row) => (row[field] === null ? "–" : clock(new Date(row[field])));
const figure = (field) => (row) => count(row[field]);

/** "Chứng thực 4 · Hộ tịch 2" */
const passes = (row, { services }) =>
  Object.entries(row.structural)
    .map(([service, n]) => `${services[service] ?? service} ${count(n)}`)
    .join(" · ") || count(0);

/** Of each table: its icon, where its rows are in the answer, and its columns: key of the words, figure, style. */
const TABLES = {
  slips: {
    icon: "arrows-exchange",
    rows: (page) => page.days,
    columns: [
      ["early_day", dayOf, start],
      ["slips_issued", figure("issued")],
      ["slips_passed", figure("passed")],
      ["slips_slips", figure("slips")],
      ["slips_p99", figure("p99")],
      ["slips_most", figure("most")],
      ["slips_structural", passes, start],
    ],
  },
  queues: {
    icon: "users",
    rows: (page) => page.rows,
    columns: [
      ["early_day", dayOf, start],
      ["by_service", (row, { services }) => services[row.service] ?? row.service, start],
      ["queues_most", figure("most")],
      ["queues_at", at("at")],
    ],
  },
  staffed: {
    icon: "clock",
    rows: (page) => page.rows,
    columns: [
      ["early_day", dayOf, start],
      ["by_counter", (row, { names }) => names[row.counter] ?? row.counter, start],
      ["by_clerk", (row) => row.name ?? row.clerk ?? "–", start],
      ["open_s", (row) => exact(row.open_s)],
      ["serving_s", (row) => exact(row.serving_s)],
      ["calling_s", (row) => exact(row.calling_s)],
      ["idle_s", (row) => exact(row.idle_s)],
      ["paused_s", (row) => exact(pausedOf(row))],
      ["pauses", (row) => pauses(row).join(" · "), start],
    ],
  },
  incidents: {
    icon: "alert-triangle",
    rows: (page) => page.rows,
    columns: [
      ["early_day", dayOf, start],
      ["incidents_reason", (row) => t(`report.pause_${row.reason}`), start],
      ["incidents_from", at("began_at")],
      ["incidents_to", at("ended_at")],
      ["incidents_length", (row) => exact(row.seconds)],
      ["incidents_counters", (row, { names }) => row.counters.map((n) => names[n] ?? n).join(", "), start],
    ],
  },
};

/** @param {Props<{span: string, names: Record<number, string>, services: Record<string, string>}>} props */
export function EventTables({ span, names, services }) {
  return html`${Object.keys(TABLES).map(
    (name) => html`<${EventTable} key=${name} name=${name} span=${span} known=${{ names, services }} />`,
  )}`;
}

function EventTable({ name, span, known }) {
  const [open, setOpen] = useState(false);
  return html`<details class="card definitions early" data-events=${name} onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary><${Glyph} name=${TABLES[name].icon} /><span>${t(`charts.${name}`)}</span></summary>
    <p class="hint">${t(`charts.${name}_means`)}</p>
    ${open && html`<${Rows} name=${name} span=${span} known=${known} />`}
  </details>`;
}

function Rows({ name, span, known }) {
  const { found, refusal } = useAnswers({ page: `/statistics/${name}?${span}` });
  if (refusal) return html`<${Refused} words=${refusal} />`;
  if (!found) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  const rows = TABLES[name].rows(found.page);
  if (rows.length === 0) return html`<p class="empty" role="status">${t("charts.early_none")}</p>`;
  const [[first, label], ...columns] = TABLES[name].columns;
  return html`<p class="hint"><a class="button" download href="/api/v1/statistics/table.csv?${span}&table=${name}">
      <${Glyph} name="download" />${t("supervisor.get_csv")}</a></p>
    <div class="scroll" tabindex="0" role="group" aria-label=${t(`charts.${name}`)}><table class="stats" data-by=${name}>
    <thead><tr><th scope="col" class="first">${t(`charts.${first}`)}</th>
      ${columns.map(([key, , style]) => html`<th key=${key} scope="col" class=${style ? "start" : ""}>${t(`charts.${key}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(
      (row, n) => html`<tr key=${n}><th scope="row" class="first">${label(row, known)}</th>
      ${columns.map(([key, show, style]) => html`<td key=${key} data-figure=${key} class=${style ? "start" : ""}>${show(row, known)}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`;
}
