/** The state of a counter: shape, word, icon and colour together. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

const ICONS = {
  serving: "circle-dot",
  called: "bell-ringing",
  idle: "circle",
  paused: "player-pause",
  closed: "minus",
};

export function StateTag({ state }) {
  return html`<span class="tag state state--${state}"><${Glyph} name=${ICONS[state]} />${t(`supervisor.state_${state}`)}</span>`;
}
