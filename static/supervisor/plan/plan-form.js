/** A plan in one's own hand: the counters as they were, with other hours and services; how many come; the order. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const ARRIVALS = [-30, -20, -10, 0, 10, 20, 30, 50, 100];
const EIGHT_HOURS_S = 28_800;
const ORDERS = {
  same: null,
  head_start: { ordinary: 0, priority: 1200, urgent: 3600 },
  first_come: { ordinary: 0, priority: 0, urgent: 0 },
  strict: { ordinary: 0, priority: EIGHT_HOURS_S, urgent: EIGHT_HOURS_S },
};
const NEW_SPAN = { opens: "08:00", closes: "11:00" };

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The plan that these counters, arrivals and order are, beside the day as it was. */
export function planOf(planned, counters, arrivals, order) {
  const before = new Map(planned.counters.map((counter) => [counter.counter, counter]));
  return {
    counters: counters.flatMap(({ counter, hours, services }) => {
      const was = before.get(counter);
      const changed = {
        counter,
        hours: was && same(was.hours, hours) ? null : hours,
        services: was && same([...was.services].sort(), [...services].sort()) ? null : services,
      };
      return changed.hours || changed.services ? [changed] : [];
    }),
    head_starts_s: ORDERS[order],
    arrivals,
  };
}

/** @param {Props<{planned: Api.PlannedDay, view: Live.SupervisorCounts}>} props */
export function PlanForm({ planned, day, view, made, acts }) {
  const [counters, setCounters] = useState(planned.counters);
  const [arrivals, setArrivals] = useState(0);
  const [order, setOrder] = useState("same");
  const put = (n, fields) => setCounters(counters.map((counter, i) => (i === n ? { ...counter, ...fields } : counter)));
  const plan = planOf(planned, counters, arrivals, order);
  const send = (event) => {
    event.preventDefault();
    made.start({ day, plan });
  };
  const next = Math.max(0, ...counters.map((counter) => counter.counter)) + 1;
  return html`<form class="plan-form" onSubmit=${send} noValidate>
    <p class="hint">${t(planned.since ? "plan.own_about_today" : "plan.own_about", { time: planned.since })}</p>
    <fieldset class="plain plan-counters" disabled=${!acts}>
      ${counters.map(
        (counter, n) => html`<${CounterRow} key=${counter.counter} counter=${counter} view=${view}
          changed=${plan.counters.some((each) => each.counter === counter.counter)} put=${(fields) => put(n, fields)} />`,
      )}
      <button type="button" class="button plan-more" onClick=${() =>
        setCounters([...counters, { counter: next, hours: [NEW_SPAN], services: [] }])}>
        <${Glyph} name="plus" />${t("plan.counter_more")}</button>
    </fieldset>
    <div class="plan-others">
      <label class="field"><span>${t("plan.arrivals")}</span>
        <select value=${arrivals} disabled=${!acts} onChange=${(event) => setArrivals(Number(event.target.value))}>
          ${ARRIVALS.map((n) => html`<option key=${n} value=${n}>${n === 0 ? t("plan.arrivals_same") : `${n > 0 ? "+" : "−"}${Math.abs(n)} %`}</option>`)}</select></label>
      <label class="field"><span>${t("plan.order")}</span>
        <select value=${order} disabled=${!acts} onChange=${(event) => setOrder(event.target.value)}>
          ${Object.keys(ORDERS).map(
            (name) =>
              html`<option key=${name} value=${name}>${name === "same" ? t("plan.order_same") : t(`settings.kind_${name}`)}</option>`,
          )}</select></label>
      ${
        acts &&
        html`<button type="submit" class="button button--main" disabled=${made.running || made.busy}>
        <${Glyph} name="player-play" />${t("plan.start")}</button>`
      }
    </div>
  </form>`;
}

/** @param {Props<{counter: Api.PlannedDay["counters"][number], view: Live.SupervisorCounts}>} props */
function CounterRow({ counter, view, changed, put }) {
  const { hours, services } = counter;
  const name = t("plan.counter_name", { counter: counter.counter });
  const span = (n, fields) => put({ hours: hours.map((each, i) => (i === n ? { ...each, ...fields } : each)) });
  return html`<fieldset class="plan-counter ${changed ? "is-changed" : ""}" data-counter=${counter.counter}>
    <legend>${name}${changed && html` <span class="tag tag--called">${t("plan.changed")}</span>`}</legend>
    <div class="plan-hours">
      ${hours.map(
        (each, n) => html`<span class="plan-span" key=${n}>
        <input inputmode="numeric" maxlength="5" required value=${each.opens} aria-label=${t("plan.opens", { name })}
          onInput=${(event) => span(n, { opens: event.target.value })} />–
        <input inputmode="numeric" maxlength="5" required value=${each.closes} aria-label=${t("plan.closes", { name })}
          onInput=${(event) => span(n, { closes: event.target.value })} />
        <button type="button" class="button plan-drop" aria-label=${t("plan.span_less", { name })}
          onClick=${() => put({ hours: hours.filter((_, i) => i !== n) })}><${Glyph} name="x" /></button></span>`,
      )}
      ${hours.length === 0 && html`<span class="plan-shut">${t("plan.shut")}</span>`}
      <button type="button" class="button" onClick=${() =>
        put({ hours: [...hours, hours.length ? after(hours[hours.length - 1]) : NEW_SPAN] })}>
        <${Glyph} name="plus" />${t("plan.span_more")}</button>
    </div>
    <div class="boxes-all">${view.services.map(
      (service) => html`<label class="box" key=${service.code}>
        <input type="checkbox" checked=${services.includes(service.code)} onChange=${(event) =>
          put({
            services: event.target.checked
              ? [...services, service.code]
              : services.filter((each) => each !== service.code),
          })} /><span>${nameOf(service)}</span></label>`,
    )}</div>
  </fieldset>`;
}

/** An hour of work that begins an hour after another. */
function after({ closes }) {
  const hour = Math.min(22, Number(closes.slice(0, 2)) + 1);
  const two = (n) => String(n).padStart(2, "0");
  return { opens: `${two(hour)}:${closes.slice(3)}`, closes: `${two(Math.min(23, hour + 1))}:${closes.slice(3)}` };
}
