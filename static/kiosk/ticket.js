/** The number is taken: the ticket itself, and the way back to the start. */

import { icon } from "/static/icon.js";
import { t } from "/static/text.js";
import { key, part } from "./part.js";
import "./paper-ticket.js";
import "./time-left.js";

class TicketPage extends HTMLElement {
  #left = document.createElement("time-left");

  show({ hall, visit }) {
    if (this.firstChild) return;
    const paper = document.createElement("paper-ticket");
    this.append(
      part("div", "ask ticket-ask", part("span", "ticket-done", icon("check")), part("h1", "", t("kiosk.remember"))),
      paper,
      part("p", "ticket-sit", t("kiosk.sit")),
      part("div", "ticket-end",
        key("done", "main-key", icon("check"), part("span", "", t("kiosk.done"))),
        key("more-time", "way", icon("clock"), part("span", "way-name", t("kiosk.more_time"))),
        this.#left),
    );
    paper.show({ hall, ticket: visit.ticket, service: visit.service });
  }

  timeLeft(left_s, of_s) {
    this.#left.show(left_s, of_s);
  }
}

customElements.define("ticket-page", TicketPage);
