/** One plain question about priority. Both answers are of equal rank; which of them it is, nobody asks or keeps. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { fits } from "./fit.js";
import { key, part } from "./part.js";
import { badge, nameOf } from "./service.js";

const DRAWINGS = {
  elder: "old",
  disabled: "disabled",
  pregnant: "pregnant",
  with_child: "baby-carriage",
  merit: "medal",
};

class PriorityPage extends HTMLElement {
  #fit = fits(this, () => [this, ...this.querySelectorAll(".answers, .answer, .people, .person")]);

  /** @param {Kiosk.View<"service">} view */
  show({ hall, visit, room }) {
    if (this.firstChild) return;
    const yes = part("span", "answer-name", t(room.tiles > 2 ? "kiosk.yes" : "kiosk.yes_short"));
    yes.dataset.spoken = t("kiosk.yes");
    const rule = hall.cap > 0 ? t("kiosk.cap", { cap: hall.cap }) : "";
    this.append(
      part(
        "div",
        "chosen",
        badge(visit.service),
        part("p", "", part("span", "chosen-label", t("kiosk.chosen"), " "), part("b", "", nameOf(visit.service))),
      ),
      part("div", "ask", part("h1", "", t("kiosk.priority_question")), part("p", "ask-hint", t("kiosk.priority_hint"))),
      part(
        "div",
        "answers",
        key(
          "yes",
          "answer answer-yes",
          part("span", "answer-words", yes),
          go(),
          part("span", "people", ...hall.priority_groups.map((group) => person(group, hall.elder_age))),
        ),
        key(
          "no",
          "answer answer-no",
          part(
            "span",
            "answer-words",
            part("span", "answer-name", t("kiosk.no")),
            " ",
            part("span", "answer-hint", t("kiosk.no_hint")),
          ),
          go(),
        ),
      ),
      part(
        "div",
        "return",
        key("back", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.back"))),
        part("p", "note", rule),
      ),
    );
    this.#fit();
  }
}

/** @param {string} group @param {number} age */
function person(group, age) {
  return part(
    "span",
    "person",
    part("span", "person-field", icon(DRAWINGS[/** @type {keyof typeof DRAWINGS} */ (group)])),
    part("span", "person-name", t(`kiosk.${group}`, { age })),
    " ",
  );
}

function go() {
  return part("span", "go", icon("arrow-right"));
}

customElements.define("priority-page", PriorityPage);
