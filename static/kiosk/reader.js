/**
 * Says the elements of a page, one after the other or one alone, with the recorded clips. What is being said is framed, and
 * its words are written, for those who do not hear.
 */

import { LANGUAGES } from "/static/lib/choices.js";
import { t } from "/static/lib/text.js";
import { CHIME, Voice, ownPacks, packsOf } from "/static/lib/voice.js";
import { clipsOf } from "./sentences.js";
import { wordsOf } from "./stops.js";

const PATIENCE_MS = 1500; // within this the browser grants sound to a touch, or there is none

/** @typedef {{el: ?HTMLElement, words: string, clips: string[]}} Said  some words, and the element that is framed meanwhile */

/**
 * `begins` is called with each element that begins; `last`: words that are said at the end; `among`: the elements among
 * which a key without a name is numbered.
 * @typedef {{begins?: (stop: HTMLElement) => void, last?: string[], among?: HTMLElement[]}} More
 */

export class Reader {
  #on;
  /** @type {?Voice} */
  #voice = null; // until the hall is known
  /** @type {import("/static/lib/voice.js").Choice} */
  #choice = { variant: "north", packs: {} };
  #mute = false; // sound was asked for and not granted
  /** @type {?object} */
  #reading = null; // the present one: the one before may end later
  /** @type {Map<string, string>} */
  #letters = new Map(); // of the services, by their names
  reading = false;

  /**
   * @param {{changed: () => void, ended: () => void, says: (words: string) => void}} on  changed: reading can be had now;
   *   ended: nothing more is said; says: these words now, "" for none
   */
  constructor(on) {
    this.#on = on;
  }

  /**
   * Take in what the hall says of voices, and fetch those of its languages.
   * @param {Api.HallView} hall
   */
  async learn({ voice: manner, languages }) {
    if (!manner || typeof AudioContext === "undefined") return;
    const voice = (this.#voice ??= new Voice());
    voice.volume = manner.volume;
    this.#choice = manner;
    await Promise.all(languages.flatMap((language) => this.#packs(language)).map((pack) => voice.load(pack)));
    this.#on.changed();
  }

  /** @param {Map<string, string>} letters  of services, by the names that stand on the page */
  know(letters) {
    this.#letters = letters;
  }

  /**
   * Whether a page in this language can be read.
   * @param {string} language
   */
  ready(language) {
    return this.#own(language).some((pack) => this.#voice?.holds(pack)) && !this.#mute;
  }

  /** Seconds of the voice. */
  get now_s() {
    return this.#voice?.now_s ?? 0;
  }

  /**
   * Whether something can be said of an element.
   * @param {HTMLElement} stop
   * @param {string} language
   */
  canSay(stop, language) {
    return this.ready(language) && this.#said(stop, language, 0).length > 0;
  }

  /**
   * Say some words, then elements, each with its frame: to the end, or until something else is said.
   * @param {string[]} words  each has a clip of its own
   * @param {HTMLElement[]} stops
   * @param {string} language
   * @param {More} [more]
   */
  async say(words, stops, language, more = {}) {
    const voice = this.#voice;
    if (!voice) return;
    const reading = {};
    this.#reading = reading;
    if (this.reading) voice.stop();
    this.reading = true;
    voice.unlock();
    if (await awake(voice)) {
      for (const { stop, said } of this.#parts(words, stops, language, more)) {
        if (this.#reading !== reading) return;
        if (stop) more.begins?.(stop);
        if (!(await this.#play(voice, said, language))) break; // a sound card that died says nothing more
      }
    } else this.#mute = true;
    if (this.#reading === reading) this.#end();
  }

  #end() {
    this.#reading = null;
    this.reading = false;
    this.#on.ended();
  }

  /**
   * All there is to say, or the chime.
   * @param {string[]} words @param {HTMLElement[]} stops @param {string} language @param {More} more
   */
  #parts(words, stops, language, { last = [], among = stops }) {
    const alone = (/** @type {string} */ each) => ({ stop: null, said: this.#alone(each, language) });
    const keys = among.filter((stop) => stop.matches("[data-press]"));
    const read = stops.map((stop) => ({ stop, said: this.#said(stop, language, keys.indexOf(stop) + 1) }));
    const all = [...words.map(alone), ...read, ...last.map(alone)].filter(({ said }) => said.length);
    return all.length ? all : [{ stop: null, said: [{ el: null, words: "", clips: [CHIME] }] }];
  }

  /** Fall silent. */
  stop() {
    mark(null);
    this.#on.says("");
    if (!this.reading) return;
    this.reading = false;
    this.#reading = null;
    this.#voice?.stop();
  }

  /** @param {Voice} voice @param {Said[]} said @param {string} language */
  #play(voice, said, language) {
    const clips = said.flatMap((each) => [...each.clips, "."]);
    const owners = said.flatMap((each) => each.clips.filter((clip) => clip !== "," && clip !== ".").map(() => each));
    return voice.say(clips, this.#packs(language), (nth) => {
      mark(owners[nth].el);
      this.#on.says(owners[nth].words);
    });
  }

  /**
   * What is said of an element; of a key that no clip names, that it is one, by its number among the keys.
   * @param {HTMLElement} stop
   * @param {string} language
   * @param {number} n
   * @returns {Said[]}
   */
  #said(stop, language, n) {
    const has = this.#has(language);
    const letterOf = (/** @type {string} */ name) => this.#letters.get(name);
    const said = wordsOf(stop)
      .map(({ words, el }) => ({ el: framed(el, stop), words, clips: clipsOf(words, has, letterOf) }))
      .filter(({ clips }) => clips.length);
    if (said.length || !n) return said;
    return this.#alone(t("kiosk.speech_key", { n }), language).map((each) => ({ ...each, el: stop }));
  }

  /** @param {string} words @param {string} language @returns {Said[]} */
  #alone(words, language) {
    const has = this.#has(language);
    const clips = clipsOf(words, has, () => undefined);
    return clips.length ? [{ el: null, words, clips }] : [];
  }

  /** @param {string} language */
  #has(language) {
    const own = this.#own(language);
    return (/** @type {string} */ clip) => own.some((pack) => this.#voice?.has(clip, pack) ?? false);
  }

  /** @param {string} language */
  #packs(language) {
    return packsOf(screenLanguage(language), this.#choice);
  }

  /** @param {string} language */
  #own(language) {
    return ownPacks(screenLanguage(language), this.#choice);
  }
}

/**
 * A page in a language that is only spoken is written, and read, in Vietnamese.
 * @param {string} language
 */
function screenLanguage(language) {
  return language in LANGUAGES ? language : "vi";
}

/**
 * The drawing in a key whose words are being said, or the whole element: who cannot read finds it by the frame.
 * @param {HTMLElement} el
 * @param {HTMLElement} stop
 */
function framed(el, stop) {
  const person = /** @type {?HTMLElement} */ (el.closest(".person"));
  return person && stop.contains(person) ? person : stop;
}

/** @param {?HTMLElement} el  null: nothing on the page is being said */
export function mark(el) {
  for (const other of document.querySelectorAll(".is-read")) if (other !== el) other.classList.remove("is-read");
  el?.classList.add("is-read");
}

/** @param {Voice} voice */
async function awake(voice) {
  const until = performance.now() + PATIENCE_MS;
  while (!voice.audible && performance.now() < until) await new Promise((wake) => setTimeout(wake, 50));
  return voice.audible;
}
