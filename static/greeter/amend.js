/** "Correct": what is put right for a number – its service, called later, how many people, a cancel taken back. */

import { Refusal, get } from "/static/lib/api.js";
import { PEOPLE_MOST, REINSTATE_REASONS } from "/static/lib/choices.js";
import { Glyph } from "/static/lib/glyph.js";
import { written } from "/static/lib/number.js";
import { because, own, spaced, spoken, t } from "/static/lib/text.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";

const PASSING = [1, 3, 5, 10]; // people to let pass
const OVER = ["finished", "no_show", "expired"];

/**
 * A sheet over the page; the head stays visible, so that a call for help is seen.
 * @param {{shown: ?Screen.LastTicket, services: Api.ServiceView[], off: boolean, busy: ?string, send: Greeter.Send, refusal: ?string,
 *   show: (now: Screen.LastTicket) => void, refuse: (words: ?string) => void, close: () => void}} props
 */
export function Amend({ shown, services, off, busy, send, refusal, show, refuse, close }) {
  const dialog = useRef(/** @type {?HTMLDialogElement} */ (null));
  const [typed, setTyped] = useState("");
  const [reading, setReading] = useState(false);

  useLayoutEffect(() => {
    const sheet = /** @type {HTMLDialogElement} */ (dialog.current);
    sheet.showModal();
    // Only a number that must be typed needs the keyboard of the phone, which covers half the sheet.
    /** @type {?HTMLElement} */ (sheet.querySelector(shown ? ".amend-close" : "input"))?.focus();
    return () => sheet.close();
  }, []);

  /**
   * Show a ticket as it stands now; refuses in words where that is not to be had.
   * @param {() => Promise<Screen.LastTicket>} ask
   */
  async function read(ask) {
    setReading(true);
    refuse(null);
    try {
      const found = await ask();
      show({ ...found, gone: found.ticket.state === "cancelled" });
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) location.reload();
      refuse(failure instanceof Refusal ? failure.message : t("greeter.unreachable"));
    } finally {
      setReading(false);
    }
  }

  useEffect(() => {
    if (!shown) return;
    const { ref, id } = shown.ticket;
    read(async () => ({ ...shown, ticket: { ...(await get(`/tickets/${ref}`)), id } })); // it may have been called
  }, []);

  /** @param {Event} event */
  function find(event) {
    event.preventDefault();
    const number = written(typed);
    if (!number) return refuse(t("greeter.entry_missing"));
    read(async () => {
      const { ref } = await get(`/numbers/${encodeURIComponent(number)}`);
      const ticket = await get(`/tickets/${/** @type {number} */ (ref)}`);
      setTyped("");
      /** @type {HTMLElement} */ (document.activeElement)?.blur(); // the phone's keyboard goes
      return { ticket, at: performance.now(), lookedUp: true };
    });
  }

  /** @param {?Api.TicketView | undefined} ticket */
  function done(ticket) {
    if (!ticket || !shown) return false;
    show({ ...shown, ticket: { ...ticket, id: shown.ticket.id }, gone: ticket.state === "cancelled", printing: false });
    return true;
  }

  const still = off || reading || busy !== null;
  return html`<dialog ref=${dialog} class="amend" aria-labelledby="amend-title" onCancel=${(
    /** @type {Event} */ event,
  ) => {
    event.preventDefault();
    close();
  }}>
    <header class="amend-head"><h2 id="amend-title">${t("greeter.amend")}</h2>
      <button type="button" class="button amend-close" onClick=${close}><${Glyph} name="x" />${t("greeter.amend_close")}</button></header>
    <form class="amend-find" onSubmit=${find} noValidate>
      <label for="amend-number">${t("greeter.amend_number")}</label>
      <input id="amend-number" value=${typed} maxlength="6" autocomplete="off" autocapitalize="characters" enterkeyhint="search"
        onInput=${(/** @type {{target: HTMLInputElement}} */ { target }) => setTyped(target.value)} />
      <button type="submit" class="button" disabled=${still}><${Glyph} name="search" />${t("greeter.amend_find")}</button></form>
    ${shown && html`<${Subject} ticket=${shown.ticket} services=${services} />`}
    ${!shown && html`<${Said} words=${t("greeter.amend_none")} refusal=${refusal} />`}
    ${
      shown &&
      html`<${Ways} key=${shown.ticket.ref} shown=${shown} services=${services} still=${still} send=${send} refusal=${refusal} refuse=${refuse} done=${done}
      show=${show} />`
    }
  </dialog>`;
}

/**
 * What is asked or to be said; a refusal stands in the same place.
 * @param {{words: ?string, refusal: ?string}} props
 */
function Said({ words, refusal }) {
  return html`<div class="amend-say"><p class="refusal" role="alert">${refusal}</p>
    <p role="status" id="amend-said">${!refusal && words}</p></div>`;
}

/** @param {Screen.LastTicket} shown  what its holder may know now */
function sentenceOf({ ticket, printing }) {
  if (printing) return t("greeter.printing");
  if (ticket.state === "cancelled") return t("greeter.amend_reinstate");
  if (OVER.includes(ticket.state)) return t("greeter.amend_over");
  const { delay_s, why } = ticket;
  const later =
    delay_s > 0 &&
    why?.code !== "deferred" &&
    t("greeter.amend_deferred", { n: Math.max(1, Math.round(delay_s / 60)) });
  return [later, because(why)].filter(Boolean).join(" ");
}

/** @param {{ticket: Api.TicketView, services: Api.ServiceView[]}} props */
function Subject({ ticket, services }) {
  const service = services.find(({ code }) => code === ticket.service);
  const old = ticket.moved_from[ticket.moved_from.length - 1];
  const gone = ticket.state === "cancelled";
  return html`<section class="amend-ticket ${gone ? "is-gone" : ""}" aria-label=${t("greeter.last")}>
    <p class="number" aria-label=${spoken(ticket.number)}>${spaced(ticket.number)}</p>
    <p class="amend-old">${gone ? t("greeter.cancelled") : old && t("citizen.number_moved", { old: spaced(old) })}</p>
    <p class="amend-service">${service && own(service.names)}</p>
  </section>`;
}

/**
 * The keys that the ticket's state allows, or the choices of the one that was pressed.
 * @param {{shown: Screen.LastTicket, services: Api.ServiceView[], still: boolean, send: Greeter.Send, refusal: ?string, refuse: (words: ?string) => void,
 *   done: (ticket: ?Api.TicketView | undefined) => boolean, show: (now: Screen.LastTicket) => void}} props
 */
function Ways({ shown, services, still, send, refusal, refuse, done, show }) {
  const [step, setStep] = useState(/** @type {?("service" | "later")} */ (null));
  const { ticket } = shown;
  const waits = ticket.state === "waiting";
  const back = () => {
    refuse(null);
    setStep(null);
  };

  /** @param {string} service */
  async function move(service) {
    if (done(await send("service", `/tickets/${ticket.ref}/service`, { service }))) setStep(null);
  }
  /** @param {{minutes?: 5 | 15 | 30, people?: number}} wish */
  async function defer(wish) {
    if (done(await send("defer", `/tickets/${ticket.ref}/defer`, wish))) setStep(null);
  }
  /** @param {string} reason */
  async function reinstate(reason) {
    done(await send("reinstate", `/tickets/${ticket.ref}/reinstate`, { reason }));
  }
  /** @param {number} people */
  async function count(people) {
    done(await send("people", `/tickets/${ticket.ref}/people`, { people }));
  }
  async function wave() {
    done(await send("visual-call", `/tickets/${ticket.ref}/visual-call`, { wanted: !ticket.visual_call }));
  }
  async function print() {
    if (await send("print", `/tickets/${ticket.ref}/print`)) show({ ...shown, printing: true, unprinted: false });
  }

  const said = html`<${Said} words=${sentenceOf(shown)} refusal=${refusal} />`;
  if (ticket.state === "cancelled")
    return html`${said}<div class="amend-keys" role="group" aria-labelledby="amend-said">${REINSTATE_REASONS.map(
      (
        reason,
      ) => html`<button type="button" class="button" key=${reason} disabled=${still} onClick=${() => reinstate(reason)}>
        ${t(`supervisor.reinstate_${reason}`)}</button>`,
    )}</div>`;
  if (OVER.includes(ticket.state)) return said;
  if (waits && step === "service")
    return html`<${Choices} ask=${t("greeter.amend_service_ask")} refusal=${refusal} back=${back}>${services
      .filter(({ code }) => code !== ticket.service)
      .map(
        ({ code, names, icon, family }) =>
          html`<button type="button" class="button amend-choice" key=${code} data-move=${code} disabled=${still} onClick=${() => move(code)}>
          <span class="service-icon" data-family=${family}><${Glyph} name=${icon} /></span>${own(names)}</button>`,
      )}<//>`;
  if (waits && step === "later")
    return html`<${Choices} ask=${ticket.defer ? t("greeter.amend_later_cost", { n: ticket.defer.left }) : t("greeter.amend_later_none")} refusal=${refusal} back=${back}>${
      ticket.defer && html`<${Delays} offer=${ticket.defer} still=${still} defer=${defer} />`
    }<//>`;
  return html`${said}<div class="amend-keys">${
    waits &&
    html`<button type="button" class="button" disabled=${still} onClick=${() => setStep("service")}><${Glyph} name="arrows-exchange" />${t("greeter.amend_service")}</button>
    <button type="button" class="button" disabled=${still} onClick=${() => setStep("later")}><${Glyph} name="clock-pause" />${t("citizen.later")}</button>`
  }
    <${WaveKey} wanted=${ticket.visual_call} still=${still} wave=${wave} /></div>
    <${People} key=${ticket.people} counted=${ticket.people} still=${still} count=${count} />
    ${
      ticket.moved_from.length > 0 &&
      ticket.print !== null &&
      html`<div class="amend-print"><button type="button" class="button button--main" disabled=${still} onClick=${print}>
        <${Glyph} name="printer" />${t("greeter.amend_print")}</button></div>`
    }`;
}

/** @param {{wanted: boolean, still: boolean, wave: () => void}} props */
function WaveKey({ wanted, still, wave }) {
  return html`<button type="button" class="button amend-wave" aria-pressed=${String(wanted)} disabled=${still} onClick=${wave}>
    <${Glyph} name=${wanted ? "hand-stop" : "ear-off"} />${t(wanted ? "greeter.waves" : "greeter.wave")}</button>`;
}

/** @param {{ask: string, refusal: ?string, back: () => void, children: any}} props */
function Choices({ ask, refusal, back, children }) {
  return html`<${Said} words=${ask} refusal=${refusal} />
    <div class="amend-keys" role="group" aria-labelledby="amend-said">${children}</div>
    <div class="amend-print"><button type="button" class="button amend-back" onClick=${back}><${Glyph} name="arrow-left" />${t("citizen.later_keep")}</button></div>`;
}

/** @param {{offer: Api.DeferView, still: boolean, defer: (wish: {minutes?: 5 | 15 | 30, people?: number}) => void}} props */
function Delays({ offer, still, defer }) {
  const passing = PASSING.filter((people) => people <= Math.min(offer.behind, offer.people));
  return html`${offer.minutes.map(
    (n) => html`<button type="button" class="button" key=${`${n} min`} disabled=${still}
      onClick=${() => defer({ minutes: /** @type {5 | 15 | 30} */ (n) })}>${t("citizen.later_minutes", { n })}</button>`,
  )}${passing.map(
    (n) => html`<button type="button" class="button" key=${n} disabled=${still} onClick=${() => defer({ people: n })}>
      ${t("citizen.later_people", { n })}</button>`,
  )}`;
}

/** @param {{counted: number, still: boolean, count: (people: number) => void}} props */
function People({ counted, still, count }) {
  const [people, setPeople] = useState(counted);
  return html`<div class="amend-people" role="group" aria-labelledby="amend-people">
    <span id="amend-people">${t("greeter.amend_people")}</span>
    <button type="button" class="button" aria-label=${t("greeter.amend_fewer")} disabled=${people <= 1} onClick=${() => setPeople(people - 1)}><${Glyph} name="minus" /></button>
    <output aria-live="polite">${people}</output>
    <button type="button" class="button" aria-label=${t("greeter.amend_more")} disabled=${people >= PEOPLE_MOST} onClick=${() => setPeople(people + 1)}><${Glyph} name="plus" /></button>
    <button type="button" class="button" disabled=${still || people === counted} onClick=${() => count(people)}><${Glyph} name="check" />${t("greeter.amend_save")}</button></div>`;
}
