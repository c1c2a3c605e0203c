/** The tables of reports: counts and times as on the screen, to the same second. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { pausedOf, pauses } from "/static/supervisor/statistics/counter-time.js";
import { count, exact, percent } from "/static/supervisor/parts/figures.js";
import { groupName } from "/static/supervisor/parts/group-names.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const within = (minutes) => (row) => percent(row.within[minutes].met, row.within[minutes].of);
const spread = (of, name) => (row) => exact(row[of][`${name}_s`]);
const counted = (name) => [`figures.${name}`, (row) => count(row[name])];
const COUNTED = ["issued", "called", "served", "no_shows", "cancelled", "expired", "recalls"].map(counted);
const PRIORITY = ["figures.priority", (row) => `${count(row.priority)} (${percent(row.priority, row.issued)})`];
const SPREAD = (of, names) => names.map((name) => [`figures.${name}`, spread(of, name)]);
const WITHIN = (minutes) => minutes.map((each) => ["supervisor.col_within", within(each), { minutes: each }]);

// Groups of columns: [heading or none, columns]; the columns of offices' own reports (docs/figures.md defines each).
const SHORT = [
  ["supervisor.group_counts", [COUNTED[0], COUNTED[2], COUNTED[3]]],
  ["supervisor.group_wait", SPREAD("wait", ["mean", "median", "p90"])],
  ["sheet.group_within", WITHIN(["15"])],
  ["sheet.group_service", SPREAD("service", ["median"])],
];
const FULL = [
  ["supervisor.group_counts", [...COUNTED, PRIORITY]],
  ["supervisor.group_wait", SPREAD("wait", ["mean", "median", "p90", "max"])],
  ["supervisor.group_within", WITHIN(["15", "20", "30"])],
  ["supervisor.group_service", SPREAD("service", ["mean", "median", "p90"])],
];

/**
 * One row a group and their total; `full` has every column.
 * @param {Props<{table: Api.StatisticsView}>} props
 */
export function GroupTable({ table, services, full = false }) {
  const groups = full ? FULL : SHORT;
  const columns = groups.flatMap(([, each]) => each);
  const named = Object.fromEntries(services.map((service) => [service.code, nameOf(service)]));
  const name = (row) => (table.by === "service" && named[row.key]) || groupName(table.by, row);
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t(`charts.title_${table.by}`)}>
    <table class="sheet-table ${full ? "is-full" : ""}" data-by=${table.by}>
    <thead>
      <tr><th scope="col" rowspan="2">${t(`report.by_${table.by}`)}</th>
        ${groups.map(
          ([head, each], i) => html`<th key=${i} scope="colgroup" colspan=${each.length}>${t(head)}</th>`,
        )}</tr>
      <tr>${columns.map(([head, , words], i) => html`<th key=${i} scope="col">${t(head, words)}</th>`)}</tr>
    </thead>
    <tbody>${table.rows.map(
      (row) => html`<tr key=${row.key} data-key=${row.key}><th scope="row">${name(row)}</th>
      ${columns.map(([, cell], i) => html`<td key=${i}>${cell(row)}</td>`)}</tr>`,
    )}</tbody>
    <tfoot><tr data-key="total"><th scope="row">${t("supervisor.total")}</th>
      ${columns.map(([, cell], i) => html`<td key=${i}>${cell(table.total)}</td>`)}</tr></tfoot>
  </table></div>`;
}

const SPREADS = ["wait", "walk", "service", "sojourn"];
const LENGTHS = ["mean", "median", "p90", "max"];

/**
 * The four durations, with the median of the range before beside them.
 * @param {Props<{total: Api.FiguresView}>} props
 */
export function Durations({ total, before }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("sheet.durations")}>
    <table class="sheet-table" data-by="durations">
    <thead><tr><th scope="col">${t("sheet.durations")}</th><th scope="col">${t("charts.visits")}</th>
      ${LENGTHS.map((name) => html`<th key=${name} scope="col">${t(`figures.${name}`)}</th>`)}
      <th scope="col">${t("sheet.median_before")}</th></tr></thead>
    <tbody>${SPREADS.map(
      (of) => html`<tr key=${of} data-key=${of}><th scope="row">${t(`figures.${of}`)}</th><td>${count(total[of].n)}</td>
      ${LENGTHS.map((name) => html`<td key=${name}>${exact(total[of][`${name}_s`])}</td>`)}
      <td>${exact(before[of].median_s)}</td></tr>`,
    )}</tbody>
  </table></div>`;
}

/** @typedef {[words: string, cell: (time: any) => string, className?: string]} Column */
/** @type {(name: string) => Column} */
const column = (name) => [`charts.${name}`, (time) => exact(time[name])];
/** @type {Column} */
const USED = ["charts.utilisation", (time) => percent(time.serving_s, time.open_s)];
/** @type {Column} */
const PAUSED = ["charts.paused_s", (time) => exact(pausedOf(time))];
const FEW = [column("open_s"), column("serving_s"), USED, PAUSED];
/** @type {Column[]} */
const ALL = [
  column("open_s"),
  column("serving_s"),
  column("idle_s"),
  USED,
  PAUSED,
  ["charts.pauses", (time) => pauses(time).join("; "), "start"],
];

/**
 * What became of the counters' hours; `few` columns where many counters stand side by side.
 * @param {Props<{times: Api.CounterTimeView[]}>} props
 */
export function CounterTable({ times, counters, few = false }) {
  const columns = few ? FEW : ALL;
  const named = Object.fromEntries(counters.map((counter) => [counter.counter, counter.name]));
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("charts.counter_time")}>
    <table class="sheet-table is-counters" data-by="counter-time">
    <thead><tr><th scope="col">${t("report.by_counter")}</th>
      ${columns.map(([head]) => html`<th key=${head} scope="col">${t(head)}</th>`)}</tr></thead>
    <tbody>${times.map(
      (time) => html`<tr key=${time.counter} data-key=${time.counter}>
      <th scope="row">${named[time.counter] ?? time.counter}</th>
      ${columns.map(([head, cell, className]) => html`<td key=${head} class=${className}>${cell(time)}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`;
}
