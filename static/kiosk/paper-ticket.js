/** The ticket, drawn as the paper would be: number, where to go, how long, and what if the call is missed. */

import { icon } from "/static/lib/icon.js";
import { clock, day, longDate, range, spaced, spoken, t } from "/static/lib/text.js";
import { part } from "./part.js";
import { badge, nameOf } from "./service.js";

const PLATES = 3; // more counters are listed in words
const FIVE_MINUTES_MS = 5 * 60 * 1000;

class PaperTicket extends HTMLElement {
  /** @param {{hall: Api.HallView, ticket: Api.TicketView, service: Api.ServiceView}} view */
  show({ hall, ticket, service }) {
    if (this.firstChild) return;
    const issued_at = new Date(ticket.issued_at);
    this.classList.add("ticket", "ticket--raised");
    this.append(
      part(
        "div",
        "paper-top",
        part("p", "paper-office", part("span", "", hall.office), part("span", "", hall.name)),
        part("p", "paper-label", t("kiosk.your_number")),
        number(ticket),
        part("p", "paper-service", badge(service), part("b", "", nameOf(service)), ...priority(ticket)),
      ),
      part("hr", "perforation"),
      part("div", "paper-facts", goTo(ticket.counters), part("dl", "facts", ...facts(ticket, issued_at))),
      part(
        "div",
        "paper-end",
        part("p", "paper-time", t("kiosk.issued", { clock: clock(issued_at), date: longDate(issued_at) })),
        part(
          "p",
          "paper-small",
          `${t("kiosk.valid", { day: day(issued_at) })} ${t("kiosk.absent", { where: helpCounter(hall) })} `,
          part("b", "", hall.hotline ? t("kiosk.hotline", { hotline: hall.hotline }) : ""),
        ),
      ),
    );
    /** @type {HTMLElement} */ (this.querySelector(".paper-office")).lang = "vi";
  }
}

/** @param {Api.TicketView} ticket */
function number({ number }) {
  const el = part("p", "paper-number number", spaced(number));
  el.setAttribute("role", "img"); // read from the label: "B 27", not "B zero twenty-seven"
  el.setAttribute("aria-label", spoken(number));
  return el;
}

/** @param {Api.TicketView} ticket */
function priority({ priority_class }) {
  return priority_class === "ordinary" ? [] : [part("span", "paper-priority", t("kiosk.priority"))];
}

/**
 * Where to go, as plates: the same shapes hang above the counters. A long row of them would say nothing.
 * @param {number[]} counters
 */
function goTo(counters) {
  if (!counters.length) return "";
  const where = part("p", counters.length > PLATES ? "paper-list" : "paper-plates");
  where.dataset.count = String(counters.length);
  counters.forEach((counter, i) => {
    if (i) where.append(i === counters.length - 1 ? ` ${t("kiosk.or")} ` : counters.length > PLATES ? ", " : " ");
    where.append(counters.length > PLATES ? String(counter) : plate(counter));
  });
  return part("div", "paper-go", part("p", "fact-name", t("kiosk.go_to")), where);
}

/** @param {number} counter */
export function plate(counter) {
  return part("span", "plate", String(counter));
}

/** @param {Api.TicketView} ticket @param {Date} issued_at */
function facts({ people_ahead, forecast }, issued_at) {
  const ahead = people_ahead ? t("kiosk.people_ahead", { n: people_ahead }) : t("kiosk.none_ahead");
  const rows = [fact("users", t("kiosk.ahead"), ahead)];
  if (forecast) {
    const before = new Date(
      Math.ceil((issued_at.getTime() + forecast.p80_s * 1000) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS,
    );
    rows.push(fact("hourglass-empty", t("kiosk.expected"), range(forecast, people_ahead)));
    rows.push(fact("clock", t("kiosk.called_before"), clock(before)));
  }
  return rows;
}

/** @param {string} drawing @param {string} name @param {string} words */
function fact(drawing, name, words) {
  return part("div", "fact", part("dt", "", icon(drawing), part("span", "fact-name", name)), part("dd", "", words));
}

/** @param {Api.HallView} hall */
function helpCounter({ advice_counters: [n] }) {
  return n === undefined ? t("kiosk.desk") : t("kiosk.desk_number", { n });
}

customElements.define("paper-ticket", PaperTicket);
