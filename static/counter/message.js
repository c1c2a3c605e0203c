/** A whole page with one sentence and one key: the console was stopped, or nothing can be shown yet. */

import { spaced, t } from "/static/lib/text.js";
import { html, useLayoutEffect, useRef } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { Notice } from "./notice.js";

/** `ways`: [{words, go}], the first is the large one and has the focus. */
export function Message({ glyph, title, words, ways = [], children }) {
  const first = useRef(null);
  // Before it is painted: the key one sees is the one that Enter presses.
  useLayoutEffect(() => first.current?.focus(), []);
  return html`<main class="message">
    <div class="message-card" role="alert">
      <${Glyph} name=${glyph} />
      <h1>${title}</h1>
      <p>${words}</p>
      <div class="message-ways">${ways.map(
        (way, index) => html`<button type="button" key=${way.words}
        class=${index === 0 ? "message-go" : "way"} ref=${index === 0 ? first : null} onClick=${way.go}>${way.words}</button>`,
      )}</div>
    </div>
    ${children}
  </main>`;
}

/** Codes of `stop` messages and of refused connections. */
const MEANINGS = {
  taken_over: "taken_over",
  outdated: "outdated",
  signed_out: "signed_out",
  sign_in: "signed_out",
  forbidden: "signed_out",
  unknown_counter: "unknown_counter",
};

/** Why the console stopped, by the code of the `stop` message. */
export function Stopped({ code, number, again, leave, signIn }) {
  const known = MEANINGS[code] ?? "other";
  const ways = {
    taken_over: [
      { words: t("counter.stop.work_here"), go: again },
      { words: t("counter.other_counter"), go: leave },
    ],
    signed_out: [{ words: t("counter.stop.sign_in"), go: signIn }],
    outdated: [{ words: t("counter.stop.reload"), go: () => location.reload() }],
    unknown_counter: [{ words: t("counter.other_counter"), go: leave }],
    other: [{ words: t("counter.stop.reload"), go: () => location.reload() }],
  }[known];
  return html`<${Message} glyph=${known === "signed_out" ? "lock" : "info-circle"}
    title=${t(`counter.stop.${known}_title`, { counter: number })} words=${t(`counter.stop.${known}`)} ways=${ways} />`;
}

/** A colleague has this counter, or nobody has yet. One that is idle, or whose clerk has left, can be taken over. */
export function Taken({ store, leave }) {
  const { counter, clerk, clerk_name } = store.counter;
  const busy = store.ticket !== null;
  const free = clerk === null || !busy || !store.view.attended;
  const over = { words: t("counter.taken_take_over"), go: () => store.press("take_over", "open") };
  const other = { words: t("counter.other_counter"), go: leave };
  const params = { counter, name: clerk_name ?? t("counter.somebody"), number: spaced(store.ticket?.number ?? "") };
  return html`<${Message} key=${busy} glyph=${clerk === null ? "users" : "user"}
    title=${t(clerk === null ? "counter.handed_over_title" : "counter.taken_title", params)}
    words=${t(`counter.${whoHasIt(store)}`, params)}
    ways=${free ? [over, other] : [other]}><${Notice} store=${store} now=${store.now()} /></${Message}>`;
}

function whoHasIt({ counter: { clerk, state }, ticket, view }) {
  if (clerk === null) return ticket ? "handed_over_busy" : "handed_over";
  if (!ticket) return "taken_idle";
  return view.attended ? `taken_${state}` : "taken_left";
}
