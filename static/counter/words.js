/** Sentences of the console that are put together from what the server says. */

import { duration, own, t } from "/static/lib/text.js";

const CALL_REMINDER_S = 90;
const SERVICE_REMINDER_S = 30 * 60;
const SERVICE_REMINDER_TIMES = 3;

/** Why this one: "Ưu tiên, tính sớm hơn 20 phút"; of a call by hand with the clerk's own reason, once it was made. */
export function why({ reason, head_start_s, by_hand = null }) {
  const words = t(`counter.reason.${reason}`, { minutes: Math.round(head_start_s / 60) });
  return by_hand ? `${words}: ${t(`counter.call_reason.${by_hand}`)}` : words;
}

export function passedWords(count) {
  return count > 0 ? t("counter.passes", { count }) : t("counter.passes_nobody");
}

export function serviceName(code, services) {
  return own(services.find((service) => service.code === code)?.names ?? {}) ?? code;
}

export function seconds(from, now) {
  return Math.max(0, Math.floor((now - Date.parse(from)) / 1000));
}

/** A wait in whole minutes: on this screen only the timer moves. */
export function waitWords(s) {
  return s < 60 ? t("counter.just_come") : duration(s);
}

/** A quiet word when start or finish may have been forgotten; null when not. */
export function reminder({ ticket, view }, now) {
  if (ticket?.state === "called") {
    return seconds(ticket.called_at, now) > CALL_REMINDER_S ? t("counter.remind_start") : null;
  }
  if (ticket?.state === "serving") {
    const usual = (view.today.median_service_s ?? 0) * SERVICE_REMINDER_TIMES;
    const long = seconds(ticket.started_at, now) > Math.max(SERVICE_REMINDER_S, usual);
    return long ? t("counter.remind_finish") : null;
  }
  return null;
}
