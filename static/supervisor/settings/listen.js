/** A call as it would be spoken in the hall, played at this screen. */

import { html } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { Glyph } from "/static/lib/glyph.js";
import * as phrases from "/static/lib/phrases.js";
import { t } from "/static/lib/text.js";
import { CHIME, Voice, ownPacks, packsOf } from "/static/lib/voice.js";

const ALL = { ...LANGUAGES, ...SPOKEN_LANGUAGES };
const SAMPLE = { number: "B027", counter: 2 };

/** @type {?Voice} */
let heard = null;

/** The languages besides Vietnamese in which a number may be called. */
function further({ languages, wishes }) {
  return Object.keys(ALL).filter(
    (language) => language !== DEFAULT_LANGUAGE && (languages.includes(language) || wishes.packs[language]),
  );
}

/** In the language of a ticket, then in Vietnamese. */
async function listen({ wishes, volume, counter = SAMPLE.counter, room }, language) {
  const voice = (heard ??= new Voice());
  voice.unlock();
  voice.volume = volume;
  const call = { ...SAMPLE, counter, room };
  const vietnamese = packsOf(DEFAULT_LANGUAGE, wishes);
  const packs = packsOf(language, wishes);
  await Promise.all(packs.map((pack) => voice.load(pack)));
  voice.stop();
  const has = voice.vocabulary(ownPacks(language, wishes)) ?? undefined;
  const common = voice.vocabulary(vietnamese) ?? undefined;
  voice.say([CHIME, ...phrases.call(call, has), "."], packs);
  if (language !== DEFAULT_LANGUAGE) voice.say([...phrases.call(call, common), "."], vietnamese);
  if (wishes.repeat) voice.say([...phrases.repeat(call, has), "."], packs);
}

/**
 * The keys that play a call: in Vietnamese, and in every further language of the hall. `wishes`: the voice as drafted;
 * `volume` in per cent.
 */
export function Listen(draft) {
  return html`<p class="wall-listen"><button type="button" class="button" onClick=${() => listen(draft, DEFAULT_LANGUAGE)}><${Glyph} name="volume" />${t("settings.listen")}</button>
      ${further(draft).map((language) => html`<button type="button" class="button" key=${language} onClick=${() => listen(draft, language)}><${Glyph} name="volume" />${t("settings.listen_in", { language: ALL[language].name })}</button>`)}
      <span class="hint">${t("settings.listen_hint")}</span></p>`;
}
