/** The last days once more under the policy in the form: progress, a way to stop, and what would have been. */

import { html, useState } from "/static/vendor/preact.js";
import { nameOfClass } from "/static/lib/priority-class.js";
import { t } from "/static/lib/text.js";
import { count, day, exact } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { ProgressSaid, StopKey, useProgress } from "/static/supervisor/parts/progress.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const PATH = "/settings/policy/rehearsal";
const DAYS = [7, 14, 30, 90];
const PARTS = ["was", "now", "wanted"];

/** `policy()` reads the form; `classes` are the hall's. */
export function Rehearsal({ policy, classes, acts }) {
  const { view, running, busy, refusal, card, start, stop } = useProgress(PATH);
  const [days, setDays] = useState(30);
  return html`<section class="card rehearsal" aria-labelledby="rehearsal-title" ref=${card}>
    <h2 id="rehearsal-title" class="card-title">${t("settings.rehearsal")}</h2>
    <div class="rehearsal-keys"><p>${t("settings.rehearsal_about")}</p>
      ${
        acts &&
        html`<label class="field"><span>${t("settings.rehearsal_days")}</span>
        <select value=${days} disabled=${running} onChange=${(event) => setDays(Number(event.target.value))}>
          ${DAYS.map((n) => html`<option key=${n} value=${n}>${n}</option>`)}</select></label>
      ${
        running
          ? html`<${StopKey} stop=${stop} words=${t("settings.rehearsal_stop")} />`
          : html`<button type="button" class="button button--main" disabled=${busy} onClick=${() => start({ policy: policy(), days })}>
            <${Glyph} name="player-play" />${t("settings.rehearsal_start")}</button>`
      }`
      }
    </div>
    <${Refused} words=${refusal} />
    <${ProgressSaid} view=${view} of=${view?.of || days} label="rehearsal-title"
      running=${t("settings.rehearsal_running", { done: view?.done, of: view?.of || days })}
      stopped=${t("settings.rehearsal_stopped")} failed=${t("settings.rehearsal_failed")} />
    ${view?.result && html`<${Result} made=${view.result} classes=${classes} other=${JSON.stringify(view.policy) !== JSON.stringify(policy())} />`}
  </section>`;
}

/** @param {Props<{made: NonNullable<Api.RehearsalView["result"]>}>} props */
function Result({ made, classes, other }) {
  const rows = [
    ["all", t("settings.rehearsal_all")],
    ...Object.keys(made.was.classes).map((name) => [name, nameOfClass(classes, name)]),
  ];
  const of = (part, name) => (name === "all" ? made[part].total : made[part].classes[name]);
  return html`<p class="rehearsal-of">${t("settings.rehearsal_of", {
    days: made.days,
    from: day(made.first),
    to: day(made.last),
    tickets: count(made.tickets),
  })}
      ${other && html` <span class="tag tag--called">${t("settings.rehearsal_other")}</span>`}</p>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="rehearsal-title"><table class="stats">
      <thead><tr><th scope="col" rowspan="2" class="first">${t("settings.rehearsal_class")}</th>
        ${PARTS.map((part) => html`<th key=${part} scope="colgroup" colspan="4" class="group">${t(`settings.rehearsal_${part}`)}</th>`)}</tr>
      <tr>${PARTS.map((part) =>
        ["mean", "p90", "slips", "skips"].map(
          (name) => html`<th key=${part + name} scope="col">${t(`settings.rehearsal_${name}`)}</th>`,
        ),
      )}</tr></thead>
      <tbody>${rows.map(
        ([name, words]) => html`<tr key=${name} data-class=${name}><th scope="row" class="first">${words}</th>
        ${PARTS.map(
          (part) => html`<td>${exact(of(part, name).mean_s)}</td><td>${exact(of(part, name).p90_s)}</td>
          <td>${count(of(part, name).slips)}</td><td class="group-end">${count(of(part, name).skips)}</td>`,
        )}</tr>`,
      )}
      ${Object.entries({
        most: (part) => made[part].total.most_passed,
        not_called: (part) => made[part].not_called,
      }).map(
        ([name, figure]) => html`<tr key=${name}><th scope="row" class="first">${t(`settings.rehearsal_${name}`)}</th>
          ${PARTS.map((part) => html`<td colspan="4" class="group-end">${count(figure(part))}</td>`)}</tr>`,
      )}</tbody>
    </table></div>
    <p class="hint rehearsal-of">${t("settings.rehearsal_means")}</p>`;
}
