/** A printer needs a hand: what is wrong, what to do, and that no number is lost by it. */

import { spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

export function PrinterOut({ desk }) {
  const [first] = desk.view.printers;
  if (!first || desk.lost_since) return null;
  const { printer, cause, number, spare } = first;
  const told = { printer, number: spaced(number) };
  return html`<section class="printer-out" role="status" data-cause=${cause}>
    <${Glyph} name="printer-off" />
    <p><b>${t(`printer.${cause}_title`, told)}</b> ${t("printer.kept")} ${t(`printer.${cause}`, told)}${
      spare && html` ${t("printer.spare")}`
    }</p>
  </section>`;
}

/** Prints the ticket at the desk once more, marked as a copy. */
export function Reprint({ desk }) {
  const { ticket, view } = desk;
  if (!view.printing || !ticket || desk.lost_since || desk.kept) return null;
  return html`<button type="button" class="foot-keys" onClick=${() => desk.press("print", "print")}>
    ${t("counter.act.print", { number: spaced(ticket.number) })} <kbd class="key">${t("counter.key.i")}</kbd></button>`;
}
