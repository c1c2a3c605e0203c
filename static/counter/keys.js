/** All keys on one panel. It lies over the queue, never over the number. */

import { choose, others } from "/static/lib/language.js";
import { t } from "/static/lib/text.js";
import { html, useEffect, useRef } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

const ROWS = [
  ["space", "main"],
  ["enter", "finish"],
  ["g", "call_again"],
  ["v", "no_show"],
  ["p", "pause"],
  ["q", "close"],
  ["h", "hold"],
  ["c", "transfer"],
  ["t", "return"],
  ["n", "call"],
  ["b", "hand_over"],
  ["d", "dossiers"],
  ["u", "undo"],
  ["w", "priority"],
  ["x", "cancel"],
  ["arrows", "pick"],
  ["i", "print"],
  ["y", "wave"],
  ["m", "enter_number"],
  ["digits", "outcome"],
  ["question", "keys"],
  ["escape", "leave"],
];

/** `restored`: numbers may be lost today, and there is a key for them. */
export function Keys({ restored, onLeave }) {
  // The heading, not the key beside it: Space goes on calling while one reads.
  const title = useRef(null);
  useEffect(() => title.current.focus(), []);
  return html`<aside class="keys" aria-labelledby="keys-title" tabindex="0">
    <header class="keys-head">
      <h2 id="keys-title" tabindex="-1" ref=${title}><${Glyph} name="keyboard" />${t("counter.keys_title")}</h2>
      ${others().map(
        ({ lang, name }) =>
          html`<button type="button" class="leave" key=${lang} lang=${lang} onClick=${() => choose(lang)}><${Glyph} name="language" />${name}</button>`,
      )}
      <button type="button" class="leave" onClick=${onLeave}>${t("counter.leave")} <kbd class="key">Esc</kbd></button>
    </header>
    <dl>${ROWS.filter(([key]) => key !== "m" || restored).map(
      ([key, does]) => html`<div key=${key}>
      <dt><kbd class="key">${t(`counter.key.${key}`)}</kbd></dt><dd>${t(`counter.key_does.${does}`)}</dd>
    </div>`,
    )}</dl>
  </aside>`;
}
