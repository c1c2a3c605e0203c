/** The key of somebody who does not hear a call: beside the number, so that it costs nobody else a touch. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part } from "./part.js";

/**
 * An ear crossed out; pressed, a hand that waves.
 * @param {Api.TicketView} ticket
 */
export function wave({ visual_call: wanted }) {
  const words = t(wanted ? "kiosk.waves" : "kiosk.wave");
  const el = key("wave", "way wave-key", icon(wanted ? "hand-stop" : "ear-off"), part("span", "way-name", words));
  el.setAttribute("aria-pressed", String(wanted));
  return el;
}
