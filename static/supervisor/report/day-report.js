/** One day on one page. */

import { html, useEffect, useRef } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { HourCharts } from "./sheet-charts.js";
import { Letterhead, Signatures, Source, Title, written } from "./sheet-frame.js";
import { CounterTable, GroupTable } from "./sheet-tables.js";
import { SealLine } from "./seal-line.js";
import { counts, peaks, shares } from "./sheet-texts.js";

// So many rows leave room for the charts; so many counters stand in one column.
const ROWS_BESIDE_CHARTS = 14;
const COUNTERS_IN_COLUMN = 8;
const PAGE_PX = (256 / 25.4) * 96; // of A4 between its margins, 257 mm, and nothing to spare
const NOT_AS_ON_PAPER = "print, (max-width: 899px)"; // here the sheet has another width, or is drawn smaller already

/** A day that needs more than a page is drawn smaller on paper: `--fit` is for print.css. */
function useOnePage() {
  const sheet = useRef(null);
  useEffect(() => {
    const fit = new ResizeObserver(
      ([
        {
          contentRect: { height },
        },
      ]) => {
        if (!matchMedia(NOT_AS_ON_PAPER).matches)
          sheet.current.style.setProperty("--fit", Math.min(1, PAGE_PX / height));
      },
    );
    fit.observe(sheet.current);
    return () => fit.disconnect();
  }, []);
  return sheet;
}

function Counters({ times, counters }) {
  if (times.length <= COUNTERS_IN_COLUMN) return html`<${CounterTable} times=${times} counters=${counters} />`;
  const half = Math.ceil(times.length / 2);
  return html`<div class="side-by-side">
    ${[times.slice(0, half), times.slice(half)].map(
      (part, i) => html`<${CounterTable} key=${i} times=${part} counters=${counters} few />`,
    )}
  </div>`;
}

/** @param {Props<{hall: Api.HallView}>} props */
export function DayReport({ found, hall, services, counters, signing, today }) {
  const { total, from, rows } = found.services;
  const times = found.overview.counters;
  return html`<article class="sheet is-day" ref=${useOnePage()}>
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
