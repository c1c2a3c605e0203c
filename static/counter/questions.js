/** What is asked before an act is sent: a title, and options with a digit each. */

import { CALL_REASONS, CLASSES, PAUSE_REASONS } from "/static/lib/choices.js";
import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { withNumber, written } from "/static/lib/number.js";
import { spaced, t } from "/static/lib/text.js";
import { html, useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";
import { DOSSIERS, ENTERED_CLASSES, HOLD_MINUTES, OF_NUMBER } from "./steps.js";
import { Glyph } from "/static/lib/glyph.js";
import { Number } from "./number.js";
import { serviceName } from "./words.js";

const DIGITS = 9;
const IN_A_ROW = 3; // choices, on a screen with two columns

/** {title, act, options: [{words, body, icon?, now?}]} of an act that asks; `number` is the one it is about. */
export function questionOf(act, store, number) {
  const of = {
    pause: () => PAUSE_REASONS.map((reason) => ({ words: t(`counter.pause_reason.${reason}`), body: { reason } })),
    hold: () =>
      HOLD_MINUTES.map((minutes) => ({
        words: minutes ? t("counter.hold_minutes", { minutes }) : t("counter.hold_open"),
        body: minutes ? { minutes } : {},
      })),
    transfer: () => places(store),
    // Of a number that was scanned only this one is asked about.
    return: () =>
      (number ? [withNumber(store.away, number)] : store.away).filter(Boolean).map(({ ref, number, held }) => ({
        words: t(held ? "counter.return_held" : "counter.return_missed", { number: spaced(number) }),
        body: { ref },
      })),
    call: () => CALL_REASONS.map((reason) => ({ words: t(`counter.call_reason.${reason}`), body: { reason } })),
    cancel: () => [
      {
        words: t("counter.cancel_yes", {
          number: spaced(store.cancellable(number)?.number ?? (written(number) || "…")),
        }),
        icon: "ban",
        body: {},
      },
    ],
    close: () => [{ words: t("counter.close_yes", { counter: store.number }), icon: "door-exit", body: {} }],
    hand_over: () => [{ words: t("counter.hand_over_yes", { counter: store.number }), icon: "users", body: {} }],
    priority: () => classes(store.view.hall, store.waiting(number)?.priority_class),
    enter_number: () =>
      ENTERED_CLASSES.map((priority_class) => ({
        words: nameOfClass(store.view.hall.classes, priority_class),
        body: { priority_class },
      })),
    dossiers: () =>
      DOSSIERS.filter((count) => count <= store.view.most_dossiers).map((dossiers) => ({
        words: t("counter.dossiers", { count: dossiers }),
        body: { dossiers },
      })),
  }[act];
  const options = act === "dossiers" ? of() : of().slice(0, DIGITS);
  return { title: titleOf(act, store), act, options, without: withoutCounter(act, store) };
}

function titleOf(act, store) {
  const { ticket, view } = store;
  const params = { counter: store.number, number: spaced(ticket?.number ?? ""), count: view.only_here };
  const about_person = ticket && (act === "pause" || act === "hand_over");
  return t(about_person ? `counter.${act}_after_question` : `counter.${act}_question`, params);
}

/** The services somebody cannot be transferred to, because no counter of theirs is open. */
function withoutCounter(act, { view, ticket }) {
  if (act !== "transfer" || !ticket) return [];
  return view.services
    .filter(
      ({ code, counters }) => code !== ticket.service && !counters.some((each) => view.open_counters.includes(each)),
    )
    .map(({ code }) => serviceName(code, view.services));
}

/** Where somebody may be sent: other services with an open counter, then the open counters of this one. */
function places({ view, ticket, number }) {
  const open = (service) => service?.counters.filter((counter) => view.open_counters.includes(counter)) ?? [];
  const services = view.services.filter((service) => service.code !== ticket.service && open(service).length);
  const here = open(view.services.find(({ code }) => code === ticket.service));
  return [
    ...services.map(({ code }) => ({ words: serviceName(code, view.services), body: { service: code } })),
    ...here
      .filter((counter) => counter !== number)
      .map((counter) => ({
        words: t("counter.transfer_counter", { counter }),
        body: { counter },
      })),
  ];
}

/** The classes of priority, and last none; `now` is the one that the number has. */
function classes({ classes, head_start_s }, now) {
  const does = (code) => (code === "ordinary" ? "withdraw" : head_start_s[code] > 0 ? "grant" : "in_order");
  const [ordinary, ...granted] = CLASSES;
  return [...granted, ordinary].map((code) => ({
    words: t(`counter.priority_${does(code)}`, { name: nameOfClass(classes, code), minutes: head_start_s[code] / 60 }),
    icon: iconOfClass(classes, code),
    now: code === now,
    body: { priority_class: code },
  }));
}

/** The digit of the option at this place: 1 to 9, then 0; those behind have none. */
const digitFor = (index) => (index < DIGITS ? index + 1 : index === DIGITS ? 0 : null);

/** Which questions take the place of the keys on a low screen: "is-tall", "is-many" or none. */
function heightOf(act, options, { ticket }) {
  if (act === "dossiers" && ticket.dossier_codes.length > 0) return "is-tall";
  return act === "transfer" && options.length > 2 * IN_A_ROW ? "is-many" : ""; // each name may take two lines
}

/**
 * Takes the focus, so that the keyboard and a screen reader are where the question is. No choice has it: Space and Enter,
 * pressed by reflex, answer nothing.
 */

export function Question({ store, question: { title, act, options, without }, number, onNumber, onChoose, onLeave }) {
  const place = useRef(null);
  const of_number = OF_NUMBER.has(act);
  const [first, setFirst] = useState(false);
  // Before the next key comes: "B 003" typed at once after N must not begin with the act of B.
  useLayoutEffect(() => {
    const at = (what) => place.current.querySelector(what);
    (at("input") ?? at("#question-title")).focus();
    at("input")?.select(); // a number that stands there is only offered: the first key typed replaces it
  }, [act]);
  const choose = (body) => onChoose({ ...body, ...(of_number && { number }), ...(first && { first }) });
  return html`<div class="choices is-question ${heightOf(act, options, store)}" role="group" aria-labelledby="question-title" ref=${place}>
    <p class="choices-title"><span id="question-title" tabindex="-1">${title}</span>
      <button type="button" class="leave" onClick=${onLeave}>${t("counter.leave")} <kbd class="key">Esc</kbd></button></p>
    ${of_number && html`<${NumberField} store=${store} act=${act} number=${number} onNumber=${onNumber} />`}
    ${options.length === 0 && html`<p>${t("counter.transfer_nowhere")}</p>`}
    <div class="choices-grid ${act === "dossiers" ? "is-counted" : ""}">${options.map(
      ({ words, body, icon, now }, index) => html`<button type="button" class="choice"
        key=${index} aria-pressed=${now === undefined ? null : String(now)} data-digit=${digitFor(index)} onClick=${() => choose(body)}>
      ${digitFor(index) !== null && html`<kbd class="key">${digitFor(index)}</kbd>`}${icon && html`<${Glyph} name=${icon} />`}<span>${words}</span>
    </button>`,
    )}</div>
    ${
      act === "transfer" &&
      options.length > 0 &&
      html`<button type="button" class="choice-switch" role="switch" data-digit="0"
        aria-checked=${first ? "true" : "false"} onClick=${() => setFirst(!first)}>
      <kbd class="key">0</kbd><span class="switch" aria-hidden="true"></span><span>${t("counter.transfer_first")}</span></button>`
    }
    ${without.length > 0 && html`<p class="choices-note">${t("counter.transfer_without", { services: without.join(", ") })}</p>`}
    ${act === "dossiers" && html`<${NotedDossiers} store=${store} onLeave=${onLeave} />`}
  </div>`;
}

/** The number that a question is about, and whose it is as far as this counter knows. */
function NumberField({ store, act, number, onNumber }) {
  const found = act === "enter_number" ? undefined : store.cancellable(number);
  return html`<div class="choice-number"><label><span>${t("counter.call_number")}</span>
    <input value=${number} maxlength="8" autocomplete="off" autocapitalize="characters" onInput=${({ target }) => onNumber(target.value)} /></label>
    <span class="choice-found" role="status">${
      found && html`<${Number} number=${found.number} /> ${serviceName(found.service, store.view.services)}`
    }</span></div>`;
}

/** The codes of receipts noted with this visit; each can be taken away again. */
function NotedDossiers({ store, onLeave }) {
  const { dossier_codes: codes } = store.ticket;
  if (!codes.length) return html`<p class="choices-note">${t("counter.dossier_hint")}</p>`;
  return html`<div class="choices-noted"><p class="choices-note">${t("counter.dossier_codes")}</p>${codes.map(
    (code) =>
      html`<button type="button" class="choice" key=${code} onClick=${() => {
        store.answer("drop_dossier", { code });
        onLeave();
      }}><${Glyph} name="x" /><span>${t("counter.drop_dossier", { code })}</span></button>`,
  )}</div>`;
}
