/** The start: what did you come for? Also the further services behind "Việc khác". */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { fits } from "./fit.js";
import { key, part } from "./part.js";
import { serviceTile } from "./service-tile.js";

const BRIEF = ["unsure", "not_found", "appointment"]; // ways with a shorter name

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
  #fit = fits(this.el, () => this.el.children, {
    words: () => this.el.querySelectorAll(".tile-name"),
  });

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
    const { tiles, keyboard } = view.room; // more than six choices on a page are not taken in
    const search = view.procedures.any && keyboard;
    this.#search.hidden = !search;
    this.classList.toggle("has-search", search);
    this.#tiles.show(all.slice(0, tiles));
    const more = Math.max(0, all.length - tiles);
    const unsure = advice(view, "unsure", t("kiosk.unsure_hint"));
    const booked = view.appointments_due || !more ? appointment(view) : null;
    const shown = `${more} ${Boolean(unsure)} ${Boolean(booked)}`;
    if (this.#shown === shown) return;
    this.#shown = shown;
    const others = more ? way("others", "layout-grid", t("kiosk.others_hint", { n: more }), view.room) : null;
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
    const { tiles, room } = view.room;
    const rest = choices(view).slice(tiles);
    const sheets = Math.max(1, Math.ceil(rest.length / tiles));
    const sheet = Math.min(view.visit.sheet, sheets - 1); // a service may have been closed meanwhile
    this.#tiles.show(rest.slice(sheet * tiles, (sheet + 1) * tiles));
    const unsure = advice(view, "not_found", "");
    // On small glass all ways share a row, and what stands on the first page is not said again.
    const small = room !== "full";
    const booked = small && view.appointments_due ? null : appointment(view);
    const shown = `${sheet}/${sheets} ${Boolean(unsure)} ${Boolean(booked)}`;
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#sheet.textContent = sheets > 1 ? t("kiosk.sheet", { sheet: sheet + 1, sheets }) : "";
    const turn = [
      sheet > 0 ? way("previous", "arrow-left", "", view.room) : null,
      sheet < sheets - 1 ? way("next", "arrow-right", "", view.room) : null,
      booked,
    ].filter((each) => each !== null);
    const back = way("back", "arrow-left", "", view.room);
    const ways = [unsure].filter((each) => each !== null);
    this.#turn.replaceChildren(...(small ? [] : turn));
    this.#ways.replaceChildren(back, ...(small ? [...turn, ...(tiles > 2 ? ways : [])] : ways));
  }
}

/**
 * The yellow key that leads to a person; none when the hall has no such service.
 * @param {Kiosk.View} view
 * @param {string} words
 * @param {string} hint
 */
export function advice({ hall, services, room }, words, hint) {
  if (!services.some(({ code }) => code === hall.advice_service)) return null;
  const el = way(words, "message-question", hint, room);
  el.dataset.press = "unsure";
  el.classList.add("is-ask");
  return el;
}

/**
 * The way of those who come with a code; none where nobody gives appointments. On a day with any it is on the start.
 * @param {Kiosk.View} view
 */
function appointment({ hall, room }) {
  return hall.appointments ? way("appointment", "calendar", "", room) : null;
}

/**
 * A way that is no service; on glass with room for two services it is named by a word or two.
 * @param {string} press
 * @param {string} name  of the icon
 * @param {string} hint
 * @param {Kiosk.Room} room
 */
function way(press, name, hint, { tiles }) {
  const short = tiles <= 2 && BRIEF.includes(press);
  const named = part("span", "way-name", t(`kiosk.${press}${short ? "_short" : ""}`));
  if (short) named.dataset.spoken = t(`kiosk.${press}`);
  const words = part("span", "way-words", named);
  if (hint) words.append(part("span", "way-hint", hint));
  return key(press, "way", icon(name), words);
}

customElements.define("choice-page", ChoicePage);
customElements.define("others-page", OthersPage);
