/** No number is given now, or hardly one that is reached today: why, from when again, and what to do. */

import { icon } from "/static/lib/icon.js";
import { firstToOpen } from "/static/lib/opening.js";
import { clock, longDate, t } from "/static/lib/text.js";
import { key, part } from "./part.js";
import { nameOf } from "./service.js";

const NOON = "12:00";

/**
 * "07:30", with its day where that is not today.
 * @param {string} opens_at
 * @param {Date} now
 */
export function fromWhen(opens_at, now) {
  const [then, today] = [longDate(opens_at), longDate(now)];
  return then === today ? clock(opens_at) : t("kiosk.clock_on_day", { clock: clock(opens_at), day: then });
}

class ClosedPage extends HTMLElement {
  #shown = "";

  connectedCallback() {
    this.setAttribute("role", "status"); // it changes by itself
  }

  /** @param {Kiosk.View} view */
  show({ services, workday, now }) {
    const first = firstToOpen(services);
    if (!first) return;
    const { closed, opens_at } = first;
    const other = longDate(opens_at) === longDate(now) ? "" : longDate(opens_at);
    const shown = JSON.stringify([closed, opens_at, workday, other]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const named = closed === "day_off" && workday.name;
    this.replaceChildren(
      part(
        "div",
        "notice-card closed-card",
        part("span", "notice-icon", icon("clock")),
        part("h1", "", named ? t("kiosk.closed_day_named", { name: workday.name }) : t(`kiosk.closed_${closed}`)),
        part("p", "closed-from", t("kiosk.closed_from")),
        part("p", "closed-clock", clock(opens_at)),
        ...(other ? [part("p", "closed-day", other)] : []),
        part("p", "closed-calm", t("kiosk.closed_calm")),
      ),
      ...(workday.shifts?.length
        ? [
            part(
              "div",
              "workday",
              part("h2", "", t("kiosk.workday")),
              part("div", "shifts", ...workday.shifts.map(shiftCard)),
            ),
          ]
        : []),
    );
  }
}

/** @param {Api.ShiftView} shift */
function shiftCard({ opens, closes, issues_to }) {
  return part(
    "div",
    "shift",
    part("p", "", t(opens < NOON ? "kiosk.shift_morning" : "kiosk.shift_afternoon")),
    part("p", "shift-hours", `${opens}–${closes}`),
    part("p", "shift-until", t("kiosk.shift_until", { clock: issues_to })),
  );
}

/** Before the number is taken, not after: today may not be enough. */
class UnlikelyPage extends HTMLElement {
  /** @param {Kiosk.View<"service">} view */
  show({ visit, now }) {
    if (this.firstChild) return;
    const { service } = visit;
    const { closes_at, next_at } = /** @type {Api.ClosingWarningView} */ (service.unlikely);
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "notice-icon", icon("hourglass-empty")),
        part("h1", "", t("kiosk.unlikely")),
        part("p", "notice-words", t("kiosk.unlikely_why", { service: nameOf(service), clock: clock(closes_at) })),
        ...(next_at ? [part("p", "notice-words", t("kiosk.unlikely_next", { when: fromWhen(next_at, now) }))] : []),
      ),
      key("back", "main-key", icon("arrow-left"), part("span", "", t("kiosk.unlikely_back"))),
      key(
        "take-anyway",
        "way",
        icon("ticket"),
        part(
          "span",
          "way-words",
          part("span", "way-name", t("kiosk.unlikely_take")),
          part("span", "way-hint", t("kiosk.unlikely_take_hint")),
        ),
      ),
    );
  }
}

customElements.define("closed-page", ClosedPage);
customElements.define("unlikely-page", UnlikelyPage);
