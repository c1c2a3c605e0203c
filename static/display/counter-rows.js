/** A row a counter, always in the same place: plate, number or word, state. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, accessibleSign, part } from "./drawn.js";

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

/** So many rows, beside the call, are drawn larger. */
const MOST_FEW = 3;

export class CounterRows extends Drawn {
  /**
   * State "old" is a number from before the connection was lost; `roomy`: a few rows have the room of many;
   * `bare`: the type is as large as a long hall needs.
   * @param {{title: string, roomy: boolean, bare: boolean, columns: number, rows: (Wall.Row | Wall.EmptyRow)[]}} view
   */
  draw({ title, roomy, bare, columns, rows }) {
    const list = part("ol", "rows");
    list.setAttribute("aria-label", title || t("display.counters"));
    list.append(...rows.map(row));
    this.replaceChildren(...(title ? [part("h2", "rows-title", title)] : []), list);
    const two_digits = rows.some(({ counter }) => (counter ?? 0) > 9);
    this.dataset.fill = title || !roomy || rows.length > MOST_FEW ? "many" : rows.length > 1 ? "few" : "one";
    this.classList.toggle("dense", Boolean(title) || (rows.length > 5 && columns === 1));
    this.classList.toggle("signs", two_digits || bare || columns > 1); // no room for the word beside the sign
    this.classList.toggle("signless", bare && columns > 1);
    this.classList.toggle("wide", two_digits);
  }
}

/** @param {Wall.Row | Wall.EmptyRow} row */
function row({ counter, state, number, accessible, visual }) {
  const el = part("li", "row");
  el.dataset.state = state;
  el.toggleAttribute("data-visual", Boolean(visual));
  if (!counter) return el; // the frame, before anything is known
  const label = part("span", "row-state");
  const signs = part("span", "row-signs");
  signs.append(...(accessible ? [accessibleSign()] : []), icon(ICON[state]));
  label.append(signs);
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
