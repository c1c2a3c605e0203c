/** The key that cancels the number sought in the log, while it still has a place; once cancelled, the one that takes it back. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { REINSTATE_REASONS } from "/static/lib/choices.js";
import { get } from "/static/lib/api.js";
import { spaced, t } from "/static/lib/text.js";
import { sentence, useAct } from "/static/supervisor/parts/act.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const PLACED = ["waiting", "called", "held"];

/** `seq`: the state is asked for again after every change of the hall. */
export function CancelNumber({ ticket, number, seq }) {
  const { busy, refusal, act, refuse, forget } = useAct();
  const [state, setState] = useState(/** @type {?string} */ (null));
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    let over = false;
    (async () => {
      try {
        const found = await get(`/tickets/${ticket}`);
        if (!over) setState(found.state);
      } catch (error) {
        if (!over) refuse(sentence(error));
      }
    })();
    return () => {
      over = true;
    };
  }, [ticket, seq]);

  async function cancel() {
    setAsking(false);
    const cancelled = await act(`/tickets/${ticket}/cancel`);
    if (cancelled) setState(cancelled.state);
  }

  return html`<div class="log-cancel">
    <${Refused} words=${refusal} />
    ${
      state !== null &&
      PLACED.includes(state) &&
      html`<button type="button" class="button button--danger" disabled=${busy} onClick=${() => {
        forget();
        setAsking(true);
      }}><${Glyph} name="ban" />${t("supervisor.cancel", { number: spaced(number) })}</button>`
    }
    ${state === "cancelled" && html`<${TakeBack} ticket=${ticket} number=${number} taken=${setState} />`}
    ${
      asking &&
      html`<${Confirm} title=${t("supervisor.cancel_title", { number: spaced(number) })}
      text=${t(`supervisor.cancel_text_${state}`)} yes=${t("supervisor.cancel", { number: spaced(number) })}
      onYes=${cancel} onNo=${() => setAsking(false)} />`
    }
  </div>`;
}

/** A cancel is taken back with a reason, until the day ends; the number has its old place again. */
function TakeBack({ ticket, number, taken }) {
  const { busy, refusal, act } = useAct();
  const [reason, setReason] = useState(REINSTATE_REASONS[0]);

  async function send(event) {
    event.preventDefault();
    const back = await act(`/tickets/${ticket}/reinstate`, { reason });
    if (back) taken(back.state);
  }

  return html`<form class="log-filter" onSubmit=${send}>
    <label class="field"><span>${t("supervisor.reinstate_reason")}</span>
      <select name="reason" value=${reason} onChange=${(event) => setReason(event.target.value)}>
        ${REINSTATE_REASONS.map((why) => html`<option key=${why} value=${why}>${t(`supervisor.reinstate_${why}`)}</option>`)}
      </select></label>
    <button type="submit" class="button" disabled=${busy}><${Glyph} name="arrow-back-up" />${t("supervisor.reinstate", { number: spaced(number) })}</button>
    <${Refused} words=${refusal} />
  </form>`;
}
