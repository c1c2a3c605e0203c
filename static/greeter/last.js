/** The number given last: grant it priority or withdraw it, print it once more, take it back. */

import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { spaced, spoken, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

const GRANTED = ["priority", "urgent"];

/**
 * `shown` is null before the first.
 * @param {{shown: ?Screen.LastTicket, classes: Record<string, Api.ClassView>, show: (now: Screen.LastTicket) => void, off: boolean, busy: ?string, send: Greeter.Send}} props
 */
// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
export function Last({ shown, classes, show, off, busy, send }) {
  if (!shown) return html`<section class="last is-empty"><p role="status">${t("greeter.nothing_yet")}</p></section>`;
  const last = shown;
  const { ticket, gone, printing, unprinted, entered } = last;
  const word = gone ? "cancelled" : unprinted ? "unprinted" : printing ? "printing" : entered ? "entered" : "issued";

  async function print() {
    if (await send("print", `/tickets/${ticket.ref}/print`)) show({ ...last, printing: true, unprinted: false });
  }
  async function cancel() {
    if (await send("cancel", `/tickets/${ticket.ref}/cancel`)) show({ ...last, gone: true });
  }

  const has = (/** @type {string} */ code) => ticket.priority_class === code;
  /** @param {string} code */
  async function grant(code) {
    const changed = await send("priority", `/tickets/${ticket.ref}/priority`, {
      priority_class: has(code) ? "ordinary" : code,
    });
    if (changed) show({ ...last, ticket: { ...ticket, priority_class: changed.priority_class } });
  }

  return html`<section class="last ${gone ? "is-gone" : unprinted ? "is-unprinted" : ""}" aria-label=${t("greeter.last")}>
    <div role="status" class="last-number"><p class="last-word"><${Glyph} name=${gone ? "x" : unprinted ? "printer-off" : "check"} />${t(`greeter.${word}`)}</p>
      <p class="number" aria-label=${spoken(ticket.number)}>${spaced(ticket.number)}</p></div>
    ${
      !gone &&
      html`<div class="last-keys">
      ${GRANTED.map(
        (code) => html`<button type="button" class="button" key=${code} aria-pressed=${String(has(code))}
          disabled=${off || busy !== null} onClick=${() => grant(code)}>
        <${Glyph} name=${has(code) ? "check" : iconOfClass(classes, code)} />${nameOfClass(classes, code)}</button>`,
      )}
      ${
        ticket.print === null
          ? html`<a class="button" href="/t/${ticket.id}/paper.png" target="_blank" rel="noopener"><${Glyph} name="ticket" />${t("greeter.picture")}</a>`
          : html`<button type="button" class="button" disabled=${off || busy !== null} onClick=${print}><${Glyph} name="printer" />${t("greeter.print")}</button>`
      }
      <button type="button" class="button" disabled=${off || busy !== null} onClick=${cancel}><${Glyph} name="arrow-back-up" />${t("greeter.cancel")}</button>
    </div>`
    }
  </section>`;
}
