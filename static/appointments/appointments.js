/** A day's appointments: the list, as it is printed for a morning without network, and giving slots away. */

import { Refusal, get } from "/static/lib/api.js";
import { localDay } from "/static/lib/local-day.js";
import { RepeatSafe } from "/static/lib/repeat-safe.js";
import { clock, longDate, own, spaced, t } from "/static/lib/text.js";
import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { Slots } from "./slots.js";

/** @param {{hall: Api.HallView, services: Api.ServiceView[], now: string, acts: boolean}} props  acts: may give and cancel */
export function Appointments({ hall, services, now, acts }) {
  const [day, setDay] = useState(localDay(new Date(now), hall.timezone));
  const [list, setList] = useState(/** @type {?Api.AppointmentView[]} */ (null));
  const [said, setSaid] = useState(/** @type {?{words: string, wrong: boolean}} */ (null));
  const commands = useRef(new RepeatSafe());
  const nameOf = (/** @type {string} */ code) =>
    own(services.find((each) => each.code === code)?.names ?? { vi: code });

  async function read() {
    try {
      setList((await get(`/appointments?day=${day}`)).appointments);
    } catch (failure) {
      showFailure(failure);
    }
  }
  const showFailure = (/** @type {unknown} */ failure) =>
    setSaid({ words: failure instanceof Refusal ? failure.message : t("appointments.unreachable"), wrong: true });
  /** @param {() => Promise<Api.AppointmentView>} command @param {(done: Api.AppointmentView) => string} words */
  async function send(command, words) {
    try {
      const done = await command();
      setSaid({ words: words(done), wrong: false });
    } catch (failure) {
      showFailure(failure);
    }
    await read();
  }
  useEffect(() => {
    setSaid(null);
    read();
  }, [day]);

  const count = (/** @type {string} */ state) => (list ?? []).filter((each) => each.state === state).length;
  return html`<main class="appointments">
    <header><div><p>${hall.office}</p><h1>${t("appointments.title")}</h1></div>
      <label class="field no-print"><span class="label">${t("appointments.day")}</span>
        <input type="date" value=${day} onInput=${(event) => event.target.value && setDay(event.target.value)} /></label>
      <button type="button" class="button no-print" onClick=${() => print()}>${t("appointments.print")}</button></header>
    <p class="day">${longDate(`${day}T05:00:00Z`)} · ${t("appointments.counts", { booked: count("booked"), here: count("checked_in"), missed: count("missed") })}</p>
    <p class=${said?.wrong ? "refusal" : "said"} role="status">${said?.words}</p>
    ${list?.length === 0 && html`<p class="empty">${t("appointments.none")}</p>`}
    ${
      list !== null &&
      list.length > 0 &&
      html`<table><thead><tr>${["time", "service", "code", "state"].map((name) => html`<th scope="col" key=${name}>${t(`appointments.${name}`)}</th>`)}
      <th scope="col" class="no-print"><span class="visually-hidden">${t("appointments.act")}</span></th></tr></thead>
      <tbody>${list.map(
        (each) => html`<tr key=${each.id} data-state=${each.state}>
        <td>${clock(each.at)}</td><td>${nameOf(each.service)}</td><td class="code">${each.code}</td>
        <td>${t(`appointments.is_${each.state}`)} ${each.number && html`<b>${spaced(each.number)}</b>`}</td>
        <td class="no-print">${
          acts &&
          each.state === "booked" &&
          html`<button type="button" class="button"
          aria-label=${t("appointments.cancel_of", { code: each.code })}
          onClick=${() =>
            send(
              () => commands.current.send(`/appointments/${each.id}/cancel`, {}),
              () => t("appointments.cancelled"),
            )}>${t("appointments.cancel")}</button>`
        }</td></tr>`,
      )}</tbody></table>`
    }
    ${
      acts &&
      html`<${Slots} day=${day} services=${services} list=${list} book=${(
        /** @type {string} */ service,
        /** @type {string} */ at,
      ) =>
        send(
          () => commands.current.send("/appointments", { service, at }),
          (done) => t("appointments.booked", { code: done.code, time: clock(done.at) }),
        )} />`
    }
  </main>`;
}
