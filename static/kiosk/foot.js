/**
 * The foot of every page, always in the same place: reading aloud in the corner of the glass, languages, larger text,
 * contrast, help. Above them stands the rule of order, or what is being said.
 */

import { LANGUAGES, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part, write } from "./part.js";

/** @param {string} code @param {Kiosk.Room} room */
function languageName(code, { letters }) {
  const { name, short_name } = { ...LANGUAGES, ...SPOKEN_LANGUAGES }[/** @type {keyof typeof LANGUAGES} */ (code)];
  return letters === "large" ? short_name : name;
}

/**
 * With large letters only the words that fit; some are short in any case.
 * @param {string} wish
 * @param {Kiosk.Room} room
 */
function wishKey(wish, { letters }) {
  return `kiosk.${wish}${letters === "large" && ["read", "large"].includes(wish) ? "_short" : ""}`;
}

/**
 * What stands on a key: on a small glass its drawing alone, and of a language its code.
 * @param {HTMLElement} el
 * @param {string} words
 * @param {string} code
 * @param {Kiosk.Room} room
 */
function name(el, words, code, { room }) {
  const bare = room !== "full";
  if (bare) el.setAttribute("aria-label", words);
  else el.removeAttribute("aria-label");
  write(/** @type {Node} */ (el.lastChild), bare ? code : words);
}

class KioskFoot extends HTMLElement {
  #keys = part("div", "foot-keys");
  #rule = part("p", "foot-rule");
  #said = part("p", "foot-said");
  #built = "";

  connectedCallback() {
    this.setAttribute("role", "contentinfo");
    this.#keys.setAttribute("role", "group");
    this.#said.setAttribute("aria-hidden", "true"); // a screen reader has said it already
    this.#said.hidden = true;
    this.append(part("div", "foot-words", this.#rule, this.#said), this.#keys);
  }

  /** What is being said, for those who do not hear. @param {string} words */
  say(words) {
    this.#said.hidden = !words;
    this.#rule.style.visibility = words ? "hidden" : "";
    write(this.#said, words);
  }

  /**
   * The keys have their places from the first; the one for reading is only pale until there is a voice.
   * `reads`: whether a page can be read aloud now; `rule`: the order of calling, in the language of the page.
   * @param {{languages: string[], wishes: Kiosk.Wishes & {read: boolean}, room: Kiosk.Room, reads: boolean, rule: ?Api.RuleView}} view
   */
  show({ languages, wishes, room, reads, rule }) {
    if (this.#built !== `${languages} ${room.lowers}`) this.#build(languages, room.lowers);
    this.#keys.setAttribute("aria-label", t("kiosk.settings"));
    for (const el of /** @type {HTMLCollectionOf<HTMLElement>} */ (this.#keys.children)) {
      const [wish, language] = (el.dataset.press ?? "").split(":");
      name(el, language ? languageName(language, room) : t(wishKey(wish, room)), (language ?? "").toUpperCase(), room);
      if (wish === "help") continue; // an act, not a choice
      if (wish === "read") el.setAttribute("aria-disabled", String(!reads));
      el.setAttribute(
        "aria-pressed",
        String(
          language ? wishes.language === language : wishes[/** @type {"read" | "large" | "contrast" | "low"} */ (wish)],
        ),
      );
    }
    if (rule)
      this.#rule.replaceChildren(
        part("b", "", `${rule.name}:`),
        ` ${room.letters === "large" ? rule.brief : rule.short}.`,
      );
  }

  /** @param {string[]} languages @param {boolean} lowers  whether part of the glass is out of a wheelchair's reach */
  #build(languages, lowers) {
    this.#built = `${languages} ${lowers}`;
    this.#keys.replaceChildren(key("read", "foot-key foot-read", icon("volume"), icon("check"), part("span")));
    if (languages.length > 1) {
      for (const language of languages) {
        const el = key(`language:${language}`, "foot-key", icon("language"), icon("check"), part("span"));
        el.lang = language;
        this.#keys.append(el);
      }
    }
    this.#keys.append(
      key("large", "foot-key", icon("text-increase"), icon("check"), part("span")),
      key("contrast", "foot-key", icon("contrast"), icon("check"), part("span")),
      ...(lowers ? [key("low", "foot-key", icon("disabled"), icon("check"), part("span"))] : []),
      key("help", "foot-key", icon("bell-ringing"), part("span")),
    );
    const count = this.#keys.children.length;
    this.#keys.dataset.count = String(count);
    this.#keys.dataset.rows = String(count === 6 ? 2 : Math.ceil(count / 4));
  }
}

customElements.define("kiosk-foot", KioskFoot);
