/** The start: what did you come for? Also the further services behind "Việc khác". */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { fits } from "./fit.js";
import { key, part } from "./part.js";
import { serviceTile } from "./service-tile.js";

export const TILES = 6; // more choices on a page are not taken in

/**
 * The services in the order of the tiles; the advice service has a key of its own.
 * @param {Kiosk.View} view
 */
export function choices({ hall, services }) {
  return services.filter(({ code }) => code !== hall.advice_service).sort((a, b) => a.position - b.position);
}

class Tiles {
  /** @type {Map<string, ReturnType<typeof serviceTile>>} */
  #tiles = new Map();
  #faces = "";
  #words = "";
  el = part("div", "tiles");
  #fit = fits(this.el, () => this.el.children);

  /**
   * Draws the tiles again only when other services stand there, or the same with other words.
   * @param {Api.ServiceView[]} services
   */
  show(services) {
    const codes = services.map(({ code }) => code);
    const faces = JSON.stringify(
      services.map(({ code, names, hints, icon, family }) => [code, names, hints, icon, family]),
    );
    if (faces !== this.#faces) {
      this.#faces = faces;
      this.#tiles = new Map(services.map((service) => [service.code, serviceTile(service)]));
      this.el.replaceChildren(...[...this.#tiles.values()].map(({ el }) => el));
      this.el.dataset.count = String(codes.length);
    }
    for (const service of services) this.#tiles.get(service.code)?.show(service);
    const words = this.el.textContent;
    if (words === this.#words) return;
    this.#words = words;
    this.#fit();
  }
}

class ChoicePage extends HTMLElement {
  #search = key("search", "way search-key", icon("search"), part("span", "way-name", t("kiosk.search")));
  #tiles = new Tiles();
  #ways = part("div", "ways");
  #shown = "";

  connectedCallback() {
    this.append(
      part(
        "div",
        "ask",
        part("h1", "", part("span", "greeting", t("kiosk.greeting"), " "), t("kiosk.question")),
        part("p", "ask-hint", t("kiosk.question_hint")),
        this.#search,
      ),
      this.#tiles.el,
      this.#ways,
    );
  }

  /** @param {Kiosk.View} view */
  show(view) {
    const all = choices(view);
    this.#search.hidden = !view.procedures.any;
    this.classList.toggle("has-search", view.procedures.any);
    this.#tiles.show(all.slice(0, TILES));
    const more = Math.max(0, all.length - TILES);
    const unsure = advice(view, "unsure", t("kiosk.unsure_hint"));
    const booked = view.appointments_due || !more ? appointment(view) : null;
    const shown = `${more} ${Boolean(unsure)} ${Boolean(booked)}`;
    if (this.#shown === shown) return;
    this.#shown = shown;
    const others = more ? way("others", "layout-grid", t("kiosk.others_hint", { n: more })) : null;
    this.#ways.replaceChildren(...[unsure, booked, others].filter((each) => each !== null));
    this.dataset.ways = String(this.#ways.children.length);
  }
}

class OthersPage extends HTMLElement {
  #tiles = new Tiles();
  #sheet = part("p", "sheet");
  #turn = part("div", "ways");
  #ways = part("div", "ways");
  #shown = "";

  connectedCallback() {
    this.append(
      part("div", "ask", part("h1", "", t("kiosk.others_question")), this.#sheet),
      this.#tiles.el,
      this.#turn,
      this.#ways,
    );
  }

  /** @param {Kiosk.View<"sheet">} view */
  show(view) {
    const rest = choices(view).slice(TILES);
    const sheets = Math.max(1, Math.ceil(rest.length / TILES));
    const sheet = Math.min(view.visit.sheet, sheets - 1); // a service may have been closed meanwhile
    this.#tiles.show(rest.slice(sheet * TILES, (sheet + 1) * TILES));
    const unsure = advice(view, "not_found", "");
    const shown = `${sheet}/${sheets} ${Boolean(unsure)} ${view.hall.appointments}`;
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#sheet.textContent = sheets > 1 ? t("kiosk.sheet", { sheet: sheet + 1, sheets }) : "";
    this.#turn.replaceChildren(
      ...[
        sheet > 0 ? way("previous", "arrow-left", "") : null,
        sheet < sheets - 1 ? way("next", "arrow-right", "") : null,
        appointment(view),
      ].filter((each) => each !== null),
    );
    this.#ways.replaceChildren(...[way("back", "arrow-left", ""), unsure].filter((each) => each !== null));
  }
}

/**
 * The yellow key that leads to a person; none when the hall has no such service.
 * @param {Kiosk.View} view
 * @param {string} words
 * @param {string} hint
 */
export function advice({ hall, services }, words, hint) {
  if (!services.some(({ code }) => code === hall.advice_service)) return null;
  const el = way(words, "message-question", hint);
  el.dataset.press = "unsure";
  el.classList.add("is-ask");
  return el;
}

/**
 * The way of those who come with a code; none where nobody gives appointments. On a day with any it is on the start.
 * @param {Kiosk.View} view
 */
function appointment({ hall }) {
  return hall.appointments ? way("appointment", "calendar", "") : null;
}

/** @param {string} press @param {string} name  of the icon @param {string} hint */
function way(press, name, hint) {
  const words = part("span", "way-words", part("span", "way-name", t(`kiosk.${press}`)));
  if (hint) words.append(part("span", "way-hint", hint));
  return key(press, "way", icon(name), words);
}

customElements.define("choice-page", ChoicePage);
customElements.define("others-page", OthersPage);
