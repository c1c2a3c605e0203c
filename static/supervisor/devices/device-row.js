/** One kiosk or wall: connected or last seen when, and the key that turns it out. */

import { html, useState } from "/static/vendor/preact.js";
import { clock, longDate, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Glyph } from "/static/lib/glyph.js";
import { GlassForm, glassWords } from "./glass-form.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { DevicePlace, PlaceKey, Placed } from "./device-place.js";

const ICONS = { kiosk: "device-tablet", display: "device-tv" };
const when = (instant) => ({ time: clock(new Date(instant)), date: longDate(new Date(instant)) });

/**
 * `settings`: null until they are known; `placing`: its place is being set, `place()` begins or ends that.
 * @param {Props<{device: Api.DeviceView, settings: ?Api.SettingsView}>} props
 */
export function DeviceRow({ device, settings, acts, placing, place, changed, read }) {
  const { busy, refusal, act } = useAct();
  const [asking, setAsking] = useState(false);
  const [measuring, setMeasuring] = useState(false);
  const { id, kind, name, paired_at, last_seen_at, connected } = device;

  async function revoke() {
    setAsking(false);
    if (await act(`/devices/${id}/revoke`)) changed();
  }

  function measured() {
    setMeasuring(false);
    changed();
  }

  return html`<li class="row" data-device=${name}>
    <span class="row-icon"><${Glyph} name=${ICONS[kind] ?? "device-desktop"} /></span>
    <div class="row-what">
      <strong>${name}</strong>
      <span class="row-more">${t(`supervisor.kind_${kind}`)} · ${t("supervisor.paired_at", when(paired_at))}</span>
      <span>${
        connected
          ? html`<span class="tag tag--done"><${Glyph} name="circle-check" />${t("supervisor.connected")}</span>`
          : html`<span class="tag tag--alert"><${Glyph} name="plug-connected-x" />${
              last_seen_at ? t("supervisor.last_seen", when(last_seen_at)) : t("supervisor.never_seen")
            }</span>`
      }</span>
      ${settings && html`<${Placed} device=${device} settings=${settings} />`}
      ${kind === "kiosk" && html`<span class="row-more">${glassWords(device.glass)}</span>`}
      ${refusal && html`<${Refused} words=${refusal} />`}
      ${measuring && html`<${GlassForm} device=${device} done=${measured} />`}
    </div>
    ${
      acts &&
      html`<div class="row-keys">
      <${PlaceKey} device=${device} settings=${settings} placing=${placing} toggle=${place} />
      ${
        kind === "kiosk" &&
        html`<button type="button" class="button" aria-expanded=${measuring} onClick=${() => setMeasuring(!measuring)}>
      <${Glyph} name="pencil" />${t("supervisor.glass_measure")}<span class="visually-hidden"> ${name}</span></button>`
      }
      <button type="button" class="button button--danger" disabled=${busy} onClick=${() => setAsking(true)}>
      <${Glyph} name="ban" />${t("supervisor.revoke")}<span class="visually-hidden"> ${name}</span></button></div>`
    }
    ${placing && html`<${DevicePlace} device=${device} settings=${settings} read=${read} />`}
    ${
      asking &&
      html`<${Confirm} title=${t("supervisor.revoke_title", { name })} text=${t(`supervisor.revoke_text_${kind}`)}
      yes=${t("supervisor.revoke_yes")} onYes=${revoke} onNo=${() => setAsking(false)} />`
    }
  </li>`;
}
