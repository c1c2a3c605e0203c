/** The last calls where there are too many counters for a row each: newest top left, down, then right. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class CallList extends Drawn {
  /** @param {{calls: Wall.Listed[], rows: number}} view */
  draw({ calls, rows }) {
    const list = part("ol", "calls");
    list.setAttribute("aria-label", t("display.recent"));
    list.style.setProperty("--rows", String(rows));
    list.append(...calls.map(call));
    this.replaceChildren(list);
  }
}

/** @param {Wall.Listed} call */
function call({ number, counter, called }) {
  const el = part("li", "row");
  el.dataset.state = called ? "called" : "serving";
  el.append(
    part("span", "number", spaced(number)),
    icon(called ? "bell-ringing" : "arrow-right"),
    part("b", "plate", counter),
  );
  return el;
}

customElements.define("call-list", CallList);
