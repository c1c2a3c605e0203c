/** One key's way to the server: busy, done, or refused with a sentence. */

import { useRef, useState } from "/static/vendor/preact.js";
import { post, Refusal, requestId } from "/static/api.js";
import { t } from "/static/text.js";
import { leaveForSignIn } from "./session.js";

/** The sentence to show for a failed request. */
export function sentence(error) {
  if (error instanceof Refusal) {
    if (error.status === 401) leaveForSignIn();
    return error.message;
  }
  return t("supervisor.unreachable");
}

/** @returns {{busy: boolean, refusal: string|null, act: function, forget: function}} act answers undefined when it failed */
export function useAct() {
  const [state, setState] = useState({ busy: false, refusal: null });
  const unanswered = useRef(null);

  async function act(path, body = {}) {
    const asked = JSON.stringify([path, body]);
    // The same wish after a lost answer goes out under the same key, so it happens once.
    if (unanswered.current?.asked !== asked) unanswered.current = { asked, key: requestId() };
    setState({ busy: true, refusal: null });
    try {
      const answer = await post(path, body, { key: unanswered.current.key });
      unanswered.current = null;
      setState({ busy: false, refusal: null });
      return answer ?? {};
    } catch (error) {
      if (error instanceof Refusal) unanswered.current = null;
      setState({ busy: false, refusal: sentence(error) });
      return undefined;
    }
  }

  return { ...state, act, forget: () => setState({ busy: false, refusal: null }) };
}
