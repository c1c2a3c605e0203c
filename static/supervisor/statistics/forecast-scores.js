/** How right the forecasts were that people got with their numbers, beside simple rules; read when it is opened. */

import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { decimal, t } from "/static/lib/text.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { count, day, percent } from "/static/supervisor/parts/figures.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const LEVELS = ["10", "50", "80", "90"];
const SIZES = ["whole", "long"];
const SIDE = 220; // of the drawing, whose square goes from 0 to 100 %
const EDGE = 48;

export function ForecastScores({ span, names }) {
  const [open, setOpen] = useState(false);
  return html`<details class="card definitions scores" onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary><${Glyph} name="hourglass-empty" /><span>${t("charts.scores")}</span></summary>
    <p class="hint">${t("charts.scores_means")}</p>
    ${open && html`<${Scores} span=${span} names=${names} />`}
  </details>`;
}

function Scores({ span, names }) {
  const { found, refusal } = useAnswers({
    services: `/statistics/forecasts?${span}&by=service`,
    days: `/statistics/forecasts?${span}&by=day`,
  });
  if (refusal) return html`<${Refused} words=${refusal} />`;
  if (!found) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  /** @type {Api.ForecastScoresView} */
  const scores = found.services;
  if (!scores.whole.n) return html`<p class="empty" role="status">${t("charts.scores_none")}</p>`;
  const of = {
    services: (row) => names[row.key] ?? row.label,
    days: (row) => (row.key.length > 7 ? day(row.key) : row.key),
  };
  return html`<div class="scores-body">
    <p class="scores-said" role="status">${t("charts.scores_said", {
      met: count(scores.whole.within.met),
      of: count(scores.whole.n),
      share: percent(scores.whole.within.met, scores.whole.n),
    })}</p>
    <div class="scores-kept"><${Kept} scores=${scores} /><${KeptTable} scores=${scores} /></div>
    <${RulesTable} scores=${scores} />
    ${["services", "days"].map((by) => html`<${GroupTable} key=${by} by=${by} rows=${found[by].rows} nameOf=${of[by]} />`)}
    <p class="range-keys">${["service", "day"].map(
      (by) =>
        html`<a key=${by} class="button" download href="/api/v1/statistics/forecasts.csv?${span}&by=${by}&language=${
          document.documentElement.lang
        }"><${Glyph} name="download" />${t(`charts.scores_csv_${by}`)}</a>`,
    )}</p>
  </div>`;
}

/** Promised shares to the right, kept ones upwards: on the diagonal a forecast keeps what it promises. */
function Kept({ scores }) {
  const at = (share) => EDGE + share * SIDE;
  const up = (share) => EDGE / 2 + (1 - share) * SIDE;
  return html`<svg class="scores-drawing" viewBox="0 0 ${SIDE + EDGE * 1.5} ${SIDE + EDGE * 1.5}" role="img"
    aria-label=${t("charts.drawing", { title: t("charts.scores_kept") })}>
    <path class="scores-ground" d="M${at(0)} ${up(1)}V${up(0)}H${at(1)}" />
    <path class="scores-diagonal" d="M${at(0)} ${up(0)}L${at(1)} ${up(1)}" />
    ${[0, 0.5, 1].map(
      (share) => html`<text x=${at(share)} y=${up(0) + 18} text-anchor="middle">${share * 100}%</text>
        ${share > 0 && html`<text x=${EDGE - 6} y=${up(share) + 5} text-anchor="end">${share * 100}%</text>`}`,
    )}
    ${SIZES.map((size) =>
      LEVELS.map((level) => {
        const { met, of } = scores[size].kept[level];
        if (!of) return null;
        const [x, y] = [at(Number(level) / 100), up(met / of)];
        return size === "whole"
          ? html`<circle class="scores-whole" cx=${x} cy=${y} r="6" />`
          : html`<path class="scores-long" d="M${x} ${y - 8}l8 8-8 8-8-8z" />`;
      }),
    )}
  </svg>`;
}

function KeptTable({ scores }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("charts.scores_kept")}><table class="stats" data-by="kept">
    <thead><tr><th scope="col" class="first">${t("charts.scores_promised")}</th>
      ${SIZES.map((size) => html`<th key=${size} scope="col"><span class="scores-mark scores-mark-${size}"></span>${t(`charts.scores_${size}`)}</th>`)}</tr></thead>
    <tbody>${LEVELS.map(
      (level) => html`<tr key=${level}><th scope="row" class="first">${t("charts.scores_level", { level })}</th>
        ${SIZES.map((size) => html`<td key=${size} data-figure=${`${size}_${level}`}>${share(scores[size].kept[level])}</td>`)}</tr>`,
    )}
    <tr><th scope="row" class="first">${t("charts.scores_before")}</th>
      ${SIZES.map((size) => html`<td key=${size} data-figure=${`${size}_before`}>${share(scores[size].before_p10)}</td>`)}</tr>
    <tr><th scope="row" class="first">${t("charts.scores_n")}</th>
      ${SIZES.map((size) => html`<td key=${size} data-figure=${`${size}_n`}>${count(scores[size].n)}</td>`)}</tr></tbody>
  </table></div>`;
}

function RulesTable({ scores }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("charts.scores_rules")}><table class="stats" data-by="rules">
    <thead><tr><th scope="col" class="first">${t("charts.scores_rules")}</th>
      ${SIZES.map((size) => html`<th key=${size} scope="col">${t("charts.scores_mae")}<br />${t(`charts.scores_${size}`)}</th>`)}
      <th scope="col">${t("charts.scores_median")}</th><th scope="col">${t("charts.scores_bias")}</th>
      <th scope="col">${t("charts.scores_pinball", { level: 50 })}</th><th scope="col">${t("charts.scores_pinball", { level: 80 })}</th></tr></thead>
    <tbody>${Object.entries(scores.whole.errors).map(
      ([
        name,
        errors,
      ]) => html`<tr key=${name} data-rule=${name}><th scope="row" class="first">${t(`charts.scores_rule_${name}`)}</th>
        ${SIZES.map((size) => html`<td key=${size}>${inMinutes(scores[size].errors[name].mae_s)}</td>`)}
        <td>${inMinutes(errors.median_s)}</td><td>${inMinutes(errors.bias_s)}</td><td>${inMinutes(errors.pinball_50_s)}</td>
        <td>${name === "ours" ? inMinutes(scores.whole.pinball_80_s) : "–"}</td></tr>`,
    )}</tbody>
  </table></div>`;
}

function GroupTable({ by, rows, nameOf }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t(`charts.scores_${by}`)}><table class="stats" data-by=${by}>
    <thead><tr><th scope="col" class="first">${t(`charts.scores_${by}`)}</th><th scope="col">${t("charts.scores_n")}</th>
      <th scope="col">${t("charts.scores_mae")}</th><th scope="col">${t("charts.scores_rule_queue")}</th>
      <th scope="col">${t("charts.scores_level", { level: 80 })}</th><th scope="col">${t("charts.scores_before")}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr key=${row.key}><th scope="row" class="first">${nameOf(row)}</th><td>${count(row.whole.n)}</td>
        <td>${inMinutes(row.whole.errors.ours.mae_s)}</td><td>${inMinutes(row.whole.errors.queue.mae_s)}</td>
        <td>${share(row.whole.kept["80"])}</td><td>${share(row.whole.before_p10)}</td></tr>`,
    )}</tbody>
  </table></div>`;
}

const share = ({ met, of }) => (of ? percent(met, of) : "–");
const inMinutes = (s) => (s === null ? "–" : decimal(s / 60, 1));
