/** The pictures and films in the data folder: sent from here, put on the notice board, removed. */

import { html, useRef, useState } from "/static/vendor/preact.js";
import { post, requestId } from "/static/lib/api.js";
import { Glyph } from "/static/lib/glyph.js";
import { decimal, t } from "/static/lib/text.js";
import { sentence, useAct } from "/static/supervisor/parts/act.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { SavedNote, useSave } from "/static/supervisor/settings/settings.js";
import { base64 } from "/static/supervisor/studio/clip.js";

const MB = 2 ** 20;
const PIECE = MB; // bytes, as the server takes them
const SLOW = { timeout_ms: 30_000, patience_ms: 60_000 }; // a piece on a slow network, and a large picture drawn again
const NAME_LONGEST = 200;
const IDLE = { sending: "", part: 0, said: "" };

export function FilesCard({ view, read, acts, add, join, used }) {
  const { refusal, refuse, forget } = useAct();
  const saver = useSave(read);
  const [state, setState] = useState(IDLE);
  const [asked, setAsked] = useState(/** @type {?Api.MediaView} */ (null));
  const box = useRef(/** @type {any} */ (null));

  async function choose(event) {
    forget();
    saver.forget();
    const chosen = [...event.target.files];
    box.current.value = ""; // the same file may be chosen again
    try {
      for (const file of chosen) await send(file);
    } catch (error) {
      setState(IDLE);
      refuse(error instanceof TooLarge ? error.message : sentence(error));
    }
    await read();
  }

  /** @param {File} file */
  async function send(file) {
    const { name, size } = file;
    const upload = requestId();
    if (size > view.film_largest) throw new TooLarge(t("posters.too_large", { mb: view.film_largest / MB }));
    for (let at = 0; at === 0 || at < size; at += PIECE) {
      setState({ sending: name, part: size ? at / size : 0, said: "" });
      const piece = await file.slice(at, at + PIECE).arrayBuffer();
      await post("/media/pieces", { upload, at, content: base64(piece) }, SLOW);
    }
    const taken = await post("/media", { upload, name: name.slice(0, NAME_LONGEST) }, SLOW);
    setState({ ...IDLE, said: t(taken.new ? "posters.taken" : "posters.there", { name }) });
  }

  async function remove({ id, name }) {
    setAsked(null);
    setState(IDLE);
    await saver.save(/** @type {any} */ (`/media/${id}/remove`), {}, t("posters.removed", { name }));
  }

  const markLogo = (/** @type {string} */ logo) => saver.save("/settings/hall", { logo }, t("posters.logo_saved"));

  const { sending, part, said } = state;
  return html`<section class="card form" aria-labelledby="posters-files"><h2 id="posters-files" class="card-title">${t("posters.files")}</h2>
    <p>${t("posters.files_about", { picture: view.picture_largest / MB, film: view.film_largest / MB })}</p>
    ${
      acts &&
      html`<div class="field file-field"><input id="poster-file" ref=${box} class="visually-hidden" type="file" multiple
        accept="image/png,image/jpeg,image/webp,video/mp4,video/webm" disabled=${Boolean(sending)} onChange=${choose} />
      <label for="poster-file" class="button button--main"><${Glyph} name="plus" />${t("posters.send")}</label></div>`
    }
    ${sending && html`<p role="status">${t("posters.sending", { name: sending })} <progress max="1" value=${part} aria-label=${t("posters.send")}></progress></p>`}
    <${Refused} words=${refusal} />
    <p class="said" role="status">${said && html`<${Glyph} name="check" />${said}`}</p>
    <${SavedNote} saver=${saver} />
    <ul class="media-rows">${view.files.map(
      (file) => html`<li key=${file.id} class="media-row">
      <${Media} file=${file} add=${add} join=${join} acts=${acts} logo=${view.logo} mark=${markLogo} ask=${() => setAsked(file)}
        kept=${saver.busy || file.used || used.includes(file.id)} /></li>`,
    )}</ul>
    <p class="hint">${t("posters.room", { used: decimal(view.bytes / MB, 1), most: view.most_bytes / MB })} ${t("posters.no_backup")}</p>
    ${asked && html`<${Confirm} title=${t("posters.remove", { name: asked.name })} text=${t("posters.remove_means")} yes=${t("posters.remove_yes")} onYes=${() => remove(asked)} onNo=${() => setAsked(null)} />`}
  </section>`;
}

/** A file that is refused before it is sent. */
class TooLarge extends Error {}

/** A file, and what can be done with it. `kept`: it is shown, so it cannot be removed. */
function Media({ file, add, join, acts, logo, mark, ask, kept }) {
  const { id, name, film, missing } = file;
  const hidden = html`<span class="visually-hidden"> ${name}</span>`;
  const picture =
    film || missing
      ? html`<span class="poster-thumb"><${Glyph} name=${missing ? "alert-triangle" : "device-tv"} /></span>`
      : html`<img class="poster-thumb" src="/media/${id}" alt="" />`;
  const put = html`<button type="button" class="button" onClick=${() => add({ kind: film ? "film" : "pictures", files: [id] })}><${Glyph} name="plus" />${t("posters.put_up")}${hidden}</button>
    ${!film && html`<button type="button" class="button" aria-pressed=${logo === id} onClick=${() => mark(logo === id ? "" : id)}>${t("posters.logo")}${hidden}</button>`}
    ${join && !film && html`<button type="button" class="button" onClick=${() => join(file)}>${t("posters.join")}${hidden}</button>`}`;
  return html`${picture}<div class="poster-what"><strong>${name}</strong>
      <span class=${missing ? "media-missing" : "hint"}>${missing ? t("posters.missing") : about(file)}</span></div>
    ${
      acts &&
      html`<div class="poster-keys">${!missing && put}
      <button type="button" class="button poster-key" disabled=${kept} aria-label=${t("posters.remove", { name })} onClick=${ask}><${Glyph} name="trash" /></button></div>`
    }`;
}

function about({ film, kind, width, height, bytes }) {
  const size = t("posters.mb", { mb: decimal(Math.max(bytes / MB, 0.1), 1) });
  return film ? `${kind.toUpperCase()}, ${size}` : `${kind.toUpperCase()}, ${width} × ${height}, ${size}`;
}
