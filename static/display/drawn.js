/** What the elements of the wall are made of. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";

/** An element of the wall: built once, and written again only when what it shows has changed. */
export class Drawn extends HTMLElement {
  /** @type {?string} */
  #last = null;

  /**
   * Show plain data. The wall is drawn several times a second, mostly without any change.
   * @param {object} view
   */
  show(view) {
    const key = JSON.stringify(view);
    if (key === this.#last) return;
    this.#last = key;
    /** @type {any} */ (this).draw(view); // of the element that is made of this
  }
}

/**
 * An element with a class and words.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string | number} words
 * @returns {HTMLElementTagNameMap[T]}
 */
export function part(tag, className, words = "") {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}

/** The sign of a counter for people with disabilities, with its word for those who hear the page. */
export function accessibleSign() {
  const el = part("span", "accessible");
  el.setAttribute("role", "img");
  el.setAttribute("aria-label", t("display.accessible"));
  el.append(icon("disabled"));
  return el;
}

/**
 * A sentence whose *figures* are set in bold.
 * @param {string} sentence
 */
export function marked(sentence) {
  return sentence.split("*").map((words, i) => (i % 2 ? part("b", "", words) : words));
}
