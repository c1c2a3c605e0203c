/** "My number": typed from the paper, and followed while the page is open. */

import { Refusal, get } from "/static/lib/api.js";
import { byId } from "/static/lib/dom.js";
import { asNumber } from "/static/lib/number.js";
import { range, spaced, t } from "/static/lib/text.js";

const EVERY_MS = 8_000;
const OVER = ["finished", "cancelled", "expired"];

export class Mine {
  /** @type {?string} */
  #number = null;
  #timer = 0;

  constructor() {
    byId("mine").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#follow(/** @type {HTMLInputElement} */ (byId("my-number")).value.trim());
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#ask());
  }

  /** @param {string} text */
  #follow(text) {
    this.#number = asNumber(text);
    if (this.#number) this.#ask();
    else this.#say(t(text ? "home.mine_not_number" : "home.mine_hint", { text }));
  }

  async #ask() {
    clearTimeout(this.#timer);
    const number = this.#number;
    if (!number) return;
    try {
      const found = await get(`/numbers/${encodeURIComponent(number)}`);
      if (number !== this.#number) return; // another was typed meanwhile
      this.#say(sentence(found));
      if (OVER.includes(found.state)) return;
    } catch (failure) {
      if (number !== this.#number) return;
      if (failure instanceof Refusal && failure.status === 404)
        return this.#say(t("home.mine_unknown", { number: spaced(number) }));
      // What was said stays; the page says by itself that the connection is lost.
    }
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
  }

  /** @param {string} words */
  #say(words) {
    if (byId("mine-said").textContent !== words) byId("mine-said").textContent = words;
  }
}

/** @param {Api.NumberView} found */
function sentence({ number, state, people_ahead: n, forecast, counters_open, counter }) {
  const key = state === "waiting" && n === 0 ? "next" : state;
  return t(`home.mine_${key}`, { number: spaced(number), n, range: range(forecast, n, counters_open), counter });
}
