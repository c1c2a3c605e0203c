/** The language of the pages for those who work here: chosen once in this browser, the default until then. */

import { setLanguage } from "/static/lib/api.js";
import { DEFAULT_LANGUAGE, LANGUAGES } from "/static/lib/choices.js";
import { loadText } from "/static/lib/text.js";

const CHOSEN = "language";

/** Load the words of the chosen language; the server's refusals come in it too. */
export async function speak() {
  const chosen = localStorage.getItem(CHOSEN);
  // Whatever the browser itself prefers: it may be a colleague's.
  const language = chosen !== null && chosen in LANGUAGES ? chosen : DEFAULT_LANGUAGE;
  setLanguage(language);
  await loadText(language);
}

/** The languages this page does not speak, each with its own name for itself: [{lang, name}, …]. */
export function others() {
  return Object.entries(LANGUAGES)
    .filter(([lang]) => lang !== document.documentElement.lang)
    .map(([lang, { name }]) => ({ lang, name }));
}

/**
 * Remember the language for every page here, and load this one again in it.
 * @param {string} lang
 */
export function choose(lang) {
  localStorage.setItem(CHOSEN, lang);
  location.reload();
}
