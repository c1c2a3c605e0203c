/** What only the office knows of its paper: number, place, who signs. Kept in this browser for the next one. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";

const KEPT = "den-luot.signing";
const FIELDS = ["number", "place", "role", "signer"];

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {}; // nothing is kept where the browser forbids it
  }
}

/** The place is what follows "xã", "phường" … in the name of the office. */
function placeOf(office) {
  const kind = t("sheet.kinds_of_place")
    .split("|")
    .find((word) => office.includes(`${word} `));
  return kind ? office.slice(office.indexOf(kind) + kind.length).trim() : "";
}

/** @returns {[object, function]} the four texts, and a way to change one */
export function useSigning(hall) {
  const [signing, setSigning] = useState(() => ({
    number: "",
    place: placeOf(hall.office),
    role: t("sheet.director"),
    signer: "",
    ...kept(),
  }));
  function sign(field, text) {
    const next = { ...signing, [field]: text };
    setSigning(next);
    try {
      // Every paper has a number of its own.
      localStorage.setItem(KEPT, JSON.stringify({ ...next, number: "" }));
    } catch {
      // It stands on this paper all the same.
    }
  }
  return [signing, sign];
}

export function SigningForm({ signing, sign }) {
  return html`<form class="card signing" aria-label=${t("sheet.signing")} onSubmit=${(event) => event.preventDefault()}>
    ${FIELDS.map(
      (field) => html`<label key=${field} class="field"><span>${t(`sheet.field_${field}`)}</span>
      <input type="text" name=${field} autocomplete="off" maxlength="80" value=${signing[field]}
        onInput=${(event) => sign(field, event.target.value)} /></label>`,
    )}
  </form>`;
}
