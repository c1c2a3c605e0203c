/** Draws "my ticket": what is known, since when, and what the citizen can do. */

import { byId } from "/static/lib/dom.js";
import { because, clock, day, own, range, spaced, spoken, t } from "/static/lib/text.js";
import { FINAL } from "./follow.js";

const SPRITE = "/static/vendor/icons-phone.svg#";
const SOON_S = 300; // earlier than this nobody should be sent out of the hall
const STEP_MS = 300_000; // of the time at which to be here
const ASKED = 3; // more counters to ask at are not taken in
const ROOM = 11; // characters beside large figures: "10–15 phút", but not "100–125 phút"
const OVER = {
  finished: "check",
  no_show: "user-off",
  cancelled: "x",
  expired: "hourglass-empty",
  unknown: "help-circle",
};

/** State -> DOM; called for every change, so it only writes what differs. */
export class TicketView {
  /** @param known  what ticket.js knows: `at` is when the ticket came, `seen_at` when it was last found true */
  // eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
  draw({ ticket, at, seen_at, now, hall, services, unknown, lost }) {
    write("clock", clock(now));
    write(
      "updated",
      t(lost || FINAL.has(ticket?.state) ? "citizen.ended" : "citizen.updated", { time: withSeconds(seen_at) }),
    );
    if (hall) write("hall", `${hall.name} ${hall.office.replace(/^UBND /, "")}`);
    const state = unknown ? "unknown" : (ticket?.state ?? "opening");
    document.body.dataset.state = state;
    document.body.classList.toggle("is-over", state in OVER);
    document.body.classList.toggle("is-lost", Boolean(lost));
    byId("lost").hidden = !lost;
    if (lost) write("lost-since", t("citizen.lost", { time: clock(lost) }));
    if (ticket) this.#ticket(ticket, at, now);
    byId("said").hidden = !ticket?.notice;
    if (ticket?.notice) write("said", own(ticket.notice.texts));
    if (ticket) this.#service(services?.find(({ code }) => code === ticket.service));
    if (state in OVER) this.#over(state, ticket);
  }

  #ticket(ticket, at, now) {
    const { number, state } = ticket;
    const old = ticket.moved_from[ticket.moved_from.length - 1];
    if (old) write("number-label", t("citizen.number_moved", { old: spaced(old) }));
    else write("number-label", t(state === "waiting" ? "citizen.your_number" : "citizen.number"));
    write("number", spaced(number));
    byId("number").setAttribute("aria-label", spoken(number));
    // M is 0.95 em wide, the gap 0.2, a figure 0.69: a fifth figure makes the type smaller, not the ticket wider.
    byId("number").style.setProperty("--ems", (/^\D/.test(number) ? 1.15 - 0.69 : 0) + 0.69 * number.length);
    if (state === "waiting") this.#waiting(ticket, at, now);
    if (ticket.counter !== null) write("plate", String(ticket.counter));
    byId("plate").setAttribute("aria-label", t("citizen.counter", { n: ticket.counter }));
    write("room", ticket.room ? own(ticket.room) : "");
    if (state === "called") {
      write(
        "note",
        ticket.calls > 1
          ? t("citizen.called_times", { n: ticket.calls })
          : t("citizen.called_at", { time: clock(ticket.called_at) }),
      );
      write("missed", t("citizen.missed", { counters: helpCounter(ticket) }));
    }
    if (state === "held") write("note", because(ticket.why));
    if (state === "serving") write("note", t("citizen.serving_since", { time: clock(ticket.started_at) }));
  }

  #waiting({ people_ahead, due_at, forecast, counters, counters_open, room, delay_s, longer }, at, now) {
    figures(byId("ahead"), t("citizen.people", { n: people_ahead }));
    figures(byId("about"), range(forecast, people_ahead, counters_open));
    // Down to five minutes: a time that changes all the while is not believed.
    const by = forecast && new Date(Math.floor((at.getTime() + forecast.p10_s * 1000) / STEP_MS) * STEP_MS);
    const left_s = by && (by - now) / 1000;
    const missing = counters_open.length ? "stay" : "none_open";
    const key = by === null ? missing : left_s < SOON_S ? "near" : "by";
    write("notice", t(`citizen.${key}`, { time: by && clock(by) }));
    write("notice-why", longer ? because(longer) : t(`citizen.${key}_why`));
    byId("where").replaceChildren(`${t("citizen.wait_for")} `, ...listed(counters), room ? `, ${own(room)}` : "");
    byId("due").hidden = !due_at;
    if (due_at) write("due-at", t("citizen.appointment_at", { time: clock(due_at) }));
    const delayed = byId("delayed");
    delayed.hidden = delay_s <= 0;
    const words = t("citizen.delayed", { n: Math.max(1, Math.round(delay_s / 60)) });
    if (delayed.lastElementChild.textContent !== words) delayed.lastElementChild.textContent = words;
  }

  #service(service) {
    /** @type {HTMLElement} */ (document.querySelector(".service")).style.visibility = service ? "" : "hidden";
    if (!service) return;
    write("service", own(service.names));
    const icon = byId("service-icon");
    if (icon.dataset.family === String(service.family)) return;
    icon.dataset.family = service.family;
    icon.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use></use></svg>`;
    icon.querySelector("use").setAttribute("href", SPRITE + service.icon);
  }

  #over(state, ticket) {
    byId("ended-icon").setAttribute("href", SPRITE + OVER[state]);
    write("ended", t(`citizen.${state}`));
    // Without a ticket there is no number to head the page.
    byId("ended").setAttribute("aria-level", ticket ? "2" : "1");
    const time = ticket?.finished_at ?? ticket?.called_at;
    const what = t(`citizen.${state}_what`, {
      time: time && clock(time),
      date: ticket && day(ticket.issued_at),
      counters: helpCounter(ticket),
    });
    write("ended-what", state === "no_show" && ticket.why ? `${what} ${because(ticket.why)}` : what);
  }
}

/** "2" or "2 or 3" as plates are named: the counters in bold, the words between them not. */
function listed(counters) {
  return counters.flatMap((n, i) => {
    const name = Object.assign(document.createElement("b"), { textContent: t("citizen.counter", { n }) });
    name.className = "whole";
    if (i === 0) return [name];
    return [i === counters.length - 1 ? ` ${t("citizen.or")} ` : ", ", name];
  });
}

/** Where people ask: open counters, by number once the ticket is known. */
export function helpCounter(ticket) {
  if (!ticket?.help_counters.length) return t("citizen.desk");
  return ticket.help_counters
    .slice(0, ASKED)
    .map((n) => t("citizen.counter", { n }))
    .join(` ${t("citizen.or")} `);
}

/** "12 phút": the figures large, the words beside them small. Words alone stay small. */
function figures(target, text) {
  if (target.dataset.shown === text) return;
  target.dataset.shown = text;
  const [, before, digits, after] = text.match(/^(\D*)([\d–]*)(.*)$/);
  target.classList.toggle("is-words", !digits);
  target.classList.toggle("is-long", text.length > ROOM);
  target.replaceChildren(before, Object.assign(document.createElement("b"), { textContent: digits }), after);
}

function withSeconds(date) {
  return `${clock(date)}:${String(date.getSeconds()).padStart(2, "0")}`;
}

function write(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
}
