/** A row of choices with a digit each: the outcome of this visit. */

import { OUTCOMES } from "/static/lib/choices.js";
import { t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

export function Outcomes({ store }) {
  return html`<div class="choices" role="group" aria-labelledby="outcomes-title">
    <p class="choices-title" id="outcomes-title">${t("counter.outcome_title")}</p>
    <div class="choices-row">${OUTCOMES.map((outcome, index) => {
      const chosen = store.outcome === outcome;
      return html`<button type="button" class="choice" key=${outcome} aria-pressed=${chosen ? "true" : "false"}
          onClick=${() => store.choose(outcome)}>
        ${chosen ? html`<${Glyph} name="check" />` : html`<kbd class="key">${index + 1}</kbd>`}
        <span>${t(`counter.outcome.${outcome}`)}</span>
      </button>`;
    })}</div>
  </div>`;
}
