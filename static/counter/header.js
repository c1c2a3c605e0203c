/** The bar on top: which counter, what it serves, its state, who works here, the hour. */

import { clock, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { serviceName } from "./words.js";

const STATES = {
  open: "circle-check",
  paused: "player-pause",
  pausing: "player-pause",
  closed: "minus",
  lost: "plug-connected-x",
};

export function Header({ store, now, me }) {
  const { counter, view } = store;
  const state = store.lost_since
    ? "lost"
    : store.pausing
      ? "pausing"
      : counter.state in STATES
        ? counter.state
        : "open";
  return html`<header class="bar">
    <span class="plate" aria-hidden="true">${counter.counter}</span>
    <h1>${counter.name}</h1>
    <p class="bar-services">${counter.services.map((code) => serviceName(code, view.services)).join(" · ")}</p>
    <p class="bar-state is-${state}"><${Glyph} name=${STATES[state]} />${t(`counter.state.${state}`)}</p>
    <p class="bar-clerk">${me.name}</p>
    <p class="bar-clock">${clock(now)}</p>
  </header>`;
}
