/** The number is taken: the ticket itself, and the way back to the start. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { key, part } from "./part.js";
import "./paper-ticket.js";
import "./time-left.js";
import { wave } from "./wave.js";

class TicketPage extends HTMLElement {
  #left = /** @type {any} */ (document.createElement("time-left"));

  /** @param {Kiosk.View<"ticket" | "service">} view */
  show({ hall, visit, now, room }) {
    if (this.firstChild) return;
    const { ticket, service, picture } = visit;
    const paper = /** @type {any} */ (document.createElement("paper-ticket"));
    const printed = ticket.print !== null;
    this.append(
      part(
        "div",
        "ask ticket-ask",
        part("span", "ticket-done", icon("check")),
        part("h1", "", t(printed ? "kiosk.take_paper" : "kiosk.remember")),
        ...wave(ticket, room),
      ),
      picture ? paperPicture(ticket) : paper,
      part(
        "div",
        "ticket-next",
        part("div", "ticket-sit", sit(), ...(printed ? [] : [ifMissed(ticket)])),
        ...(printed ? [] : [toPicture(picture)]),
      ),
      part(
        "div",
        "ticket-end",
        key("done", "main-key", icon("check"), part("span", "", t("kiosk.done"))),
        key("more-time", "way", icon("clock"), part("span", "way-name", t("kiosk.more_time"))),
        this.#left,
      ),
    );
    paper.show({ hall, ticket, service, now });
  }

  /** @param {?number} left_s @param {number} of_s */
  timeLeft(left_s, of_s) {
    this.#left.show(left_s, of_s);
  }
}

/** Those who do not see the wall hear that they should listen. */
function sit() {
  const el = part("p", "", t("kiosk.sit"));
  el.dataset.spoken = `${t("kiosk.sit")}\n${t("kiosk.wait_for_call")}`;
  return el;
}

/**
 * What the paper would say, for those who have none.
 * @param {Api.TicketView} ticket
 */
function ifMissed({ help_counters: [n] }) {
  return part("p", "ticket-missed", t("kiosk.absent", { where: n ? t("kiosk.desk_number", { n }) : t("kiosk.desk") }));
}

/**
 * Without a printer, the very picture that would be on paper can be looked at.
 * @param {boolean | undefined} shown
 */
function toPicture(shown) {
  return key(
    "picture",
    "way picture-key",
    icon(shown ? "arrow-left" : "ticket"),
    part("span", "way-name", t(shown ? "kiosk.picture_close" : "kiosk.picture")),
  );
}

/** @param {Api.TicketView} ticket */
function paperPicture({ id, number }) {
  const image = part("img");
  image.src = `/t/${id}/paper.png`;
  image.alt = t("kiosk.picture_of", { number: spaced(number) });
  return part("div", "paper-picture", image);
}

customElements.define("ticket-page", TicketPage);
