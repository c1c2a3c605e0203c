/** How a service looks to a citizen: its name, its icon field, how many wait and how long. */

import { icon } from "/static/lib/icon.js";
import { clock, own, range, t } from "/static/lib/text.js";
import { part } from "./part.js";

const HOURS = ["before_hours", "break"]; // closed now, open later today

/** @param {Api.ServiceView} service */
export function nameOf(service) {
  return inLanguage(service.names);
}

/** @param {Api.ServiceView} service */
export function hintOf(service) {
  return inLanguage(service.hints ?? {});
}

/**
 * The icon on its field; hue and shape distinguish the families for those who do not read.
 * @param {Api.ServiceView} service
 */
export function badge(service) {
  const el = part("span", "service-icon", icon(service.icon));
  el.dataset.family = String(service.family);
  return el;
}

/**
 * How many go before one who takes a number now, and the range. Without a forecast it says the people alone, or that no counter is open yet.
 * @param {Api.ServiceView} service
 */
export function waitOf({ open, closed, opens_at, ahead, forecast, counters_open }) {
  if (!open && opens_at && closed && HOURS.includes(closed)) return t("kiosk.service_from", { clock: clock(opens_at) });
  if (!open) return t("kiosk.service_closed");
  const people = t("kiosk.people", { n: ahead });
  if (!forecast && counters_open.length) return people; // nothing can be said now; the people are true all the same
  const time = range(forecast, ahead);
  if (!ahead && (!forecast || time === t("common.no_wait"))) return time;
  return t("kiosk.people_range", { people, range: unbroken(forecast ? time : t("kiosk.no_counter")) });
}

/**
 * The same for the ear, where a dot and a dash say nothing.
 * @param {Api.ServiceView} service
 */
export function spokenWaitOf(service) {
  const { open, ahead, forecast, counters_open } = service;
  if (!open || !ahead) return waitOf(service);
  const people = t("kiosk.speech_ahead", { n: ahead });
  if (forecast) return `${people}\n${t("kiosk.speech_wait", { range: range(forecast, ahead) })}`;
  return counters_open.length ? people : `${people}\n${t("kiosk.no_counter")}`;
}

/**
 * A line that breaks, breaks between the people and the time.
 * @param {string} words
 */
function unbroken(words) {
  return words.replaceAll(" ", "\u00a0").replaceAll("–", "\u2060–\u2060");
}

/** @param {Record<string, string>} words */
function inLanguage(words) {
  return own(words) ?? "";
}
