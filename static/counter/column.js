/** Where all stands in one column that scrolls, what has just changed is brought before the eyes. */

import { useLayoutEffect } from "/static/vendor/preact.js";

const ROOM = 0.7; // of the height of the page, above the large key

/**
 * The person after each step, what was said of an act pressed further down, and the question or list that was opened. Where
 * nothing scrolls this does nothing.
 * @param {{step: string, notice: any, panel: ?string}} shown  each is looked at when it becomes another
 */
export function useSight({ step, notice, panel }) {
  useLayoutEffect(() => see(".person"), [step]);
  useLayoutEffect(() => {
    if (!notice) return;
    see(".person"); // undo stands above it
    see(".notice");
  }, [notice]);
  useLayoutEffect(() => see(".is-question, .keys"), [panel]);
}

/** @param {string} what  a selector */
function see(what) {
  const place = document.querySelector(what);
  // Of what is higher than the page the upper end is seen, where the number or the title stands.
  const block = place && place.clientHeight > innerHeight * ROOM ? "start" : "nearest";
  place?.scrollIntoView({ block });
}
