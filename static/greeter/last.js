/** The number given last: grant it priority or withdraw it, print it once more, take it back, correct it. */

import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { spaced, spoken, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

const GRANTED = ["priority", "urgent"];

/**
 * The panel is as high before the first number as after it, and a refusal stands in it: the keys below never move.
 * @param {{shown: ?Screen.LastTicket, classes: Record<string, Api.ClassView>, show: (now: Screen.LastTicket) => void, off: boolean, busy: ?string, send: Greeter.Send, refusal: ?string, amend: () => void}} props
 */
export function Last({ shown, classes, show, off, busy, send, refusal, amend }) {
  const sign = !shown || shown.gone ? "is-empty" : shown.unprinted ? "is-unprinted" : "";
  const keys = shown && !shown.gone && !refusal;
  return html`<section class="last ${sign}" aria-label=${t("greeter.last")}>
    ${
      shown
        ? html`<${LastNumber} shown=${shown} show=${show} off=${off || busy !== null} send=${send} />`
        : html`<p class="last-nothing" role="status">${t("greeter.nothing_yet")}</p>`
    }
    <div class="last-keys"><button type="button" class="button last-amend" disabled=${off} onClick=${amend}><${Glyph} name="pencil" />${t("greeter.amend")}</button>
      <p class="refusal" role="alert">${refusal}</p>
      ${keys && html`<${Classes} last=${shown} classes=${classes} show=${show} off=${off || busy !== null} send=${send} />`}</div>
  </section>`;
}

/** @param {Screen.LastTicket} last */
function wordOf({ ticket, gone, unprinted, printing, entered, found, lookedUp }) {
  const arrived = ticket.moved_from.length
    ? "moved"
    : found
      ? "found"
      : lookedUp
        ? "looked_up"
        : entered
          ? "entered"
          : "issued";
  return gone ? "cancelled" : unprinted ? "unprinted" : printing ? "printing" : arrived;
}

/** @param {{shown: Screen.LastTicket, show: (now: Screen.LastTicket) => void, off: boolean, send: Greeter.Send}} props */
function LastNumber({ shown: last, show, off, send }) {
  const { ticket, gone, unprinted } = last;
  async function print() {
    if (await send("print", `/tickets/${ticket.ref}/print`)) show({ ...last, printing: true, unprinted: false });
  }
  async function cancel() {
    if (await send("cancel", `/tickets/${ticket.ref}/cancel`)) show({ ...last, gone: true });
  }
  return html`<div class="last-row ${gone ? "is-gone" : ""}">
    <div role="status" class="last-number"><p class="last-word"><${Glyph} name=${gone ? "x" : unprinted ? "printer-off" : "check"} />${t(`greeter.${wordOf(last)}`)}</p>
      <p class="number ${ticket.number.length > 4 ? "long" : ""}" aria-label=${spoken(ticket.number)}>${spaced(ticket.number)}</p></div>
    ${
      !gone &&
      (ticket.print === null
        ? ticket.id &&
          html`<a class="button" href="/t/${ticket.id}/paper.png" target="_blank" rel="noopener"><${Glyph} name="ticket" />${t("greeter.picture")}</a>`
        : html`<button type="button" class="button" disabled=${off} onClick=${print}><${Glyph} name="printer" />${t("greeter.print")}</button>`)
    }
    ${
      !gone &&
      html`<button type="button" class="button" disabled=${off} aria-label=${t("greeter.cancel")} onClick=${cancel}><${Glyph} name="arrow-back-up" />${t("greeter.cancel_short")}</button>`
    }
  </div>`;
}

/** @param {{last: Screen.LastTicket, classes: Record<string, Api.ClassView>, show: (now: Screen.LastTicket) => void, off: boolean, send: Greeter.Send}} props */
function Classes({ last, classes, show, off, send }) {
  const { ticket } = last;
  const has = (/** @type {string} */ code) => ticket.priority_class === code;
  /** @param {string} code */
  async function grant(code) {
    const changed = await send("priority", `/tickets/${ticket.ref}/priority`, {
      priority_class: has(code) ? "ordinary" : code,
    });
    if (changed) show({ ...last, ticket: { ...ticket, priority_class: changed.priority_class } });
  }
  return html`<div class="last-classes" role="group" aria-label=${t("greeter.change_class", { number: spaced(ticket.number) })}>${GRANTED.map(
    (
      code,
    ) => html`<button type="button" class="button" key=${code} aria-pressed=${String(has(code))} disabled=${off} onClick=${() => grant(code)}>
      <${Glyph} name=${has(code) ? "check" : iconOfClass(classes, code)} />${nameOfClass(classes, code)}</button>`,
  )}</div>`;
}
