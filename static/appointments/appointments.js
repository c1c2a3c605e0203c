/** A day's appointments: the list, as it is printed for a morning without network, and giving slots away. */

import { Refusal, get } from "/static/lib/api.js";
import { Glyph } from "/static/lib/glyph.js";
import { localDay } from "/static/lib/local-day.js";
import { RepeatSafe } from "/static/lib/repeat-safe.js";
import { clock, longDate, own, spaced, t } from "/static/lib/text.js";
import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { Slip } from "./slip.js";
import { Slots } from "./slots.js";

/** @type {Record<string, [string, string]>} Role -> where its day is worked, and the words of the way back. */
const WAYS = {
  greeter: ["/greeter", "greeter.title"],
  clerk: ["/counter", "appointments.to_counter"],
  supervisor: ["/supervisor", "supervisor.live_title"],
  inspector: ["/supervisor", "supervisor.live_title"],
};

/** @param {{me: Api.MeView, hall: Api.HallView, services: Api.ServiceView[], now: string}} props */
export function Appointments({ me, hall, services, now }) {
  const acts = me.role !== "inspector";
  const [address, words] = WAYS[me.role];
  const [slip, setSlip] = useState(/** @type {?Api.AppointmentView} */ (null));
  const [day, setDay] = useState(localDay(new Date(now), hall.timezone));
  const [list, setList] = useState(/** @type {?Api.AppointmentView[]} */ (null));
  const [said, setSaid] = useState(/** @type {?{words: string, wrong: boolean}} */ (null));
  const commands = useRef(new RepeatSafe());
  const title = useRef(/** @type {?HTMLElement} */ (null));
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
      setSlip(done.state === "booked" ? done : null);
    } catch (failure) {
      showFailure(failure);
    }
    await read();
  }
  const cancel = (/** @type {number} */ id) =>
    send(
      () => commands.current.send(`/appointments/${id}/cancel`, {}),
      () => t("appointments.cancelled"),
    );
  useEffect(() => {
    setSaid(null);
    setSlip(null);
    read();
  }, [day]);

  const count = (/** @type {string} */ state) => (list ?? []).filter((each) => each.state === state).length;
  return html`<header class="appointments-bar no-print">
      <a class="bar-back" href=${address}><${Glyph} name="arrow-left" />${t(words)}</a><h1>${t("appointments.title")}</h1><p>${me.name}</p></header>
    <main class="appointments ${slip ? "has-slip" : ""}">
    <header><div><p>${hall.office}</p><h2 tabindex="-1" ref=${title}>${t("appointments.title")}</h2></div>
      <label class="field no-print"><span class="label">${t("appointments.day")}</span>
        <input type="date" value=${day} onInput=${(event) => event.target.value && setDay(event.target.value)} /></label>
      <button type="button" class="button no-print" onClick=${() => print()}>${t("appointments.print")}</button></header>
    <p class="day">${longDate(`${day}T05:00:00Z`)} · ${t("appointments.counts", { booked: count("booked"), here: count("checked_in"), missed: count("missed") })}</p>
    <p class=${said?.wrong ? "refusal" : "said"} role="status">${said?.words}</p>
    ${
      slip &&
      html`<${Slip} booked=${slip} service=${nameOf(slip.service)} hall=${hall} cancel=${() => cancel(slip.id)} close=${() => {
        setSlip(null);
        title.current?.focus(); // the key that was pressed goes away
      }} />`
    }
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
          onClick=${() => cancel(each.id)}>${t("appointments.cancel")}</button>`
        }</td></tr>`,
      )}</tbody></table>`
    }
    ${
      acts &&
      html`<${Slots} day=${day} services=${services.filter(({ appointments }) => appointments)} list=${list} book=${(
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
