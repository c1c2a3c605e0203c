/** The paper did not come out: the number itself, to be remembered, and the way on. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import "./paper-ticket.js";
import { key, part } from "./part.js";
import "./time-left.js";
import { wave } from "./wave.js";

const SEEN = ["paper_end", "cover_open"]; // what a citizen can see too; of other troubles only that it is one

class NoPaperPage extends HTMLElement {
  #left = /** @type {any} */ (document.createElement("time-left"));

  /** @param {Kiosk.View<"ticket" | "service">} view */
  show({ hall, visit, now, room }) {
    if (this.firstChild) return;
    const paper = /** @type {any} */ (document.createElement("paper-ticket"));
    const cause = visit.cause && SEEN.includes(visit.cause) ? `kiosk.unprinted_${visit.cause}` : "kiosk.unprinted";
    this.append(
      part(
        "div",
        "no-paper",
        icon("printer-off"),
        part(
          "div",
          "",
          part("p", "no-paper-title", t(cause)),
          part(
            "p",
            "",
            part("b", "", t("kiosk.number_kept")),
            part("span", "no-paper-staff", ` ${t("kiosk.staff_told")}`),
          ),
        ),
        ...wave(/** @type {Api.TicketView} */ (visit.ticket), room),
      ),
      part("h1", "", t("kiosk.remember")),
      paper,
      part(
        "div",
        "ticket-end no-paper-end",
        key("done", "main-key", icon("check"), part("span", "", t(room.tiles > 2 ? "kiosk.noted" : "kiosk.done"))),
        key("print-again", "way", icon("repeat"), part("span", "way-name", t("kiosk.print_again"))),
        this.#left,
      ),
    );
    paper.show({ hall, ticket: visit.ticket, service: visit.service, now });
  }

  /** @param {?number} left_s @param {number} of_s */
  timeLeft(left_s, of_s) {
    this.#left.show(left_s, of_s);
  }
}

customElements.define("no-paper-page", NoPaperPage);
