/** Pages that say one thing: opening, a number being taken, a refusal, no server, more time? */

import { icon } from "/static/lib/icon.js";
import { clock, t } from "/static/lib/text.js";
import { key, part } from "./part.js";
import { plate } from "./paper-ticket.js";
import "./time-left.js";

const WAYS = 3; // more counters at once are not taken in

/** The frame alone at first: words only for those who wait longer than a glance. */
class OpeningPage extends HTMLElement {
  show() {
    if (!this.firstChild) this.append(part("h1", "notice-late", t("kiosk.opening")));
  }
}

class SendingPage extends HTMLElement {
  show() {
    if (this.firstChild) return;
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "notice-icon", icon("hourglass-empty")),
        part("h1", "", t("kiosk.sending")),
        part("p", "notice-words", t("kiosk.sending_hint")),
      ),
    );
  }
}

/** No number can be had here: where a person gives one. */
class LostPage extends HTMLElement {
  /** @param {{hall: ?Api.HallView, lost_since: Date, visit: Screen.Visit}} view  the hall may not be known yet */
  show({ hall, lost_since, visit }) {
    if (this.firstChild) return;
    this.append(
      part("h1", "lost-title", t("kiosk.desk_title")),
      ...way(hall?.advice_counters ?? []),
      part("p", "lost-words", t("kiosk.lost_since", { clock: clock(lost_since) }), " ", t("kiosk.lost_back")),
      ...(visit.page === "lost"
        ? [key("start", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.to_start")))]
        : []),
    );
  }
}

/** The hall said no: what it said, and two ways on. */
class RefusedPage extends HTMLElement {
  /** @param {Kiosk.View<"refusal">} view */
  show(view) {
    if (this.firstChild) return;
    const { visit } = view;
    const { counters, elsewhere } = help(view);
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "notice-icon", icon("info-circle")),
        part("h1", "", visit.refusal.title),
        part("p", "notice-words", visit.refusal.words),
      ),
      part(
        "div",
        "refused-way",
        part("p", "lost-words", t(elsewhere ? "kiosk.refused_help_elsewhere" : "kiosk.refused_help")),
        ...way(counters),
      ),
      key("back", "main-key", icon("arrow-left"), part("span", "", t("kiosk.back"))),
    );
  }
}

/** Somebody of the staff is asked to come here. Where no screen of theirs is on, it says where they are. */
class HelpPage extends HTMLElement {
  #shown = "";

  /** @param {Kiosk.View} view */
  show(view) {
    const { heard } = view.visit;
    const { counters, elsewhere } = help(view);
    const unheard = elsewhere ? "help_elsewhere" : "help_unheard";
    const words = heard === undefined ? "help_asking" : heard ? "help_asked" : unheard;
    if (words === this.#shown) return;
    this.#shown = words;
    this.replaceChildren(
      part(
        "div",
        "notice-card for-help",
        part("span", "notice-icon", icon("bell-ringing")),
        part("h1", "", t(`kiosk.${words}`)),
        part("p", "notice-words", t(`kiosk.${words}_hint`)),
      ),
      ...(heard === false ? [part("div", "refused-way", ...way(counters))] : []),
      key("back", "main-key", icon("arrow-left"), part("span", "", t("kiosk.back"))),
    );
  }
}

class MoreTimePage extends HTMLElement {
  #left = /** @type {any} */ (document.createElement("time-left"));

  show() {
    if (this.firstChild) return;
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "notice-icon", icon("clock")),
        part("h1", "", t("kiosk.more_question")),
        this.#left,
      ),
      key("more-time", "main-key", icon("check"), part("span", "", t("kiosk.more_yes"))),
      key("start", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.to_start"))),
    );
  }

  /** @param {?number} left_s @param {number} of_s */
  timeLeft(left_s, of_s) {
    this.#left.show(left_s, of_s);
  }
}

/**
 * Arrow and plates, as on the wall.
 * @param {number[]} counters
 */
function way(counters) {
  if (!counters.length) return [];
  const shown = counters.slice(0, WAYS);
  const el = part(
    "div",
    "lost-way",
    icon("arrow-right"),
    ...shown.map((counter) => part("span", "help-counter", part("span", "", t("kiosk.counter")), " ", plate(counter))),
  );
  el.dataset.count = String(shown.length);
  return [el];
}

/**
 * Where a person helps now: at an open counter that gives advice, else at any that is open. With none open: where it usually is.
 * @param {Kiosk.View} view
 */
function help({ hall, services }) {
  const open = services.find(({ code }) => code === hall.advice_service)?.counters_open ?? [];
  const others = [...new Set(services.flatMap(({ counters_open }) => counters_open))].sort((a, b) => a - b);
  const elsewhere = !open.length && others.length > 0;
  return { counters: open.length ? open : elsewhere ? others : hall.advice_counters, elsewhere };
}

customElements.define("opening-page", OpeningPage);
customElements.define("sending-page", SendingPage);
customElements.define("lost-page", LostPage);
customElements.define("refused-page", RefusedPage);
customElements.define("help-page", HelpPage);
customElements.define("more-time-page", MoreTimePage);
