/** How large the screen of a kiosk is and how high it hangs, typed by somebody who has read or measured it. */

import { html, useState } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { submits } from "/static/supervisor/settings/settings.js";

const MM_PER_INCH = 25.4;
const MM_PER_CM = 10;
const INCHES = [4, 102];
const CM = [0, 250];
const USUAL_CM = 80; // of an upright kiosk that stands on the floor

/** @param {Api.GlassView} glass */
export function glassWords({ diagonal_mm, edge_mm }) {
  if (diagonal_mm === null) return t("supervisor.glass_unmeasured");
  return t("supervisor.glass", {
    inches: decimal(diagonal_mm / MM_PER_INCH, 1),
    cm: Math.round((edge_mm ?? 0) / MM_PER_CM),
  });
}

/** @param {Props<{device: Api.DeviceView}>} props */
export function GlassForm({ device, done }) {
  const { diagonal_mm, edge_mm } = device.glass;
  const { busy, refusal, act, refuse } = useAct();
  const [inches, setInches] = useState(diagonal_mm === null ? "" : decimal(diagonal_mm / MM_PER_INCH, 1));
  const [cm, setCm] = useState(String(edge_mm === null ? USUAL_CM : edge_mm / MM_PER_CM));

  async function save() {
    const [diagonal, edge] = [numberOf(inches), numberOf(cm)];
    if (!within(diagonal, INCHES) || !within(edge, CM)) return refuse(t("supervisor.glass_wrong"));
    const measured = { diagonal_mm: Math.round(diagonal * MM_PER_INCH), edge_mm: Math.round(edge * MM_PER_CM) };
    if (await act(`/devices/${device.id}/glass`, measured)) done();
  }

  return html`<form class="form" onSubmit=${submits(save)} noValidate aria-label=${t("supervisor.glass_measure")}>
    <label class="field"><span>${t("supervisor.glass_inches")}</span>
      <input type="text" name="glass-inches" inputmode="decimal" autocomplete="off" maxlength="6" value=${inches}
        aria-describedby="glass-inches-hint" onInput=${(event) => setInches(event.target.value)} /></label>
    <p id="glass-inches-hint" class="hint">${t("supervisor.glass_inches_hint")}</p>
    <label class="field"><span>${t("supervisor.glass_edge")}</span>
      <input type="text" name="glass-edge" inputmode="decimal" autocomplete="off" maxlength="6" value=${cm}
        aria-describedby="glass-edge-hint" onInput=${(event) => setCm(event.target.value)} /></label>
    <p id="glass-edge-hint" class="hint">${t("supervisor.glass_edge_hint")}</p>
    <${Refused} words=${refusal} />
    <button type="submit" class="button button--main" disabled=${busy}>${t("supervisor.glass_save")}</button>
  </form>`;
}

/** @param {string} text  with the comma or the point of either language */
function numberOf(text) {
  return text.trim() ? Number(text.trim().replace(",", ".")) : NaN;
}

/** @param {number} value @param {number[]} range */
function within(value, [from, to]) {
  return value >= from && value <= to;
}
