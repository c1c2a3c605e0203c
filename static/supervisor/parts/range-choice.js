/** Two dates, and a key for each usual range. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export function RangeChoice({ range, presets, choose }) {
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));

  useEffect(() => {
    setFrom(range.from);
    setTo(range.to);
    setRefusal(null);
  }, [range.from, range.to]);

  function ask(event) {
    event.preventDefault();
    const wrong = !from || !to ? "supervisor.range_missing" : from > to ? "supervisor.range_backwards" : null;
    setRefusal(wrong);
    if (wrong) return;
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
    <form class="range-dates" onSubmit=${ask} noValidate>
      <label class="field"><span>${t("supervisor.from_day")}</span>
        <input type="date" name="from" required value=${from} onInput=${(event) => setFrom(event.target.value)}
          aria-describedby=${refusal ? "range-refusal" : null} aria-invalid=${refusal ? "true" : null} /></label>
      <label class="field"><span>${t("supervisor.to_day")}</span>
        <input type="date" name="to" required value=${to} onInput=${(event) => setTo(event.target.value)}
          aria-describedby=${refusal ? "range-refusal" : null} aria-invalid=${refusal ? "true" : null} /></label>
      <button type="submit" class="button button--main"><${Glyph} name="search" />${t("supervisor.show")}</button>
    </form>
    ${
      refusal &&
      html`<p id="range-refusal" class="refusal" role="alert">
      <${Glyph} name="alert-octagon" />${t(refusal)}</p>`
    }
  </div>`;
}
