/** The message to all who wait, in the place of the call; while somebody is called the foot has it. */

import { icon } from "/static/lib/icon.js";
import { Drawn, part } from "./drawn.js";

export class HallNotice extends Drawn {
  /** @param {{texts: ?Record<string, string>}} view  by language, or null without a message */
  draw({ texts }) {
    this.hidden = !texts;
    if (!texts) return this.replaceChildren();
    this.setAttribute("role", "status");
    this.replaceChildren(icon("messages"), ...Object.entries(texts).map(([language, words]) => said(language, words)));
  }
}

/** @param {string} language @param {string} words */
function said(language, words) {
  const el = part("p", "notice-words", words);
  el.lang = language;
  el.style.setProperty("--root", String(1 / Math.sqrt(words.length)));
  return el;
}

customElements.define("hall-notice", HallNotice);
