/** The free slots of one service on the day that is shown: a touch gives one away. */

import { get } from "/static/lib/api.js";
import { clock, own, t } from "/static/lib/text.js";
import { html, useEffect, useState } from "/static/vendor/preact.js";

/** @param {{day: string, services: Api.ServiceView[], list: ?Api.AppointmentView[], book: (service: string, at: string) => void}} props */
export function Slots({ day, services, list, book }) {
  const [service, setService] = useState(services[0]?.code);
  const [slots, setSlots] = useState(/** @type {Api.SlotsView["slots"]} */ ([]));
  useEffect(() => {
    let asked = true; // an answer to an older question is not shown
    get(`/appointments/slots?service=${service}&day=${day}`).then(
      (found) => asked && setSlots(found.slots),
      () => asked && setSlots([]),
    );
    return () => {
      asked = false;
    };
  }, [day, service, list]);
  return html`<section class="slots no-print" aria-label=${t("appointments.give")}>
    <h2>${t("appointments.give")}</h2>
    <label class="field"><span class="label">${t("appointments.service")}</span>
      <select value=${service} onChange=${(event) => setService(event.target.value)}>
        ${services.map(({ code, names }) => html`<option key=${code} value=${code}>${own(names)}</option>`)}</select></label>
    ${slots.length === 0 && html`<p class="empty">${t("appointments.no_slots")}</p>`}
    <div class="slot-keys">${slots.map(
      ({ at, free }) => html`<button type="button" class="button" key=${at} disabled=${free === 0}
      onClick=${() => book(service, at)}>${clock(at)} <small>${t("appointments.free", { n: free })}</small></button>`,
    )}</div>
  </section>`;
}
