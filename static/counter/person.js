/** The middle of the screen: the number at the counter or the one that comes next, and what to know about it. */

import { get } from "/static/lib/api.js";
import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { clock, duration, minutes, t, timer } from "/static/lib/text.js";
import { html, useEffect, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { Number } from "./number.js";
import { passedWords, seconds, serviceName, waitWords, why } from "./words.js";

const ELSEWHERE_MS = 15_000;
const USUAL_SIGNS = 4; // a letter and three figures

/** `onLeave` and `onSignOut` are offered while the counter is closed. */
export function Person({ store, now, onLeave, onSignOut, children }) {
  const { ticket, view, kept } = store;
  const { state } = store.counter;
  const shows = kept
    ? Kept
    : ticket
      ? AtCounter
      : state === "idle"
        ? view.queue.length
          ? Next
          : Nobody
        : state === "paused"
          ? Paused
          : Closed;
  const appearance = kept ? "kept" : ticket ? ticket.state : state === "idle" && view.queue.length ? "next" : state;
  return html`<section class="person is-${appearance}" aria-labelledby="person-title">
    <div class="person-card">
      <div class="person-body"><${shows} store=${store} now=${now} onLeave=${onLeave} onSignOut=${onSignOut} /></div>
      ${children}
    </div>
  </section>`;
}

/** Dashed while it waits, white on yellow when called, a solid edge while served. */
const TICKET_CLASSES = { next: "ticket--waiting", called: "", serving: "ticket--outlined" };

function Ticket({ number, state }) {
  const long = number.length > USUAL_SIGNS ? "is-long" : "";
  return html`<div class="ticket console-ticket ${long} ${TICKET_CLASSES[state]}"><${Number} number=${number} /></div>`;
}

function Priority({ of: { priority_class }, classes }) {
  return priority_class === "ordinary"
    ? null
    : html`<span class="tag tag--priority"><${Glyph} name=${iconOfClass(classes, priority_class)} />${nameOfClass(
        classes,
        priority_class,
      )}</span>`;
}

/** The mark of one who does not hear a call. */
export function Wave() {
  return html`<span class="tag tag--wave"><${Glyph} name="hand-stop" />${t("counter.wave")}</span>`;
}

/** The same mark as a key, of the one at the counter: it says what to do once it is pressed, before that it asks. */
export function WaveKey({ store }) {
  if (!store.ticket || store.kept) return null;
  const wanted = store.ticket.visual_call;
  return html`<button type="button" class="tag tag--wave wave-key" id="wave-key" aria-pressed=${String(wanted)} title=${t("counter.key_does.wave")}
    onClick=${() => store.press("wave", "wave")}><${Glyph} name=${wanted ? "hand-stop" : "ear-off"} />${t(wanted ? "counter.wave" : "counter.wave_ask")}</button>`;
}

function Next({ store, now }) {
  const { view } = store;
  const [next] = view.queue;
  const waited = seconds(next.issued_at, now);
  const passes = view.queue.filter((other) => other.issued_at < next.issued_at).length;
  return html`
    <${Ticket} number=${next.number} state="next" />
    <div class="person-facts">
      <h2 id="person-title">${serviceName(next.service, view.services)} <${Priority} of=${next} classes=${view.hall.classes} />
        ${next.visual_call && html`<${Wave} />`}</h2>
      <p>${t("counter.taken_at", { time: clock(next.issued_at) })}${
        !store.lost_since && html` · ${waited >= 60 && t("counter.has_waited")} <b>${waitWords(waited)}</b>`
      }</p>
      <div class="why">
        <${Glyph} name="info-circle" />
        <p><b>${t("counter.why")}</b>${why(next)}.<br />${passedWords(passes)}${
          view.prefer && html`<br />${t("counter.prefer", { counter: view.prefer })}`
        }</p>
      </div>
    </div>`;
}

function AtCounter({ store, now }) {
  const { ticket, view } = store;
  const serving = ticket.state === "serving";
  return html`
    <${Ticket} number=${ticket.number} state=${ticket.state} />
    <div class="person-facts">
      <h2 id="person-title">${serviceName(ticket.service, view.services)} <${Priority} of=${ticket} classes=${view.hall.classes} /></h2>
      <dl class="figures">
        <div><dt>${t(serving ? "counter.serving" : "counter.called_since")}</dt>
          <dd><span role="timer">${timer(seconds(serving ? ticket.started_at : ticket.called_at, now))}</span></dd></div>
        <div><dt>${t("counter.waited")}</dt><dd>${figure(minutes(ticket.wait_s))}</dd></div>
      </dl>
      <p class="why-line"><${Glyph} name="info-circle" /><span>${t("counter.called_at", {
        time: clock(ticket.called_at),
      })} · ${why(ticket)}. ${passedWords(ticket.passed)}${
        ticket.calls > 1 && html` <b>${t("counter.calls", { count: ticket.calls })}</b>`
      }${ticket.people > 1 && html` <b class="why-people">${t("counter.people", { count: ticket.people })}</b>`}${
        serving &&
        html` <span class="why-dossiers"><b>${t("counter.dossiers", { count: ticket.dossiers })}</b> <kbd class="key">D</kbd></span>${
          ticket.dossier_codes.length > 0 && html` <span class="why-codes">${noted(ticket.dossier_codes)}</span>`
        }`
      }</span></p>
    </div>`;
}

/** The code that was noted last, and how many before: "H26.14-261130-0042 +2". */
function noted(codes) {
  const [last, ...before] = [...codes].reverse();
  return before.length ? `${last} +${before.length}` : last;
}

/** The figure large, the words around it small: "21 phút", "dưới 1 phút". */
function figure(words) {
  const [, before, value, after] = /^(\D*)(\S+)(.*)$/.exec(words) ?? ["", "", words, ""];
  return html`${before && html`<small>${before}</small> `}${value}<small>${after}</small>`;
}

function Nobody({ store }) {
  return html`<${Calm} glyph="check" tone="good" title=${t("counter.nobody")}>
    <p>${t("counter.nobody_hint")}</p>
    ${!store.lost_since && html`<${LongestQueue} counter=${store.counter} />`}
  </${Calm}>`;
}

/** Where most people wait meanwhile: one's own queue being empty is not the whole truth. */
function LongestQueue({ counter }) {
  const [services, setServices] = useState(/** @type {Api.ServiceView[]} */ ([]));
  useEffect(() => {
    let gone = false;
    const ask = () =>
      get("/services").then(
        (answer) => gone || setServices(answer.services),
        () => {},
      );
    ask();
    const asking = setInterval(ask, ELSEWHERE_MS);
    return () => {
      gone = true;
      clearInterval(asking);
    };
  }, []);
  const most = services
    .filter((service) => service.waiting > 0 && !counter.services.includes(service.code) && service.counters.length)
    .sort((a, b) => b.waiting - a.waiting)[0];
  return (
    most &&
    html`<p>${t("counter.elsewhere", {
      service: serviceName(most.code, services),
      count: most.waiting,
      counters: most.counters.join(", "),
    })}</p>`
  );
}

function Paused({ store, now }) {
  const { counter, view } = store;
  const since = seconds(counter.since, now);
  return html`<${Calm} glyph="player-pause" tone="still" title=${t("counter.paused_title")}>
    <p>${counter.reason && html`<b>${t(`counter.pause_reason.${counter.reason}`)}</b> · `}${t("counter.since", {
      time: clock(counter.since),
    })}${since >= 60 && ` · ${duration(since)}`}</p>
    <p>${t("counter.people_wait", { count: view.waiting })}</p>
  </${Calm}>`;
}

function Closed({ store, onLeave, onSignOut }) {
  const { counter, view } = store;
  return html`<${Calm} glyph="door-exit" tone="still" title=${t("counter.closed_title", { name: counter.name })}>
    <p>${view.waiting ? t("counter.people_wait", { count: view.waiting }) : t("counter.closed_hint")}</p>
    <p class="ways">
      <button type="button" class="way" onClick=${onLeave}><${Glyph} name="arrow-left" />${t("counter.other_counter")}</button>
      <button type="button" class="way" onClick=${onSignOut}><${Glyph} name="logout" />${t("counter.sign_out")}</button>
      <a class="way" href="/password"><${Glyph} name="key" />${t("access.change_password")}</a>
    </p>
  </${Calm}>`;
}

function Kept({ store }) {
  return html`<${Calm} glyph="check" tone="good" title=${html`<${Number} number=${store.kept.number} /> ${t("counter.kept_title")}`}>
    <p>${t("counter.kept_hint")}</p>
  </${Calm}>`;
}

function Calm({ glyph, tone, title, children }) {
  return html`<div class="calm">
    <span class="calm-glyph is-${tone}"><${Glyph} name=${glyph} /></span>
    <h2 id="person-title">${title}</h2>
    ${children}
  </div>`;
}
