/** The message to all who wait, under the head of the pages on which a visit begins. */

import { icon } from "/static/lib/icon.js";
import { standing } from "/static/lib/notice.js";
import { own } from "/static/lib/text.js";
import { part, write } from "./part.js";

const PAGES = ["choice", "others", "closed"];
const LONG = 80; // letters

class HallNotice extends HTMLElement {
  #words = part("p", "said-words");

  connectedCallback() {
    this.setAttribute("role", "status");
    this.append(icon("messages"), this.#words);
  }

  /** @param {{hall: ?Api.HallView, page: string, now: Date}} view */
  show({ hall, page, now }) {
    const notice = PAGES.includes(page) ? standing(hall?.notice, now) : null;
    this.hidden = !notice;
    const words = notice ? (own(notice.texts) ?? "") : "";
    this.dataset.long = String(words.length > LONG);
    write(this.#words, words);
  }
}

customElements.define("hall-notice", HallNotice);
