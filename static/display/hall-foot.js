/** The foot: one fact at a time, and whom nobody found when called. Facts change by a cut, nothing moves. */

import { icon } from "/static/lib/icon.js";
import { stateWords } from "./counter-strip.js";
import { Drawn, marked, part } from "./drawn.js";

export class HallFoot extends Drawn {
  /**
   * Left the states of `counters` or else `left`, right `no_shows` or else `right`; or nothing but a `notice`.
   * @param {{counters?: Wall.Row[], left?: ?string, no_shows?: ?string, right?: ?string, trouble?: boolean, notice?: string}} view
   */
  draw({ counters, left, no_shows, right, trouble, notice }) {
    if (notice) return this.#drawNotice(notice);
    const first = part("p", "foot-left");
    if (counters) first.append(...stateWords(counters));
    else if (left) first.append(...line(left, trouble ? "alert-triangle" : null));
    first.style.setProperty("--letters", String(first.textContent?.length || 1));
    const second = part("p", "foot-right");
    if (no_shows) second.append(...line(no_shows, "user-off"));
    else if (right) second.append(...line(right, trouble ? "alert-triangle" : null));
    this.replaceChildren(first, second);
  }

  /** @param {string} notice */
  #drawNotice(notice) {
    const el = part("p", "foot-notice");
    el.style.setProperty("--letters", String(notice.length));
    el.append(icon("messages"), part("span", "", notice));
    this.replaceChildren(el);
  }
}

/** @param {string} words @param {?string} sign */
function line(words, sign) {
  return [...(sign ? [icon(sign), " "] : []), ...marked(words)];
}

customElements.define("hall-foot", HallFoot);
