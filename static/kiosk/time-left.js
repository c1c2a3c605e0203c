/** A bar and the seconds until the screen goes back to the start. */

import { t } from "/static/lib/text.js";
import { part, write } from "./part.js";

class TimeLeft extends HTMLElement {
  #words = part("p", "left-words");
  #rest = part("span", "left-rest");

  connectedCallback() {
    const bar = part("span", "left-bar", this.#rest);
    this.setAttribute("role", "timer"); // not read out at every second
    this.append(this.#words, bar);
  }

  /**
   * The place is kept also while nothing runs out, as when the page is read aloud.
   * @param {?number} left_s  null while nothing runs out
   * @param {number} of_s
   */
  show(left_s, of_s) {
    this.style.visibility = left_s === null ? "hidden" : "visible";
    if (left_s === null) return;
    write(this.#words, t("kiosk.back_in", { s: left_s }));
    this.#rest.style.inlineSize = `${(100 * left_s) / of_s}%`;
  }
}

customElements.define("time-left", TimeLeft);
