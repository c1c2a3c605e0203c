/** Up to when the last good backup holds everything, here and in the second place. */

import { html } from "/static/vendor/preact.js";
import { clock, longDate, t } from "/static/lib/text.js";

function sentence(key, at) {
  if (!at) return t(`supervisor.${key}_none`);
  const date = new Date(at);
  return t(`supervisor.${key}`, { time: clock(date), date: longDate(date) });
}

/** @param {Props<{backup: Api.BackupView}>} props */
export function BackupNow({ backup }) {
  return html`<p class="backup-now">${sentence("backup", backup.at)} ${
    backup.second && sentence("backup_second", backup.second_at)
  }</p>`;
}
