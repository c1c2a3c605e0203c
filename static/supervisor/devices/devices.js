/** Kiosks and walls: those that ask to be paired, and those that are. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { DeviceRow } from "./device-row.js";
import { PairDevice } from "./pair-device.js";
import { Programs } from "./programs.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { useLeave } from "/static/supervisor/parts/unsaved.js";

// A machine that asks to be paired tells nobody but the server, so this page asks the server.
const AGAIN_MS = 3000;

/** @param {Props<{centre: Screen.Centre}>} props */
export function Devices({ centre, acts }) {
  const { answer: found, refusal, read } = useAnswer("/devices", { again_ms: AGAIN_MS });
  const { answer: settings, read: readSettings } = useAnswer("/settings");
  const [placing, setPlacing] = useState(/** @type {?number} */ (null));
  const { leave, question } = useLeave();
  const changed = () => Promise.all([read(), readSettings()]);
  const place = (id) => leave(() => setPlacing(placing === id ? null : id));
  if (!found) return html`<${NoAnswer} refusal=${refusal} />`;
  const devices = found.devices.filter((device) => device.active);
  return html`${question}<div class=${acts ? "list-and-form" : ""}>
    <div class="lists">
      <p><a class="button" href="#drill"><${Glyph} name="list-search" />${t("supervisor.drill_title")}</a></p>
      <section class="card" aria-labelledby="devices-list">
        <h2 id="devices-list" class="card-title">${t("supervisor.devices_count", { devices: devices.length })}</h2>
        ${refusal && html`<${Refused} words=${refusal} />`}
        ${devices.length === 0 && html`<p class="empty">${t("supervisor.devices_empty")}</p>`}
        <ul class="rows">${devices.map(
          (device) => html`<${DeviceRow} key=${device.id} device=${device} now=${centre.now}
          settings=${settings} acts=${acts} placing=${placing === device.id} place=${() => place(device.id)} changed=${read} read=${readSettings} />`,
        )}</ul>
      </section>
      <${Programs} acts=${acts} />
    </div>
    ${acts && html`<${PairDevice} waiting=${found.waiting} rooms=${settings?.hall.rooms ?? {}} now=${centre.now} changed=${changed} />`}
  </div>`;
}
