/**
 * The pages by ear: while somebody listens, every page is read when it appears, element after element; a touch says what
 * it touches, and the same touch again chooses; a keypad goes from one to the next. It ends with the visit.
 */

import { inSight, stopAround, stopsOf } from "./stops.js";
import { keypadKey } from "./keypad.js";
import { nameOf } from "./service.js";
import { Reader, mark } from "./reader.js";
import { t } from "/static/lib/text.js";

const REPEAT_MS = 1500; // a second press of "choose" this soon is the first one
const LATE_S = 0.9; // who chooses just after the frame went on by itself meant the one before

/**
 * What is needed to read the page that stands there; `types`: it takes digits from the keypad.
 * @typedef {{language: string, services: Api.ServiceView[], types: boolean}} Heard
 */

export class Speech {
  #on;
  #parts;
  #reader;
  /** @type {Heard} */
  #heard = { language: "vi", services: [], types: false };
  #shown = ""; // the page that was read
  /** @type {?HTMLElement} */
  #here = null; // what was said last
  #name = ""; // its key's name: the page may be drawn again
  /** @type {?HTMLElement} */
  #before = null; // what was said before it, if the reading went on by itself
  #moved_s = -Infinity; // of the voice
  #chosen_at = -Infinity;
  #knows_keys = false;
  on = false;

  /**
   * @param {() => HTMLElement[]} parts  of the screen: those of the page, and last the foot
   * @param {{changed: () => void, ended: () => void, says: (words: string) => void, press: (name: string, key: ?HTMLElement) => void}} on
   */
  constructor(parts, on) {
    this.#parts = parts;
    this.#on = on;
    this.#reader = new Reader({ ...on, ended: () => this.#ended() });
  }

  get reading() {
    return this.#reader.reading;
  }

  /** @param {Api.HallView} hall */
  learn(hall) {
    return this.#reader.learn(hall);
  }

  /** Whether the page that stands there can be read. */
  get ready() {
    return this.#reader.ready(this.#heard.language);
  }

  /**
   * Somebody wants to hear the pages from now on.
   * @param {"speech_touch" | "speech_keys"} how  what is explained first
   */
  start(how) {
    if (!this.ready) return;
    this.on = true;
    this.#knows_keys ||= how === "speech_keys";
    this.#readPage([t(`kiosk.${how}`)]);
  }

  /** Nobody listens any more. @param {boolean} [said]  said aloud: somebody asked for it */
  stop(said = false) {
    this.on = false;
    this.#knows_keys = false;
    this.#place(null);
    this.#reader.stop();
    if (said) this.#reader.say([t("kiosk.speech_off")], [], this.#heard.language);
  }

  /**
   * The page as it stands there now; one that has not been read yet is.
   * @param {string} shown  changes with what is to be read again from its beginning
   * @param {Heard} heard
   */
  follow(shown, heard) {
    this.#heard = heard;
    this.#reader.know(new Map(heard.services.map((service) => [nameOf(service), service.prefix])));
    const asked = `${shown} ${document.querySelector("main h1")?.textContent ?? ""}`;
    if (asked === this.#shown) return;
    this.#shown = asked;
    if (this.on) this.#readPage(heard.types && this.#knows_keys ? [t("kiosk.speech_code")] : []);
    else this.#reader.stop();
  }

  /**
   * A finger on the glass: whether it was answered by saying what lies under it, so that it does nothing else.
   * @param {?Element} under
   */
  touch(under) {
    if (!this.on || under?.closest('[data-press="read"]')) return false;
    const stop = stopAround(under, this.#all());
    if (!stop) return true;
    if (stop === this.#here && key(stop)) return false;
    if (stop !== this.#here || !this.reading) this.#sayOne(stop);
    return true;
  }

  /**
   * A finger that rests on the glass: whether what lies under it could be said; lifting it then does nothing.
   * @param {?Element} under
   */
  explain(under) {
    const stop = stopAround(under, this.#all());
    if (!stop || stop.matches('[data-press="read"]') || !this.#reader.canSay(stop, this.#heard.language)) return false;
    if (this.on) this.#sayOne(stop);
    else if (stop.dataset.typing !== undefined) return false;
    else this.#reader.say([], [stop], this.#heard.language, { last: key(stop) ? [t("kiosk.speech_hold")] : [] });
    return true;
  }

  /** A press that was the one before once more. */
  repeated() {
    if (this.on) this.#readPage([t("kiosk.speech_once")]);
  }

  /**
   * What was just typed, or how a key stands now.
   * @param {string[]} words
   * @param {?HTMLElement} key
   */
  echo(words, key) {
    if (!this.on) return;
    if (key) this.#place(key);
    this.#reader.say(words, key ? [key] : [], this.#heard.language, { begins: (stop) => this.#place(stop) });
  }

  /**
   * A key of a keypad; whether it was one. The first one only begins the reading.
   * @param {KeyboardEvent} event
   */
  key(event) {
    const pressed = keypadKey(event);
    if (!pressed || !this.ready) return false;
    if (event.repeat) return true;
    const { act, digit } = pressed;
    if (digit !== null && this.#heard.types) this.#pressOne(`digit:${digit}`);
    else if (this.on && this.#knows_keys) this.#do(act);
    // Enter of a whole keyboard presses what has the focus, as ever.
    else if (event.code === "Enter" && key(document.activeElement)) return false;
    else this.start("speech_keys");
    return true;
  }

  /** @param {import("./keypad.js").KeypadAct} act */
  #do(act) {
    if (act === "next") this.#step(1);
    else if (act === "previous") this.#step(-1);
    else if (act === "repeat") this.#repeat();
    else if (act === "choose") this.#choose();
    else if (act === "help") this.#on.press("help", null);
    else if (act === "erase") this.#erase();
    else this.#reader.say([t("kiosk.speech_keys")], [], this.#heard.language);
  }

  #erase() {
    this.#pressOne("erase");
    this.#pressOne("rub");
  }

  /** Presses a key of the page, if it has it. @param {string} name */
  #pressOne(name) {
    const pressed = this.#all().find((stop) => stop.dataset.press === name);
    if (pressed) this.#on.press(name, pressed);
  }

  /** @param {number} by */
  #step(by) {
    const all = this.#all().filter((stop) => key(stop) || this.#reader.canSay(stop, this.#heard.language));
    const at = all.indexOf(/** @type {HTMLElement} */ (this.#found(all)));
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    if (all[next]) this.#sayOne(all[next]);
  }

  #repeat() {
    const here = this.#found(this.#all());
    if (here) this.#sayOne(here);
    else this.#readPage([]);
  }

  #choose() {
    const now = performance.now();
    const all = this.#all();
    const before = key(this.#before);
    const late = before && all.includes(before) && this.#reader.now_s - this.#moved_s < LATE_S;
    const chosen = late ? before : key(this.#found(all));
    if (now - this.#chosen_at < REPEAT_MS && chosen?.dataset.typing === undefined) this.repeated();
    else if (!chosen) this.#step(1);
    else {
      this.#chosen_at = now;
      this.#on.press(chosen.dataset.press ?? "", chosen);
    }
  }

  /** Where somebody listens the frame stays: that is what is chosen. */
  #ended() {
    if (!this.on) this.#reader.stop();
    this.#on.ended();
  }

  /** @param {string[]} words  said first */
  #readPage(words) {
    this.#place(null);
    const stops = this.#pages().flatMap(stopsOf);
    const begins = (/** @type {HTMLElement} */ stop) => {
      this.#before = this.#here;
      this.#moved_s = this.#reader.now_s;
      this.#here = stop;
      this.#name = stop.dataset.press ?? "";
    };
    this.#reader.say(words, stops, this.#heard.language, { begins });
  }

  /** @param {HTMLElement} stop */
  #sayOne(stop) {
    this.#place(stop);
    this.#reader.say([], [stop], this.#heard.language, { among: this.#pages().flatMap(stopsOf) });
  }

  /** @param {?HTMLElement} stop */
  #place(stop) {
    this.#here = stop;
    this.#name = stop?.dataset.press ?? "";
    this.#before = null;
    mark(stop);
  }

  /** Where the listener is, also if the page has been drawn again. @param {HTMLElement[]} all */
  #found(all) {
    if (!this.#here || all.includes(this.#here)) return this.#here;
    return (this.#name && all.find((stop) => stop.dataset.press === this.#name)) || null;
  }

  #pages() {
    return this.#parts().slice(0, -1);
  }

  #all() {
    const [foot] = this.#parts().slice(-1);
    return [...this.#pages().flatMap(stopsOf), ...inSight(stopsOf(foot))];
  }
}

/** @param {?Element} stop @returns {?HTMLElement}  null: it can be heard and not chosen */
function key(stop) {
  return stop instanceof HTMLElement && stop.matches("[data-press]") ? stop : null;
}
