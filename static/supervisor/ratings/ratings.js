/** The hall's own ratings: how many of those served gave one, and which, by service, counter, month and clerk. */

import { html, useEffect, useRef } from "/static/vendor/preact.js";
import { RATINGS, face } from "/static/lib/faces.js";
import { Glyph } from "/static/lib/glyph.js";
import { localDay } from "/static/lib/local-day.js";
import { own, t } from "/static/lib/text.js";
import { address, useAddress } from "/static/supervisor/parts/address.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { count, day, percent } from "/static/supervisor/parts/figures.js";
import { month } from "/static/supervisor/parts/group-names.js";
import { presets } from "/static/supervisor/parts/periods.js";
import { RangeChoice } from "/static/supervisor/parts/range-choice.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const GROUPINGS = ["service", "counter", "month", "clerk"];
const TOGETHER = "together";

/** @param {Props<{centre: Screen.Centre}>} props */
export function Ratings({ centre }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${RatingsOf} view=${view} today=${localDay(now, view.hall.timezone)} />`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
function RatingsOf({ view, today }) {
  const [{ from, to }, ask] = useAddress("ratings", { from: today, to: today });
  const span = `from=${from}&to=${to}`;
  const { found, refusal } = useAnswers({
    page: `/statistics/ratings?${span}`,
    words: `/statistics/rating-words?${span}`,
  });
  const services = Object.fromEntries(view.services.map((service) => [service.code, own(service.names)]));
  const counters = Object.fromEntries(view.counters.map((counter) => [counter.counter, counter.name]));
  return html`<${RangeChoice} range=${{ from, to }} presets=${presets(today)} choose=${(range) => ask({ from: range.from, to: range.to })} />
    ${refusal && html`<${Refused} words=${refusal} />`}
    <div class="ratings-page">
      <p class="ratings-about">${t("ratings.about")} ${t("ratings.few")}</p>
      ${!view.hall.ratings && html`<p class="ratings-about"><strong>${t("ratings.off")}</strong></p>`}
      <div class="range-keys">
        <a class="button" href=${address("statistics", { from, to })}><${Glyph} name="arrow-left" />${t("supervisor.statistics_title")}</a>
        <a class="button" download href="/api/v1/statistics/table.csv?${span}&table=ratings"><${Glyph} name="download" />${t("supervisor.get_csv")}</a>
      </div>
      ${found && html`<${Found} page=${found.page} words=${found.words.rows} names=${{ service: services, counter: counters }} />`}
    </div>`;
}

function Found({ page, words, names }) {
  const [total] = page.rows;
  if (total.rated === 0) return html`<p class="empty" role="status">${t("ratings.none")}</p>`;
  const of = (by) => page.rows.filter((row) => row.by === by);
  return html`<${RatingsTable} by="total" rows=${[total]} name=${() => t("ratings.total")} />
    ${GROUPINGS.filter((by) => of(by).length).map(
      (by) => html`<${RatingsTable} key=${by} by=${by} rows=${of(by)} name=${(row) => nameOf(row, names)} />`,
    )}
    ${page.reasons.length > 0 && html`<${Reasons} rows=${page.reasons} />`}
    <section class="card table-card" aria-labelledby="rating-words"><h2 id="rating-words" class="card-title">${t("ratings.words_title")}</h2>
      <p class="rating-words-about">${t("ratings.words_about")}</p>
      ${
        words.length === 0
          ? html`<p class="empty">${t("ratings.words_none")}</p>`
          : html`<ul class="rating-words">${words.map(
              (each, n) =>
                html`<li key=${n}><p>${each.words}</p><small>${day(each.day)} · ${names.service[each.service] ?? each.service}</small></li>`,
            )}</ul>`
      }</section>`;
}

function nameOf(row, names) {
  if (row.key === TOGETHER) return t("ratings.together");
  if (row.by === "month") return month(row.key);
  return row.name ?? names[row.by]?.[row.key] ?? row.key;
}

function RatingsTable({ by, rows, name }) {
  const title = by === "total" ? t("supervisor.ratings_title") : t(`charts.title_${by}`);
  return html`<section class="card table-card" aria-labelledby="ratings-${by}"><h2 id="ratings-${by}" class="card-title">${title}</h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="ratings-${by}"><table class="stats" data-by=${by}>
      <thead><tr><th scope="col" class="first">${by === "total" ? "" : t(`report.by_${by}`)}</th>
        <th scope="col">${t("ratings.served")}</th><th scope="col">${t("ratings.rated")}</th><th scope="col">${t("figures.response")}</th>
        <th scope="col">${t("figures.satisfied")}</th>
        ${RATINGS.map((rating) => html`<th key=${rating} scope="col"><span class="rating-column"><${Face} rating=${rating} />${t(`rating.${rating}`)}</span></th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<${Row} key=${row.key} row=${row} name=${name(row)} />`)}</tbody></table></div></section>`;
}

function Row({ row, name }) {
  const known = row.very_satisfied !== null;
  return html`<tr data-key=${row.key}><th scope="row" class="first">${name}</th>
    <td data-figure="served">${count(row.served)}</td><td data-figure="rated">${count(row.rated)}</td>
    <td data-figure="response">${percent(row.rated, row.served)}</td>
    <td data-figure="satisfied">${known ? percent(row.very_satisfied + row.satisfied, row.rated) : "–"}</td>
    ${RATINGS.map(
      (rating) =>
        html`<td key=${rating} data-figure=${rating}>${count(row[rating])} ${known && row.rated > 0 && html`<small>${percent(row[rating], row.rated)}</small>`}</td>`,
    )}</tr>`;
}

function Reasons({ rows }) {
  return html`<section class="card table-card" aria-labelledby="rating-reasons"><h2 id="rating-reasons" class="card-title">${t("ratings.reasons")}</h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="rating-reasons"><table class="stats" data-by="reason">
    <thead><tr><th scope="col" class="first">${t("rating.why")}</th><th scope="col">${t("ratings.times")}</th></tr></thead>
    <tbody>${rows.map(
      ({ reason, times }) =>
        html`<tr key=${reason}><th scope="row" class="first">${t(`rating.reason_${reason}`)}</th><td data-figure="times">${count(times)}</td></tr>`,
    )}</tbody></table></div></section>`;
}

function Face({ rating }) {
  const place = useRef(/** @type {?HTMLElement} */ (null));
  useEffect(() => place.current?.replaceChildren(face(rating)), [rating]);
  return html`<span ref=${place}></span>`;
}
