/** A ticket number: "B 027" to the eye, "B 27" to the ear. */

import { spaced, spoken } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";

export function Number({ number, extra = "" }) {
  return html`<span class="number ${extra}" role="img" aria-label=${spoken(number)}>${spaced(number)}</span>`;
}
