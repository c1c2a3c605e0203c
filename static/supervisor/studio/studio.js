/** The recording studio: a voice for a language that no program speaks, recorded by a person, clip after clip. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { LANGUAGES, RECORDABLE, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { Glyph } from "/static/lib/glyph.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { address, useAddress } from "/static/supervisor/parts/address.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { day } from "/static/supervisor/parts/figures.js";
import { AboutCard } from "./about-card.js";
import { FileCard } from "./file-card.js";
import { Sentences } from "./sentences.js";
import { TakeCard } from "./take-card.js";
import { UploadCard } from "./upload-card.js";

const PAGE = "studio";

/** The name of a pack in words: a language, or a voice of Vietnamese. @param {string} pack */
export function packName(pack) {
  const variant = /^vi-(.*)$/.exec(pack);
  if (variant) return t("studio.vietnamese", { variant: t(`settings.variant_${variant[1]}`) });
  return { ...LANGUAGES, ...SPOKEN_LANGUAGES }[pack]?.name ?? pack;
}

/** @param {Props<{centre: Screen.Centre}>} props */
export function StudioPage({ acts, centre }) {
  const [asked] = useAddress(PAGE, { pack: RECORDABLE[0] });
  const pack = RECORDABLE.includes(asked.pack) ? asked.pack : RECORDABLE[0];
  return html`<div class="studio">
    <div class="studio-bar"><a class="button" href="#wall"><${Glyph} name="arrow-left" />${t("supervisor.wall_title")}</a>
      <div class="field"><label for="studio-pack">${t("studio.pack")}</label>
        <select id="studio-pack" value=${pack} onChange=${(event) => (location.hash = address(PAGE, { pack: event.target.value }))}>
          ${RECORDABLE.map((name) => html`<option key=${name} value=${name}>${packName(name)}</option>`)}</select></div></div>
    <${Pack} key=${pack} pack=${pack} acts=${acts} centre=${centre} /></div>`;
}

function Pack({ pack, acts, centre }) {
  const { answer: view, refusal, setAnswer } = useAnswer(/** @type {any} */ (`/voices/${pack}`));
  if (!view) return html`<${NoAnswer} refusal=${refusal} />`;
  const ready = Boolean(view.speaker && view.consent);
  const parts = { pack, view, setAnswer, acts, ready };
  return html`<section class="card form studio-state" aria-labelledby="studio-state"><h2 id="studio-state" class="visually-hidden">${t("studio.state")}</h2>
      <p><strong>${t("studio.progress", { n: view.recorded, of: view.of })}</strong>
        <progress max=${view.of} value=${view.recorded} aria-label=${t("studio.state")}></progress></p>
      <p>${ready ? t("studio.spoken_by", { name: view.speaker, date: day(view.consent) }) : t("studio.about")}
        ${view.checked_by && ` ${t("studio.checked", { name: view.checked_by, date: day(view.checked_at) })}`}</p>
      <${Use} ...${parts} packs=${centre.view?.hall.voice.packs ?? {}} />
    </section>
    ${acts && !ready && html`<${AboutCard} ...${parts} />`}
    <${Work} ...${parts} />
    <div class="settings-pair"><${FileCard} ...${parts} />${acts && ready && html`<${AboutCard} ...${parts} />`}</div>`;
}

/** The prompt that is recorded now, beside the list of all. */
function Work({ acts, ready, ...parts }) {
  const { view, setAnswer } = parts;
  const [clip, setClip] = useState(/** @type {?string} */ (null));
  const chosen = view.prompts.find((each) => each.clip === clip);
  const prompt = chosen ?? view.prompts.find(({ recorded }) => !recorded) ?? view.prompts[0];
  const saved = (next) => {
    setAnswer(next);
    setClip(null);
  };
  const records = acts && ready;
  return html`<div class="studio-work">
      <div>${records && html`<${TakeCard} key=${prompt.clip} prompt=${prompt} saved=${saved} ...${parts} />`}
        <${Sentences} ...${parts} /></div>
      <${Prompts} view=${view} clip=${prompt.clip} choose=${setClip} acts=${records} />
    </div>
    ${records && html`<${UploadCard} saved=${saved} ...${parts} />`}`;
}

/** Whether the hall calls with the voice, and the key to let it. */
function Use({ pack, view, packs, setAnswer, acts }) {
  const { act, busy, refusal } = useAct();
  const { [pack]: used, ...others } = packs;
  if (!view.recorded && used === undefined) return null;
  const state = used === undefined ? "unused" : used < view.version ? "old" : "used";
  async function choose(chosen) {
    const done = await act("/settings/hall", /** @type {any} */ ({ voice: { packs: chosen } }));
    if (done) setAnswer({ ...view, used: chosen[pack] ?? null });
  }
  const keys = html`<p class="row-keys">
      ${state !== "used" && html`<button type="button" class="button button--main" disabled=${busy} onClick=${() => choose({ ...others, [pack]: view.version })}><${Glyph} name="volume" />${t(`studio.use_${state}`)}</button>`}
      ${state !== "unused" && html`<button type="button" class="button" disabled=${busy} onClick=${() => choose(others)}>${t("studio.use_not")}</button>`}</p>
      <${Refused} words=${refusal} />`;
  return html`<p class="studio-use" role="status"><${Glyph} name=${state === "unused" ? "circle" : "circle-check"} />${t(`studio.${state}`)}</p>
    ${acts && keys}`;
}

/** All prompts in their order, each with whether it is there. */
function Prompts({ view, clip, choose, acts }) {
  useEffect(() => {
    document.querySelector(".studio-prompts [aria-current]")?.scrollIntoView?.({ block: "nearest" });
  }, [clip]);
  return html`<section class="card studio-list" aria-labelledby="studio-list"><h2 id="studio-list" class="card-title">${t("studio.list")}</h2>
    <ol class="studio-prompts" tabindex=${acts ? null : 0}>${view.prompts.map(
      (prompt) => html`<li key=${prompt.clip}>
      <button type="button" disabled=${!acts} aria-current=${prompt.clip === clip ? "true" : null} onClick=${() => choose(prompt.clip)}>
        <${Glyph} name=${prompt.recorded ? "check" : "circle"} /><span>${prompt.words}</span>
        <span class="visually-hidden">${t(prompt.recorded ? "studio.there" : "studio.missing")}</span></button></li>`,
    )}</ol></section>`;
}
