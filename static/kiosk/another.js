/** The third number within a minute: is it for somebody else? Nobody is refused; who holds a number already needs no second. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part } from "./part.js";

const WITHIN_MS = 60_000;
const FEW = 2; // so many within that time are taken without a word

/** When the last numbers were taken here. */
export class Taken {
  /** @type {number[]} */
  #at = [];

  note() {
    this.#at = [...this.#recent(), performance.now()];
  }

  /** Whether the next number is one more than a person or two take in that time. */
  isMany() {
    return this.#recent().length >= FEW;
  }

  #recent() {
    return this.#at.filter((at) => performance.now() - at < WITHIN_MS);
  }
}

class AnotherPage extends HTMLElement {
  show() {
    if (this.firstChild) return;
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "another-picture", holder(), holder()),
        part("h1", "", t("kiosk.another")),
        part("p", "notice-words", t("kiosk.another_hint")),
      ),
      key("for-another", "main-key", icon("check"), part("span", "", t("kiosk.another_yes"))),
      key("start", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.another_no"))),
    );
  }
}

/** A person with a ticket. */
function holder() {
  return part("span", "another-person", icon("user"), icon("ticket"));
}

customElements.define("another-page", AnotherPage);
