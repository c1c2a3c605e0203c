/** After a restore: a number that stands on paper and not in the log is given back to its holder. */

import { written } from "/static/lib/number.js";
import { t } from "/static/lib/text.js";
import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/**
 * `done` gets the ticket that waits again; its letter names the service.
 * @param {{services: Api.ServiceView[], wanted: string, off: boolean, busy: ?string, send: Greeter.Send, refuse: (words: string) => void, done: (ticket: Api.TicketView) => void}} props
 */
export function NumberEntry({ services, wanted, off, busy, send, refuse, done }) {
  const [number, setNumber] = useState("");
  /** @param {Event} event */
  async function enter(event) {
    event.preventDefault();
    if (!written(number)) return refuse(t("greeter.entry_missing"));
    const service = services.find(({ prefix }) => written(number).startsWith(prefix));
    if (!service) return refuse(t("greeter.no_such_letter"));
    const ticket = await send("entry", "/tickets", {
      service: service.code,
      priority_class: wanted,
      number: written(number),
    });
    if (!ticket) return;
    setNumber("");
    done(ticket);
  }
  return html`<form class="entry" onSubmit=${enter} noValidate aria-labelledby="entry-title">
    <h2 id="entry-title">${t("greeter.entry_title")}</h2>
    <p id="entry-hint">${t("greeter.entry_hint")}</p>
    <label for="entry-number">${t("greeter.entry_number")}</label>
    <div class="entry-row"><input id="entry-number" value=${number} maxlength="6" autocomplete="off" autocapitalize="characters" required
        aria-describedby="entry-hint" onInput=${({ target }) => setNumber(target.value)} />
      <button type="submit" class="button" disabled=${off || busy !== null}><${Glyph} name="check" />${t("greeter.entry")}</button></div>
  </form>`;
}
