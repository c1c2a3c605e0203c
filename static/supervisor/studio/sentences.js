/** What the hall will hear: calls made of the voice as far as it is recorded, the rest in Vietnamese. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { spaced, t } from "/static/lib/text.js";
import * as phrases from "/static/lib/phrases.js";
import { CHIME, Voice } from "/static/lib/voice.js";

const SAMPLES = [
  { number: "A015", counter: 1 },
  { number: "B027", counter: 4 },
  { number: "C305", counter: 12 },
];

/** @type {?Voice} */
let voice = null;

/** The pack that came with the program, in whose words a pack is prompted. @param {string} pack */
export function shippedPack(pack) {
  return pack === "en" || pack.startsWith("vi-") ? pack : "vi-north";
}

/**
 * Say at this screen; what is being said falls silent.
 * @param {string[] | ((has: (clip: string) => boolean) => string[])} clips  or what makes them for a voice
 * @param {string[]} packs
 */
export async function say(clips, packs) {
  const speaking = (voice ??= new Voice());
  speaking.unlock();
  await Promise.all(packs.map((pack) => speaking.load(pack)));
  speaking.stop();
  const made = typeof clips === "function" ? clips(speaking.vocabulary(packs) ?? (() => true)) : clips;
  await speaking.say(made, packs);
}

export function Sentences({ pack, view }) {
  const packs = [...new Set([`${pack}@${view.version}`, pack, shippedPack(pack), "vi-north"])];
  return html`<section class="card form" aria-labelledby="studio-sentences"><h2 id="studio-sentences" class="card-title">${t("studio.sentences")}</h2>
    <p class="hint">${t("studio.sentences_hint")}</p>
    <p class="row-keys">${SAMPLES.map(
      (sample) => html`<button type="button" class="button" key=${sample.number}
      onClick=${() => say((has) => [CHIME, ...phrases.call(sample, has), "."], packs)}><${Glyph} name="volume" />${t("studio.sample", { number: spaced(sample.number), counter: sample.counter })}</button>`,
    )}</p></section>`;
}
