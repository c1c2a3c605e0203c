/** Find what one came for by one's own words: answers as one types, each with the picture and colour of its tile. */

import { icon } from "/static/lib/icon.js";
import { typedPieces } from "/static/lib/find.js";
import { atHome } from "/static/lib/procedures.js";
import { own, t } from "/static/lib/text.js";
import { advice } from "./choice.js";
import { keyboard } from "./keyboard.js";
import { key, part, write } from "./part.js";
import { badge, nameOf } from "./service.js";

const ANSWERS = 3; // more are not taken in
const ANSWERS_LARGE = 2;
const NAME_LONGEST = 64;
export const TYPED_LONGEST = 40;

class SearchPage extends HTMLElement {
  #typed = part("span", "search-words");
  #hint = part("p", "search-hint");
  #answers = part("div", "answers-list");
  #ways = part("div", "ways");
  #shown = "";

  connectedCallback() {
    this.#hint.setAttribute("role", "status");
    const box = part("div", "search-box", icon("search"), this.#typed, part("span", "caret"));
    this.append(
      part(
        "div",
        "search-top",
        key("back", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.back"))),
        part("h1", "", t("kiosk.search_question")),
      ),
      part("div", "search-asked", box, this.#hint),
      this.#answers,
      this.#ways,
      keyboard(),
    );
  }

  /** @param {Kiosk.View<"typed">} view */
  show(view) {
    const { visit, services, procedures } = view;
    const { typed } = visit;
    write(this.#typed, typed);
    this.#typed.dataset.spoken = typed.toUpperCase().split("").join("\n");
    const most = document.documentElement.dataset.size === "large" ? ANSWERS_LARGE : ANSWERS;
    const answers = procedures.find(typed, most);
    const shown = JSON.stringify([typed, answers.map(({ code }) => code), services.map(({ names }) => names)]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    write(this.#hint, hintOf(typed, answers.length));
    const of = new Map(services.map((service) => [service.code, service]));
    this.#answers.replaceChildren(
      ...answers.flatMap((answer) => {
        const service = of.get(answer.service);
        return service ? [answerKey(answer, service, typed)] : [];
      }),
    );
    const unsure = advice(view, "search_unsure", "");
    this.#ways.replaceChildren(...(unsure ? [unsure] : []));
  }
}

/** An official name in as many words as a key holds. @param {string} name */
function shortened(name) {
  if (name.length <= NAME_LONGEST) return name;
  const cut = name.slice(0, NAME_LONGEST);
  return `${cut.slice(0, cut.lastIndexOf(" ")).replace(/[ ,;]+$/, "")}…`;
}

/** @param {string} typed @param {number} n */
function hintOf(typed, n) {
  if (typed.trim().length < 2) return t("kiosk.search_hint");
  return n ? t("kiosk.search_touch") : t("kiosk.search_nothing");
}

/** @param {Api.ProcedureView} procedure @param {Api.ServiceView} service @param {string} typed */
function answerKey(procedure, service, typed) {
  const pieces = typedPieces(shortened(own(procedure.names) ?? ""), typed);
  const name = pieces.map((piece) => (piece.typed ? part("mark", "", piece.text) : piece.text));
  const below = part("span", "answer-service", nameOf(service));
  const home = atHome(procedure) ? [part("span", "answer-home", icon("home"), t("kiosk.home_short"))] : [];
  const words = part(
    "span",
    "answer-text",
    part("span", "answer-title", ...name),
    part("span", "answer-below", below, ...home),
  );
  return key(`procedure:${procedure.code}`, "answer-key", badge(service), words, icon("arrow-right"));
}

customElements.define("search-page", SearchPage);
