/** Several questions of one page, answered together: all figures shown are of one moment. */

import { useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get, Unreachable } from "/static/lib/api.js";
import { sentence } from "./act.js";

const RETRY_MS = 3000;

/**
 * @template {Record<string, `/${string}`>} const T
 * @param {T} paths  name -> path of the API; other paths are asked at once
 * @param {Date} [now]  the time of the hall, which is not always that of this PC
 * @returns {{found: ?Screen.Answers<T>, refusal: ?string, read: () => void}} found has the answers by name, and when
 */
export function useAnswers(paths, now) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));
  const turn = useRef(0);
  const clock = useRef(now);
  clock.current = now;

  async function read() {
    const mine = (turn.current += 1);
    try {
      const answers = await Promise.all(
        Object.entries(paths).map(async ([name, path]) => [name, await get(/** @type {string} */ (path))]),
      );
      // A slower answer to an earlier question must not replace a later one.
      if (mine !== turn.current) return;
      setFound({ ...Object.fromEntries(answers), at: clock.current ?? new Date() });
      setRefusal(null);
    } catch (error) {
      if (mine !== turn.current) return;
      setRefusal(sentence(error));
      // The server is away or very busy: asked until it answers, or until something else is asked.
      if (error instanceof Unreachable) setTimeout(() => mine === turn.current && read(), RETRY_MS);
    }
  }

  useEffect(() => {
    read();
    return () => {
      turn.current += 1;
    };
  }, [JSON.stringify(paths)]);

  return { found, refusal, read };
}
