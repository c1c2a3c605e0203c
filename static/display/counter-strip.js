/**
 * All counters of a large hall on one line, and below it in words which of them are paused or closed.
 * A number that is called and stands nowhere else on the wall stands beside its counter.
 */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

const WORDS = [
  ["paused", "player-pause", "display.paused"],
  ["closed", "minus", "display.closed"],
];

export class CounterStrip extends Drawn {
  /** @param {{counters: Wall.Row[], unlisted: Wall.Row[]}} view */
  draw({ counters, unlisted }) {
    const cells = part("ol", "cells");
    cells.setAttribute("aria-label", t("display.counters"));
    cells.append(
      ...counters.map(({ counter, state }) => {
        const cell = part("li", "cell", counter);
        cell.dataset.state = state;
        const called = unlisted.find((each) => each.counter === counter);
        if (called) cell.append(part("span", "number", spaced(called.number ?? "")));
        return cell;
      }),
    );
    this.classList.toggle("numbered", unlisted.length > 0);
    this.replaceChildren(part("span", "strip-word", t("display.counter")), cells);
  }
}

/**
 * "⏸ Tạm dừng 8, 16", one entry for each state that needs a word.
 * @param {Wall.Row[]} counters
 */
export function stateWords(counters) {
  return WORDS.flatMap(([state, sign, key]) => {
    const numbers = counters.filter((c) => c.state === state).map((c) => c.counter);
    if (!numbers.length) return [];
    const words = part("span", "state-words");
    words.append(icon(sign), part("b", "", t(key)), ` ${runs(numbers)}`);
    return [words];
  });
}

/**
 * 3, 17, 18, 19, 20 → "3, 17–20".
 * @param {number[]} numbers
 */
function runs(numbers) {
  /** @type {[number, number][]} */
  const found = [];
  for (const n of numbers) {
    const last = found[found.length - 1];
    if (last && n === last[1] + 1) last[1] = n;
    else found.push([n, n]);
  }
  return found.map(([a, b]) => (a === b ? a : b === a + 1 ? `${a}, ${b}` : `${a}–${b}`)).join(", ");
}

customElements.define("counter-strip", CounterStrip);
