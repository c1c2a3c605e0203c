/** Which counter a screen of one counter belongs to: a link for each, as large as fits. */

import { part } from "./drawn.js";

/**
 * @param {string} question
 * @param {number[]} counters
 * @param {(counter: number) => string} nameOf  what the screen of this counter is called
 */
export function counterChoice(question, counters, nameOf) {
  const list = part("nav", "counter-choices");
  list.append(
    ...counters.map((counter) => {
      const link = part("a", "plate", counter);
      link.href = `?counter=${counter}`;
      link.setAttribute("aria-label", nameOf(counter));
      return link;
    }),
  );
  return [part("h1", "counter-question", question), list];
}
