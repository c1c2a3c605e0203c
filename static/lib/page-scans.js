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
  return readScans({
    scanned: async (scan) => {
      const meaning = meaningOf(scan);
      if (meaning.kind === "ticket") {
        try {
          found(await get(`/tickets/${meaning.id}`));
        } catch (failure) {
          refused(failure instanceof Refusal ? t("scan.no_ticket") : t("scan.unreachable"));
        }
      } else if (meaning.kind === "dossier") refused(t("scan.dossier_elsewhere"));
      else refused(t(`scan.${meaning.kind === "number" ? "link_only" : meaning.kind}`));
    },
  });
}
