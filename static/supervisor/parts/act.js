/** One key's way to the server: busy, done, or refused with a sentence. */

import { useRef, useState } from "/static/vendor/preact.js";
import { Refusal } from "/static/lib/api.js";
import { RepeatSafe } from "/static/lib/repeat-safe.js";
import { t } from "/static/lib/text.js";
import { leaveForSignIn } from "./session.js";

/**
 * The sentence to show for a failed request.
 * @param {unknown} error
 */
export function sentence(error) {
  if (error instanceof Refusal) {
    if (error.status === 401) leaveForSignIn();
    return error.message;
  }
  return t("supervisor.unreachable");
}

/** @type {{busy: boolean, refusal: ?string, code: ?string, field: ?string}} */
const READY = { busy: false, refusal: null, code: null, field: null };

/**
 * `act(path, body)` answers undefined when it failed; then `refusal` is the sentence, `code` its code and
 * `field` the field to blame, where there is one.
 * `refuse(sentence, code)` shows a refusal without asking the server; `forget()` takes any away.
 */
export function useAct() {
  const [state, setState] = useState(READY);
  const commands = useRef(new RepeatSafe());

  /** @type {Routes.Acting} */
  async function act(path, body) {
    setState({ ...READY, busy: true });
    try {
      const answer = await /** @type {any} */ (commands.current).send(path, body);
      setState(READY);
      return answer;
    } catch (error) {
      const refused = error instanceof Refusal ? error : null;
      setState({
        ...READY,
        refusal: sentence(error),
        code: refused?.code ?? null,
        field: refused?.params.field ?? null,
      });
      return undefined;
    }
  }

  /** @param {string} refusal @param {?string} [code] */
  const refuse = (refusal, code = null) => setState({ ...READY, refusal, code });
  return { ...state, act, refuse, forget: () => setState(READY) };
}
