/** The server is out of reach: since when, what is kept, what to do. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class LostNotice extends Drawn {
  /** @param {{time: ?string}} view  since when, or null while all is well */
  draw({ time }) {
    this.hidden = !time;
    if (!time) return this.replaceChildren();
    const retry = part("p", "lost-retry");
    retry.append(icon("refresh"), t("display.lost_retry"));
    const title = part("h2", "lost-title", t("display.lost", { time }));
    title.style.setProperty("--letters", String(title.textContent?.length));
    const words = part("p", "lost-words");
    words.append(part("span", "", t("display.lost_kept")), part("span", "", t("display.lost_listen")));
    this.setAttribute("role", "alert");
    this.replaceChildren(icon("plug-connected-x"), title, words, retry);
  }
}

customElements.define("lost-notice", LostNotice);
