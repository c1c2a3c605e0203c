/** One figure of the row on top: what, how much, of what. */

import { html } from "/static/vendor/preact.js";

export function Figure({ name, label, figure, unit, foot }) {
  return html`<div class="figure" data-figure=${name}>
    <dt>${label}</dt>
    <dd><span class="figure-n"><b>${figure}</b>${unit && unit !== "%" && " "}${unit && html`<span>${unit}</span>`}</span>
      <span class="figure-foot">${foot}</span></dd>
  </div>`;
}
