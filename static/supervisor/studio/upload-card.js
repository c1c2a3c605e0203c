/** A long recording, as of a phone, in which the prompts are spoken one after the other: cut, checked, saved. */

import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { coded, judged } from "./clip.js";
import { decoded, play } from "./recorder.js";
import { RATE, pieces } from "./sound.js";

const LARGEST = 200 * 1024 * 1024;

/** @typedef {{verdict: string, clip: ?Float32Array, sound: Float32Array, rate: number, used: boolean}} Piece */

export function UploadCard({ pack, view, saved }) {
  const acting = useAct();
  const [found, setFound] = useState(/** @type {?{pieces: Piece[], asked: Api.PromptView[]}} */ (null));
  const [busy, setBusy] = useState(false);
  const [only, setOnly] = useState(true);
  const [first, setFirst] = useState(0);
  const [done, setDone] = useState(/** @type {?number} */ (null));
  const asked = view.prompts.slice(first).filter(({ recorded }) => !only || !recorded);

  async function read(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    acting.forget();
    setFound(null);
    setDone(null);
    if (file.size > LARGEST) return acting.refuse(t("studio.file_large"));
    setBusy(true);
    try {
      setFound({ pieces: await cut(file, asked.length), asked }); // what is recorded meanwhile must not move them
    } catch {
      acting.refuse(t("studio.file_unknown"));
    }
    setBusy(false);
  }

  async function save(rows) {
    setBusy(true);
    let next = null;
    let n = 0;
    for (const { prompt, piece } of rows) {
      const answer = await /** @type {any} */ (acting.act)(`/voices/${pack}/save`, {
        clip: prompt.clip,
        sound: coded(piece.clip),
      });
      if (!answer) break;
      next = answer;
      n += 1;
    }
    setBusy(false);
    if (n === rows.length) {
      setFound(null);
      setDone(n);
    }
    if (next) saved(next);
  }

  return html`<section class="card form studio-upload" aria-labelledby="studio-upload"><h2 id="studio-upload" class="card-title">${t("studio.upload")}</h2>
    <p>${t("studio.upload_about")}</p>
    <div class="two"><div class="field"><label for="studio-first">${t("studio.first")}</label>
      <select id="studio-first" value=${first} onChange=${(event) => setFirst(Number(event.target.value))}>
        ${view.prompts.map((prompt, i) => html`<option key=${prompt.clip} value=${i}>${i + 1}. ${prompt.words}</option>`)}</select></div>
      <label class="box"><input type="checkbox" checked=${only} onChange=${(event) => setOnly(event.target.checked)} /><span>${t("studio.only_missing")}</span></label></div>
    <div class="field file-field"><input id="studio-file" class="visually-hidden" type="file" accept="audio/*,video/mp4,.m4a,.wav,.ogg,.opus,.amr" disabled=${busy || !asked.length} onChange=${read} />
      <label for="studio-file" class="button"><${Glyph} name="file-text" />${t("studio.choose_file")}</label></div>
    <${Refused} words=${acting.refusal} />
    <p class="said" role="status">${busy ? t("studio.cutting") : done !== null && html`<${Glyph} name="check" />${t("studio.uploaded", { n: done })}`}</p>
    ${found && html`<${Found} found=${found.pieces} asked=${found.asked} setFound=${(pieces) => setFound({ ...found, pieces })} save=${save} busy=${busy} />`}</section>`;
}

/** @param {Props<{found: Piece[]}>} props */
function Found({ found, asked, setFound, save, busy }) {
  const rows = laid(found, asked);
  const good = rows.filter(({ prompt, piece }) => prompt && piece.clip);
  const use = (piece, used) => setFound(found.map((each) => (each === piece ? { ...each, used } : each)));
  return html`<p><strong>${t("studio.found", { n: found.length })}</strong> ${t("studio.found_hint")}</p>
    <ul class="studio-pieces" tabindex="0" aria-label=${t("studio.pieces")}>${rows.map(
      ({ piece, prompt }, i) => html`<li key=${i} class=${piece.clip && prompt ? "is-good" : ""}>
      <label class="box"><input type="checkbox" checked=${piece.used} onChange=${(event) => use(piece, event.target.checked)} />
        <span>${i + 1}. ${prompt ? prompt.words : t("studio.left_out")}</span></label>
      <span class="studio-verdict">${piece.used && t(`studio.verdict_${piece.verdict}`)}</span>
      <button type="button" class="button" onClick=${() => play(piece.clip ?? piece.sound, piece.clip ? RATE : piece.rate)}>
        <${Glyph} name="player-play" />${t("studio.hear_piece")}</button></li>`,
    )}</ul>
    <p class="row-keys"><button type="button" class="button button--main" disabled=${busy || !good.length} onClick=${() => save(good)}>
      <${Glyph} name="check" />${t("studio.save_pieces", { n: good.length })}</button></p>`;
}

/**
 * Lay the pieces that are used to the prompts, one after the other.
 * @param {Piece[]} found
 * @param {Api.PromptView[]} asked
 */
function laid(found, asked) {
  let n = 0;
  return found.map((piece) => ({ piece, prompt: piece.used ? asked[n++] : undefined }));
}

/** @param {File} file @param {number} wanted @returns {Promise<Piece[]>} */
async function cut(file, wanted) {
  const { sound, rate } = await decoded(await file.arrayBuffer());
  return Promise.all(
    pieces(sound, rate, wanted).map(async ({ from, to }) => {
      const piece = { sound: sound.slice(from, to), rate };
      return { ...piece, ...(await judged(piece)), used: true };
    }),
  );
}
