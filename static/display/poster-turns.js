/** Whose turn it is in the place of the call while nobody is called. It is given the time, so it can be tested. */

/** After a call, or anything else that stood there, the waiting have the place for so long. */
export const QUIET_MS = 10_000;
/** So long between two posters. */
export const BOARD_MS = 12_000;
/** A film is shown to its end, but no longer than this. */
const FILM_MOST_MS = 180_000;

/** @typedef {{key: string, pages: number, seconds: number, film: boolean}} Turn */

/**
 * The waiting, a poster, the waiting, the next poster … A poster has as many pages as it has pictures that do not fit at
 * once. A poster that a call interrupts goes on after it, from the page it had come to; if that is interrupted too, the next
 * follows, so that a long film does not keep all others from being seen.
 */
export class PosterTurns {
  /** When what stands now began; null while the place is not free. @type {?number} */
  #from = null;
  /** The poster that stands, or else that stood last. */
  #key = "";
  #shown = false;
  #page = 0;
  /** Whether it was interrupted, and goes on at its next turn; and whether it has done so. */
  #goesOn = false;
  #wentOn = false;

  /**
   * What stands at `now`: a poster and its page, or null for the waiting. `free`: nothing else needs the place.
   * @param {number} now  monotonic, in ms
   * @param {Turn[]} posters  that can be shown now
   * @param {boolean} free
   * @returns {?{key: string, page: number}}
   */
  at(now, posters, free) {
    if (!free || !posters.length) {
      if (this.#shown) this.#goesOn = !this.#wentOn;
      this.#from = null;
      this.#shown = false;
      return null;
    }
    if (this.#from === null) {
      this.#from = now - BOARD_MS + QUIET_MS;
      return null;
    }
    const poster = this.#shown ? posters.find(({ key }) => key === this.#key) : undefined;
    if (this.#shown && !poster) this.#end(now);
    else if (poster) this.#turnPage(now, poster);
    else if (now - this.#from >= BOARD_MS) this.#begin(now, posters);
    return this.#shown ? { key: this.#key, page: this.#page } : null;
  }

  /** The film that stands has come to its end, or cannot go on. @param {number} now */
  ended(now) {
    if (this.#shown) this.#end(now);
  }

  /** @param {number} now @param {Turn} poster */
  #turnPage(now, { pages, seconds, film }) {
    if (now - /** @type {number} */ (this.#from) < (film ? FILM_MOST_MS : seconds * 1000)) return;
    if (this.#page + 1 >= pages) return this.#end(now);
    this.#page += 1;
    this.#from = now;
  }

  /** @param {number} now @param {Turn[]} posters */
  #begin(now, posters) {
    const last = posters.findIndex(({ key }) => key === this.#key);
    this.#wentOn = this.#goesOn && last >= 0;
    this.#goesOn = false;
    if (!this.#wentOn) {
      this.#key = posters[(last + 1) % posters.length].key;
      this.#page = 0;
    }
    this.#shown = true;
    this.#from = now;
  }

  /** @param {number} now */
  #end(now) {
    this.#shown = false;
    this.#from = now;
  }
}
