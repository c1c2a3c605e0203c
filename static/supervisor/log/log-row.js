/** One event of the log, in words. */

import { html } from "/static/vendor/preact.js";
import { nameOfClass } from "/static/lib/priority-class.js";
import { longDate, spaced, spoken, t } from "/static/lib/text.js";
import { count } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { localDay } from "/static/supervisor/parts/periods.js";
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
  "print.sent": "printer",
  "print.printed": "printer",
  "print.failed": "printer-off",
  "log.restored": "alert-triangle",
  "appointment.booked": "calendar",
  "appointment.cancelled": "x",
  "appointment.missed": "user-off",
  "help.asked": "bell-ringing",
  "help.given": "check",
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
  "printers_changed",
];

/** What happened, and what more its data tell. */
function words(event, view) {
  const { kind, counter, service, data = {} } = event;
  const chosen = view.services.find((one) => one.code === service);
  let known = kind in ICONS ? `event_${kind.replace(".", "_")}` : "event_other";
  if (kind === "setting.changed" && SETTINGS.includes(data.what)) known = `setting_${data.what}`;
  const fact = t(`supervisor.${known}`, {
    counter,
    service: chosen ? nameOf(chosen) : service,
    kind,
    printer: data.printer,
  });
  const more = [];
  if (kind === "ticket.priority_changed" || (kind === "ticket.issued" && data.priority_class !== "ordinary"))
    more.push(nameOfClass(view.hall.classes, data.priority_class));
  if (kind === "ticket.called" && data.reason) more.push(t(`supervisor.reason_${data.reason}`));
  if (kind === "ticket.called" && data.why) more.push(t(`supervisor.why_${data.why}`));
  if (kind === "ticket.finished" && data.outcome) more.push(t(`supervisor.outcome_${data.outcome}`));
  if (kind === "counter.paused" && data.reason) more.push(t(`supervisor.pause_${data.reason}`));
  if (kind === "counter.closed" && CLOSED_BY.includes(data.reason)) more.push(t(`supervisor.closed_${data.reason}`));
  if (kind.startsWith("print.") && data.copy) more.push(t("supervisor.print_copy"));
  if (kind.startsWith("print.") && data.cause) {
    more.push(t(`printer.${data.cause}_title`, { ...data, number: spaced(data.number) }));
  }
  if (data.role) more.push(t(`supervisor.role_${data.role}`));
  if (data.device_kind) more.push(t(`supervisor.kind_${data.device_kind}`));
  if (kind === "clock.jumped" && data.followed)
    more.push(t(data.by ? "supervisor.clock_followed" : "supervisor.clock_put_right"));
  return [fact, ...more].join(" · ");
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
