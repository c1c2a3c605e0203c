/** An icon of the sprite; always beside its word. */

import { iconHref } from "/static/lib/icon.js";
import { html } from "/static/vendor/preact.js";

export function Glyph({ name }) {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${iconHref(name)} /></svg>`;
}
