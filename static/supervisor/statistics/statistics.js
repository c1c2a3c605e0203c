/** The statistics of any range of local days: the figures, the charts, and tables by any grouping. */

import { html } from "/static/vendor/preact.js";
import { GROUPINGS } from "/static/lib/choices.js";
import { clock, own, t } from "/static/lib/text.js";
import { address, useAddress } from "/static/supervisor/parts/address.js";
import { useAnswers } from "/static/supervisor/parts/answers.js";
import { Charts } from "/static/supervisor/charts/charts.js";
import { CounterTime } from "./counter-time.js";
import { Definitions } from "./definitions.js";
import { EarlyStops } from "./early-stops.js";
import { EventTables } from "./event-tables.js";
import { EntranceCounts } from "./entrance-counts.js";
import { ForecastScores } from "./forecast-scores.js";
import { FiguresOfRange } from "./figures-of-range.js";
import { day } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { localDay } from "/static/lib/local-day.js";
import { presets, trendOf } from "/static/supervisor/parts/periods.js";
import { RangeChoice } from "/static/supervisor/parts/range-choice.js";
import { StatisticsTable } from "./statistics-table.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const FILES = { xlsx: "statistics.xlsx", csv: "statistics.csv", dossiers: "dossiers.csv", zip: "evidence.zip" };

/** @param {Props<{centre: Screen.Centre}>} props */
export function Statistics({ centre }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${StatisticsOf} view=${view} now=${now} today=${localDay(now, view.hall.timezone)} />`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
function StatisticsOf({ view, now, today }) {
  const [asked, ask] = useAddress("statistics", { from: today, to: today, by: "service" });
  const { from, to } = asked;
  const groupings = GROUPINGS.filter((name) => name !== "clerk" || view.hall.clerk_figures);
  const by = groupings.includes(asked.by) ? asked.by : "service";
  const span = `from=${from}&to=${to}`;
  const { lang } = document.documentElement;
  const trend = trendOf({ from, to });
  const { found, refusal, read } = useAnswers(
    {
      table: `/statistics?${span}&by=${by}`,
      hours: `/statistics?${span}&by=hour`,
      overview: `/statistics/overview?${span}`,
      months: `/statistics?from=${trend.from}&to=${trend.to}&by=month`,
    },
    now,
  );
  const target = view.hall.target_s / 60;
  const services = Object.fromEntries(view.services.map((service) => [service.code, own(service.names)]));
  const names = Object.fromEntries(view.counters.map((counter) => [counter.counter, counter.name]));

  return html`<${RangeChoice} range=${asked} presets=${presets(today)} choose=${(range) => ask({ from: range.from, to: range.to })} />
    ${refusal && html`<${Refused} words=${refusal} />`}
    ${
      found
        ? html`<div class="statistics">
      <div class="print-head"><p>${view.hall.office} · ${view.hall.name}</p><h2>${t("supervisor.statistics_title")}</h2></div>
      <div class="stats-head">
        <p role="status">${t("supervisor.stats_of", { from: day(found.table.from), to: day(found.table.to), time: clock(found.at) })}</p>
        <div class="range-keys">
          <a class="button button--main" href=${address("report", { from, to })}><${Glyph} name="file-text" />${t("supervisor.report_title")}</a>
          <a class="button" href=${address("ratings", { from, to })}><${Glyph} name="star" />${t("ratings.link")}</a>
          <button type="button" class="button" onClick=${() => print()}><${Glyph} name="printer" />${t("sheet.print")}</button>
          ${Object.entries(FILES).map(
            ([
              kind,
              file,
            ]) => html`<a key=${kind} class="button" download href="/api/v1/${file}?${span}&language=${lang}${kind === "csv" ? `&by=${by}` : ""}">
            <${Glyph} name="download" />${t(`supervisor.get_${kind}`)}</a>`,
          )}
          <button type="button" class="button" onClick=${read}><${Glyph} name="refresh" />${t("supervisor.reload")}</button>
        </div>
      </div>
      <${FiguresOfRange} total=${found.table.total} target=${target} />
      <${EntranceCounts} span=${span} />
      <${Charts} hours=${found.hours.rows} months=${found.months.rows} overview=${found.overview} target=${target} />
      <div class="range-keys groupings" role="group" aria-label=${t("charts.groupings")}>
        ${groupings.map(
          (
            name,
          ) => html`<button key=${name} type="button" class="button" data-grouping=${name} aria-pressed=${name === by}
          onClick=${() => ask({ by: name })}>${t(`charts.by_${name}`)}</button>`,
        )}
      </div>
      <${StatisticsTable} table=${found.table} services=${view.services} />
      <${CounterTime} counters=${found.overview.counters}
        names=${names} />
      <${EarlyStops} span=${span} names=${names} />
      <${ForecastScores} span=${span} names=${services} />
      <${EventTables} span=${span} names=${names} services=${services} />
      </div><${Definitions} />`
        : !refusal && html`<p class="opening" role="status">${t("supervisor.opening")}</p>`
    }`;
}
