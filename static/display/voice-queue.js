/** Which call is spoken next, and whether it is repeated. Knows no clock and no sound, so it can be tested at once. */

/** A wall that becomes the speaker says only what is younger than this. */
export const NEWS_MS = 20_000;

/**
 * A call is `{seq, number, counter, …}`. At most one a counter waits, so the queue cannot grow. A call that leaves it
 * without having been spoken is stated: "superseded" by a newer one of its counter or number, "answered" (also withdrawn),
 * or too "late" for news.
 */
export class VoiceQueue {
  #state;
  /** @type {?number} */
  #heard = null;
  /** @type {Wall.Spoken[]} */
  #waiting = [];
  /** @type {?Wall.Spoken} */
  #speaking = null;
  /** @type {Map<number, {clips: string[], since: number}>} */
  #notices = new Map(); // by counter

  /** @param {(call: Wall.SpokenCall, why: "superseded" | "answered" | "late") => void} [state] */
  constructor(state = () => {}) {
    this.#state = state;
  }

  /**
   * A call has just been made; one heard already is not spoken again.
   * @param {Wall.SpokenCall} call
   * @param {number} now
   */
  offer(call, now) {
    if (this.#heard === null || call.seq <= this.#heard) return;
    this.#heard = call.seq;
    this.#keep((w) => w.call.number !== call.number && w.call.counter !== call.counter, "superseded");
    this.#waiting.push({ call, since: now });
  }

  /**
   * Answered or withdrawn: it is spoken no more, nor repeated.
   * @param {string} number
   */
  drop(number) {
    this.#keep((w) => w.call.number !== number, "answered");
    if (this.#speaking && this.#speaking.call.number === number) this.#speaking.dropped = true;
  }

  /**
   * The whole truth: the numbers still `called`, and the `calls` young enough to be news. What stood there
   * when the page was opened was called before: nobody wants to hear it again.
   * @param {{seq: number, called: (?string)[], calls: Wall.SpokenCall[]}} truth
   * @param {number} now
   */
  resync({ seq, called, calls }, now) {
    this.#notices.clear();
    const first = this.#heard === null;
    if (first || seq < (this.#heard ?? 0)) this.#heard = first ? seq : 0;
    const gone = [...this.#waiting.map((w) => w.call.number), this.#speaking?.call.number];
    for (const number of gone) if (number && !called.includes(number)) this.drop(number);
    for (const call of [...calls].sort((a, b) => a.seq - b.seq)) this.offer(call, now);
    this.#heard = Math.max(this.#heard ?? seq, seq);
  }

  /**
   * This wall speaks from now on: what another has `said`, or what is no news, is not said again.
   * @param {number} said
   * @param {number} now
   */
  takeOver(said, now) {
    this.#notices.clear();
    this.#waiting = this.#waiting.filter((w) => w.call.seq > said);
    this.#keep((w) => now - w.since < NEWS_MS, "late");
  }

  /**
   * A counter pauses: a call always comes first, so this is said when none waits, or never.
   * @param {number} counter
   * @param {string[]} clips
   * @param {number} now
   */
  mention(counter, clips, now) {
    this.#notices.set(counter, { clips, since: now });
  }

  /**
   * It goes on: nobody needs to hear of the pause.
   * @param {number} counter
   */
  recant(counter) {
    this.#notices.delete(counter);
  }

  /**
   * The clips of the next notice that is still news, or null.
   * @param {number} now
   */
  notice(now) {
    for (const [counter, { clips, since }] of this.#notices) {
      this.#notices.delete(counter);
      if (now - since < NEWS_MS) return clips;
    }
    return null;
  }

  /**
   * Keep of the waiting those that may still be spoken, and state the others.
   * @param {(waiting: Wall.Spoken) => boolean} stays
   * @param {"superseded" | "answered" | "late"} why
   */
  #keep(stays, why) {
    const gone = this.#waiting.filter((waiting) => !stays(waiting));
    this.#waiting = this.#waiting.filter(stays);
    for (const { call } of gone) this.#state(call, why);
  }

  /** The next call to speak, or null. */
  next() {
    this.#speaking = this.#waiting.shift() ?? null;
    return this.#speaking?.call ?? null;
  }

  /** Whether the call that was just spoken is repeated: nobody else waits, and it still stands. */
  get repeats() {
    return this.#speaking !== null && !this.#speaking.dropped && !this.#waiting.length;
  }
}
