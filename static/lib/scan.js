/**
 * Recognises a hand scanner among the keys. A scanner is a keyboard that types faster than anybody can: what it types is one
 * scan, never a shortcut, never half a text in a field, and the Enter after it presses nothing.
 */

import { written } from "/static/lib/number.js";

const BURST_MS = 35; // from key to key: a hand is slower, a scanner faster
const PAUSE_MS = 120; // within what is known to be a scan: a busy PC may deliver a key late
const AFTER_MS = 280; // after a scan, a key alone is still the scanner's: nobody reacts sooner
const FEWEST_KEYS = 4; // fewer are two fingers at once: they do nothing, and are no code either
const MOST_CHARS = 400; // more is no code of ours

/** @typedef {{place: string, typed: string, altered: boolean}} Scan  by the place of each key on a US keyboard, and by
 *   what the keyboard's layout made of it; `altered`: a Vietnamese typing program has changed some of it */

/**
 * What a page does with keys. `scanned` gets each scan. `key` gets every other key that writes nothing into a field: letters,
 * figures, Space and Enter only once it is sure that no second key follows at once; their default is prevented by then. Without
 * `key` Space and Enter press the button that has the focus, as ever. `together`: a few keys at once, which did nothing.
 * @typedef {{scanned: (scan: Scan) => void, key?: (event: KeyboardEvent) => void, together?: () => void}} Handlers
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

const ENDS = ["Enter", "NumpadEnter", "Tab"];
const LOCKS = ["Shift", "CapsLock", "NumLock", "AltGraph"];
const PRESSES = ["Space", "Enter", "NumpadEnter"];
const NO_FIELD = "[type=button], [type=submit], [type=reset], [type=image], [type=file], [type=checkbox], [type=radio]";
const PRESSED_BY_SPACE = "button, summary, [type=button], [type=submit], [type=reset], [type=image]";
const PRESSED = `${PRESSED_BY_SPACE}, a[href]`;

/** What the keys with a sign stand for on a US keyboard: alone, and with Shift. @type {Record<string, string>} */
const SIGNS = {
  Minus: "-_",
  Equal: "=+",
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  Semicolon: ";:",
  Quote: "'\"",
  Backquote: "`~",
  Comma: ",<",
  Period: ".>",
  Slash: "/?",
  Space: "  ",
  NumpadDecimal: "..",
  NumpadSubtract: "--",
  NumpadDivide: "//",
  Enter: "\n\n",
  NumpadEnter: "\n\n",
  Tab: "\t\t",
};
const SHIFTED_DIGITS = ")!@#$%^&*(";

class Reader {
  #on;
  /** @type {KeyboardEvent[]} */
  #keys = []; // of the burst under way
  #last_at = -Infinity;
  #quiet_until = -Infinity;
  #muted = false; // the burst began so soon after a scan that it is its tail
  #scanning = false;
  #timer = 0;
  /** @type {?{field: Field, value: string, from: ?number, to: ?number}} */
  #before = null; // the field that has the focus, as it was before the burst
  /** @type {Set<string>} */
  #held = new Set(); // keys whose release must not press a button either

  /** @param {Handlers} on */
  constructor(on) {
    this.#on = on;
  }

  /** @param {KeyboardEvent} event */
  down(event) {
    const follows = this.#follows(event.timeStamp);
    if (!follows) this.end();
    if (LOCKS.includes(event.key)) return;
    if (this.#counts(event, follows)) this.#add(event);
    else {
      this.end();
      this.#pass(event);
    }
  }

  /** @param {KeyboardEvent} event */
  #add(event) {
    if (!this.#keys.length) this.#begin(event);
    this.#keys.push(event);
    this.#last_at = event.timeStamp;
    if (this.#keys.length >= FEWEST_KEYS && !this.#scanning) {
      this.#scanning = true;
      this.#restore();
    }
    if (this.#before === null || this.#scanning || this.#muted) {
      this.#held.add(event.code);
      hold(event);
    } else this.#pass(event);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), this.#scanning ? PAUSE_MS : BURST_MS);
  }

  /** @param {KeyboardEvent} event */
  #pass(event) {
    if (!fieldOf(event) || !writesText(event)) this.#on.key?.(event);
  }

  /** @param {KeyboardEvent} event */
  up(event) {
    if (this.#held.delete(event.code)) hold(event);
  }

  /** The burst is over: it was a scan, a key, or nothing. */
  end() {
    clearTimeout(this.#timer);
    const [keys, scanning, muted, before] = [this.#keys, this.#scanning, this.#muted, this.#before];
    this.#keys = [];
    this.#scanning = this.#muted = false;
    this.#before = null;
    if (scanning) {
      this.#quiet_until = this.#last_at + PAUSE_MS + AFTER_MS;
      this.#on.scanned(scanOf(keys));
    } else if (keys.length && !muted && before === null) {
      // A typing program replaces what was typed with several characters at once: the last is the key that was pressed.
      if (keys.length === 1 || keys.every(({ code }) => code === "")) this.#alone(keys[keys.length - 1]);
      else this.#on.together?.();
    }
  }

  /** @param {number} at */
  #follows(at) {
    return this.#keys.length > 0 && at - this.#last_at < (this.#scanning ? PAUSE_MS : BURST_MS);
  }

  /**
   * Whether a scanner may have typed this, after another key of the burst or as its first.
   * @param {KeyboardEvent} event
   * @param {boolean} follows
   */
  #counts(event, follows) {
    if (event.repeat || event.isComposing) return false;
    if (isCombined(event)) return follows && this.#scanning;
    const field = fieldOf(event);
    if (field && isOfProgram(event)) return false;
    if (!follows && (ENDS.includes(event.code) || event.code === "Space")) return this.#canHold(event, field);
    return writesText(event) || ENDS.includes(event.code);
  }

  /**
   * Whether what a first Space, Enter or Tab does can be done a moment later: else the browser does it at once.
   * @param {KeyboardEvent} event
   * @param {?Field} field
   */
  #canHold(event, field) {
    if (event.timeStamp < this.#quiet_until) return true;
    if (field) return event.code === "Space";
    if (event.code === "Tab") return false;
    return this.#on.key !== undefined || (elementOf(event)?.matches(PRESSED) ?? false);
  }

  /** @param {KeyboardEvent} event */
  #begin(event) {
    this.#muted = event.timeStamp < this.#quiet_until;
    const field = fieldOf(event);
    this.#before = field && {
      field,
      value: field.value,
      from: "selectionStart" in field ? field.selectionStart : null,
      to: "selectionEnd" in field ? field.selectionEnd : null,
    };
  }

  /** What the first keys have written is taken out of the field again. */
  #restore() {
    if (!this.#before || this.#muted) return;
    const { field, value, from, to } = this.#before;
    if (field.value === value) return;
    field.value = value;
    if (from !== null && "setSelectionRange" in field) field.setSelectionRange(from, to);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.matches("select")) field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {KeyboardEvent} event */
  #alone(event) {
    if (this.#on.key) {
      this.#on.key(event);
      return;
    }
    const focused = elementOf(event);
    if (!PRESSES.includes(event.code) || !(focused instanceof HTMLElement) || focused !== document.activeElement)
      return;
    if (focused.matches(event.code === "Space" ? PRESSED_BY_SPACE : PRESSED)) focused.click();
  }
}

/**
 * Read scanners on this page until the function returned is called.
 * @param {Handlers} on
 * @returns {() => void}
 */
export function readScans(on) {
  const reader = new Reader(on);
  const down = (/** @type {KeyboardEvent} */ event) => reader.down(event);
  const up = (/** @type {KeyboardEvent} */ event) => reader.up(event);
  window.addEventListener("keydown", down, true);
  window.addEventListener("keyup", up, true);
  return () => {
    reader.end();
    window.removeEventListener("keydown", down, true);
    window.removeEventListener("keyup", up, true);
  };
}

/** @param {KeyboardEvent} event */
function hold(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** @param {KeyboardEvent} event @returns {?Element} */
function elementOf(event) {
  return event.target instanceof Element ? event.target : null;
}

/**
 * The field that a key writes into, or null.
 * @param {KeyboardEvent} event
 * @returns {?Field}
 */
function fieldOf(event) {
  const element = elementOf(event);
  const writes = element?.matches("input, textarea, select") && !element.matches(NO_FIELD);
  return writes ? /** @type {Field} */ (element) : null;
}

/**
 * Signs that need AltGr, and what a typing program deletes: within a scan they are part of it, before it they are not.
 * @param {KeyboardEvent} event
 */
function isCombined({ ctrlKey, altKey, metaKey, key }) {
  return ctrlKey || altKey || metaKey || key === "Backspace";
}

/**
 * What a typing program writes instead of what was typed.
 * @param {KeyboardEvent} event
 */
function isOfProgram({ code, key }) {
  return code === "" || key === "Process";
}

/** @param {KeyboardEvent} event */
function writesText({ key }) {
  return key.length === 1 || key === "Dead" || key === "Process";
}

/** @param {KeyboardEvent[]} keys @returns {Scan} */
function scanOf(keys) {
  const written = keys.filter(({ key }) => key !== "Backspace");
  const text = (/** @type {(event: KeyboardEvent) => string} */ of) =>
    written.map(of).join("").slice(0, MOST_CHARS).trim();
  return {
    place: text(byPlace),
    typed: text((event) => (event.key.length === 1 ? event.key : (SIGNS[event.code]?.[0] ?? ""))),
    altered: written.length < keys.length || keys.some(({ code }) => code === ""),
  };
}

/**
 * The character on a US keyboard, which most scanners are, whatever layout or Caps Lock make of it.
 * @param {KeyboardEvent} event
 */
function byPlace({ code, key, shiftKey }) {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  const [, row, digit] = /^(Digit|Numpad)([0-9])$/.exec(code) ?? [];
  if (digit) return row === "Digit" && shiftKey ? SHIFTED_DIGITS[Number(digit)] : digit;
  return SIGNS[code]?.[shiftKey ? 1 : 0] ?? (key.length === 1 ? key : "");
}

/** @typedef {{kind: "ticket", id: string} | {kind: "number", number: string} | {kind: "dossier", code: string}
 *   | {kind: "card"} | {kind: "altered"} | {kind: "unknown"}} Meaning */

const TICKET = /^https?:\/\/[^/\s]+\/t\/([\w-]{16,64})\/?(?:[?#]\S*)?$/;
/** The code of a dossier: its office, the date, a running number, as in "H26.14-261130-0042". */
const DOSSIER = /^(?=.{9,40}$)[A-Z0-9]{1,6}(?:\.[A-Z0-9]{1,6}){0,6}-[0-9]{6}-[0-9]{2,10}$/;
const NUMBER = /^\p{L}{0,2} ?[0-9]{3,4}$/u;
/** An identity card's text has fields; the machine-readable lines of a card or passport have "<". */
const CARD = /[|<]|^[0-9]{9}(?:[0-9]{3})?$|^IDVNM/;

/**
 * What was scanned: our own ticket by its link or number, a dossier's receipt, somebody's papers, or nothing we know.
 * Of the last three the text is not to be shown nor kept.
 * @param {Scan} scan
 * @returns {Meaning}
 */
export function meaningOf({ place, typed, altered }) {
  if (CARD.test(place) || CARD.test(typed)) return { kind: "card" };
  for (const text of [place, typed]) {
    const [, id] = TICKET.exec(text) ?? [];
    if (id) return altered ? { kind: "altered" } : { kind: "ticket", id };
    const capitals = text.toUpperCase();
    if (DOSSIER.test(capitals)) return { kind: "dossier", code: capitals };
    if (NUMBER.test(text)) return { kind: "number", number: written(text) };
  }
  return { kind: altered ? "altered" : "unknown" };
}
