/** Sends the clerk's acts: each press once, retried under the same key, and a finish is never lost. */

import { Refusal, Unreachable, post, requestId } from "/static/lib/api.js";

export const DOUBLE_PRESS_MS = 1000;
const REACTION_MS = 300; // nobody answers sooner to what appears on a screen
const RESPONSE_TIMEOUT_MS = 2500;
const RETRY_PAUSE_MS = 500;
const GIVE_UP_MS = 30_000;
const KEPT = "counter.kept";

/**
 * One request at a time. While the server is declared lost nothing is retried: on return the snapshot
 * says what really happened. Only a finish is kept, also over a reload, and sent then.
 */
export class Sender {
  #pressed_at = new Map();
  #on;
  #lost = false;
  /** @type {any} */
  job = null; // in flight: {button, act, ref, since, retrying}

  /** `on`: {changed(), answered(job, answer), refused(job, refusal), gaveUp(job)} */
  constructor(on) {
    this.#on = on;
  }

  /** The finish that waits for the server: {counter, ref, number, path, body, key, at} or null. */
  get kept() {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  }

  /** Whether this press counts: a second one within a second, or before its answer can have been read, is the same press. */
  accepts(button) {
    const now = performance.now();
    if (this.job?.button === button || now - (this.#pressed_at.get(button) ?? -Infinity) < DOUBLE_PRESS_MS)
      return false;
    this.#pressed_at.set(button, now);
    return true;
  }

  /** Send the job now, and again under the same key until there is an answer. */
  send(job) {
    this.job = { ...job, key: job.key ?? requestId(), since: performance.now(), retrying: false };
    this.#on.changed();
    return this.#try(this.job);
  }

  /** Keeps a finish for the time when the server is back. */
  keep(job) {
    const { counter, ref, number, body = {}, key = requestId(), at } = job;
    localStorage.setItem(
      KEPT,
      JSON.stringify({
        counter,
        ref,
        number,
        path: `/counters/${counter}/finish`,
        key,
        at,
        body: body.outcome ? { outcome: body.outcome } : {},
      }),
    );
    this.#on.changed();
  }

  /** The connection is lost: retry nothing until `back`. */
  lost() {
    this.#lost = true;
  }

  /** The server is back and says who is at the counter. */
  back(counter, ticket) {
    this.#lost = false;
    const kept = this.kept;
    if (!kept || kept.counter !== counter || this.job) return;
    // Somebody else at the counter, or nobody: the finish reached the server before the line broke.
    if (ticket?.ref === kept.ref && ticket.state === "serving") this.send({ act: "finish", ...kept });
    else this.#forget();
  }

  async #try(job) {
    for (;;) {
      try {
        const answer = await post(job.path, job.body, {
          key: job.key,
          patience_ms: 0,
          timeout_ms: RESPONSE_TIMEOUT_MS,
        });
        return this.#end(job, () => this.#on.answered(job, answer));
      } catch (failure) {
        if (failure instanceof Refusal) return this.#end(job, () => this.#on.refused(job, failure));
        if (!(failure instanceof Unreachable)) throw failure;
      }
      if (this.#lost) return this.#setAside(job);
      if (performance.now() - job.since > GIVE_UP_MS) return this.#end(job, () => this.#on.gaveUp(job));
      job.retrying = true;
      this.#on.changed();
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }

  #setAside(job) {
    this.job = null;
    // The key of a call must not be reused for a finish: the same key with another body is refused.
    if (job.path.endsWith("/finish")) this.keep(job);
    else if (job.act === "finish_and_call") this.keep({ ...job, key: requestId() });
    else this.#on.changed();
  }

  #end(job, notify) {
    this.job = null;
    const read_at = performance.now() + REACTION_MS;
    this.#pressed_at.set(
      job.button,
      Math.max(this.#pressed_at.get(job.button) ?? -Infinity, read_at - DOUBLE_PRESS_MS),
    );
    if (this.kept?.ref === job.ref) this.#forget();
    notify();
    this.#on.changed();
  }

  #forget() {
    localStorage.removeItem(KEPT);
    this.#on.changed();
  }
}
