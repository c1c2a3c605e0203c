/** One question before a step that would lose something. */

import { html, useLayoutEffect, useRef } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

/** A question over the page, with its keys; `onNo` is what Escape means. */
function Question({ title, text, onNo, children }) {
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
    <div class="row-keys">${children}</div>
  </dialog>`;
}

/** Before an act that cannot be taken back. */
export function Confirm({ title, text, yes, no = t("supervisor.confirm_no"), onYes, onNo }) {
  return html`<${Question} title=${title} text=${text} onNo=${onNo}>
    <button type="button" class="button" onClick=${onNo}>${no}</button>
    <button type="button" class="button button--danger" onClick=${onYes}><${Glyph} name="ban" />${yes}</button><//>`;
}

/** Before a form is left in which something is typed. */
export function Leave({ title, text, onSave, onDrop, onStay }) {
  return html`<${Question} title=${title} text=${text} onNo=${onStay}>
    <button type="button" class="button" onClick=${onStay}>${t("settings.unsaved_stay")}</button>
    <button type="button" class="button" onClick=${onDrop}>${t("settings.unsaved_drop")}</button>
    <button type="button" class="button button--main" onClick=${onSave}><${Glyph} name="check" />${t("settings.save")}</button><//>`;
}
