/** A service: its icon on the shape and hue of its family, and its name. */

import { html } from "/static/vendor/preact.js";
import { own } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

/** The name in the language of the page. */
export function nameOf(service) {
  return own(service.names);
}

export function ServiceName({ service }) {
  return html`<span class="service-name"><span class="service-icon" data-family=${service.family}><${Glyph} name=${service.icon} /></span>
    <span>${nameOf(service)}</span></span>`;
}
