/** The staffing table: how many counters of which services each hour of the coming week needs. */

import { html } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { hour as hourName, weekday } from "/static/supervisor/parts/group-names.js";
import { day as written } from "/static/supervisor/parts/figures.js";
import { ProgressSaid, StopKey, useProgress } from "/static/supervisor/parts/progress.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const WEEKS_LEAST = 3;
const WORD_MOST = 4; // letters of a word in a column's head on a phone

/** @param {Props<{centre: Screen.Centre}>} props */
export function WeekPage({ centre, acts }) {
  const { view } = centre;
  const made = useProgress("/staffing-table");
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  const table = made.view?.result;
  return html`<div class="week-page">
    <p><a class="button" href="#plan"><${Glyph} name="arrow-left" />${t("supervisor.plan_title")}</a></p>
    <section class="card week-head" aria-labelledby="week-head">
      <div class="print-head"><p class="week-name">${t("supervisor.week_title")}</p><p>${view.hall.office} · ${view.hall.name}</p></div>
      <div class="week-about"><h2 id="week-head" class="visually-hidden">${t("supervisor.week_title")}</h2>
        <p>${t("week.about", { minutes: decimal((table?.target_s ?? view.hall.target_s) / 60) })}</p>
        <${Keys} made=${made} table=${table} acts=${acts} /></div>
      <${Refused} words=${made.refusal} />
      <${ProgressSaid} view=${made.view} of=${made.view?.of || 1} label="week-head" running=${t("week.running")}
        stopped=${t("plan.stopped")} failed=${t("week.failed")} />
      ${table && html`<${Learnt} table=${table} />`}
    </section>
    ${table && html`<${Table} table=${table} view=${view} />`}
  </div>`;
}

/** Reckon, stop, print. */
function Keys({ made, table, acts }) {
  return html`<div class="range-keys">
    ${
      acts &&
      (made.running
        ? html`<${StopKey} stop=${made.stop} words=${t("plan.stop")} />`
        : html`<button type="button" class="button button--main" disabled=${made.busy} onClick=${() => made.start({})}>
          <${Glyph} name="player-play" />${t(table ? "week.again" : "week.start")}</button>`)
    }
    ${table && html`<button type="button" class="button" onClick=${() => print()}><${Glyph} name="printer" />${t("sheet.print")}</button>`}
  </div>`;
}

/** From which days it is learnt; and where that is too little, so. */
function Learnt({ table }) {
  if (table.first === null) return html`<p class="week-learnt" role="status">${t("week.nothing")}</p>`;
  const days = table.days.filter((day) => day.learnt_from > 0);
  const weeks = Math.max(0, ...days.map((day) => day.learnt_from));
  const params = { weeks, from: written(table.first), to: written(table.last), least: WEEKS_LEAST };
  const little = days.length === 0 || days.some((day) => !day.enough);
  return html`<p class="week-learnt" role="status">${t("week.learnt", params)}
    ${little && html` <strong>${t("week.little", params)}</strong>`}</p>`;
}

/** @param {Props<{table: NonNullable<Api.StaffingTableView["result"]>, view: Live.SupervisorCounts}>} props */
function Table({ table, view }) {
  const days = table.days.filter((day) => day.hours.length > 0 || (day.learnt_from > 0 && !day.enough));
  const needed = days.flatMap((day) => day.hours).filter(total);
  const hours = [...new Set(needed.map((need) => need.hour))].sort((a, b) => a - b);
  if (hours.length === 0) return null;
  const most = Math.max(1, ...needed.map(total));
  const names = new Map(view.services.map((service) => [service.code, nameOf(service)]));
  return html`<section class="card week" aria-labelledby="week-table">
      <h2 id="week-table" class="card-title">${t("week.counters_by_hour")}</h2>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="week-table"><table class="week-table">
        <thead><tr><th scope="col">${t("charts.hour_head")}</th>
          ${days.map((day) => html`<th key=${day.day} scope="col">${brief(day)}<small>${shortDay(day.day)}</small></th>`)}</tr></thead>
        <tbody>${hours.map(
          (hour) => html`<tr key=${hour}><th scope="row">${hour}–${hour + 1}</th>
          ${days.map((day) => html`<${Cell} key=${day.day} day=${day} need=${day.hours.find((need) => need.hour === hour)} most=${most} />`)}</tr>`,
        )}</tbody>
      </table></div>
      <p class="hint week-note">${t("week.means")} <span class="not-printed">${t("week.means_days")}</span></p>
    </section>
    ${days.map((day) => day.hours.length > 0 && html`<${Day} key=${day.day} day=${day} names=${names} />`)}`;
}

const total = (need) => need.counters.length + need.extra.length;
const shortDay = (text) => text.split("-").reverse().slice(0, 2).join("/");
/** @param {{day: string}} of @param {"long" | "short"} [length] */
const named = (of, length) => weekday(new Date(`${of.day}T12:00:00Z`).getUTCDay() || 7, length);

/** "Wed" in place of a word that is too long for a column on a phone. */
function brief(day) {
  const name = named(day);
  if (!name.split(" ").some((word) => word.length > WORD_MOST)) return name;
  return html`<span class="is-wide">${name}</span><span class="is-narrow">${named(day, "short")}</span>`;
}

/** How many counters; beside it how many of them the hall does not have, and on paper which of its own. */
function Cell({ day, need, most }) {
  if (!need) return html`<td class="week-none">${day.enough ? "" : html`<small>${t("week.too_little")}</small>`}</td>`;
  const n = total(need);
  const shade = Math.min(5, Math.max(0, Math.round((n / most) * 6) - 1));
  return html`<td data-shade=${shade} data-need=${n} class=${need.extra.length ? "is-short" : ""}>
    <strong>${n}</strong>${need.counters.length > 0 && html`<small class="week-which">${counters(need)}</small>`}
    ${need.extra.length > 0 && html`<small>${t("week.short", { n: need.extra.length })}</small>`}</td>`;
}

/** One day hour by hour: which counters, and what those would have to serve that the hall does not have. */
function Day({ day, names }) {
  const id = `week-${day.day}`;
  return html`<details class="card definitions week-day" aria-labelledby=${id}>
    <summary id=${id}>${named(day)} ${written(day.day)}</summary>
    <div class="scroll" tabindex="0" role="group" aria-labelledby=${id}><table class="stats">
      <thead><tr><th scope="col" class="first">${t("charts.hour_head")}</th><th scope="col">${t("week.arrivals")}</th>
        <th scope="col" class="start">${t("week.open")}</th><th scope="col" class="start">${t("week.extra")}</th>
        <th scope="col">${t("week.share")}</th></tr></thead>
      <tbody>${day.hours.map(
        (need) => html`<tr key=${need.hour}><th scope="row" class="first">${hourName(need.hour)}</th>
        <td data-label=${t("week.arrivals")}>${decimal(need.arrivals, 1)}</td>
        <td class="start" data-label=${t("week.open")}>${need.counters.length ? counters(need) : "–"}</td>
        <td class="start week-extra" data-label=${t("week.extra")}>${need.extra.length ? kinds(need.extra, names) : "–"}</td>
        <td data-label=${t("week.share")}>${need.share === null ? "–" : `${decimal(Math.round(need.share * 100))}%`}</td></tr>`,
      )}</tbody></table></div>
  </details>`;
}

/** "Quầy 1–4, 7" */
function counters(need) {
  const spans = [];
  for (const number of need.counters) {
    const last = spans[spans.length - 1];
    if (last && number === last[1] + 1) last[1] = number;
    else spans.push([number, number]);
  }
  const named = spans.map(([first, last]) =>
    first === last ? first : `${first}${last === first + 1 ? ", " : "–"}${last}`,
  );
  return t("week.counters", { counters: named.join(", ") });
}

/** "2 × Chứng thực, Đất đai" for each kind of counter that the hall does not have enough of. */
function kinds(extra, names) {
  const many = new Map();
  for (const services of extra) {
    const words = services.map((code) => names.get(code) ?? code).join(", ");
    many.set(words, (many.get(words) ?? 0) + 1);
  }
  return [...many].map(([words, n]) => html`<span key=${words} class="week-kind">${n} × ${words}</span>`);
}
