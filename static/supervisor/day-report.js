/** One day on one page. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/text.js";
import { HourCharts } from "./sheet-charts.js";
import { Letterhead, Signatures, Source, Title, written } from "./sheet-frame.js";
import { CounterTable, GroupTable } from "./sheet-tables.js";
import { SealLine } from "./seal-line.js";
import { counts, peaks, shares } from "./sheet-texts.js";

// So many rows leave room for the charts; so many counters stand in one column.
const ROWS_BESIDE_CHARTS = 14;
const COUNTERS_IN_COLUMN = 8;

function Counters({ times, counters }) {
  if (times.length <= COUNTERS_IN_COLUMN) return html`<${CounterTable} times=${times} counters=${counters} />`;
  const half = Math.ceil(times.length / 2);
  return html`<div class="side-by-side">
    ${[times.slice(0, half), times.slice(half)].map(
      (part, i) => html`<${CounterTable} key=${i} times=${part} counters=${counters} few />`,
    )}
  </div>`;
}

export function DayReport({ found, hall, services, counters, signing, today }) {
  const { total, from, rows } = found.services;
  const times = found.overview.counters;
  return html`<article class="sheet is-day">
    <${Letterhead} hall=${hall} signing=${signing} today=${today} />
    <${Title} kind=${t("sheet.day_kind")} about=${t("sheet.about")} span=${written(from)} />
    <p>${counts(total)} ${shares(total)} ${peaks(found.hours.rows, found.overview)}</p>
    <${GroupTable} table=${found.services} services=${services} />
    ${
      rows.length + times.length <= ROWS_BESIDE_CHARTS &&
      html`<${HourCharts} rows=${found.hours.rows} days=${found.overview.days} target=${hall.target_s / 60} />`
    }
    <${Counters} times=${times} counters=${counters} />
    <${Source} />
    <${SealLine} day=${from} />
    <${Signatures} hall=${hall} signing=${signing} />
  </article>`;
}
