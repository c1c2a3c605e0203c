/** How many numbers of each service are given, and its appointments; empty where there is no limit, or where it gives none. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { isOf } from "./settings.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const KINDS = ["day", "shift", "minutes", "share"];

export function Quotas({ quotas, services, saver, put }) {
  const set = (code, name, value) => put({ ...quotas, [code]: { ...quotas[code], [name]: value } });
  const wrong = services.find(([code]) => KINDS.some((name) => saver.refusal && isOf(saver.field, `${code}.${name}`)));
  return html`<div class="quotas-frame" tabindex="0" role="group" aria-label=${t("settings.quotas")}><table class="quotas"><thead><tr><th scope="col">${t("settings.quota_service")}</th>
    ${KINDS.map((name) => html`<th scope="col" key=${name}>${t(`settings.quota_${name}`)}</th>`)}</tr></thead>
    <tbody>${services.map(
      ([code, words]) =>
        html`<tr key=${code}><th scope="row">${words}</th>${KINDS.map(
          (
            name,
          ) => html`<td key=${name}><input type="text" inputmode="numeric" autocomplete="off" size="4" value=${quotas[code]?.[name] ?? ""}
        aria-label=${t("settings.quota_of", { service: words, kind: t(`settings.quota_${name}`) })}
        aria-invalid=${saver.refusal && isOf(saver.field, `${code}.${name}`) ? "true" : null}
        onInput=${(event) => set(code, name, event.target.value)} /></td>`,
        )}</tr>`,
    )}</tbody></table></div>
    ${wrong && html`<${Refused} words=${saver.refusal} />`}`;
}
