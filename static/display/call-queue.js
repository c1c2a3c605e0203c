/** Which call holds the panel, and since when. It is given the time, so it can be tested without waiting. */

/** Every call keeps the panel at least this long, however many follow. */
export const HOLD_MS = 3_000;
/** A call stays yellow at least this long, even when the person has already reached the counter. */
export const KEEP_MS = 20_000;
/** With no call for this long the panel goes calm. */
export const CALM_MS = 30_000;
/** A clerk who never presses "start" must not keep the waiting times from everybody for ever. */
export const UNANSWERED_MS = 180_000;
/** Only a call younger than this is announced after a gap; older ones were seen or are too late to hurry for. */
export const NEWS_MS = 20_000;

/**
 * Times are milliseconds of one monotonic clock. A call is `{seq, number, counter}`.
 * The waiting calls are at most one a counter, so the queue cannot grow.
 */
export class CallQueue {
  #heard = 0;
  /** @type {Wall.Entry[]} */
  #waiting = []; // in order
  /** @type {?(Wall.Entry & {from: number, blink: number})} */
  #held = null;
  #blinks = 0;

  /**
   * A call has just been made. Heard already: nothing happens.
   * @param {Wall.Call} call
   * @param {number} now
   */
  offer(call, now) {
    if (call.seq <= this.#heard) return;
    this.#heard = call.seq;
    // Who was called to that counter before is no longer awaited there.
    this.#waiting = this.#waiting.filter((w) => w.call.counter !== call.counter && w.call.number !== call.number);
    const entry = { call, answered: false, left: false };
    if (this.#held?.call.number === call.number && !this.#waiting.length) this.#hold(entry, now);
    else this.#waiting.push(entry);
  }

  /**
   * The person called has come.
   * @param {?string} number
   */
  answer(number) {
    for (const entry of [this.#held, ...this.#waiting])
      if (entry && entry.call.number === number) entry.answered = true;
  }

  /**
   * The person called has been served and is gone: the call gives way once it has had its time.
   * @param {?string} number
   */
  leave(number) {
    this.#waiting = this.#waiting.filter((w) => w.call.number !== number);
    if (this.#held?.call.number === number) this.#held.left = true;
  }

  /**
   * The call no longer holds (no-show, cancelled, expired, taken back): nobody is asked for any more.
   * @param {?string} number
   */
  withdraw(number) {
    this.#waiting = this.#waiting.filter((w) => w.call.number !== number);
    if (this.#held?.call.number === number) this.#held = null;
  }

  /**
   * The whole truth after a gap: the numbers that are `called` and not answered yet; `calls`, those of
   * them that are known with their call, oldest first; the `last` call of all or null; `seq`, how far
   * this truth reaches; `age(call)` in ms.
   * @param {{seq: number, called: (?string)[], calls: Wall.Call[], last: ?Wall.Call, age: (call: Wall.Call) => number}} truth
   * @param {number} now
   */
  resync({ seq, called, calls, last, age }, now) {
    // The numbering begins again lower only when the server was given an older log.
    if (seq < this.#heard) this.#heard = 0;
    const before = this.#heard;
    const still = new Set(called);
    this.#waiting = this.#waiting.filter((w) => still.has(w.call.number));
    if (this.#held) this.#held.answered = !still.has(this.#held.call.number);
    for (const call of calls) if (age(call) < NEWS_MS) this.offer(call, now);
    this.#heard = Math.max(this.#heard, seq);

    // A call heard before has had the panel and does not come back to it; one just offered has it already.
    if (last && last.seq > before && !this.#waiting.length && this.#held?.call.seq !== last.seq) {
      this.#held = { call: last, from: now - age(last), blink: 0, answered: !still.has(last.number), left: false };
    }
  }

  /**
   * What the panel shows now: `{call, phase, blink}`. Phase "called": yellow. "calm": still there, in the
   * colour of the rows. "free": the panel may show something else (call is null). A new `blink` number
   * asks for attention once; 0 asks for none.
   * @param {number} now
   * @returns {Wall.Panel}
   */
  at(now) {
    // In a crowd nobody's turn in the panel is spent on a person who is at the counter already.
    const awaited = this.#waiting.filter(({ answered }) => !answered);
    if (awaited.length) this.#waiting = awaited;
    const [next] = this.#waiting;
    if (next && !(this.#held && now - this.#held.from < HOLD_MS)) {
      this.#waiting.shift();
      this.#hold(next, now);
    }
    if (!this.#held) return { call: null, phase: "free", blink: 0 };
    const { call, from, blink, answered, left } = this.#held;
    const age = now - from;
    const until = left ? HOLD_MS : answered ? CALM_MS : UNANSWERED_MS;
    if (age >= until) return { call: null, phase: "free", blink: 0 };
    const calm = age >= (answered ? KEEP_MS : CALM_MS);
    return { call, phase: calm ? "calm" : "called", blink };
  }

  /** @param {Wall.Entry} entry @param {number} now */
  #hold(entry, now) {
    this.#blinks += 1;
    this.#held = { ...entry, from: now, blink: this.#blinks };
  }
}
