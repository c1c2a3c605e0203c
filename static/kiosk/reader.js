/**
 * Reads a page aloud, in the order in which it stands there. A clip is named by the very words it says: what
 * has none (a figure that changes, a text that was rewritten) is passed over, never misread. A service
 * without a clip is named by its letter; a page of which nothing can be read, by the chime.
 */

import { letterClips, numberClips, wholeNumber } from "/static/lib/phrases.js";
import { CHIME, Voice, packsOf } from "/static/lib/voice.js";
import { nameOf } from "./service.js";

const PATIENCE_MS = 1500; // within this the browser grants sound to a touch, or there is none

export class Reader {
  #on;
  /** @type {any} */
  #voice = null; // a Voice, once the hall is known
  #variant = "north";
  #mute = false; // sound was asked for and not granted
  /** @type {?object} */
  #reading = null; // the present one: the one before may end later
  reading = false;

  /** `on`: {changed() when reading begins or can be had, ended() when it comes to its end} */
  constructor(on) {
    this.#on = on;
  }

  /** Take in what the hall says of voices, and fetch those of its languages. */
  async learn({ voice, languages }) {
    if (!voice || typeof AudioContext === "undefined") return;
    this.#voice ??= new Voice();
    this.#voice.volume = voice.volume;
    this.#variant = voice.variant;
    await Promise.all(languages.flatMap((language) => this.#packs(language)).map((pack) => this.#voice.load(pack)));
    this.#on.changed();
  }

  /** Whether a page in this language can be read. */
  ready(language) {
    return Boolean(this.#voice?.holds(this.#packs(language)[0])) && !this.#mute;
  }

  /** Read what stands in `page`, then the words `after`, if any. */
  async read(page, language, services, after) {
    const reading = {};
    this.#reading = reading;
    this.#voice.unlock();
    this.reading = true;
    this.#on.changed();
    if (await this.#awake()) {
      const clips = this.#clips(page, this.#packs(language)[0], services, after);
      if (this.reading) await this.#voice.say(clips, this.#packs(language));
      // One that was stopped meanwhile has nothing to end.
      if (!this.reading || this.#reading !== reading) return;
    } else {
      this.#mute = true;
    }
    this.reading = false;
    this.#on.ended();
  }

  stop() {
    if (!this.reading) return;
    this.reading = false;
    this.#voice.stop();
  }

  #packs(language) {
    return packsOf(language, this.#variant);
  }

  #clips(page, pack, services, after) {
    const letters = new Map(services.map((service) => [nameOf(service), service.prefix]));
    const sentence = (words) => {
      if (this.#voice.has(words, pack)) return [words];
      return letters.has(words) ? letterClips(letters.get(words)) : [];
    };
    const clips = [...texts(page)].map(({ words, el }) => {
      if (el.closest(".number")) return numberClips(words.replace(/\s/g, ""));
      if (/^\d+$/.test(words) && el.closest(".plate, .paper-list")) return wholeNumber(Number(words));
      return sentence(words);
    });
    const said = [...clips, after ? sentence(after) : []].filter((each) => each.length);
    return said.length ? said.flatMap((each) => [...each, "."]) : [CHIME];
  }

  async #awake() {
    const until = performance.now() + PATIENCE_MS;
    while (!this.#voice.audible && performance.now() < until) await new Promise((wake) => setTimeout(wake, 50));
    return this.#voice.audible;
  }
}

/** The words that can be seen, each with the element they stand in. */
function* texts(page) {
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = /** @type {Text} */ (walk.currentNode).data.trim();
    const el = walk.currentNode.parentElement;
    if (words && el?.checkVisibility({ visibilityProperty: true })) yield { words, el };
  }
}
