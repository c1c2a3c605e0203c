/** A row of choices with a digit each: the outcome of this visit, or the reason of a pause. */

import { t } from "/static/text.js";
import { html, useEffect, useRef } from "/static/vendor/preact.js";
import { Glyph } from "./glyph.js";
import { OUTCOMES, PAUSE_REASONS } from "./steps.js";

export function Outcomes({ desk }) {
  return html`<div class="choices" role="group" aria-labelledby="outcomes-title">
    <p class="choices-title" id="outcomes-title">${t("counter.outcome_title")}</p>
    <div class="choices-row">${OUTCOMES.map((outcome, index) => {
      const chosen = desk.outcome === outcome;
      return html`<button type="button" class="choice" key=${outcome} aria-pressed=${chosen ? "true" : "false"}
          onClick=${() => desk.choose(outcome)}>
        ${chosen ? html`<${Glyph} name="check" />` : html`<kbd class="key">${index + 1}</kbd>`}
        <span>${t(`counter.outcome.${outcome}`)}</span>
      </button>`;
    })}</div>
  </div>`;
}

/** Takes the focus, so that the keyboard and a screen reader are where the question is. */
export function PauseReasons({ after, onChoose, onLeave }) {
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);
  return html`<div class="choices is-question" role="group" aria-labelledby="reasons-title">
    <p class="choices-title" id="reasons-title">${t(after ? "counter.pause_after_question" : "counter.pause_question")}
      <button type="button" class="leave" onClick=${onLeave}>${t("counter.leave")} <kbd class="key">Esc</kbd></button></p>
    <div class="choices-grid">${PAUSE_REASONS.map((reason, index) => html`<button type="button" class="choice"
        key=${reason} ref=${index === 0 ? first : null} onClick=${() => onChoose(reason)}>
      <kbd class="key">${index + 1}</kbd><span>${t(`counter.pause_reason.${reason}`)}</span>
    </button>`)}</div>
  </div>`;
}
