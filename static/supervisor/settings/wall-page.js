/** The walls and their voice: how they look, what they say aloud and when, and a line of the centre's own. */

import { html } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES, THEMES, VOICE_VARIANTS } from "/static/lib/choices.js";
import { spaced, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { Switch, WithSettings } from "./settings.js";
import { HallForm, inches, seat, volume } from "./hall-form.js";
import { Listen } from "./listen.js";
import { Reach } from "./reach.js";
import { SpeakerField } from "./speaker-field.js";

const FIELDS = [
  "theme",
  "colour",
  "last_seat_m",
  "wall_inches",
  "voice.volume",
  "voice.variant",
  "voice.quiet_from",
  "voice.quiet_to",
  "voice.speaker",
  ...Object.keys(LANGUAGES).map((language) => `wall_note.${language}`),
];

const COLOUR = /^#[0-9a-f]{6}$/i;

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
function sent({ theme, colour, blink, voice, wall_note, ...draft }) {
  const television = { last_seat_m: seat(draft.seat), wall_inches: inches(draft.inches) };
  const spoken = { ...voice, volume: volume(draft.volume) };
  delete spoken.packs;
  return { theme, colour: colour.trim(), blink, wall_note, ...television, voice: spoken };
}

function Parts({ draft, put, text, saver, walls }) {
  const speak = (fields) => put({ voice: { ...draft.voice, ...fields } });
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
    ${text("colour", draft.colour, { as: "colour", hint: t("settings.colour_hint"), change: (colour) => put({ colour }) })}
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
    <${SpeakerField} speaker=${draft.voice.speaker} walls=${walls} name="voice.speaker" saver=${saver} change=${(speaker) => speak({ speaker })} />
    <div class="three">${text("hall_volume", draft.volume, { as: "voice.volume", numeric: true, change: (value) => put({ volume: value }) })}${time("quiet_from")}${time("quiet_to")}</div>
    <p class="hint">${t("settings.quiet_hint")}</p>
    <${Listen} languages=${draft.languages} wishes=${draft.voice} volume=${volume(draft.volume) || 0} />
    <p class="wall-listen"><a class="button" href="#studio"><${Glyph} name="language" />${t("studio.link")}</a>
      <span class="hint">${t("studio.link_hint")}</span></p>
    <p class="wall-listen"><a class="button" href="#posters"><${Glyph} name="device-tv" />${t("supervisor.posters_title")}</a>
      <span class="hint">${t("posters.link_hint")}</span></p>`;
}

function Preview({ draft }) {
  const colour = draft.colour.trim();
  const head = COLOUR.test(colour) ? { background: colour, color: "#fff" } : {};
  return html`<section class="card preview" aria-label=${t("settings.on_wall")}><h2>${t("settings.on_wall")}</h2>
    <div class="wall-preview is-${draft.theme}"><strong style=${head}>${draft.office}</strong><span style=${head}>${draft.name}</span>
      <b class="number">${spaced("B027")}</b><span class="plate">2</span>
      <small>${draft.wall_note.vi || t("settings.wall_foot", { hotline: draft.hotline })}</small></div></section>`;
}
