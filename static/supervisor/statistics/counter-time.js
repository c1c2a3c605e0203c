/** What became of each counter's hours: serving, waiting for who was called, idle, paused and why. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { exact, percent } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";

const TIMES = ["open_s", "serving_s", "calling_s", "idle_s"];

/** "12:05 Nghỉ trưa", one for each reason. */
export function pauses({ paused_s: paused }) {
  return Object.entries(paused).map(([reason, seconds]) =>
    t("charts.paused_for", { time: exact(seconds), reason: t(`report.pause_${reason}`) }),
  );
}

export const pausedOf = ({ paused_s: paused }) => Object.values(paused).reduce((sum, seconds) => sum + seconds, 0);

export function CounterTime({ counters, names }) {
  return html`<section class="card" aria-labelledby="counter-time">
    <h2 id="counter-time" class="card-title">${t("charts.counter_time")}</h2>
    ${
      counters.length === 0
        ? html`<p class="empty">${t("charts.counter_time_none")}</p>`
        : html`
    <div class="scroll" tabindex="0" role="group" aria-labelledby="counter-time"><table class="stats" data-by="counter-time">
      <thead><tr><th scope="col" class="first">${t("supervisor.counter")}</th>
        <th scope="col">${t("charts.utilisation")}</th>
        ${TIMES.map((name) => html`<th key=${name} scope="col">${t(`charts.${name}`)}</th>`)}
        <th scope="col">${t("charts.paused_s")}</th><th scope="col" class="start">${t("charts.pauses")}</th></tr></thead>
      <tbody>${counters.map(
        (time) => html`<tr key=${time.counter} data-key=${time.counter}>
        <th scope="row" class="first">${names[time.counter] ?? time.counter}</th>
        <td><span class="share" aria-hidden="true"><span style=${{ width: `${time.open_s ? (time.serving_s / time.open_s) * 100 : 0}%` }}></span></span>
          ${percent(time.serving_s, time.open_s)}</td>
        ${TIMES.map((name) => html`<td key=${name} data-figure=${name}>${exact(time[name])}</td>`)}
        <td data-figure="paused_s">${exact(pausedOf(time))}</td><td class="start">${pauses(time).join(" · ")}
          ${time.left_open > 0 && html`<span class="tag tag--alert" data-figure="left_open"><${Glyph} name="alert-triangle" />${t("charts.left_open", { n: time.left_open })}</span>`}</td></tr>`,
      )}</tbody>
    </table></div>`
    }
  </section>`;
}
