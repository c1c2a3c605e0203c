/** The rooms of a centre: what each is called, which counters are in it, and how its walls speak. */

import { html, useState } from "/static/vendor/preact.js";
import { LANGUAGES, VOICE_VARIANTS } from "/static/lib/choices.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { useLeave, useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { Boxes, SaveBar, Switch, TextField, WithSettings, submits, useDraft, useSave } from "./settings.js";
import { volume } from "./hall-form.js";
import { Listen } from "./listen.js";
import { SpeakerField } from "./speaker-field.js";

const NEW = "";
const FIELDS = [
  "counters",
  "voice.volume",
  "speaker",
  ...Object.keys(LANGUAGES).map((language) => `names.${language}`),
];

/** @param {Props<{centre: Screen.Centre}>} props */
export function Rooms({ acts, centre }) {
  const devices = (centre.view?.devices ?? []).filter((device) => device.active);
  return html`<${WithSettings} show=${(settings, read) => html`<${List} settings=${settings} read=${read} acts=${acts} devices=${devices} />`} />`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function List({ settings, read, acts, devices }) {
  const { rooms } = settings.hall;
  const codes = Object.keys(rooms);
  const saver = useSave(read);
  const [chosen, setChosen] = useState(codes[0] ?? NEW);
  const { leave, question } = useLeave();
  const choose = (code) =>
    leave(() => {
      saver.forget();
      setChosen(code);
    });
  const outside = settings.counters.filter(({ number }) =>
    codes.every((code) => !rooms[code].counters.includes(number)),
  );
  const drawn = rooms[chosen] ? chosen : NEW;
  return html`${question}<div class="page-bar"><p>${t("settings.rooms_about")}</p>
      ${acts && codes.length > 0 && html`<button type="button" class="button" onClick=${() => choose(NEW)}><${Glyph} name="plus" />${t("settings.add_room")}</button>`}</div>
    <div class="settings-three">
    <section class="card" aria-labelledby="rooms-list">
      <h2 id="rooms-list" class="card-title">${t("settings.rooms_count", { n: codes.length })}</h2>
      ${codes.length === 0 && html`<p class="empty">${t("settings.rooms_none")}</p>`}
      <ul class="picks">${codes.map(
        (code) => html`<li key=${code}><button type="button" class="pick" data-room=${code}
        aria-current=${code === drawn ? "true" : null} onClick=${() => choose(code)}>
        <span class="pick-what"><strong>${own(rooms[code].names)}</strong>
          <span>${t("settings.at_counters", { counters: rooms[code].counters.join(", ") })}</span></span></button></li>`,
      )}</ul>
      ${
        codes.length > 0 &&
        outside.length > 0 &&
        html`<p class="hint rooms-outside">${t("settings.rooms_outside", { counters: outside.map(({ number }) => number).join(", ") })}</p>`
      }
    </section>
    ${(acts || drawn) && html`<${RoomForm} key=${drawn} code=${drawn} settings=${settings} saver=${saver} acts=${acts} choose=${setChosen} devices=${devices} />`}
  </div>`;
}

function drafted(code, { hall }) {
  const room = hall.rooms[code];
  const { on, variant, volume: loud } = room?.voice ?? hall.voice;
  const kept = { on, variant, volume: String(loud), own_voice: Boolean(room?.voice) };
  if (room) return { ...room, ...kept };
  const number = Object.keys(hall.rooms).length + 1;
  const names = Object.fromEntries(hall.languages.map((language) => [language, ""]));
  return { names: { ...names, vi: t("settings.room_name", { number }) }, counters: [], speaker: null, ...kept };
}

/** @param {Props<{code: string, settings: Api.SettingsView}>} props */
function RoomForm({ code, settings, saver, acts, choose, devices }) {
  const { draft, typed, put, discard, save } = useDraft(() => drafted(code, settings), saver);
  const { hall, counters } = settings;
  const roomOf = (number) => Object.keys(hall.rooms).find((each) => hall.rooms[each].counters.includes(number));
  const boxes = counters.map(({ number, name }) => {
    const other = roomOf(number);
    const where =
      other && other !== code ? t("settings.room_of", { counter: name, name: own(hall.rooms[other].names) }) : name;
    return [number, where];
  });
  const here = devices.filter(({ id }) => code && hall.screens[id]?.room === code);
  const name = draft.names.vi;

  async function send() {
    const { names, on, variant, speaker } = draft;
    const voice = draft.own_voice ? { on, variant, volume: volume(draft.volume) } : null;
    const body = { names, counters: draft.counters, voice, speaker };
    if (code) return save(`/settings/rooms/${code}`, body);
    const done = await save("/settings/rooms", body, t("settings.room_added", { name }));
    const added = Object.keys(done?.settings?.hall.rooms ?? {}).find((each) => !hall.rooms[each]);
    if (added) choose(added);
    return done;
  }
  useUnsaved(typed ? send : null);
  async function remove() {
    const done = await saver.save(`/settings/rooms/${code}/remove`, {}, t("settings.room_removed", { name }));
    if (done?.settings) choose(Object.keys(done.settings.hall.rooms)[0] ?? NEW);
  }

  return html`<form class="card form settings-form" onSubmit=${submits(send)} aria-label=${name} noValidate>
    <div class="form-head"><h2>${name || t("settings.add_room")}</h2></div>
    <fieldset class="plain" disabled=${!acts}>
    <div class="two">${hall.languages.map(
      (
        language,
      ) => html`<${TextField} key=${language} label=${t("settings.name_in", { language: LANGUAGES[language].name })} name=${`names.${language}`}
        saver=${saver} value=${draft.names[language] ?? ""} hint=${language === "vi" ? t("settings.room_name_hint") : null}
        change=${(value) => put({ names: { ...draft.names, [language]: value } })} />`,
    )}</div>
    <${Boxes} label=${t("settings.room_counters")} name="counters" saver=${saver} marked=${draft.counters} all=${boxes} change=${(marked) => put({ counters: marked })} />
    <h3 class="form-part">${t("settings.voice")}</h3>
    <${Switch} label=${t("settings.room_voice")} hint=${t("settings.room_voice_hint")} on=${draft.own_voice} change=${(own_voice) => put({ own_voice })} />
    ${draft.own_voice && html`<${RoomVoice} draft=${draft} put=${put} saver=${saver} />`}
    <${Listen} languages=${hall.languages} wishes=${{ ...hall.voice, ...(draft.own_voice ? { variant: draft.variant } : {}) }}
      volume=${draft.own_voice ? volume(draft.volume) || 0 : hall.voice.volume} counter=${draft.counters[0]} />
    <${SpeakerField} speaker=${draft.speaker} walls=${here.filter(({ kind }) => kind === "display")} name="speaker" saver=${saver} change=${(speaker) => put({ speaker })} />
    </fieldset>
    <${SaveBar} saver=${saver} fields=${FIELDS} acts=${acts} discard=${discard}>
      ${code && html`<button type="button" class="button button--danger" disabled=${saver.busy} onClick=${remove}><${Glyph} name="trash" />${t("settings.remove_room")}</button>`}<//>
  </form>
  <div class="previews"><section class="card preview" aria-label=${t("settings.room_screens")}><h2>${t("settings.room_screens")}</h2>
    ${here.length === 0 && html`<p>${t("settings.room_no_screens")}</p>`}
    <ul class="room-screens">${here.map(({ id, name: called, kind }) => html`<li key=${id}><${Glyph} name=${kind === "kiosk" ? "device-tablet" : "device-tv"} />${called}</li>`)}</ul>
    <p class="hint">${t("settings.room_screens_hint")}</p>
    <p><a class="button" href="#devices"><${Glyph} name="device-desktop" />${t("supervisor.devices_title")}</a></p></section></div>`;
}

function RoomVoice({ draft, put, saver }) {
  return html`<${Switch} label=${t("settings.voice_on")} on=${draft.on} change=${(on) => put({ on })} />
    <fieldset class="choices two-choices"><legend>${t("settings.variant")}</legend>
    ${VOICE_VARIANTS.map(
      (
        each,
      ) => html`<label class="choice" key=${each}><input type="radio" name="variant" value=${each} checked=${draft.variant === each}
      onChange=${() => put({ variant: each })} /><span><strong>${t(`settings.variant_${each}`)}</strong></span></label>`,
    )}</fieldset>
    <${TextField} label=${t("settings.hall_volume")} name="voice.volume" saver=${saver} numeric value=${draft.volume} change=${(value) => put({ volume: value })} />`;
}
