/** What if: a day that was, or the rest of today, under another plan, played many times. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { useAddress } from "/static/supervisor/parts/address.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { day as written } from "/static/supervisor/parts/figures.js";
import { ProgressSaid, StopKey, useProgress } from "/static/supervisor/parts/progress.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { FollowedAdvice } from "./followed.js";
import { PlanForm } from "./plan-form.js";
import { PlanResult } from "./plan-result.js";

const TAPS = { peak: "user-plus", lunch: "clock", learn: "list" };
const TODAY = "today";

/** @param {Props<{centre: Screen.Centre}>} props */
export function PlanPage({ centre, acts }) {
  const { view, now } = centre;
  const { answer, refusal } = useAnswer("/what-if/days");
  if (!view || !answer) return html`<${NoAnswer} refusal=${refusal} />`;
  return html`<${PlanOf} view=${view} now=${now} days=${answer.days} acts=${acts} />`;
}

/** @param {Props<{view: Live.SupervisorCounts, days: string[]}>} props */
function PlanOf({ view, now, days, acts }) {
  const [asked, ask] = useAddress("plan", { day: days[0] ?? TODAY });
  const { day } = asked;
  const made = useProgress("/what-if");
  const about = day === TODAY ? null : day;
  const shown = made.view?.question?.day === about ? made.view?.result : null;

  return html`<div class="plan-page">
    <div class="page-bar"><p>${t("plan.about")}</p>
      <a class="button" href="#week"><${Glyph} name="table" />${t("supervisor.week_title")}</a></div>
    <${DayChoice} day=${day} days=${days} choose=${(chosen) => ask({ day: chosen })} />
    <${Taps} made=${made} day=${about} acts=${acts} />
    <${OwnPlan} key=${day} day=${about} view=${view} made=${made} acts=${acts} />
    ${shown && html`<${PlanResult} made=${shown} view=${view} />`}
    <${FollowedAdvice} view=${view} now=${now} />
  </div>`;
}

/** Three plans at one tap, and how far the one is that is being played. */
function Taps({ made, day, acts }) {
  const { view, running } = made;
  return html`<section class="card plan-keys" aria-labelledby="plan-keys">
      <h2 id="plan-keys" class="card-title">${t("plan.try")}</h2>
      ${
        acts &&
        html`<div class="plan-taps">${Object.entries(TAPS).map(
          ([tap, glyph]) => html`<button key=${tap} type="button" class="plan-tap" data-tap=${tap}
            disabled=${running || made.busy} onClick=${() => made.start({ day, tap })}>
            <${Glyph} name=${glyph} /><strong>${t(`plan.tap_${tap}`)}</strong><small>${t(`plan.tap_${tap}_about`)}</small></button>`,
        )}</div>`
      }
      <${Refused} words=${made.refusal} />
      <${ProgressSaid} view=${view} of=${view?.of || 1} label="plan-keys" running=${howFar(view)}
        stopped=${t("plan.stopped")} failed=${t("plan.failed")} nothing=${nothingToTry(view)} />
      ${running && acts && html`<div class="plan-stop"><${StopKey} stop=${made.stop} words=${t("plan.stop")} /></div>`}
    </section>`;
}

const nothingToTry = (view) => t(`plan.nothing_${view?.question?.tap ?? "own"}`);
const howFar = (view) => (view?.of ? t("plan.running", { done: view.done, of: view.of }) : t("plan.reading"));

/** The rest of today, the last day that was, or any other. */
function DayChoice({ day, days, choose }) {
  return html`<div class="card range"><div class="range-dates">
    <div class="range-keys" role="group" aria-label=${t("plan.which_day")}>
      ${[TODAY, ...days.slice(0, 1)].map(
        (
          key,
        ) => html`<button key=${key} type="button" class="button" aria-pressed=${day === key} onClick=${() => choose(key)}>
          ${key === TODAY ? t("plan.rest_of_today") : t("plan.last_day", { day: written(key) })}</button>`,
      )}
    </div>
    ${
      days.length > 1 &&
      html`<label class="field"><span>${t("plan.day")}</span>
      <select name="day" value=${day} onChange=${(event) => choose(event.target.value)}>
        ${day === TODAY && html`<option value=${TODAY}></option>`}
        ${days.map((each) => html`<option key=${each} value=${each}>${written(each)}</option>`)}</select></label>`
    }
  </div></div>`;
}

/** The plan in one's own words: the day's counters, to be changed. */
function OwnPlan({ day, view, made, acts }) {
  const path = /** @type {"/what-if/day"} */ (day === null ? "/what-if/day" : `/what-if/day?day=${day}`);
  const { answer, refusal } = useAnswer(path);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [day]);
  if (!answer) return html`<${NoAnswer} refusal=${refusal} />`;
  return html`<details class="card definitions plan-own" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary>${t("plan.own")}</summary>
    ${open && html`<${PlanForm} planned=${answer} day=${day} view=${view} made=${made} acts=${acts} />`}
  </details>`;
}
