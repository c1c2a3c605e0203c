/** The ticket, drawn as the paper would be: number, where it will be called, how many go before, and the phone's code. */

import { icon } from "/static/lib/icon.js";
import { clock, range, spaced, spoken, t } from "/static/lib/text.js";
import { fits } from "./fit.js";
import { part } from "./part.js";
import { badge, nameOf } from "./service.js";

const MARKED = 3; // more numbers beside the sign are not taken in
const PLATES = 8; // of more counters the numbers are listed
const FIVE_MINUTES_MS = 5 * 60 * 1000;

class PaperTicket extends HTMLElement {
  #fit = fits(this, () => [this, ...this.querySelectorAll(".paper-top, .paper-facts, .facts, .paper-go")], {
    fitted: () => this.#notch(),
  });

  /** @param {{hall: ?Api.HallView, ticket: Api.TicketView, service: Api.ServiceView, now: Date}} view */
  show({ hall, ticket, service, now }) {
    if (this.firstChild) return;
    this.classList.add("ticket", "ticket--raised");
    this.append(
      part(
        "div",
        "paper-top",
        part("p", "paper-label", t("kiosk.your_number")),
        number(ticket),
        part("p", "paper-service", badge(service), part("b", "", nameOf(service)), ...priority(ticket)),
      ),
      part("hr", "perforation"),
      part(
        "div",
        "paper-facts",
        ...places(ticket.counters, hall?.accessible_counters ?? []),
        part("dl", "facts", ...facts(ticket, now)),
        ...code(ticket),
      ),
    );
    this.#fit();
  }

  /** The notches stand where the number ends, however many lines it took. */
  #notch() {
    const top = /** @type {?HTMLElement} */ (this.firstElementChild);
    if (!top) return;
    this.style.setProperty("--notch-at", `${top.offsetTop + top.offsetHeight}px`);
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
 * Where the number will be called, as plates: the same shapes hang above the counters. They are filled only when it is
 * called, since a filled plate says "go there now".
 * @param {number[]} counters
 * @param {number[]} accessible  of all counters
 */
function places(counters, accessible) {
  if (!counters.length) return [];
  const listed = counters.length > PLATES;
  const where = part("p", listed ? "paper-list" : "paper-plates");
  where.dataset.count = String(counters.length);
  counters.forEach((counter, i) => {
    if (i) where.append(i === counters.length - 1 ? ` ${t("kiosk.or")} ` : listed ? ", " : " ");
    where.append(listed ? String(counter) : plate(counter));
  });
  const marked = counters.filter((counter) => accessible.includes(counter));
  const name = part("p", "fact-name", t("kiosk.called_to"), ...(marked.length ? [" ", sign(counters, marked)] : []));
  return [part("div", "paper-go", name, where)];
}

/**
 * The sign of the counters for people with disabilities, and which they are, unless all are or too many.
 * @param {number[]} counters
 * @param {number[]} marked
 */
function sign(counters, marked) {
  const some = marked.length < counters.length && marked.length <= MARKED;
  const image = part("span", "accessible-sign", icon("disabled"));
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", t("kiosk.accessible"));
  const el = part("span", "accessible", image, ...(some ? [part("span", "which", ` ${marked.join(", ")}`)] : []));
  el.dataset.spoken = [...(some ? [marked.join(", ")] : []), t("kiosk.accessible")].join("\n");
  return el;
}

/** @param {number} counter */
export function plate(counter) {
  return part("span", "plate", String(counter));
}

/**
 * Without an open counter nothing is said of the time, and nobody is promised that there is nobody before.
 * @param {Api.TicketView} ticket
 * @param {Date} now
 */
function facts({ due_at, people_ahead, forecast, counters_open }, now) {
  const rows = [];
  if (due_at) rows.push(fact("calendar", t("kiosk.appointment_at"), clock(due_at)));
  if (people_ahead || counters_open.length) {
    const ahead = people_ahead ? t("kiosk.people_ahead", { n: people_ahead }) : t("kiosk.none_ahead");
    rows.push(fact("users", t("kiosk.ahead"), ahead));
  }
  if (forecast) {
    const at = Math.ceil((now.getTime() + forecast.p80_s * 1000) / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
    rows.push(fact("hourglass-empty", t("kiosk.expected"), range(forecast, people_ahead)));
    rows.push(fact("clock", t("kiosk.called_before"), clock(new Date(at))));
  } else if (!counters_open.length) {
    rows.push(fact("hourglass-empty", t("kiosk.expected"), t("common.no_counter_open")));
  }
  return rows;
}

/** @param {string} drawing @param {string} name @param {string} words */
function fact(drawing, name, words) {
  return part("div", "fact", part("dt", "", icon(drawing), part("span", "fact-name", name)), part("dd", "", words));
}

/** @param {Api.TicketView} ticket */
function code({ id, follow_url }) {
  if (!follow_url) return [];
  const image = part("img");
  image.src = `/t/${id}/code.svg`;
  image.alt = "";
  return [part("figure", "paper-code", image, part("figcaption", "", t("kiosk.on_phone")))];
}

customElements.define("paper-ticket", PaperTicket);
