/** The key of somebody who does not hear a call: beside the number, so that it costs nobody else a touch. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key } from "./part.js";

const ROOMY = 6; // as many services on a page as there can be

/**
 * An ear crossed out; pressed, the hand that will wave. Who cannot hear need not read to understand it.
 * Small glass has no room for it: there the phone, the greeter and the clerk have such a key.
 * @param {Api.TicketView} ticket
 * @param {Kiosk.View["room"]} room
 */
export function wave({ visual_call: wanted }, { tiles }) {
  if (tiles < ROOMY) return [];
  const el = key("wave", "way wave-key", icon(wanted ? "hand-stop" : "ear-off"));
  el.setAttribute("aria-label", t(wanted ? "kiosk.waves" : "kiosk.wave"));
  el.setAttribute("aria-pressed", String(wanted));
  return [el];
}
