/** What every paper of an office begins and ends with (Nghị định 30/2020/NĐ-CP, phụ lục I). */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";

const BLANK = "\u2003".repeat(3); // to be filled in by hand
const two = (n, below) => (n < below ? `0${n}` : String(n));

/** "2025-07-05" -> "ngày 05 tháng 7 năm 2025": a nought before days under ten and the first two months. */
export function written(day) {
  const [y, m, d] = day.split("-").map(Number);
  return t("sheet.date", { d: two(d, 10), m: two(m, 3), y });
}

/** "Trung tâm Phục vụ hành chính công" -> "TTPVHCC" */
function initials(name) {
  return name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .join("")
    .toUpperCase();
}

const shout = (text) => text.toLocaleUpperCase(document.documentElement.lang);

/** @param {Props<{hall: Api.HallView}>} props */
export function Letterhead({ hall, signing, today }) {
  return html`<header class="letterhead">
    <div><p>${shout(hall.office)}</p>
      <p class="strong ruled ruled-short">${shout(hall.name)}</p>
      <p>${t("sheet.number", { number: signing.number || BLANK, office: initials(hall.name) })}</p></div>
    <div><p class="strong">${t("sheet.nation")}</p>
      <p class="strong ruled motto">${t("sheet.motto")}</p>
      <p class="dated">${t("sheet.place_and_date", { place: signing.place || BLANK, date: written(today) })}</p></div>
  </header>`;
}

export function Title({ kind, about, span }) {
  return html`<div class="sheet-title"><h2>${kind}</h2>
    <p class="strong">${about}</p><p class="ruled">${span}</p></div>`;
}

/** @param {Props<{hall: Api.HallView}>} props */
export function Signatures({ hall, signing }) {
  return html`<footer class="signatures">
    <div class="recipients"><p>${t("sheet.recipients")}</p>
      <ul>
        <li>${t("sheet.recipient_above", { office: hall.office })}</li>
        <li>${t("sheet.recipient_archive")}</li>
      </ul></div>
    <div><p class="strong">${shout(signing.role)}</p><p class="signed">${signing.signer}</p></div>
  </footer>`;
}

/** Where the figures are from, small, under the last table. */
export function Source() {
  return html`<p class="sheet-source">${t("sheet.source")} ${t("common.wait_from")}</p>`;
}
