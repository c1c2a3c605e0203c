/** The walls and their voice: how they look, what they say aloud and when, and a line of the centre's own. */

import { html } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES, SPOKEN_LANGUAGES, THEMES, VOICE_VARIANTS } from "/static/lib/choices.js";
import { inchesFor, readFrom } from "/static/lib/legible.js";
import { decimal, spaced, t } from "/static/lib/text.js";
import * as phrases from "/static/lib/phrases.js";
import { CHIME, Voice, ownPacks, packsOf } from "/static/lib/voice.js";
import { Glyph } from "/static/lib/glyph.js";
import { Field, Switch, WithSettings } from "./settings.js";
import { HallForm, inches, seat, volume } from "./hall-form.js";

const FIELDS = [
  "theme",
  "last_seat_m",
  "wall_inches",
  "voice.volume",
  "voice.variant",
  "voice.quiet_from",
  "voice.quiet_to",
  "voice.speaker",
  ...Object.keys(LANGUAGES).map((language) => `wall_note.${language}`),
];

const ALL = { ...LANGUAGES, ...SPOKEN_LANGUAGES };
const SAMPLE = { number: "B027", counter: 2 };

/** @param {Props<{centre: Screen.Centre}>} props */
export function WallPage({ acts, centre }) {
  const walls = (centre.view?.devices ?? []).filter((device) => device.active && device.kind === "display");
  return html`<${WithSettings} show=${(
    settings,
    read,
  ) => html`<${HallForm} settings=${settings} read=${read} acts=${acts}
    about=${t("settings.wall_about")} title=${t("supervisor.wall_title")} fields=${FIELDS} sent=${sent}
    preview=${(draft) => html`<${Preview} draft=${draft} />`}>${(form) => html`<${Parts} ...${form} walls=${walls} />`}<//>`} />`;
}

/** The voices that are used are chosen in the studio: a form that was open meanwhile must not put back others. */
function sent({ theme, blink, voice, wall_note, ...draft }) {
  const television = { last_seat_m: seat(draft.seat), wall_inches: inches(draft.inches) };
  const spoken = { ...voice, volume: volume(draft.volume) };
  delete spoken.packs;
  return { theme, blink, wall_note, ...television, voice: spoken };
}

function Parts({ draft, put, text, saver, walls }) {
  const speak = (fields) => put({ voice: { ...draft.voice, ...fields } });
  const { speaker } = draft.voice;
  const choices = (
    name,
    all,
    chosen,
    choose,
  ) => html`<fieldset class="choices two-choices"><legend>${t(`settings.${name}`)}</legend>
    ${all.map(
      (
        each,
      ) => html`<label class="choice" key=${each}><input type="radio" name=${name} value=${each} checked=${chosen === each}
      onChange=${() => choose(each)} /><span><strong>${t(`settings.${name}_${each}`)}</strong></span></label>`,
    )}</fieldset>`;
  const time = (name) =>
    text(name, draft.voice[name] ?? "", {
      as: `voice.${name}`,
      numeric: true,
      change: (value) => speak({ [name]: value.trim() || null }),
    });
  return html`<h2 class="form-part">${t("settings.wall")}</h2>
    ${choices("theme", THEMES, draft.theme, (theme) => put({ theme }))}
    <div class="two">${text("hall_last_seat", draft.seat, { as: "last_seat_m", numeric: true, hint: t("settings.last_seat_hint"), change: (value) => put({ seat: value }) })}
      ${text("hall_wall_inches", draft.inches, { as: "wall_inches", numeric: true, hint: t("settings.wall_inches_hint"), change: (value) => put({ inches: value }) })}</div>
    <${Reach} metres=${seat(draft.seat)} diagonal=${inches(draft.inches)} />
    <${Switch} label=${t("settings.blink")} hint=${t("settings.blink_hint")} on=${draft.blink} change=${(blink) => put({ blink })} />
    ${draft.languages.map((language) =>
      text("wall_note", draft.wall_note[language] ?? "", {
        language,
        as: `wall_note.${language}`,
        hint: language === DEFAULT_LANGUAGE ? t("settings.wall_note_hint") : undefined,
        change: (value) => put({ wall_note: { ...draft.wall_note, [language]: value } }),
      }),
    )}
    <h2 class="form-part">${t("settings.voice")}</h2>
    <div class="two"><${Switch} label=${t("settings.voice_on")} on=${draft.voice.on} change=${(on) => speak({ on })} />
      <${Switch} label=${t("settings.voice_repeat")} hint=${t("settings.voice_repeat_hint")} on=${draft.voice.repeat} change=${(repeat) => speak({ repeat })} /></div>
    ${choices("variant", VOICE_VARIANTS, draft.voice.variant, (variant) => speak({ variant }))}
    <${Field} label=${t("settings.speaker")} name="voice.speaker" saver=${saver} hint=${t("settings.speaker_hint")}>${(
      about,
    ) => html`<select ...${about}
      value=${speaker ?? ""} onChange=${(event) => speak({ speaker: Number(event.target.value) || null })}>
      <option value="">${t("settings.speaker_first")}</option>
      ${walls.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}
      ${speaker !== null && !walls.some(({ id }) => id === speaker) && html`<option value=${speaker}>${t("settings.speaker_gone")}</option>`}</select>`}<//>
    <div class="three">${text("hall_volume", draft.volume, { as: "voice.volume", numeric: true, change: (value) => put({ volume: value }) })}${time("quiet_from")}${time("quiet_to")}</div>
    <p class="hint">${t("settings.quiet_hint")}</p>
    <p class="wall-listen"><button type="button" class="button" onClick=${() => listen(draft, DEFAULT_LANGUAGE)}><${Glyph} name="volume" />${t("settings.listen")}</button>
      ${further(draft).map((language) => html`<button type="button" class="button" key=${language} onClick=${() => listen(draft, language)}><${Glyph} name="volume" />${t("settings.listen_in", { language: ALL[language].name })}</button>`)}
      <span class="hint">${t("settings.listen_hint")}</span></p>
    <p class="wall-listen"><a class="button" href="#studio"><${Glyph} name="language" />${t("studio.link")}</a>
      <span class="hint">${t("studio.link_hint")}</span></p>`;
}

/** From how far away the television is read, and a warning while the hall is longer. */
function Reach({ metres, diagonal }) {
  if (!metres || !diagonal) return null;
  const [lying, upright] = /** @type {const} */ (["lying", "upright"]).map((how) => ({
    reads: decimalOf(readFrom(diagonal, how)),
    needed: inchesFor(metres, how),
  }));
  const small =
    diagonal < lying.needed ? "wall_too_small" : diagonal < upright.needed ? "wall_too_small_upright" : null;
  const needed = { metres: decimalOf(metres), lying: lying.needed, upright: upright.needed };
  return html`<div class="wall-reach" role="status">
    <p class="hint">${t("settings.wall_reads", { inches: diagonal, lying: lying.reads, upright: upright.reads })}</p>
    ${small && html`<p class="notice"><${Glyph} name="alert-triangle" /><span>${t(`settings.${small}`, needed)}</span></p>`}</div>`;
}

/** 8.5 as "8,5", 8 as "8". @param {number} metres */
const decimalOf = (metres) => decimal(metres, Number.isInteger(metres) ? 0 : 1);

/** @type {?Voice} */
let heard = null;

/** The languages besides Vietnamese in which a number may be called. */
function further({ languages, voice }) {
  return Object.keys(ALL).filter(
    (language) => language !== DEFAULT_LANGUAGE && (languages.includes(language) || voice.packs[language]),
  );
}

/** A call as it would be spoken in the hall, at this screen: in the language of a ticket, then in Vietnamese. */
async function listen({ voice: wishes, volume: percent }, language) {
  const voice = (heard ??= new Voice());
  voice.unlock();
  voice.volume = volume(percent) || 0;
  const vietnamese = packsOf(DEFAULT_LANGUAGE, wishes);
  const packs = packsOf(language, wishes);
  await Promise.all(packs.map((pack) => voice.load(pack)));
  voice.stop();
  const has = voice.vocabulary(ownPacks(language, wishes)) ?? undefined;
  const common = voice.vocabulary(vietnamese) ?? undefined;
  voice.say([CHIME, ...phrases.call(SAMPLE, has), "."], packs);
  if (language !== DEFAULT_LANGUAGE) voice.say([...phrases.call(SAMPLE, common), "."], vietnamese);
  if (wishes.repeat) voice.say([...phrases.repeat(SAMPLE, has), "."], packs);
}

function Preview({ draft }) {
  return html`<section class="card preview" aria-label=${t("settings.on_wall")}><h2>${t("settings.on_wall")}</h2>
    <div class="wall-preview is-${draft.theme}"><strong>${draft.office}</strong><span>${draft.name}</span>
      <b class="number">${spaced("B027")}</b><span class="plate">2</span>
      <small>${draft.wall_note.vi || t("settings.wall_foot", { hotline: draft.hotline })}</small></div></section>`;
}
