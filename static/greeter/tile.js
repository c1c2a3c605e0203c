/** One service: a touch on it is a number. */

import { clock, own, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/** @param {{service: Api.ServiceView, off: boolean, busy: boolean, take: (code: string) => void}} props */
export function Tile({ service, off, busy, take }) {
  const { code, names, icon, family, waiting, open, closed, opens_at, unlikely } = service;
  const later = closed !== null && ["before_hours", "break"].includes(closed);
  const note = !open
    ? later && opens_at
      ? t("greeter.from", { time: clock(opens_at) })
      : t("greeter.closed")
    : unlikely && t("greeter.unlikely");
  return html`<button type="button" class="tile ${busy ? "is-busy" : ""}" data-service=${code} disabled=${off || !open}
    onClick=${() => take(code)}>
    <span class="service-icon" data-family=${family}><${Glyph} name=${icon} /></span>
    <span class="tile-name" style=${{ "--letters": own(names).length }}>${own(names)}</span>
    <span class="tile-waiting"><${Glyph} name="users" /><span><span class="visually-hidden">${t("greeter.waiting")} </span>${waiting}</span></span>
    ${note && html`<span class="tile-note">${note}</span>`}
  </button>`;
}
