/** A notice is one line; what to do about it is a touch away. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/** @param {Props<{glyph: string, title: string}>} props */
export function Fold({ glyph, title, children }) {
  return html`<details class="fold"><summary><${Glyph} name=${glyph} /><strong>${title}</strong></summary>${children}</details>`;
}
