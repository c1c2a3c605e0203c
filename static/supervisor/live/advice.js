/** The counter that should open, and what that would come to in minutes; it can be put off for a while. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { clock, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { minutesAtMost } from "/static/supervisor/parts/figures.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { Fold } from "./fold.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const LATER_MS = 10 * 60_000;
const EFFECTS_SHOWN = 2;
const putOff = new Map(); // counter -> until when, in ms; kept while one looks at another page

/** Nine in ten, because that is what is promised: the same bound as on the page of the plans. */
function effect({ service, now_p90_s, then_p90_s }, services) {
  const found = services.find((each) => each.code === service);
  const name = found ? nameOf(found) : service;
  const params = { service: name, then: minutesAtMost(then_p90_s), now: minutesAtMost(now_p90_s) };
  return t(now_p90_s === null ? "supervisor.advice_effect_unserved" : "supervisor.advice_effect", params);
}

/** Is there advice, and was it not put off? */
export function isAdvised({ advice }, now) {
  return advice !== null && (putOff.get(advice.counter) ?? 0) <= now.getTime();
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function Advice({ view, now, acts, changed }) {
  const { counter, staffing, since, reason, waiting, effects } = /** @type {Api.AdviceView} */ (view.advice);
  const stands = {
    counter,
    time: since && clock(new Date(since)),
    reason: reason && staffing === "paused" ? t(`supervisor.pause_${reason}`) : "",
  };
  const why = since ? t(`supervisor.advice_${staffing}${stands.reason ? "_reason" : ""}`, stands) : "";
  return html`<section class="notice advice" aria-live="polite" aria-labelledby="advice">
    <${Fold} glyph="users" title=${html`<span id="advice">${t(`supervisor.advice_open_${staffing}`, { counter, waiting })}</span>`}>
      <p>${why} ${t("supervisor.advice_then", {
        effects: effects
          .slice(0, EFFECTS_SHOWN)
          .map((each) => effect(each, view.services))
          .join("; "),
      })}</p><//>
    ${acts && html`<${AskToOpen} counter=${view.counters.find((each) => each.counter === counter)} staffing=${staffing} />`}
    <button type="button" class="button" onClick=${() => {
      putOff.set(counter, now.getTime() + LATER_MS);
      changed();
    }}>${t("supervisor.advice_later")}</button>
  </section>`;
}

/**
 * The key that asks the counter, and what became of it: asked, and what was answered there.
 * @param {Props<{counter: Api.WatchedCounterView}>} props
 */
function AskToOpen({ counter, staffing }) {
  const { busy, refusal, act } = useAct();
  const { counter: number, wish } = counter;
  const said = wish && {
    counter: number,
    time: clock(wish.answered_at ?? wish.at),
    answer: wish.answer && t(`supervisor.answer_${wish.answer}`),
  };
  return html`${refusal && html`<${Refused} words=${refusal} />`}
    ${said && html`<p class="advice-said" role="status">${t(wish?.answer ? "supervisor.wish_answered" : "supervisor.wish_asked", said)}</p>`}
    ${
      (!wish || wish.answer) &&
      html`<button type="button" class="button button--main" disabled=${busy}
      onClick=${() => act(`/counters/${number}/ask`, { wish: staffing === "paused" ? "resume" : "open" })}><${Glyph} name="messages" />${t(
        wish ? "supervisor.wish_ask_again" : "supervisor.wish_ask",
        { counter: number },
      )}</button>`
    }`;
}
