/** The language of the pages for those who work here: chosen once in this browser, Vietnamese until then. */

import { setLanguage } from "/static/lib/api.js";
import { loadText, t } from "/static/lib/text.js";

const LANGUAGES = ["vi", "en"]; // the first where nobody chose, whatever the browser itself prefers
const CHOSEN = "language";

/** Load the words of the chosen language; the server's refusals come in it too. */
export async function speak() {
  const language = LANGUAGES.find((each) => each === localStorage.getItem(CHOSEN)) ?? LANGUAGES[0];
  setLanguage(language);
  await loadText(language);
}

/** The language this page does not speak, and its own word for itself: {lang, word}. */
export function other() {
  const lang = LANGUAGES.find((each) => each !== document.documentElement.lang);
  return { lang, word: t(`kiosk.language_${lang}`) };
}

/** Remember the language for every page here, and begin this one anew in it. */
export function choose(lang) {
  localStorage.setItem(CHOSEN, lang);
  location.reload();
}
