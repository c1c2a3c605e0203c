/** One line beside the acts: what was refused and why, what is on its way, what may have been forgotten. */

import { nameOfClass } from "/static/lib/priority-class.js";
import { because, spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { reminder } from "./words.js";

const QUIET_MS = 400; // an answer that comes sooner needs no notice

/** {kind, glyph, text} of the one notice to show, or null. */
// eslint-disable-next-line complexity -- the order of these lines is what is said first
function noticeOf(store, now) {
  const { job, notice } = store;
  if (job?.retrying) return { kind: "retry", glyph: "refresh", text: t("counter.retrying") };
  if (store.has_pending) return { kind: "quiet", glyph: "hourglass-empty", text: t("counter.then") };
  if (job) {
    return performance.now() - job.since > QUIET_MS
      ? { kind: "quiet", glyph: "hourglass-empty", text: t("counter.sending") }
      : null;
  }
  if (notice?.kind === "refusal") return { kind: "refusal", glyph: "alert-octagon", text: notice.text };
  if (notice?.kind === "regraded") {
    const { number, priority_class } = notice.ticket;
    const name = nameOfClass(store.view.hall.classes, priority_class);
    return { kind: "quiet", glyph: "check", text: t("counter.priority_done", { number: spaced(number), name }) };
  }
  if (notice?.kind === "scan") return { kind: "quiet", glyph: "info-circle", text: t(`scan.${notice.reason}`) };
  if (notice?.kind === "ticket") return { kind: "quiet", glyph: "info-circle", text: whereIs(notice.ticket) };
  if (notice)
    return {
      kind: "quiet",
      glyph: "info-circle",
      text: t(`counter.no.${notice.reason}`, { number: spaced(notice.number ?? "") }),
    };
  const text = store.kept || store.taken ? null : reminder(store, now);
  return text && { kind: "reminder", glyph: "clock", text };
}

/** Where a ticket is, or why it still waits. */
function whereIs({ number, state, counter, why }) {
  const params = { number: spaced(number), counter: counter ?? "" };
  const place = t(`counter.elsewhere_${state}`, params);
  return state === "waiting" && why ? `${place} ${t("counter.why_said", { sentence: because(why) })}` : place;
}

export function Notice({ store, now }) {
  const notice = noticeOf(store, now);
  // The region itself is always there: one that comes with its words is not read out.
  return html`<div class="notice-place" role="status" aria-live="polite" id="notice">${
    notice && html`<p class="notice is-${notice.kind}"><${Glyph} name=${notice.glyph} /><span>${notice.text}</span></p>`
  }</div>`;
}
