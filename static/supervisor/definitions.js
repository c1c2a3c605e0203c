/** How each figure is counted, one tap away from the figures. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/text.js";
import { Glyph } from "./glyph.js";

const TERMS = [
  "issued",
  "called",
  "served",
  "no_shows",
  "cancelled",
  "expired",
  "priority",
  "wait",
  "service",
  "mean",
  "median",
  "p90",
  "max",
  "within",
];

export function Definitions() {
  return html`<details class="card definitions">
    <summary><${Glyph} name="info-circle" /><span>${t("supervisor.definitions")}</span></summary>
    <dl>${TERMS.map(
      (term) => html`<div key=${term}><dt>${t(`supervisor.term_${term}`)}</dt>
      <dd>${t(`supervisor.means_${term}`)}</dd></div>`,
    )}</dl>
  </details>`;
}
