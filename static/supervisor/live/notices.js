/** What is to be looked at now: the first notice on one line, and the others folded behind their count. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Advice, isAdvised } from "./advice.js";
import { Alarm, isUrgent, keyOf, urgencyOf } from "./alarms.js";
import { Glyph } from "/static/lib/glyph.js";
import { useStartOffer } from "/static/supervisor/settings/start.js";

/** {first, others}, each a region that is always there, so that a screen reader says what comes into it. An alarm that
 * somebody has to go for or to decide comes before the advice, the advice before the other alarms; the offer to set the
 * centre up can wait for all of them. */
export function useNotices({ view, now, acts }) {
  const [, changed] = useState(0);
  const offer = useStartOffer(acts);
  const ordered = [...view.alarms].sort((a, b) => urgencyOf(a) - urgencyOf(b));
  const alarms = ordered.map((alarm) => ({
    key: keyOf(alarm),
    urgent: isUrgent(alarm),
    shown: html`<${Alarm} key=${keyOf(alarm)} alarm=${alarm} now=${now} acts=${acts} />`,
  }));
  const advice = {
    key: "advice",
    shown: html`<${Advice} key="advice" view=${view} now=${now} acts=${acts} changed=${() => changed((n) => n + 1)} />`,
  };
  const [first, ...others] = [
    ...alarms.filter(({ urgent }) => urgent),
    ...(isAdvised(view, now) ? [advice] : []),
    ...alarms.filter(({ urgent }) => !urgent),
    ...(offer ? [{ key: "offer", shown: offer }] : []),
  ];
  return {
    first: html`<div class="notices" role="alert">${first?.shown}</div>`,
    others: html`<div class="notices" role="status">${
      others.length > 0 &&
      html`<details class="other-notices">
      <summary class="button"><${Glyph} name="alert-triangle" />${t("supervisor.other_notices", { n: others.length })}</summary>
      <ul>${others.map(({ key, shown }) => html`<li key=${key}>${shown}</li>`)}</ul>
    </details>`
    }</div>`,
  };
}
