/** A voice as one file: taken out to be kept or given to another centre, brought in after a look at it. */

import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { t } from "/static/lib/text.js";
import { RepeatSafe } from "/static/lib/repeat-safe.js";
import { sentence } from "/static/supervisor/parts/act.js";
import { address } from "/static/supervisor/parts/address.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { base64 } from "./clip.js";
import { packName } from "./studio.js";

const LONG = { timeout_ms: 60_000, patience_ms: 60_000 }; // of a file of some megabytes
const LARGEST = 12 * 1024 * 1024;

export function FileCard({ pack, view, setAnswer, acts }) {
  return html`<section class="card form" aria-labelledby="studio-zip"><h2 id="studio-zip" class="card-title">${t("studio.zip")}</h2>
    <p>${t("studio.zip_about")}</p>
    ${view.recorded > 0 && html`<p><a class="button" href=${`/api/v1/voices/${pack}/export`} download><${Glyph} name="download" />${t("studio.export")}</a></p>`}
    ${acts && html`<${Import} pack=${pack} setAnswer=${setAnswer} />`}</section>`;
}

function Import({ pack, setAnswer }) {
  const [state, setState] = useState(
    /** @type {{busy: boolean, refusal: ?string, looked: ?any, file: string, done: ?string}} */ ({
      busy: false,
      refusal: null,
      looked: null,
      file: "",
      done: null,
    }),
  );
  const send = (file, check_only) =>
    /** @type {any} */ (new RepeatSafe()).send("/voices/import", { file, check_only }, LONG);
  const idle = { busy: false, refusal: null, looked: null, file: "", done: null };

  async function read(event) {
    const [chosen] = event.target.files;
    event.target.value = "";
    if (!chosen) return;
    setState({ ...idle, busy: true });
    try {
      const file = chosen.size > LARGEST ? "" : base64(await chosen.arrayBuffer());
      if (!file) setState({ ...idle, refusal: t("error.voice_zip_size") });
      else setState({ ...idle, looked: await send(file, true), file });
    } catch (error) {
      setState({ ...idle, refusal: sentence(error) });
    }
  }
  async function apply() {
    setState({ ...state, busy: true });
    try {
      const next = await send(state.file, false);
      setState({ ...idle, done: t("studio.imported", { name: packName(next.pack), n: next.recorded }) });
      if (next.pack === pack) setAnswer(next);
      else location.hash = address("studio", { pack: next.pack });
    } catch (error) {
      setState({ ...idle, refusal: sentence(error) });
    }
  }

  const { looked } = state;
  return html`<div class="field file-field"><input id="studio-import" class="visually-hidden" type="file" accept=".zip,application/zip" disabled=${state.busy} onChange=${read} />
      <label for="studio-import" class="button"><${Glyph} name="file-text" />${t("studio.import")}</label></div>
    <${Refused} words=${state.refusal} />
    <p class="said" role="status">${state.done && html`<${Glyph} name="check" />${state.done}`}</p>
    ${
      looked &&
      html`<p><strong>${t("studio.import_found", { name: packName(looked.pack), n: looked.recorded })}</strong> ${t("studio.import_speaker", { name: looked.speaker })}</p>
      <p class="row-keys"><button type="button" class="button button--main" disabled=${state.busy} onClick=${apply}><${Glyph} name="check" />${t("studio.import_key")}</button></p>`
    }`;
}
