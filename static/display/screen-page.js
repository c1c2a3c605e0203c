/** What the wall and the signs above the counters share as pages that nobody touches. */

import { DEFAULT_LANGUAGE } from "/static/lib/choices.js";
import { drawColour } from "/static/lib/own-head.js";
import { loadText } from "/static/lib/text.js";

/** Ten seconds are promised. A beat comes every two; a restart of the server takes three and is no loss. */
export const LOST_AFTER_MS = 8_000;
/** After these the hall itself may look different. */
export const ANEW = [
  "day.opened",
  "setting.changed",
  "policy.changed",
  "ticket.undone",
  "notice.posted",
  "notice.removed",
];
const RETRY_MS = 3_000;

/** The screen may be on before the server is: it asks until it is answered. */
export async function textLoaded() {
  for (;;) {
    try {
      return await loadText(DEFAULT_LANGUAGE);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** To be paired again, or to get the newer page. */
export function openAgain() {
  setTimeout(() => location.reload(), RETRY_MS);
}

/**
 * The theme of the screens of the hall, and whether anything may blink.
 * @param {?Api.HallView} hall
 */
export function drawTheme(hall) {
  const wishes = hall?.wall;
  const page = document.documentElement;
  page.dataset.theme = wishes?.theme === "light" ? "wall-light" : "wall-dark";
  drawColour(hall?.colour);
  page.toggleAttribute("data-still", wishes?.blink === false);
}
