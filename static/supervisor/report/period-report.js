/** A reporting period: what was done, how long people waited, and every column in the annexes. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { count, day, percent } from "/static/supervisor/parts/figures.js";
import { HourCharts } from "./sheet-charts.js";
import { Letterhead, Signatures, Source, Title, written } from "./sheet-frame.js";
import { CounterTable, Durations, GroupTable } from "./sheet-tables.js";
import { counts, peaks, shares } from "./sheet-texts.js";

const ANNEXES = ["services", "counters", "days"];

/** @param {Props<{hall: Api.HallView}>} props */
export function PeriodReport({ found, hall, services, counters, signing, today }) {
  const { total, from, to } = found.services;
  const { total: last, from: first, to: end } = found.before;
  const compared = t("sheet.compared", {
    from: day(first),
    to: day(end),
    issued: count(last.issued),
    served: count(last.served),
    within: percent(last.within["15"].met, last.within["15"].of),
  });
  return html`<article class="sheet">
    <${Letterhead} hall=${hall} signing=${signing} today=${today} />
    <${Title} kind=${t("sheet.period_kind")} about=${t("sheet.about")}
      span=${t("sheet.span", { from: written(from), to: written(to) })} />
    <h3>${t("sheet.part_counts")}</h3>
    <p>${t("sheet.days", { days: count(found.overview.days) })} ${counts(total)}</p><p>${compared}</p>
    <h3>${t("sheet.part_times")}</h3>
    <p>${shares(total)}</p>
    <${Durations} total=${total} before=${last} />
    <h3>${t("sheet.part_services")}</h3>
    <${GroupTable} table=${found.services} services=${services} />
    <h3>${t("sheet.part_peaks")}</h3>
    <p>${peaks(found.hours.rows, found.overview)}</p>
    <${HourCharts} rows=${found.hours.rows} days=${found.overview.days} target=${hall.target_s / 60} />
    <h3>${t("sheet.part_counters")}</h3>
    <${CounterTable} times=${found.overview.counters} counters=${counters} />
    <${Source} />
    <${Signatures} hall=${hall} signing=${signing} />
    ${ANNEXES.map(
      (name, i) => html`<section key=${name} class="annex">
      <h3>${t("sheet.annex", { number: i + 1, title: t(`charts.title_${found[name].by}`) })}</h3>
      <p>${t("sheet.span", { from: written(from), to: written(to) })}</p>
      <${GroupTable} table=${found[name]} services=${services} full />
    </section>`,
    )}
  </article>`;
}
