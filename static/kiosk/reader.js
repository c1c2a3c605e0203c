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
  /** @type {?Voice} */
  #voice = null; // until the hall is known
  #variant = "north";
  #mute = false; // sound was asked for and not granted
  /** @type {?object} */
  #reading = null; // the present one: the one before may end later
  reading = false;

  /** @param {{changed: () => void, ended: () => void}} on  changed: reading begins or can be had; ended: to its end */
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
    this.#variant = manner.variant;
    await Promise.all(languages.flatMap((language) => this.#packs(language)).map((pack) => voice.load(pack)));
    this.#on.changed();
  }

  /**
   * Whether a page in this language can be read.
   * @param {string} language
   */
  ready(language) {
    return Boolean(this.#voice?.holds(this.#packs(language)[0])) && !this.#mute;
  }

  /**
   * Read what stands in `page`, then the words `after`, if any.
   * @param {HTMLElement} page
   * @param {string} language
   * @param {Api.ServiceView[]} services
   * @param {string | undefined} after
   */
  async read(page, language, services, after) {
    const voice = this.#voice;
    if (!voice) return;
    const reading = {};
    this.#reading = reading;
    voice.unlock();
    this.reading = true;
    this.#on.changed();
    if (await awake(voice)) {
      const pack = this.#packs(language)[0];
      const clips = clipsOf(page, (clip) => voice.has(clip, pack), services, after);
      if (this.reading) await voice.say(clips, this.#packs(language));
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
    this.#voice?.stop();
  }

  /** @param {string} language */
  #packs(language) {
    return packsOf(language, this.#variant);
  }
}

/**
 * @param {HTMLElement} page
 * @param {(clip: string) => boolean} has  whether the pack has it
 * @param {Api.ServiceView[]} services
 * @param {string | undefined} after
 */
function clipsOf(page, has, services, after) {
  const letters = new Map(services.map((service) => [nameOf(service), service.prefix]));
  const sentence = (/** @type {string} */ words) => {
    if (has(words)) return [words];
    const letter = letters.get(words);
    return letter === undefined ? [] : letterClips(letter);
  };
  const clips = [...texts(page)].map(({ words, el }) => {
    if (el.closest(".number")) return numberClips(words.replace(/\s/g, ""));
    if (/^\d+$/.test(words) && el.closest(".plate, .paper-list")) return wholeNumber(Number(words));
    return sentence(words);
  });
  const said = [...clips, after ? sentence(after) : []].filter((each) => each.length);
  return said.length ? said.flatMap((each) => [...each, "."]) : [CHIME];
}

/** @param {Voice} voice */
async function awake(voice) {
  const until = performance.now() + PATIENCE_MS;
  while (!voice.audible && performance.now() < until) await new Promise((wake) => setTimeout(wake, 50));
  return voice.audible;
}

/** @param {HTMLElement} el */
function isSeen(el) {
  return el.getClientRects().length > 0 && getComputedStyle(el).visibility === "visible";
}

/**
 * The words that can be seen, each with the element they stand in.
 * @param {HTMLElement} page
 */
function* texts(page) {
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = /** @type {Text} */ (walk.currentNode).data.trim();
    const el = walk.currentNode.parentElement;
    if (words && el && isSeen(el)) yield { words, el };
  }
}
