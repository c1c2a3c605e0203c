/** An icon of the sprite inside a component; always beside its word. */

import { html } from "/static/vendor/preact.js";
import { iconHref } from "/static/lib/icon.js";

/** @param {{name: string, extra?: string}} props */
export function Glyph({ name, extra = "" }) {
  return html`<svg class="icon ${extra}" aria-hidden="true" focusable="false"><use href=${iconHref(name)} /></svg>`;
}
