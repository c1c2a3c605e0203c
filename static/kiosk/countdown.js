/** Seconds until the screen goes on by itself. */

const TICK_MS = 200;

export class Countdown {
  #ends_at = Infinity;
  /** @type {?number} */
  #shown = null;
  #onSecond;

  /** @param {(left_s: number) => void} onSecond  called whenever the whole seconds left change, down to 0 */
  constructor(onSecond) {
    this.#onSecond = onSecond;
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {number} seconds */
  start(seconds) {
    // performance.now, because the machine's clock may be put right while somebody stands here.
    this.#ends_at = performance.now() + seconds * 1000;
    this.#shown = null;
  }

  stop() {
    this.#ends_at = Infinity;
  }

  /** Whole seconds, or null while it stands still. */
  get left_s() {
    if (this.#ends_at === Infinity) return null;
    return Math.max(0, Math.ceil((this.#ends_at - performance.now()) / 1000));
  }

  #tick() {
    const left_s = this.left_s;
    if (left_s === null || left_s === this.#shown) return;
    this.#shown = left_s;
    this.#onSecond(left_s);
  }
}
