/** Two dates, and a key for each usual range. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export function RangeChoice({ range, presets, choose }) {
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [backwards, setBackwards] = useState(false);

  useEffect(() => {
    setFrom(range.from);
    setTo(range.to);
    setBackwards(false);
  }, [range.from, range.to]);

  function ask(event) {
    event.preventDefault();
    if (from > to) return setBackwards(true);
    setBackwards(false);
    choose({ from, to });
  }

  return html`<div class="card range">
    <div class="range-keys" role="group" aria-label=${t("supervisor.usual_ranges")}>
      ${presets.map(
        (preset) => html`<button key=${preset.name} type="button" class="button" data-range=${preset.name}
        aria-pressed=${preset.from === range.from && preset.to === range.to} onClick=${() => choose(preset)}>
        ${t(`supervisor.range_${preset.name}`)}</button>`,
      )}
    </div>
    <form class="range-dates" onSubmit=${ask}>
      <label class="field"><span>${t("supervisor.from_day")}</span>
        <input type="date" name="from" required value=${from} onInput=${(event) => setFrom(event.target.value)}
          aria-describedby=${backwards ? "range-refusal" : null} aria-invalid=${backwards ? "true" : null} /></label>
      <label class="field"><span>${t("supervisor.to_day")}</span>
        <input type="date" name="to" required value=${to} onInput=${(event) => setTo(event.target.value)}
          aria-describedby=${backwards ? "range-refusal" : null} aria-invalid=${backwards ? "true" : null} /></label>
      <button type="submit" class="button button--main"><${Glyph} name="search" />${t("supervisor.show")}</button>
    </form>
    ${
      backwards &&
      html`<p id="range-refusal" class="refusal" role="alert">
      <${Glyph} name="alert-octagon" />${t("supervisor.range_backwards")}</p>`
    }
  </div>`;
}
