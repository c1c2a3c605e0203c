/** A row a counter, always in the same place: plate, number or word, state. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

/** @type {Record<string, string>} */
const ICON = {
  idle: "circle",
  called: "bell-ringing",
  just_called: "bell",
  serving: "circle-dot",
  paused: "player-pause",
  closed: "minus",
  old: "clock-pause",
};
/**
 * These replace the number, so that they are read from the last seat.
 * @type {Record<string, string>}
 */
const WORD = { paused: "display.paused", closed: "display.closed" };
/**
 * These stand small beside the number: from a distance the plate and the ground of the row show the state.
 * @type {Record<string, string>}
 */
const LABEL = {
  idle: "display.state_idle",
  called: "display.state_called",
  just_called: "display.state_just_called",
  serving: "display.state_serving",
};

export class CounterRows extends Drawn {
  /**
   * State "old" is a number from before the connection was lost.
   * @param {{title: string, rows: (Wall.Row | Wall.EmptyRow)[]}} view
   */
  draw({ title, rows }) {
    const list = part("ol", "rows");
    list.setAttribute("aria-label", title || t("display.counters"));
    list.append(...rows.map(row));
    this.replaceChildren(...(title ? [part("h2", "rows-title", title)] : []), list);
    this.classList.toggle("few", !title && rows.length < 4);
    this.classList.toggle("dense", rows.length > 5);
    this.classList.toggle(
      "wide",
      rows.some(({ counter }) => (counter ?? 0) > 9),
    );
  }
}

/** @param {Wall.Row | Wall.EmptyRow} row */
function row({ counter, state, number }) {
  const el = part("li", "row");
  el.dataset.state = state;
  if (!counter) return el; // the frame, before anything is known
  const label = part("span", "row-state");
  label.append(icon(ICON[state]));
  if (LABEL[state]) label.append(part("span", "row-label", t(LABEL[state])));
  el.append(
    part("b", "plate", counter),
    WORD[state] ? part("span", "row-word", t(WORD[state])) : numberOf(number ?? null),
    label,
  );
  return el;
}

/** @param {?string} number */
function numberOf(number) {
  const el = part("span", "number", number ? spaced(number) : "");
  el.classList.toggle("long", (number?.length ?? 0) > 4);
  return el;
}

customElements.define("counter-rows", CounterRows);
