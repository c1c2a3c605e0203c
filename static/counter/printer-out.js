/** A printer needs a hand: what is wrong, what to do, and that no number is lost by it. */

import { spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

export function PrinterOut({ store }) {
  const [first] = store.view.printers;
  if (!first || store.lost_since) return null;
  const { printer, cause, number, spare } = first;
  const params = { printer, number: spaced(number) };
  return html`<section class="printer-out" role="status" data-cause=${cause}>
    <${Glyph} name="printer-off" />
    <p><b>${t(`printer.${cause}_title`, params)}</b> ${t("printer.kept")} ${t(`printer.${cause}`, params)}${
      spare && html` ${t("printer.spare")}`
    }</p>
  </section>`;
}

/** Prints the ticket at the counter once more, marked as a copy. */
export function Reprint({ store }) {
  const { ticket, view } = store;
  if (!view.printing || !ticket || store.lost_since || store.kept) return null;
  return html`<button type="button" class="foot-keys" onClick=${() => store.press("print", "print")}>
    ${t("counter.act.print", { number: spaced(ticket.number) })} <kbd class="key">${t("counter.key.i")}</kbd></button>`;
}
