/** How long now, who waits longest, what each counter does. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { BackupNow } from "./backup-now.js";
import { CountersNow } from "./counters-now.js";
import { FiguresNow } from "./figures-now.js";
import { useNotices } from "./notices.js";
import { ServicesNow } from "./services-now.js";

/** @param {Props<{centre: Screen.Centre}>} props */
export function Live({ centre, acts }) {
  if (!centre.view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${Now} view=${centre.view} now=${centre.now} acts=${acts} />`;
}

/**
 * However much there is to look at, the figures stand below the first notice, on a phone too.
 * @param {Props<{view: Live.SupervisorCounts}>} props
 */
function Now({ view, now, acts }) {
  const { first, others } = useNotices({ view, now, acts });
  return html`${first}
    <${FiguresNow} view=${view} now=${now} />
    ${others}
    <div class="now">
      <${CountersNow} view=${view} now=${now} />
      <${ServicesNow} view=${view} />
    </div>
    <${BackupNow} backup=${view.backup} />`;
}
