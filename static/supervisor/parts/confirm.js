/** One question before an act that cannot be taken back. */

import { html, useLayoutEffect, useRef } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

export function Confirm({ title, text, yes, no = t("supervisor.confirm_no"), onYes, onNo }) {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    // Closing gives the focus back to the key that asked.
    return () => shown.close();
  }, []);
  return html`<dialog ref=${dialog} class="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text"
    onCancel=${(event) => {
      event.preventDefault();
      onNo();
    }}>
    <h2 id="confirm-title">${title}</h2>
    <p id="confirm-text">${text}</p>
    <div class="row-keys">
      <button type="button" class="button" onClick=${onNo}>${no}</button>
      <button type="button" class="button button--danger" onClick=${onYes}><${Glyph} name="ban" />${yes}</button>
    </div>
  </dialog>`;
}
