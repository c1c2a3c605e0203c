/** The wait of who comes now, as a bar from its middle to its cautious end, with the mark of the target. */

import { html } from "/static/vendor/preact.js";

/** forecast may be null; scale_s is the wait that fills the bar. */
export function WaitBar({ forecast, target_s, scale_s }) {
  const at = (seconds) => `${Math.min(100, (seconds / scale_s) * 100)}%`;
  const over = (seconds) => (seconds > target_s ? "is-over" : "");
  return html`<span class="bar" aria-hidden="true">
    ${
      forecast &&
      html`<span class="bar-likely ${over(forecast.p80_s)}" style=${{ width: at(forecast.p80_s) }}></span>
      <span class="bar-half ${over(forecast.p50_s)}" style=${{ width: at(forecast.p50_s) }}></span>`
    }
    <span class="bar-mark" style=${{ left: at(target_s) }}></span>
  </span>`;
}
