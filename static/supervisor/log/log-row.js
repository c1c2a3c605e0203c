/** One event of the log, in words. */

import { html } from "/static/vendor/preact.js";
import { nameOfClass } from "/static/lib/priority-class.js";
import { clock, longDate, own, spaced, spoken, t } from "/static/lib/text.js";
import { count } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { changesOf } from "./changes.js";
import { localDay } from "/static/lib/local-day.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const ICONS = {
  "ticket.issued": "ticket",
  "ticket.called": "bell-ringing",
  "ticket.called_again": "repeat",
  "ticket.started": "circle-dot",
  "ticket.finished": "check",
  "ticket.no_show": "user-off",
  "ticket.cancelled": "x",
  "ticket.expired": "clock",
  "ticket.priority_changed": "star",
  "ticket.held": "clock-pause",
  "ticket.returned": "arrow-left",
  "ticket.transferred": "arrows-exchange",
  "ticket.dossiers_counted": "list",
  "ticket.people_counted": "users",
  "ticket.visual_call_changed": "hand-stop",
  "ticket.moved": "arrows-exchange",
  "ticket.deferred": "clock-pause",
  "ticket.reinstated": "arrow-back-up",
  "ticket.rated": "star",
  "ticket.undone": "arrow-back-up",
  "counter.opened": "player-play",
  "counter.paused": "player-pause",
  "counter.resumed": "player-play",
  "counter.handed_over": "users",
  "counter.closed": "minus",
  "day.opened": "calendar",
  "day.closed": "calendar",
  "clock.jumped": "alert-triangle",
  "policy.changed": "settings",
  "setting.changed": "settings",
  "drill.held": "check",
  "figures.published": "list",
  "print.sent": "printer",
  "print.printed": "printer",
  "print.failed": "printer-off",
  "log.restored": "alert-triangle",
  "appointment.booked": "calendar",
  "appointment.cancelled": "x",
  "appointment.missed": "user-off",
  "help.asked": "bell-ringing",
  "help.given": "check",
  "notice.posted": "messages",
  "notice.removed": "x",
  "entrance.counted": "users",
  "counter.asked": "messages",
  "counter.answered": "check",
};

// A counter that its clerk closed needs no reason.
const CLOSED_BY = ["moved", "day_end"];

// Settings that have words of their own; others are told as "a setting".
const SETTINGS = [
  "founded",
  "user_added",
  "password_set",
  "signed_out",
  "user_disabled",
  "user_enabled",
  "device_paired",
  "device_revoked",
  "device_measured",
  "token_issued",
  "token_revoked",
  "setup_link_issued",
  "printers_changed",
];

/** What more the data of an event say, by its kind: a list in which what is not there is false or undefined. */
const MORE = {
  "ticket.issued": (data, view) => [data.priority_class !== "ordinary" && classOf(data, view)],
  "ticket.priority_changed": (data, view) => [classOf(data, view)],
  "ticket.called": ({ reason, why }) => [reason && t(`supervisor.reason_${reason}`), why && t(`supervisor.why_${why}`)],
  "ticket.cancelled": ({ why }) => [why && t(`supervisor.ghost_${why}`)],
  "ticket.reinstated": ({ why }) => [why && t(`supervisor.reinstate_${why}`)],
  "ticket.finished": ({ outcome }) => [outcome && t(`supervisor.outcome_${outcome}`)],
  "counter.paused": ({ reason }) => [reason && t(`supervisor.pause_${reason}`)],
  "counter.closed": ({ reason }) => [CLOSED_BY.includes(reason) && t(`supervisor.closed_${reason}`)],
  "notice.posted": ({ texts, until }) => [own(texts), until && t("supervisor.notice_until", { time: clock(until) })],
  "counter.asked": ({ wish }) => [wish && t(`supervisor.wish_${wish}`)],
  "counter.answered": ({ answer }) => [answer && t(`supervisor.answer_${answer}`)],
  "clock.jumped": ({ followed, by, takes_back }) => [
    followed &&
      t(takes_back ? "supervisor.clock_taken_back" : by ? "supervisor.clock_followed" : "supervisor.clock_put_right"),
  ],
};

function classOf({ priority_class }, view) {
  return nameOfClass(view.hall.classes, priority_class);
}

function ofPrint(data) {
  return [
    data.copy && t("supervisor.print_copy"),
    data.cause && t(`printer.${data.cause}_title`, { ...data, number: spaced(data.number) }),
  ];
}

/**
 * The key of the words for what happened.
 * @param {Live.SupervisorEvent} event
 */
function keyOf({ kind, counter, data }) {
  if (kind === "setting.changed" && SETTINGS.includes(String(data?.what))) return `setting_${data?.what}`;
  if (kind === "ticket.undone" && counter === null) return "event_ticket_undone_return";
  if (kind === "ticket.visual_call_changed" && !data?.wanted) return "event_ticket_visual_call_given_up";
  return kind in ICONS ? `event_${kind.replace(".", "_")}` : "event_other";
}

/** What happened, and what more its data say. */
function words(event, view) {
  const { kind, counter, service, data = {} } = event;
  const chosen = view.services.find((one) => one.code === service);
  const fact = t(`supervisor.${keyOf(event)}`, {
    counter,
    service: chosen ? nameOf(chosen) : service,
    kind,
    printer: data.printer,
    file: data.name,
    people: data.people,
    was: data.was && spaced(data.was),
  });
  const more = [
    ...(MORE[kind]?.(data, view) ?? []),
    ...(kind.startsWith("print.") ? ofPrint(data) : []),
    ...changesOf(data, view),
    data.role && t(`supervisor.role_${data.role}`),
    data.device_kind && t(`supervisor.kind_${data.device_kind}`),
  ];
  return [fact, ...more.filter(Boolean)].join(" · ");
}

/** @param {Props<{event: Live.SupervisorEvent, view: Live.SupervisorCounts}>} props */
export function LogRow({ event, number, view }) {
  const at = new Date(event.at);
  const { timezone } = view.hall;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(at);
  const otherDay = localDay(at, timezone) !== localDay(new Date(view.at), timezone);
  return html`<li data-seq=${event.seq} data-kind=${event.kind}>
    <span class="log-time"><time datetime=${event.at}>${time}</time>${otherDay && html` <small>${longDate(at)}</small>`}</span>
    <span class="log-number">${
      number
        ? html`<span aria-label=${spoken(number)}>${spaced(number)}</span>`
        : event.ref
          ? t("supervisor.log_ref", { ref: event.ref })
          : ""
    }</span>
    <span class="log-words"><${Glyph} name=${ICONS[event.kind] ?? "list"} />${words(event, view)}</span>
    <span class="log-seq">${t("supervisor.log_seq", { seq: count(event.seq) })}</span>
  </li>`;
}
