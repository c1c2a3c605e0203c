/** A command that is pressed again after a lost answer goes out under the same key, so it happens once. */

import { Refusal, post, requestId } from "/static/lib/api.js";

export class RepeatSafe {
  /** @type {?{asked: string, key: string}} the last command, until it has an answer */
  #unanswered = null;

  /**
   * As `post`; another path or body is another wish and gets a key of its own.
   * @type {Routes.Posting}
   * @throws {Refusal|Unreachable}
   */
  async send(path, body, options) {
    const asked = JSON.stringify([path, body ?? {}]);
    if (this.#unanswered?.asked !== asked) this.#unanswered = { asked, key: requestId() };
    const { key } = this.#unanswered;
    try {
      const answer = await /** @type {any} */ (post)(path, body, { ...options, key });
      this.#unanswered = null;
      return answer;
    } catch (error) {
      if (error instanceof Refusal) this.#unanswered = null;
      throw error;
    }
  }
}
