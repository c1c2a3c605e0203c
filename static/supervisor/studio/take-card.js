/** One prompt: heard, recorded, judged, heard again, saved. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { coded, judged } from "./clip.js";
import { Recorder, mayRecord, play } from "./recorder.js";
import { RATE } from "./sound.js";
import { say, shippedPack } from "./sentences.js";

const LONGEST_MS = 12_000;

export function TakeCard({ pack, prompt, view, saved }) {
  const { act, busy, refusal } = useAct();
  const take = useTake();
  const nth = view.prompts.indexOf(prompt) + 1;
  const { clip } = take;

  async function save() {
    const next = await /** @type {any} */ (act)(`/voices/${pack}/save`, {
      clip: prompt.clip,
      sound: coded(/** @type {Float32Array} */ (clip)),
    });
    if (next) saved(next);
  }
  async function remove() {
    const next = await /** @type {any} */ (act)(`/voices/${pack}/delete`, { clip: prompt.clip });
    if (next) saved(next);
  }

  return html`<section class="card form studio-take" aria-labelledby="studio-take"><h2 id="studio-take" class="card-title">${t("studio.nth", { n: nth, of: view.prompts.length })}</h2>
    <p class="studio-words" lang=${pack === "en" ? "en" : "vi"}>${prompt.words}</p>
    ${prompt.example && prompt.example !== prompt.clip && html`<p class="hint">${t("studio.as_in", { words: prompt.example_words })}</p>`}
    <p class="row-keys">${prompt.example && html`<button type="button" class="button" onClick=${() => say([prompt.example], [shippedPack(pack)])}><${Glyph} name="volume" />${t("studio.hear_prompt")}</button>`}
      ${
        prompt.recorded &&
        html`<button type="button" class="button" onClick=${() => say([prompt.clip], [`${pack}@${view.version}`])}><${Glyph} name="player-play" />${t("studio.hear_saved")}</button>
        <button type="button" class="button" disabled=${busy} onClick=${remove}><${Glyph} name="trash" />${t("studio.delete")}</button>`
      }</p>
    ${mayRecord() ? html`<${Keys} take=${take} busy=${busy} save=${save} />` : html`<p class="studio-note"><${Glyph} name="info-circle" /><span>${t("studio.no_microphone")}</span></p>`}
    <${Refused} words=${refusal} /></section>`;
}

function Keys({ take, busy, save }) {
  const { recording, verdict, clip, level } = take;
  return html`<p class="row-keys"><button type="button" class="button ${clip ? "" : "button--main"} studio-record" onClick=${recording ? take.end : take.begin}>
        <${Glyph} name=${recording ? "player-pause" : "circle-dot"} />${t(recording ? "studio.stop" : verdict ? "studio.record_again" : "studio.record")}</button>
      <meter class="studio-level" min="0" max="1" high="0.95" value=${recording ? level : 0} aria-label=${t("studio.level")}></meter></p>
    <p class="studio-verdict ${verdict === "good" ? "is-good" : ""}" role="status">${verdict && html`<${Glyph} name=${verdict === "good" ? "check" : "alert-triangle"} />${t(`studio.verdict_${verdict}`)}`}</p>
    ${
      clip &&
      html`<p class="row-keys"><button type="button" class="button" onClick=${() => play(clip, RATE)}><${Glyph} name="player-play" />${t("studio.hear_take")}</button>
      <button type="button" class="button button--main" disabled=${busy} onClick=${save}><${Glyph} name="check" />${t("studio.save_next")}</button></p>`
    }`;
}

/** The microphone's side: recording or not, how loud, and what became of the last take. */
function useTake() {
  const recorder = useRef(/** @type {?Recorder} */ (null));
  const [state, setState] = useState(
    /** @type {{recording: boolean, verdict: ?string, clip: ?Float32Array}} */ ({
      recording: false,
      verdict: null,
      clip: null,
    }),
  );
  const [level, setLevel] = useState(0);
  const ends = useRef(/** @type {any} */ (undefined));
  const none = { recording: false, clip: null };
  useEffect(() => () => recorder.current?.close(), []);

  async function begin() {
    recorder.current = new Recorder();
    try {
      await recorder.current.begin(setLevel);
    } catch {
      setState({ ...none, verdict: "microphone" });
      return;
    }
    setState({ ...none, recording: true, verdict: null });
    ends.current = setTimeout(end, LONGEST_MS);
  }

  async function end() {
    clearTimeout(ends.current);
    const current = recorder.current;
    recorder.current = null;
    if (!current) return;
    setState({ ...none, verdict: null });
    try {
      setState({ ...none, ...(await judged(await current.end())) });
    } catch {
      setState({ ...none, verdict: "silent" });
    }
  }
  return { ...state, level, begin, end };
}
