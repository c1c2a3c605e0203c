/** What a scan means at a counter: our own ticket is picked, a receipt is noted with the visit, anything else is refused. */

import { Refusal, get } from "/static/lib/api.js";
import { meaningOf } from "/static/lib/scan.js";
import { OF_NUMBER } from "./steps.js";

/**
 * Do what a scan means, or show why nothing was done. What is no ticket and no receipt of a dossier is neither shown nor sent.
 * @param {import("/static/lib/scan.js").Scan} scan
 * @param {{store: any, panel: any}} console  its parts, as they are now
 */
export async function readScan(scan, console) {
  const { store, panel } = console;
  const meaning = meaningOf(scan);
  if (meaning.kind === "dossier") noteDossier(meaning.code, store);
  else if (meaning.kind === "number") show({ number: meaning.number }, store, panel);
  else if (meaning.kind !== "ticket") store.explainScan(meaning.kind);
  else if (store.lost_since) store.explain("lost");
  else {
    try {
      show(await get(`/tickets/${meaning.id}`), store, panel);
    } catch (failure) {
      if (failure instanceof Refusal) store.explainScan("no_ticket");
      else store.explain("gave_up");
    }
  }
}

function noteDossier(code, store) {
  if (store.ticket?.state === "serving" && !store.kept) store.noteDossier(code);
  else store.explain("note_when_serving");
}

/**
 * @param {Partial<Api.TicketView> & {number: string}} ticket  of one whose number was scanned only that is known
 */
function show({ number, state, counter, why }, store, panel) {
  const place = store.placeOf(number);
  if (panel.question && OF_NUMBER.has(panel.name)) {
    panel.write(number);
    panel.confirm(number);
  } else if (place === "here") store.explain(`scanned_${store.ticket.state}`, number);
  else if (place === "waiting") {
    panel.shut();
    panel.write(store.waiting(number).number);
  } else if (place === "away") panel.open("return", number);
  else if (state === undefined) store.explain("scanned_elsewhere", number);
  else store.explainTicket({ number, state, counter, why });
}
