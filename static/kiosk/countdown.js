/** Seconds until the screen goes on by itself. */

const TICK_MS = 200;

export class Countdown {
  #ends_at = Infinity;
  #shown = null;
  #onSecond;

  /** `onSecond(left_s)` is called whenever the whole seconds left change, down to 0. */
  constructor(onSecond) {
    this.#onSecond = onSecond;
    setInterval(() => this.#tick(), TICK_MS);
  }

  start(seconds) {
    // performance.now, because the machine's clock may be put right while somebody stands here.
    this.#ends_at = performance.now() + seconds * 1000;
    this.#shown = null;
  }

  stop() {
    this.#ends_at = Infinity;
  }

  get left_s() {
    return Math.max(0, Math.ceil((this.#ends_at - performance.now()) / 1000));
  }

  #tick() {
    if (this.#ends_at === Infinity || this.left_s === this.#shown) return;
    this.#shown = this.left_s;
    this.#onSecond(this.#shown);
  }
}
