/** The foot of every page, always in the same place: languages, reading aloud, larger text, contrast, help, the rule of order. */

import { LANGUAGES, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part, write } from "./part.js";

/** @param {string} code @param {Kiosk.Wishes} wishes */
function languageName(code, { large }) {
  const { name, short_name } = { ...LANGUAGES, ...SPOKEN_LANGUAGES }[/** @type {keyof typeof LANGUAGES} */ (code)];
  return large ? short_name : name;
}

/**
 * With large letters only the words that fit; contrast and help are short in any case.
 * @param {string} wish
 * @param {Kiosk.Wishes} wishes
 */
function wishKey(wish, { large }) {
  return `kiosk.${wish}${large && !["contrast", "help"].includes(wish) ? "_short" : ""}`;
}

class KioskFoot extends HTMLElement {
  #keys = part("div", "foot-keys");
  #rule = part("p", "foot-rule");
  #built = "";

  connectedCallback() {
    this.setAttribute("role", "contentinfo");
    this.#keys.setAttribute("role", "group");
    this.append(this.#keys, this.#rule);
  }

  /**
   * The keys have their places from the first; the one for reading is only pale until there is a voice.
   * `reads`: whether a page can be read aloud now; `rule`: the order of calling, in the language of the page.
   * @param {{languages: string[], wishes: Kiosk.Wishes & {read: boolean}, reads: boolean, rule: ?Api.RuleView}} view
   */
  show({ languages, wishes, reads, rule }) {
    if (this.#built !== `${languages}`) this.#build(languages);
    this.#keys.setAttribute("aria-label", t("kiosk.settings"));
    for (const el of /** @type {HTMLCollectionOf<HTMLElement>} */ (this.#keys.children)) {
      const [wish, language] = (el.dataset.press ?? "").split(":");
      write(/** @type {Node} */ (el.lastChild), language ? languageName(language, wishes) : t(wishKey(wish, wishes)));
      if (wish === "help") continue; // an act, not a choice
      if (wish === "read") el.setAttribute("aria-disabled", String(!reads));
      el.setAttribute(
        "aria-pressed",
        String(language ? wishes.language === language : wishes[/** @type {"read" | "large" | "contrast"} */ (wish)]),
      );
    }
    if (rule) this.#rule.replaceChildren(part("b", "", `${rule.name}:`), ` ${wishes.large ? rule.brief : rule.short}.`);
  }

  /** @param {string[]} languages */
  #build(languages) {
    this.#built = `${languages}`;
    this.#keys.replaceChildren();
    if (languages.length > 1) {
      for (const language of languages) {
        const el = key(`language:${language}`, "foot-key", icon("language"), icon("check"), part("span"));
        el.lang = language;
        this.#keys.append(el);
      }
    }
    this.#keys.append(
      key("read", "foot-key", icon("volume"), icon("check"), part("span")),
      key("large", "foot-key", icon("text-increase"), icon("check"), part("span")),
      key("contrast", "foot-key", icon("contrast"), icon("check"), part("span")),
      key("help", "foot-key", icon("bell-ringing"), part("span")),
    );
    this.#keys.dataset.count = String(this.#keys.children.length);
  }
}

customElements.define("kiosk-foot", KioskFoot);
