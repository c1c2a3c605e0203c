/** One tag for all kiosks and walls: connected, or how many are not. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export function DevicesTag({ devices }) {
  const active = devices.filter((device) => device.active);
  const away = active.filter((device) => !device.connected).length;
  const [appearance, glyph, text] = !active.length
    ? ["", "device-desktop", t("supervisor.devices_none")]
    : away
      ? ["tag--alert", "plug-connected-x", t("supervisor.devices_away", { away, all: active.length })]
      : ["tag--done", "circle-check", t("supervisor.devices_all")];
  return html`<a class="head-devices" href="#devices"><span class="tag ${appearance}"><${Glyph} name=${glyph} />${text}</span></a>`;
}
