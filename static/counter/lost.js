/** The banner while the server cannot be reached: since when, what still works, what to do. */

import { clock, spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

export function Lost({ store }) {
  const { ticket, kept } = store;
  const works = kept ? "counter.lost_kept" : ticket ? `counter.lost_${ticket.state}` : "counter.lost_nobody";
  return html`<section class="lost" role="alert">
    <span class="lost-glyph"><${Glyph} name="plug-connected-x" /></span>
    <div>
      <h2>${t("counter.lost_title", { time: clock(store.lost_since) })}</h2>
      <p>${t(works, { number: ticket ? spaced(ticket.number) : "" })}</p>
    </div>
    <p class="lost-retry"><${Glyph} name="refresh" />${t("counter.lost_retry")}</p>
    <button type="button" class="way" onClick=${() => store.retry()}>${t("counter.retry_now")}</button>
  </section>`;
}
