/** One key's way to the server: busy, done, or refused with a sentence. */

import { useRef, useState } from "/static/vendor/preact.js";
import { post, Refusal, requestId } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { leaveForSignIn } from "./session.js";

/** The sentence to show for a failed request. */
export function sentence(error) {
  if (error instanceof Refusal) {
    if (error.status === 401) leaveForSignIn();
    return error.message;
  }
  return t("supervisor.unreachable");
}

const READY = { busy: false, refusal: null, code: null, field: null };

/**
 * `act(path, body)` answers undefined when it failed; then `refusal` is the sentence, `code` its code and
 * `field` the field to blame, where there is one.
 * `refuse(sentence, code)` shows a refusal without asking the server; `forget()` takes any away.
 */
export function useAct() {
  const [state, setState] = useState(READY);
  const unanswered = useRef(null);

  async function act(path, body = {}) {
    const asked = JSON.stringify([path, body]);
    // The same wish after a lost answer goes out under the same key, so it happens once.
    if (unanswered.current?.asked !== asked) unanswered.current = { asked, key: requestId() };
    setState({ ...READY, busy: true });
    try {
      const answer = await post(path, body, { key: unanswered.current.key });
      unanswered.current = null;
      setState(READY);
      return answer ?? {};
    } catch (error) {
      if (error instanceof Refusal) unanswered.current = null;
      setState({ ...READY, refusal: sentence(error), code: error.code ?? null, field: error.params?.field ?? null });
      return undefined;
    }
  }

  const refuse = (refusal, code) => setState({ ...READY, refusal, code });
  return { ...state, act, refuse, forget: () => setState(READY) };
}
