/** How each figure is counted, one tap away from the figures; `docs/figures.md` is made of the same words. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export const TERMS = [
  ...["issued", "called", "served", "no_shows", "cancelled", "expired", "ghosts", "priority", "recalls"],
  ...["returns", "holds", "transfers", "transfers_in", "by_hand", "short", "dossiers", "people"],
  ...["ratings", "response", "satisfied"],
  ...["no_group", "shift", "channel", "appointments"],
  ...["wait", "walk", "service", "sojourn", "hold", "mean", "median", "p90", "max", "within", "on_target"],
  ...[
    "arrivals",
    "longest_queue",
    "longest_by_service",
    "out_of_order",
    "slips",
    "skips",
    "slips_passed",
    "slips_p99",
    "structural",
    "queue_length",
    "wait_lengths",
    "weekday_hours",
  ],
  ...["serving_time", "calling_time", "idle_time", "open_time", "paused_time", "left_open"],
  ...["counter_day", "incidents", "early", "utilisation"],
];

export function Definitions() {
  return html`<details class="card definitions">
    <summary><${Glyph} name="info-circle" /><span>${t("supervisor.definitions")}</span></summary>
    <dl>${TERMS.map(
      (term) => html`<div key=${term}><dt>${t(`figures.${term}`)}</dt>
      <dd>${t(`figures.${term}_means`)}</dd></div>`,
    )}</dl>
  </details>`;
}
