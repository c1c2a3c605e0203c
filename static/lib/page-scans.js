/** Hand scanners on the pages of the staff that have no shortcuts: our own ticket is opened, anything else is refused. */

import { Refusal, get } from "/static/lib/api.js";
import { meaningOf, readScans } from "/static/lib/scan.js";
import { t } from "/static/lib/text.js";

/**
 * Read scans until the function returned is called.
 * @param {{found: (ticket: Api.TicketView) => void, refused: (words: string) => void}} on  the ticket that was scanned, or
 *   the sentence why nothing was done; what was scanned is in none of them
 */
export function readTickets({ found, refused }) {
  /** @param {string} unknown  the words where there is no such ticket @param {() => Promise<Api.TicketView>} ask */
  async function open(unknown, ask) {
    try {
      found(await ask());
    } catch (failure) {
      refused(t(failure instanceof Refusal ? unknown : "scan.unreachable"));
    }
  }

  return readScans({
    scanned: async (scan) => {
      const meaning = meaningOf(scan);
      if (meaning.kind === "ticket") await open("scan.no_ticket", () => get(`/tickets/${meaning.id}`));
      else if (meaning.kind === "number") await open("scan.no_number", () => ticketOf(meaning.number));
      else refused(t(meaning.kind === "dossier" ? "scan.dossier_elsewhere" : `scan.${meaning.kind}`));
    },
  });
}

/** @param {string} number  of today, as it stands on a ticket @returns {Promise<Api.TicketView>} */
async function ticketOf(number) {
  const { ref } = await get(`/numbers/${encodeURIComponent(number)}`);
  return get(`/tickets/${/** @type {number} */ (ref)}`); // staff are told the ref
}
