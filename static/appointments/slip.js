/** The slip of an appointment just booked: what its holder takes along, to be shown or printed. */

import { Glyph } from "/static/lib/glyph.js";
import { clock, longDate, t } from "/static/lib/text.js";
import { html, useEffect, useRef } from "/static/vendor/preact.js";

/** @param {{booked: Api.AppointmentView, service: string, hall: Api.HallView, cancel: () => void, close: () => void}} props */
export function Slip({ booked, service, hall, cancel, close }) {
  const title = useRef(/** @type {?HTMLElement} */ (null));
  useEffect(() => title.current?.focus(), [booked.id]);
  return html`<section class="slip" aria-labelledby="slip-title">
    <h2 id="slip-title" tabindex="-1" ref=${title}>${t("appointments.slip")}</h2>
    <p class="slip-office">${hall.office} · ${hall.name}</p>
    <p class="slip-time"><b>${clock(booked.at)}</b> ${longDate(booked.at)}</p>
    <p class="slip-service">${service}</p>
    <p class="slip-code"><span>${t("appointments.code")}</span> <b>${booked.code}</b></p>
    <p>${t("appointments.slip_how")}</p>
    <div class="slip-keys no-print">
      <button type="button" class="button button--main" onClick=${() => print()}><${Glyph} name="printer" />${t("appointments.slip_print")}</button>
      <button type="button" class="button" onClick=${cancel}><${Glyph} name="x" />${t("appointments.slip_cancel")}</button>
      <button type="button" class="button" onClick=${close}><${Glyph} name="check" />${t("appointments.slip_done")}</button>
    </div>
  </section>`;
}
