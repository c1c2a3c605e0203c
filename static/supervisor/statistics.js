/** The statistics of any range of local days, by service and by counter. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/api.js";
import { clock, t } from "/static/text.js";
import { sentence } from "./act.js";
import { Definitions } from "./definitions.js";
import { FiguresOfRange } from "./figures-of-range.js";
import { day } from "./figures.js";
import { Glyph } from "./glyph.js";
import { localDay, presets } from "./periods.js";
import { RangeChoice } from "./range-choice.js";
import { StatisticsTable } from "./statistics-table.js";

const FILES = ["statistics.xlsx", "statistics.csv", "evidence.zip"];

// The range stands in the address, so that a reload or a bookmark shows the same figures.
function rangeOf(hash, today) {
  const asked = new URLSearchParams(hash.split("?")[1] ?? "");
  return { from: asked.get("from") ?? today, to: asked.get("to") ?? today };
}

export function Statistics({ centre }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${StatisticsOf} view=${view} now=${now} today=${localDay(now, view.hall.timezone)} />`;
}

function StatisticsOf({ view, now, today }) {
  const [range, setRange] = useState(() => rangeOf(location.hash, today));
  const [found, setFound] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const asked = useRef(0);

  async function read({ from, to }) {
    const turn = (asked.current += 1);
    try {
      const [services, counters] = await Promise.all(
        ["service", "counter"].map((by) => get(`/statistics?from=${from}&to=${to}&by=${by}`)),
      );
      // A slower answer to an earlier question must not replace a later one.
      if (turn !== asked.current) return;
      setFound({ services, counters, at: now });
      setRefusal(null);
    } catch (error) {
      if (turn === asked.current) setRefusal(sentence(error));
    }
  }

  useEffect(() => {
    const follow = () => location.hash.startsWith("#statistics") && setRange(rangeOf(location.hash, today));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [today]);

  useEffect(() => {
    read(range);
  }, [range.from, range.to]);

  const choose = ({ from, to }) => {
    location.hash = `#statistics?from=${from}&to=${to}`;
  };

  return html`<${RangeChoice} range=${range} presets=${presets(today)} choose=${choose} />
    ${refusal && html`<p class="refusal" role="alert"><${Glyph} name="alert-octagon" />${refusal}</p>`}
    ${
      found
        ? html`
      <div class="stats-head">
        <p role="status">${t("supervisor.stats_of", { from: day(found.services.from), to: day(found.services.to), time: clock(found.at) })}</p>
        <div class="range-keys">
          ${FILES.map(
            (file) => html`<a key=${file} class="button" download href="/api/v1/${file}?from=${range.from}&to=${range.to}">
            <${Glyph} name="download" />${t(`supervisor.get_${file.split(".")[1]}`)}</a>`,
          )}
          <button type="button" class="button" onClick=${() => read(range)}><${Glyph} name="refresh" />${t("supervisor.reload")}</button>
        </div>
      </div>
      <${FiguresOfRange} total=${found.services.total} target=${view.hall.target_s / 60} />
      <${StatisticsTable} id="by-service" title=${t("supervisor.by_service")} first=${t("supervisor.service")}
        table=${found.services} services=${view.services} />
      <${StatisticsTable} id="by-counter" title=${t("supervisor.by_counter")} first=${t("supervisor.counter")}
        table=${found.counters} services=${[]} />
      <${Definitions} />`
        : !refusal && html`<p class="opening" role="status">${t("supervisor.opening")}</p>`
    }`;
}
