/** The one large key and the smaller acts. They never move; those not possible stay, grey, with the reason. */

import { spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { ACTS, COLUMN_ACTS } from "./steps.js";

const GLYPHS = {
  open: "door-enter",
  resume: "player-play",
  call_next: "bell-ringing",
  start: "circle-dot",
  finish_and_call: "bell-ringing",
  finish: "check",
  finish_and_pause: "check",
};

/** What Space and Enter do, they do not while a question stands: then they are pressed to answer it. */
export const BY_REFLEX = new Set(["finish"]);

export function MainKey({ store, act, asking }) {
  const reason = asking ? "answer_first" : store.whyNot(act);
  return html`<button type="button" class="main-key" id="main-key" aria-disabled=${reason ? "true" : "false"}
      aria-busy=${store.job ? "true" : "false"} aria-describedby=${reason ? "why-main" : null}
      onClick=${() => (asking ? store.explain("answer_first") : store.press("main", act))}>
    <${Glyph} name=${GLYPHS[act]} /><span>${t(`counter.act.${act}`)}</span>
    <kbd class="key">${t("counter.key.space")}</kbd>
    ${reason && html`<span id="why-main" hidden>${t(`counter.no.${reason}`)}</span>`}
  </button>`;
}

export function Acts({ store, asking, onAsk }) {
  return html`<div class="acts" role="group" aria-label=${t("counter.acts")}>${[...ACTS, ...COLUMN_ACTS].map(
    ({ act: usual, key, icon }) => {
      const act = usual === "pause" && store.pausing ? "resume" : usual;
      const answer_first = asking && BY_REFLEX.has(act);
      const reason = answer_first ? "answer_first" : store.whyNot(act);
      return html`<button type="button" class="act ${COLUMN_ACTS.some(({ act }) => act === usual) ? "is-column" : ""}" key=${usual} aria-disabled=${reason ? "true" : "false"}
        aria-describedby=${reason ? `why-${act}` : null}
        title=${reason ? t(`counter.no.${reason}`) : null}
        onClick=${() => (answer_first ? store.explain(reason) : store.asks(act) && !reason ? onAsk(act) : store.press(act, act))}>
      <${Glyph} name=${icon} /><span>${t(act === usual ? `counter.act.${act}` : "counter.act.no_pause")}</span><kbd class="key">${key}</kbd>
      ${reason && html`<span id=${`why-${act}`} hidden>${t(`counter.no.${reason}`)}</span>`}
    </button>`;
    },
  )}</div>`;
}

/** The last act may be taken back: top right, for ten seconds. */
export function Undo({ store }) {
  const { undo } = store;
  return (
    undo &&
    html`<button type="button" class="act undo" onClick=${() => store.press("undo", "undo")}>
    <${Glyph} name="arrow-back-up" /><span>${t(`counter.undo.${undo.kind}`, { number: spaced(undo.number) })}</span><kbd class="key">U</kbd>
  </button>`
  );
}
