/** All counters of a large hall on one line; which of them are paused or closed the foot says in words too. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { Drawn, accessibleSign, part } from "./drawn.js";

/** More letters than these, and the numbers of the counters leave no room for what else the foot says. */
const LONGEST = 30;
/** A hall in which nearly every counter is accessible need not list them. */
const MOST_ACCESSIBLE = 12;
const WORDS = [
  ["paused", "player-pause", "display.paused"],
  ["closed", "minus", "display.closed"],
];

export class CounterStrip extends Drawn {
  /** @param {{counters: Wall.Row[]}} view */
  draw({ counters }) {
    const cells = part("ol", "cells");
    cells.setAttribute("aria-label", t("display.counters"));
    cells.append(
      ...counters.map(({ counter, state }) => {
        const cell = part("li", "cell", counter);
        cell.dataset.state = state;
        return cell;
      }),
    );
    this.replaceChildren(part("span", "strip-word", t("display.counter")), cells);
  }
}

/**
 * "⏸ Tạm dừng 8, 16", and the sign of the accessible ones with their numbers; one entry for each state that needs a word; of a hall with too many such counters, how many.
 * @param {Wall.Row[]} counters
 */
export function stateWords(counters) {
  const found = WORDS.map(([state, sign, key]) => {
    const numbers = counters.filter((c) => c.state === state).map((c) => c.counter);
    return { sign, key, n: numbers.length, said: runs(numbers) };
  }).filter(({ n }) => n);
  const accessible = counters.filter((c) => c.accessible).map((c) => c.counter);
  const long = found.reduce((letters, { said }) => letters + said.length, 0) > LONGEST;
  const all = found.map(({ sign, key, n, said }) => {
    const words = part("span", "state-words");
    words.append(icon(sign), part("b", "", t(key)), ` ${long ? t("display.counters_n", { n }) : said}`);
    return words;
  });
  if (!accessible.length || runs(accessible).length > MOST_ACCESSIBLE) return all;
  const words = part("span", "state-words");
  words.append(accessibleSign(), ` ${runs(accessible)}`);
  return [...all, words];
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
