/**
 * Reads a page aloud, in the order in which it stands there. A clip is named by the very words it says: what
 * has none (a figure that changes, a text that was rewritten) is passed over, never misread. A service
 * without a clip is named by its letter; a page of which nothing can be read, by the chime.
 */

import { LANGUAGES } from "/static/lib/choices.js";
import { letterClips, numberClips, wholeNumber } from "/static/lib/phrases.js";
import { CHIME, Voice, ownPacks, packsOf } from "/static/lib/voice.js";
import { nameOf } from "./service.js";

const PATIENCE_MS = 1500; // within this the browser grants sound to a touch, or there is none

export class Reader {
  #on;
  /** @type {?Voice} */
  #voice = null; // until the hall is known
  /** @type {import("/static/lib/voice.js").Choice} */
  #choice = { variant: "north", packs: {} };
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
    this.#choice = manner;
    await Promise.all(languages.flatMap((language) => this.#packs(language)).map((pack) => voice.load(pack)));
    this.#on.changed();
  }

  /**
   * Whether a page in this language can be read.
   * @param {string} language
   */
  ready(language) {
    return this.#own(language).some((pack) => this.#voice?.holds(pack)) && !this.#mute;
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
      const own = this.#own(language);
      const pieces = piecesOf(page, (clip) => own.some((pack) => voice.has(clip, pack)), services, after);
      const clips = pieces.flatMap((piece) => [...piece.clips, "."]);
      const owners = pieces.flatMap((piece) => piece.clips.filter((clip) => clip !== ",").map(() => piece.el));
      if (this.reading) await voice.say(clips, this.#packs(language), (nth) => mark(page, owners[nth]));
      // One that was stopped meanwhile has nothing to end.
      if (!this.reading || this.#reading !== reading) return;
    } else {
      this.#mute = true;
    }
    this.reading = false;
    mark(page, null);
    this.#on.ended();
  }

  stop() {
    if (!this.reading) return;
    this.reading = false;
    mark(document, null);
    this.#voice?.stop();
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
 * Frames the key, or the drawing in it, whose words are being said: who cannot read finds it by the frame.
 * @param {ParentNode} page
 * @param {?HTMLElement} el  null: nothing is said of a key
 */
function mark(page, el) {
  for (const other of page.querySelectorAll(".is-read")) other.classList.remove("is-read");
  el?.closest(".person, .key")?.classList.add("is-read");
}

/**
 * What is said of a page, piece by piece, each with the element it stands in.
 * @param {HTMLElement} page
 * @param {(clip: string) => boolean} has  whether the pack has it
 * @param {Api.ServiceView[]} services
 * @param {string | undefined} after
 * @returns {{clips: string[], el: ?HTMLElement}[]}
 */
function piecesOf(page, has, services, after) {
  const letters = new Map(services.map((service) => [nameOf(service), service.prefix]));
  const sentence = (/** @type {string} */ words) => {
    if (has(words)) return [words];
    const letter = letters.get(words);
    return letter === undefined ? [] : letterClips(letter);
  };
  const clipsOf = (/** @type {string} */ words, /** @type {HTMLElement} */ el) => {
    if (el.closest(".number")) return numberClips(words.replace(/\s/g, ""));
    if (/^\d+$/.test(words) && el.closest(".plate, .paper-list")) return wholeNumber(Number(words));
    return sentence(words);
  };
  /** @type {{clips: string[], el: ?HTMLElement}[]} */
  const pieces = [...texts(page)].map(({ words, el }) => ({ clips: clipsOf(words, el), el }));
  if (after) pieces.push({ clips: sentence(after), el: null });
  const said = pieces.filter(({ clips }) => clips.length);
  return said.length ? said : [{ clips: [CHIME], el: null }];
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
