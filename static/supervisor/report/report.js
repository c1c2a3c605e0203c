/** Reports on paper: one day on one page, or a period with its annexes, in the form that offices use. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { address, useAddress } from "/static/supervisor/parts/address.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { DayReport } from "./day-report.js";
import { Glyph } from "/static/lib/glyph.js";
import { localDay } from "/static/lib/local-day.js";
import { before, presets } from "/static/supervisor/parts/periods.js";
import { PeriodReport } from "./period-report.js";
import { RangeChoice } from "/static/supervisor/parts/range-choice.js";
import { SigningForm, useSigning } from "./signing.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @param {Props<{centre: Screen.Centre}>} props */
export function Report({ centre }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${ReportOf} view=${view} today=${localDay(now, view.hall.timezone)} />`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
function ReportOf({ view, today }) {
  const [asked, ask] = useAddress("report", { from: today, to: today });
  const { from, to } = asked;
  const last = before(asked);
  /** @returns {`/statistics?${string}`} */
  const figures = (by, range = asked) => `/statistics?from=${range.from}&to=${range.to}&by=${by}`;
  const { found, refusal } = useAnswers({
    services: figures("service"),
    counters: figures("counter"),
    hours: figures("hour"),
    days: figures("day"),
    before: figures("service", last),
    overview: `/statistics/overview?from=${from}&to=${to}`,
  });
  const [signing, sign] = useSigning(view.hall);
  const Paper = from === to ? DayReport : PeriodReport;

  return html`<${RangeChoice} range=${asked} presets=${presets(today)} choose=${(range) => ask({ from: range.from, to: range.to })} />
    <${SigningForm} signing=${signing} sign=${sign} />
    ${refusal && html`<${Refused} words=${refusal} />`}
    ${
      found
        ? html`<div class="stats-head">
        <p role="status">${t(from === to ? "sheet.is_day" : "sheet.is_period")}</p>
        <div class="range-keys">
          <a class="button" href=${address("statistics", { from, to })}><${Glyph} name="chart-bar" />${t("supervisor.statistics_title")}</a>
          <button type="button" class="button button--main" onClick=${() => print()}>
            <${Glyph} name="printer" />${t("sheet.print")}</button>
        </div>
      </div>
      <${Paper} found=${found} hall=${view.hall} services=${view.services} counters=${view.counters}
        signing=${signing} today=${today} />`
        : !refusal && html`<p class="opening" role="status">${t("supervisor.opening")}</p>`
    }`;
}
