/** Where all stands in one column that scrolls, what has just changed is brought before the eyes. */

import { useLayoutEffect } from "/static/vendor/preact.js";

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

function see(what) {
  document.querySelector(what)?.scrollIntoView({ block: "nearest" });
}
