/** Kiosks and walls: those that ask to be paired, and those that are. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { sentence } from "/static/supervisor/parts/act.js";
import { DeviceRow } from "./device-row.js";
import { Glyph } from "/static/lib/glyph.js";
import { PairDevice } from "./pair-device.js";

// A machine that asks to be paired tells nobody but the server, so this page asks the server.
const AGAIN_MS = 3000;

export function Devices({ centre, acts }) {
  const [found, setFound] = useState(null);
  const [refusal, setRefusal] = useState(null);

  async function read() {
    try {
      setFound(await get("/devices"));
      setRefusal(null);
    } catch (error) {
      setRefusal(sentence(error));
    }
  }
  useEffect(() => {
    read();
    const again = setInterval(() => document.hidden || read(), AGAIN_MS);
    return () => clearInterval(again);
  }, []);

  if (!found) {
    return refusal
      ? html`<p class="refusal" role="alert"><${Glyph} name="alert-octagon" />${refusal}</p>`
      : html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  }
  const devices = found.devices.filter((device) => device.active);
  return html`<div class=${acts ? "list-and-form" : ""}>
    <section class="card" aria-labelledby="devices-list">
      <h2 id="devices-list" class="card-title">${t("supervisor.devices_count", { devices: devices.length })}</h2>
      ${refusal && html`<p class="refusal" role="alert"><${Glyph} name="alert-octagon" />${refusal}</p>`}
      ${devices.length === 0 && html`<p class="empty">${t("supervisor.devices_empty")}</p>`}
      <ul class="rows">${devices.map(
        (device) => html`<${DeviceRow} key=${device.id} device=${device} now=${centre.now}
        acts=${acts} changed=${read} />`,
      )}</ul>
    </section>
    ${acts && html`<${PairDevice} waiting=${found.waiting} now=${centre.now} changed=${read} />`}
  </div>`;
}
