/** The code of an appointment, digit by digit, on keys as large as the others. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part, write } from "./part.js";

export const CODE_LENGTH = 6;
const DIGITS = "123456789";

class CodePage extends HTMLElement {
  #boxes = part("p", "code-typed");

  connectedCallback() {
    const typing = (/** @type {HTMLElement} */ el) => Object.assign(el.dataset, { typing: "" }) && el;
    const digit = (/** @type {string} */ name) => typing(key(`digit:${name}`, "code-key", part("span", "", name)));
    const erase = typing(key("erase", "code-key", icon("backspace")));
    erase.setAttribute("aria-label", t("kiosk.code_erase"));
    this.#boxes.setAttribute("role", "status");
    const back = key("back", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.back")));
    back.setAttribute("aria-label", t("kiosk.back")); // on small glass it is the arrow alone
    this.append(
      part("div", "ask", part("h1", "", t("kiosk.code_question")), part("p", "ask-hint", t("kiosk.code_hint"))),
      this.#boxes,
      part("div", "code-keys", ...[...DIGITS].map(digit), digit("0"), erase),
      back,
    );
  }

  /** @param {Kiosk.View<"code">} view */
  show({ visit }) {
    write(this.#boxes, visit.code.padEnd(CODE_LENGTH, "·").split("").join(" "));
  }
}

customElements.define("code-page", CodePage);
