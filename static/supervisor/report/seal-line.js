/** The seal of a day: printed and posted, it shows a log that was cut short or made again (docs/order.md). */

import { Refusal, get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { html, useEffect, useState } from "/static/vendor/preact.js";

export function SealLine({ day }) {
  const [seal, setSeal] = useState(/** @type {?string} */ (null));
  useEffect(() => {
    setSeal(null);
    get(`/seal?day=${day}`).then(
      (found) => setSeal(found.seal),
      (failure) => {
        if (!(failure instanceof Refusal)) console.warn("no seal", failure); // a day without the hall has none
      },
    );
  }, [day]);
  return seal && html`<p class="sheet-source seal">${t("sheet.seal", { seal })}</p>`;
}
