/** How long now, who waits longest, what each counter does. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/text.js";
import { Advised } from "./advice.js";
import { Alarms } from "./alarms.js";
import { BackupNow } from "./backup-now.js";
import { CountersNow } from "./counters-now.js";
import { FiguresNow } from "./figures-now.js";
import { ServicesNow } from "./services-now.js";

export function Live({ centre, acts }) {
  const { view, now } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${Advised} view=${view} now=${now} />
    <${Alarms} alarms=${view.alarms} now=${now} acts=${acts} />
    <${FiguresNow} view=${view} now=${now} />
    <div class="now">
      <${CountersNow} view=${view} now=${now} />
      <${ServicesNow} view=${view} />
    </div>
    <${BackupNow} backup=${view.backup} />`;
}
