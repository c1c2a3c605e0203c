/** The last calls where there are too many counters for a place each: newest top left, down, then right. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, accessibleSign, part } from "./drawn.js";

export class CallList extends Drawn {
  /** @param {{calls: Wall.Listed[], places: number}} view  places without a call are drawn empty */
  draw({ calls, places }) {
    const list = part("ol", "calls");
    list.setAttribute("aria-label", t("display.recent"));
    list.append(...calls.map(call));
    for (let free = calls.length; free < places; free++) list.append(empty());
    this.replaceChildren(list);
  }
}

/** @param {Wall.Listed} call */
function call({ number, counter, called, accessible, visual }) {
  const el = part("li", "row");
  el.toggleAttribute("data-visual", visual);
  const words = part("span", "number", spaced(number));
  words.classList.toggle("long", number.length > 4);
  el.dataset.state = called ? "called" : "serving";
  // There is room for one sign: the ground shows who is called, and the order of the row where to go.
  const sign = accessible ? accessibleSign() : icon(called ? "bell-ringing" : "arrow-right");
  el.append(words, sign, part("b", "plate", counter));
  return el;
}

function empty() {
  const el = part("li", "row");
  el.dataset.state = "empty";
  el.setAttribute("aria-hidden", "true");
  return el;
}

customElements.define("call-list", CallList);
