/** What a supervisor asks of this counter, with the keys that answer it; answered, it is put away. */

import { clock, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

const KEYS = { answer_seen: "k", answer_cannot: "l" };

/** "Mời mở quầy 3", for one that is still to be answered; null without one. */
export function wishOf({ counter, wish }) {
  return wish && wish.answer === null ? t(`counter.wish_${wish.wish}`, { counter }) : null;
}

export function Wish({ store }) {
  const words = wishOf(store.counter);
  if (!words || store.lost_since) return null;
  return html`<section class="wish" role="alert" data-asked=${store.counter.wish.asked}>
    <${Glyph} name="messages" />
    <p><b>${words}</b> ${t("counter.wish_from", { time: clock(store.counter.wish.at) })}</p>
    ${Object.entries(KEYS).map(
      ([act, key]) => html`<button type="button" class="way" key=${act} onClick=${() => store.press(act, act)}>
      ${t(`counter.act.${act}`)} <kbd class="key">${t(`counter.key.${key}`)}</kbd></button>`,
    )}
  </section>`;
}
