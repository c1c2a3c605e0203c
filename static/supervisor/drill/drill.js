/** The drill: everything a day depends on is tried at a press; what the last one found, each with what to do. */

import { html } from "/static/vendor/preact.js";
import { clock, decimal, longDate, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { ProgressSaid, useProgress } from "/static/supervisor/parts/progress.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const GLYPHS = { good: "check", fault: "alert-triangle", skipped: "minus" };

/** @param {Props<{centre: Screen.Centre}>} props */
export function DrillPage({ centre, acts }) {
  const { view } = centre;
  const drill = useProgress("/drill");
  if (!view || !drill.view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  const { at, by, findings } = drill.view;
  const faults = findings.filter(({ result }) => result === "fault");
  const others = findings.filter(({ result }) => result !== "fault");
  return html`<div class="drill-page">
    <p><a class="button" href="#devices"><${Glyph} name="arrow-left" />${t("supervisor.devices_title")}</a></p>
    <section class="card drill-head" aria-labelledby="drill-head">
      <div class="print-head"><p>${view.hall.office} · ${view.hall.name}</p></div>
      <div class="drill-about"><h2 id="drill-head" class="visually-hidden">${t("supervisor.drill_title")}</h2>
        <p>${t("drill.about")}</p>
        <div class="range-keys">
          ${
            acts &&
            html`<button type="button" class="button button--main" disabled=${drill.busy || drill.running}
            onClick=${() => drill.start({})}><${Glyph} name="player-play" />${t(at ? "drill.again" : "drill.start")}</button>`
          }
          ${at && html`<button type="button" class="button" onClick=${() => print()}><${Glyph} name="printer" />${t("sheet.print")}</button>`}
        </div></div>
      <${Refused} words=${drill.refusal} />
      <${ProgressSaid} view=${drill.view} of=${drill.view.of || 1} label="drill-head" running=${t("drill.running")}
        stopped=${t("drill.failed")} failed=${t("drill.failed")} />
    </section>
    ${
      at
        ? html`<section class="card" aria-labelledby="drill-found">
          <h2 id="drill-found" class="card-title">${faults.length ? t("drill.faults", { faults: faults.length }) : t("drill.well")}</h2>
          <p class="drill-when">${t("drill.last", { time: clock(at), date: longDate(at) })}
            ${" · "}${by === "system" ? t("drill.by_itself") : by}</p>
          <ul class="drill-list">${[...faults, ...others].map((finding, n) => html`<${Found} key=${n} finding=${finding} />`)}</ul>
        </section>`
        : html`<p class="drill-never">${t("drill.never")}</p>`
    }
  </div>`;
}

/** @param {Props<{finding: Api.CheckResult}>} props */
function Found({ finding }) {
  const { check, result } = finding;
  return html`<li class="drill-found is-${result}">
    <${Glyph} name=${GLYPHS[result]} />
    <strong>${t(`drill.check_${check}`)}</strong>
    <span class="drill-result">${t(`drill.result_${result}`)}</span>
    <span class="drill-said">${sentence(finding)}</span>
  </li>`;
}

/** What was found, in words; of a printer in trouble those of its page. */
function sentence({ check, result, cause, params }) {
  if (cause === "trouble") return `${params.printer}: ${t(`settings.printer_state_${params.state}`)}`;
  const shown = "mb" in params ? { ...params, mb: decimal(params.mb) } : params;
  return t(`drill.${check}_${cause ?? result}`, shown);
}
