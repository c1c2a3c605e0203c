/** The server does not answer: since when, what that means for the figures, what still works. */

import { html } from "/static/vendor/preact.js";
import { clock, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export function Lost({ since }) {
  return html`<div class="notice notice-lost" role="alert">
    <span class="notice-mark"><${Glyph} name="plug-connected-x" /></span>
    <div>
      <strong>${t("supervisor.lost_title", { time: clock(since) })}</strong>
      <p>${t("supervisor.lost_text")}</p>
    </div>
  </div>`;
}
