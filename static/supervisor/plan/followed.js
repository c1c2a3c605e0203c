/** What the live board proposed and was followed in the last thirty days, and what came of it; read when it is opened. */

import { html, useState } from "/static/vendor/preact.js";
import { clock, t } from "/static/lib/text.js";
import { localDay } from "/static/lib/local-day.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { day as written, minutesAtMost } from "/static/supervisor/parts/figures.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const DAYS = 30;
const DAY_MS = 86_400_000;

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function FollowedAdvice({ view, now }) {
  const [open, setOpen] = useState(false);
  return html`<details class="card definitions followed" onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary>${t("plan.followed")}</summary>
    <p class="hint plan-note">${t("plan.followed_means")}</p>
    ${open && html`<${Rows} view=${view} now=${now} />`}
  </details>`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
function Rows({ view, now }) {
  const { timezone } = view.hall;
  const from = localDay(new Date(now.getTime() - DAYS * DAY_MS), timezone);
  const path = /** @type {"/what-if/followed"} */ (`/what-if/followed?from=${from}&to=${localDay(now, timezone)}`);
  const { answer, refusal } = useAnswer(path);
  if (!answer) return html`<${NoAnswer} refusal=${refusal} />`;
  if (answer.rows.length === 0) return html`<p class="empty" role="status">${t("plan.followed_none")}</p>`;
  const names = new Map(view.services.map((service) => [service.code, nameOf(service)]));
  const within = (s) => (s === null ? "–" : t("plan.minutes", { n: minutesAtMost(s) }));
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("plan.followed")}><table class="stats" data-by="followed">
    <thead><tr><th scope="col" class="first">${t("plan.followed_at")}</th><th scope="col">${t("plan.head_counter")}</th>
      <th scope="col" class="start">${t("plan.head_service")}</th><th scope="col">${t("plan.followed_now")}</th>
      <th scope="col">${t("plan.followed_then")}</th><th scope="col">${t("plan.followed_opened")}</th>
      <th scope="col">${t("plan.followed_real")}</th><th scope="col">${t("plan.followed_people")}</th></tr></thead>
    <tbody>${answer.rows.map(
      (
        row,
      ) => html`<tr key=${row.at}><th scope="row" class="first">${written(localDay(new Date(row.at), timezone))} ${clock(row.at)}</th>
      <td>${row.counter}</td><td class="start">${names.get(row.service) ?? row.service}</td>
      <td>${within(row.now_s)}</td><td>${within(row.then_s)}</td><td>${row.opened_at ? clock(row.opened_at) : "–"}</td>
      <td>${within(row.p90_s)}</td><td>${row.people}</td></tr>`,
    )}</tbody></table></div>`;
}
