/** A ticket was held under a scanner: where its number stands, and why it was not called yet. */

import { Refusal, get } from "/static/lib/api.js";
import { icon } from "/static/lib/icon.js";
import { meaningOf } from "/static/lib/scan.js";
import { because, range, spaced, spoken, t } from "/static/lib/text.js";
import { plate } from "./paper-ticket.js";
import { key, part } from "./part.js";

const CODE = /^[0-9]{6}$/; // of an appointment

/**
 * What a scan is to the kiosk: a code to check in with, a number with what is said of it, or words why it is nothing.
 * @param {import("/static/lib/scan.js").Scan} scan
 * @param {?Api.HallView} hall
 * @returns {Promise<{code?: string, number?: Screen.Standing, words?: string}>}
 * @throws {Error} the server cannot be reached
 */
export async function readScan(scan, hall) {
  if (hall?.appointments && CODE.test(scan.place)) return { code: scan.place };
  const meaning = meaningOf(scan);
  if (meaning.kind !== "ticket" && meaning.kind !== "number") return { words: t(`kiosk.scan_${meaning.kind}`) };
  try {
    const number =
      meaning.kind === "ticket"
        ? await get(`/tickets/${meaning.id}`)
        : await get(`/numbers/${encodeURIComponent(meaning.number)}`);
    return { number };
  } catch (failure) {
    if (failure instanceof Refusal) return { words: t("kiosk.scan_no_ticket") };
    throw failure;
  }
}

class ScannedPage extends HTMLElement {
  /** @param {Kiosk.View<"standing">} view */
  show({ visit }) {
    if (this.firstChild) return;
    const { number, state, people_ahead: n, forecast, counters_open, counter, why } = visit.standing;
    const sign = part("p", "scanned-number number", spaced(number));
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", spoken(number));
    const next = state === "waiting" && n === 0 ? "next" : state;
    this.append(
      part(
        "div",
        "notice-card",
        sign,
        part("h1", "", t(`kiosk.scanned_${next}`, { n, range: range(forecast, n, counters_open) })),
        ...(state === "called" && counter !== null ? [plate(counter)] : []),
        // Of one who waits the figure stands above already.
        ...(why && !["waiting", "called", "serving"].includes(state)
          ? [part("p", "notice-words", because(why) ?? "")]
          : []),
      ),
      key("back", "main-key", icon("arrow-left"), part("span", "", t("kiosk.back"))),
    );
  }
}

customElements.define("scanned-page", ScannedPage);
