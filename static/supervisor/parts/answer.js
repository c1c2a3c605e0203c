/** What a page shows of the server's answer to one question: asked at once, and again and again where it says so. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { sentence } from "./act.js";
import { Refused } from "./refused.js";

/**
 * `answer` is null until the first one; `read()` asks again, and gives the answer, undefined when there was none.
 * @template {keyof Api.Get} P
 * @param {P} path
 * @param {{again_ms?: number, about?: unknown}} options  asked again after so long while somebody looks, and at once
 *   where `about` changes
 */
export function useAnswer(path, { again_ms, about } = {}) {
  const [answer, setAnswer] = useState(/** @type {?Api.Get[P]} */ (null));
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));

  async function read() {
    try {
      const found = /** @type {Api.Get[P]} */ (await get(/** @type {string} */ (path)));
      setAnswer(found);
      setRefusal(null);
      return found;
    } catch (error) {
      setRefusal(sentence(error));
      return undefined;
    }
  }
  useEffect(() => {
    read();
    if (!again_ms) return undefined;
    const again = setInterval(() => document.hidden || read(), again_ms);
    return () => clearInterval(again);
  }, [about]);
  return { answer, refusal, read, setAnswer };
}

/** What stands in a page until its first answer. */
export function NoAnswer({ refusal }) {
  return refusal
    ? html`<${Refused} words=${refusal} />`
    : html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
}
