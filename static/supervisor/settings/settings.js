/** The configuration as the server has it, and the way a change of it takes: saved, refused, undone. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const MINUTE_S = 60;

/** A page that needs the configuration: `show(settings, read)` draws it once it is there. */
export function WithSettings({ show }) {
  const { answer, refusal, read } = useAnswer("/settings");
  return answer ? show(answer, read) : html`<${NoAnswer} refusal=${refusal} />`;
}

/** Saving, with a way back: `save(path, body, said)` gives the answer, undefined when it was refused. */
export function useSave(read) {
  const acting = useAct();
  const [saved, setSaved] = useState(/** @type {?{seq: ?number, said: string}} */ (null));

  /** @type {Screen.Save} */
  async function save(path, body, said = t("settings.saved")) {
    setSaved(null);
    const done = await /** @type {any} */ (acting.act)(path, body);
    if (!done) return undefined;
    const settings = await read();
    setSaved({ seq: done.seq, said: done.seq === null ? t("settings.nothing_new") : said });
    return { ...done, settings };
  }

  async function undo() {
    if (saved?.seq == null) return;
    const done = await acting.act("/settings/undo", { seq: saved.seq });
    if (!done) return;
    await read();
    setSaved({ seq: null, said: t("settings.undone") });
  }

  function forget() {
    setSaved(null);
    acting.forget();
  }
  return { ...acting, saved, save, undo, forget };
}

/**
 * What a form holds: `made()`, as the settings are, until something is typed. What is typed stays when the settings are
 * read again because something else was saved; it ends when it was itself saved, or with `discard()`. `typed` says
 * whether there is any.
 */
export function useDraft(made, saver) {
  const [typed, setTyped] = useState(null);
  const draft = typed ?? made();

  function put(fields) {
    setTyped({ ...draft, ...fields });
    saver.forget();
  }

  function discard() {
    setTyped(null);
    saver.forget();
  }

  async function save(...what) {
    const done = await saver.save(...what);
    // What was typed while the answer was on its way is not saved yet.
    if (done?.settings) setTyped((now) => (now === typed ? null : now));
    return done;
  }
  return { draft, typed: typed !== null, put, discard, save };
}

/** A form's handler of its own key: what it does, and not what the browser would. */
export function submits(send) {
  return (event) => {
    event.preventDefault();
    send();
  };
}

/** What became of the last press: a reason that fits no field, or the note with its way back. */
export function SavedNote({ saver, fields = [] }) {
  const { refusal, field, saved, busy, undo } = saver;
  const beside = field && fields.some((name) => isOf(field, name));
  return html`<div class="saved">
    <${Refused} words=${beside ? null : refusal} />
    <p class="said" role="status">${saved && html`<${Glyph} name="check" />${saved.said}`}</p>
    ${
      saved?.seq != null &&
      html`<button type="button" class="button" disabled=${busy} onClick=${undo}>
      <${Glyph} name="arrow-back-up" />${t("settings.undo")}</button>`
    }
  </div>`;
}

/** The foot of a form: what became of the last press, and its keys. */
export function SaveBar({ saver, fields, acts, discard, children }) {
  return html`<${SavedNote} saver=${saver} fields=${fields} />
    ${acts && html`<${SaveKeys} saver=${saver} discard=${discard}>${children}<//>`}`;
}

/** The keys at the foot of a form; `children` stand at the left. */
export function SaveKeys({ saver, discard, children }) {
  return html`<div class="form-keys">${children}<span class="gap"></span>
    <button type="button" class="button" disabled=${saver.busy} onClick=${discard}>${t("settings.discard")}</button>
    <button type="submit" class="button button--main" disabled=${saver.busy}><${Glyph} name="check" />${t("settings.save")}</button></div>`;
}

/** Whether the refused `field` ("services.HO_TICH.names.vi") is the one called `name` ("names.vi"). */
export function isOf(field, name) {
  return field === name || Boolean(field?.endsWith(`.${name}`));
}

/** A label, its input, and beside it the reason why it was refused. `children` makes the input. */
export function Field({ label, name, saver, hint, children }) {
  const wrong = saver.refusal !== null && isOf(saver.field, name);
  const id = `field-${name.replace(/\W/g, "-")}`;
  const box = useRef(null);
  useEffect(() => {
    if (wrong) box.current.querySelector("input, select")?.focus();
  }, [wrong, saver.refusal]);
  const about = [hint && `${id}-hint`, wrong && `${id}-refusal`].filter(Boolean).join(" ") || null;
  return html`<div class="field" ref=${box}>
    <label for=${id}>${label}</label>
    ${children({ id, name, "aria-invalid": wrong ? "true" : null, "aria-describedby": about })}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${wrong && html`<${Refused} id="${id}-refusal" words=${saver.refusal} />`}
  </div>`;
}

/** A field of text; `change(text)` takes what was typed. */
export function TextField({ value, change, numeric = false, size, type = "text", disabled, ...field }) {
  return html`<${Field} ...${field}>${(about) => html`<input type=${type} autocomplete="off" disabled=${disabled}
    inputmode=${numeric ? "numeric" : null} size=${size} value=${value} ...${about}
    onInput=${(event) => change(event.target.value)} />`}<//>`;
}

/** A list of boxes, of which several may be marked. */
export function Boxes({ label, name, saver, all, marked, change, disabled }) {
  const wrong = saver.refusal !== null && isOf(saver.field, name);
  return html`<fieldset class="boxes" disabled=${disabled}><legend>${label}</legend>
    <div class="boxes-all">${all.map(
      ([key, words]) => html`<label class="box" key=${key}>
      <input type="checkbox" checked=${marked.includes(key)} onChange=${(event) =>
        change(event.target.checked ? [...marked, key] : marked.filter((each) => each !== key))} />
      <span>${words}</span></label>`,
    )}</div>
    ${wrong && html`<${Refused} words=${saver.refusal} />`}
  </fieldset>`;
}

/** One pictogram of several; `group` separates these radios from those of other rows. */
export function Icons({ label, group, all, chosen, change }) {
  return html`<fieldset class="boxes"><legend>${label}</legend>
    <div class="icons">${all.map(
      (icon) => html`<label class="icon-choice" key=${icon}>
      <input type="radio" name=${group} value=${icon} checked=${chosen === icon} aria-label=${t(`settings.icon_${icon.replaceAll("-", "_")}`)}
        onChange=${() => change(icon)} /><${Glyph} name=${icon} /></label>`,
    )}</div></fieldset>`;
}

/** One thing that is on or off. */
export function Switch({ label, hint, on, change, disabled }) {
  return html`<label class="box switch"><input type="checkbox" role="switch" checked=${on} disabled=${disabled}
    onChange=${(event) => change(event.target.checked)} /><span>${label}${hint && html`<small>${hint}</small>`}</span></label>`;
}

/** "15" -> 900. What is no number goes to the server as it is, which answers with the reason. */
export function seconds(minutes) {
  const read = Number(String(minutes).trim().replace(",", ".") || Number.NaN);
  return Number.isFinite(read) ? Math.round(read * MINUTE_S) : 0;
}

export function minutes(length_s) {
  return String(length_s / MINUTE_S);
}
