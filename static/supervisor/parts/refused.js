/** Why something was refused: always with its sign, and read out by a screen reader. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/** @param {{words: ?string, id?: string}} props  the place of a refusal stays while there is none */
export function Refused({ words, id }) {
  return html`<p id=${id} class="refusal" role="alert">${words && html`<${Glyph} name="alert-octagon" />${words}`}</p>`;
}
