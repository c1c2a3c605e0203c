/** What came of it: in one sentence, figure by figure with its spread, and beside what really happened. */

import { html, useMemo } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { ground, dashed } from "/static/supervisor/charts/chart-axes.js";
import { ChartCard } from "/static/supervisor/charts/chart-card.js";
import { median, nineInTen } from "/static/supervisor/charts/chart-marks.js";
import { Plot } from "/static/supervisor/charts/plot.js";
import { hour } from "/static/supervisor/parts/group-names.js";
import { day as written, minutesAtMost } from "/static/supervisor/parts/figures.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";
import { SpreadCell, Change, FIGURES, said } from "./plan-figures.js";

const HEIGHT_PX = 250;

/** @param {Props<{made: NonNullable<Api.WhatIfView["result"]>, view: Live.SupervisorCounts}>} props */
export function PlanResult({ made, view }) {
  return html`<section class="card plan-result" aria-labelledby="plan-result">
      <h2 id="plan-result" class="card-title">${
        made.since
          ? t("plan.of_today", { time: made.since })
          : t("plan.of_day", { day: written(made.day), n: made.tickets })
      }</h2>
      <${Headline} made=${made} />
      <${Changes} made=${made} view=${view} />
      <${Proof} made=${made} />
      <${Figures} made=${made} />
      <p class="hint plan-note">${t("plan.means", { n: made.seeds })}</p>
    </section>
    <div class="charts">
      <${ByHour} made=${made} />
      <${ByCounter} made=${made} />
      <${ByService} made=${made} services=${view.services} />
    </div>`;
}

/** The sentence of the P90: at most so many minutes, in the middle of the simulations. */
function Headline({ made }) {
  const before = made.same.figures.p90_s;
  const after = made.wanted?.figures.p90_s;
  const params = {
    then: minutesAtMost(after?.mid),
    now: minutesAtMost(before?.mid),
    low: minutesAtMost(after?.low),
    high: minutesAtMost(after?.high),
  };
  if (!before) return html`<p class="plan-headline">${t("plan.nobody")}</p>`;
  return html`<p class="plan-headline">${t(after ? "plan.headline" : "plan.headline_same", params)}</p>`;
}

/** What the plan changes, in words. */
function Changes({ made, view }) {
  const was = new Map(made.counters.map((counter) => [counter.counter, counter]));
  const names = new Map(view.services.map((service) => [service.code, nameOf(service)]));
  const spans = (hours) => (hours.length ? hours.map((h) => `${h.opens}–${h.closes}`).join(", ") : t("plan.shut"));
  const list = (codes) => codes.map((code) => names.get(code) ?? code).join(", ");
  const lines = made.plan.counters.flatMap(({ counter, hours, services }) => {
    const before = was.get(counter);
    if (!before) return [t("plan.change_new", { counter, hours: spans(hours ?? []), services: list(services ?? []) })];
    const learnt = (services ?? []).filter((code) => !before.services.includes(code));
    const dropped = services ? before.services.filter((code) => !services.includes(code)) : [];
    return [
      hours && t("plan.change_hours", { counter, hours: spans(hours), was: spans(before.hours) }),
      learnt.length > 0 && t("plan.change_learnt", { counter, services: list(learnt) }),
      dropped.length > 0 && t("plan.change_dropped", { counter, services: list(dropped) }),
    ].filter(Boolean);
  });
  if (made.plan.arrivals)
    lines.push(
      t(made.plan.arrivals > 0 ? "plan.change_more" : "plan.change_fewer", { n: Math.abs(made.plan.arrivals) }),
    );
  if (made.plan.head_starts_s) lines.push(t("plan.change_order"));
  return (
    lines.length > 0 && html`<ul class="plan-changes">${lines.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`
  );
}

/** Whether the same plan, played again, gives what happened: the proof of the reckoning. */
function Proof({ made }) {
  const { real, same, outside } = made;
  if (!real || !("p90_s" in real.figures)) return null;
  const params = {
    n: made.seeds,
    real: minutesAtMost(real.figures.p90_s),
    low: minutesAtMost(same.figures.p90_s.low),
    high: minutesAtMost(same.figures.p90_s.high),
    figures: outside
      .map((name) => t(`plan.figure_${name}`).toLocaleLowerCase(document.documentElement.lang))
      .join(", "),
  };
  return html`<p class="plan-proof ${outside.length ? "" : "is-met"}" data-outside=${outside.join(" ")}>
    <${Glyph} name=${outside.length ? "info-circle" : "circle-check"} />
    <span>${t("plan.proof", params)} ${t(outside.length ? "plan.proof_outside" : "plan.proof_met", params)}</span></p>`;
}

/** @param {Props<{made: NonNullable<Api.WhatIfView["result"]>}>} props */
function Figures({ made }) {
  const { real, same, wanted, gained } = made;
  const names = FIGURES.filter((name) => name in same.figures);
  return html`<div class="scroll" tabindex="0" role="group" aria-labelledby="plan-result"><table class="stats plan-figures">
    <thead><tr><th scope="col" class="first">${t("plan.figure")}</th>
      ${real && html`<th scope="col">${t("plan.real")}</th>`}
      <th scope="col">${t(real ? "plan.again" : "plan.unchanged")}</th>
      ${wanted && html`<th scope="col">${t("plan.wanted")}</th><th scope="col">${t("plan.change")}</th>`}</tr></thead>
    <tbody>${names.map((name) => {
      const spreads = [same.figures[name], ...(wanted ? [wanted.figures[name]] : [])].filter(Boolean);
      const all = [
        ...spreads.flatMap((spread) => [spread.low, spread.high]),
        ...(real && name in real.figures ? [real.figures[name]] : []),
      ];
      const scale = { low: Math.min(...all), high: Math.max(...all) };
      return html`<tr key=${name} data-figure=${name}><th scope="row" class="first">${t(`plan.figure_${name}`)}</th>
        ${real && html`<td>${said(name, real.figures[name])}</td>`}
        <td><${SpreadCell} name=${name} spread=${same.figures[name]} real=${real?.figures[name]} scale=${scale} /></td>
        ${
          wanted &&
          html`<td><${SpreadCell} name=${name} spread=${wanted.figures[name]} real=${real?.figures[name]} scale=${scale} wanted /></td>
          <td><${Change} name=${name} spread=${gained[name]} /></td>`
        }</tr>`;
    })}</tbody></table></div>`;
}

/** The wait that nine in ten do not exceed, by the hour in which they came. */
function ByHour({ made }) {
  const { real, same, wanted } = made;
  const hours = Object.keys(same.hours).sort((a, b) => Number(a) - Number(b));
  const target = made.target_s / 60;
  const chart = useMemo(() => {
    const before = hours.map((key) => same.hours[key].mid / 60);
    const after = hours.map((key) => (wanted?.hours[key] ? wanted.hours[key].mid / 60 : null));
    return {
      data: [hours.map((_, i) => i), before, ...(wanted ? [after] : [])],
      options: (_, width) => ({
        ...ground({ names: hours, width, most: Math.max(target * 1.2, ...before, ...after.map((y) => y ?? 0)) }),
        series: [{}, nineInTen(), ...(wanted ? [median()] : [])],
        hooks: { drawClear: [dashed({ y: target })] },
      }),
    };
  }, [made]);
  const title = t("plan.by_hour");
  const rows = hours.map((key) => [
    key,
    hour(key),
    ...(real ? [said("p90_s", real.hours[key])] : []),
    said("p90_s", same.hours[key].mid),
    ...(wanted ? [said("p90_s", wanted.hours[key]?.mid)] : []),
  ]);
  return html`<${ChartCard} name="plan-hours" title=${title} about=${t("plan.by_hour_about")}
    marks=${[["nine", t(real ? "plan.again" : "plan.unchanged")], ...(wanted ? [["median", t("plan.wanted")]] : []), ["target", t("charts.target", { minutes: decimal(target) })]]}
    table=${{ heads: heads(made, t("charts.hour_head")), rows }}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}

const heads = ({ real, wanted }, first) => [
  first,
  ...(real ? [t("plan.real")] : []),
  t(real ? "plan.again" : "plan.unchanged"),
  ...(wanted ? [t("plan.wanted")] : []),
];

/** How much of its time each counter has somebody there. */
function ByCounter({ made }) {
  const numbers = [...new Set([...Object.keys(made.same.utilisation), ...Object.keys(made.wanted?.utilisation ?? {})])];
  return html`<${Rows} name="counters" made=${made} head=${t("plan.head_counter")} title=${t("plan.by_counter")} about=${t("plan.by_counter_about")}
    part="utilisation" figure="within" rows=${numbers.map((n) => [n, t("plan.counter_name", { counter: n })])} />`;
}

/** The wait that nine in ten do not exceed, by service. */
function ByService({ made, services }) {
  const names = new Map(services.map((service) => [service.code, nameOf(service)]));
  return html`<${Rows} name="services" made=${made} head=${t("plan.head_service")} title=${t("plan.by_service")} about=${t("plan.by_service_about")}
    part="services" figure="p90_s" wide rows=${Object.keys(made.same.services).map((code) => [code, names.get(code) ?? code])} />`;
}

/** One part of the figures as a table with its spread drawn. */
function Rows({ name, made, head, title, about, part, figure, rows, wide = false }) {
  const { real, same, wanted } = made;
  const ends = [same, ...(wanted ? [wanted] : [])]
    .flatMap((spreads) => Object.values(spreads[part]))
    .map((spread) => spread.high);
  const scale = { low: 0, high: Math.max(...ends, ...Object.values(real?.[part] ?? {}), 0.001) };
  const id = `plan-${name}`;
  return html`<section class="card chart ${wide ? "chart-wide" : ""}" data-name=${id} aria-labelledby=${id}>
    <div class="chart-head"><div><h2 id=${id}>${title}</h2><p>${about}</p></div></div>
    <div class="scroll" tabindex="0" role="group" aria-labelledby=${id}><table class="stats plan-figures">
      <thead><tr>${heads(made, head).map((head, i) => html`<th key=${i} scope="col" class=${i ? "" : "first"}>${head}</th>`)}</tr></thead>
      <tbody>${rows.map(
        ([key, words]) => html`<tr key=${key} data-key=${key}><th scope="row" class="first">${words}</th>
        ${real && html`<td>${said(figure, real[part][key])}</td>`}
        <td><${SpreadCell} name=${figure} spread=${same[part][key]} real=${real?.[part][key]} scale=${scale} /></td>
        ${wanted && html`<td><${SpreadCell} name=${figure} spread=${wanted[part][key]} real=${real?.[part][key]} scale=${scale} wanted /></td>`}</tr>`,
      )}</tbody></table></div></section>`;
}
