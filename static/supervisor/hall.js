/** The centre itself: its name, its hotline, how its wall looks and speaks. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { spaced, t } from "/static/text.js";
import { Glyph } from "./glyph.js";
import { Field, SavedNote, Switch, TextField, WithSettings, minutes, seconds, useSave } from "./settings.js";

const FIELDS = [
  "name", "office", "hotline", "advice_service", "target_s", "theme", "last_seat_m", "voice.volume", "voice.variant", "voice.quiet_from", "voice.quiet_to",
];
const THEMES = ["dark", "light"];
const VARIANTS = ["north", "south"];

/** `only`: just the name, for the first set-up. */
export function HallPage({ acts, only = false }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${HallForm} settings=${settings} read=${read} acts=${acts} only=${only} />`} />`;
}

function drafted({ hall }) {
  return { ...hall, target_min: minutes(hall.target_s), seat: String(hall.last_seat_m), volume: String(hall.voice.volume) };
}

function HallForm({ settings, read, acts, only }) {
  const saver = useSave(read);
  const [draft, setDraft] = useState(() => drafted(settings));
  useEffect(() => setDraft(drafted(settings)), [settings]);
  const put = (fields) => {
    setDraft({ ...draft, ...fields });
    saver.forget();
  };
  const speak = (fields) => put({ voice: { ...draft.voice, ...fields } });
  const text = (name, field, extra = {}) => html`<${TextField} label=${t(`settings.hall_${name}`)} name=${extra.as ?? name} saver=${saver}
    value=${draft[field]} change=${(value) => put({ [field]: value })} ...${extra} />`;
  const choices = (name, all, chosen, choose) => html`<fieldset class="choices two-choices"><legend>${t(`settings.${name}`)}</legend>
    ${all.map((each) => html`<label class="choice" key=${each}><input type="radio" name=${name} value=${each} checked=${chosen === each}
      onChange=${() => choose(each)} /><span><strong>${t(`settings.${name}_${each}`)}</strong></span></label>`)}</fieldset>`;

  function send(event) {
    event.preventDefault();
    const { name, office, hotline, advice_service, theme, blink, voice } = draft;
    saver.save("/settings/hall", {
      name, office, hotline, advice_service, theme, blink,
      target_s: seconds(draft.target_min),
      last_seat_m: Number(draft.seat.replace(",", ".")) || 0,
      voice: { ...voice, volume: /^\d+$/.test(draft.volume.trim()) ? Number(draft.volume) : -1 },
    });
  }
  const time = (name) => html`<${TextField} label=${t(`settings.${name}`)} name=${`voice.${name}`} saver=${saver} numeric
    value=${draft.voice[name] ?? ""} change=${(value) => speak({ [name]: value.trim() || null })} />`;

  return html`<div class="page-bar"><p>${t(only ? "settings.hall_about_first" : "settings.hall_about")}</p></div>
  <div class="settings-two">
    <form class="card form settings-form" onSubmit=${send} aria-label=${t("supervisor.hall_title")} noValidate>
      <fieldset class="plain" disabled=${!acts}>
      <div class="two">${text("office", "office")}${text("name", "name")}</div>
      <div class="three">${text("hotline", "hotline", { type: "tel" })}
        ${text("target", "target_min", { as: "target_s", numeric: true })}
        <${Field} label=${t("settings.hall_advice")} name="advice_service" saver=${saver}>${(about) => html`<select ...${about} value=${draft.advice_service}
          onChange=${(event) => put({ advice_service: event.target.value })}>${settings.services.filter((each) => each.active).map(
            (each) => html`<option value=${each.code}>${each.names.vi}</option>`)}</select>`}<//></div>
      ${!only && html`<h2 class="form-part">${t("settings.wall")}</h2>
      ${choices("theme", THEMES, draft.theme, (theme) => put({ theme }))}
      <div class="two">${text("last_seat", "seat", { as: "last_seat_m", numeric: true, hint: t("settings.last_seat_hint") })}
        <${Switch} label=${t("settings.blink")} hint=${t("settings.blink_hint")} on=${draft.blink} change=${(blink) => put({ blink })} /></div>
      <h2 class="form-part">${t("settings.voice")}</h2>
      <div class="two"><${Switch} label=${t("settings.voice_on")} on=${draft.voice.on} change=${(on) => speak({ on })} />
        <${Switch} label=${t("settings.voice_repeat")} hint=${t("settings.voice_repeat_hint")} on=${draft.voice.repeat} change=${(repeat) => speak({ repeat })} /></div>
      ${choices("variant", VARIANTS, draft.voice.variant, (variant) => speak({ variant }))}
      <div class="three">${text("volume", "volume", { as: "voice.volume", numeric: true })}${time("quiet_from")}${time("quiet_to")}</div>
      <p class="hint">${t("settings.quiet_hint")}</p>`}
      </fieldset>
      <${SavedNote} saver=${saver} fields=${FIELDS} />
      ${acts && html`<div class="form-keys"><span class="gap"></span>
        <button type="button" class="button" disabled=${saver.busy} onClick=${() => {
          saver.forget();
          setDraft(drafted(settings));
        }}>${t("settings.discard")}</button>
        <button type="submit" class="button button--main" disabled=${saver.busy}><${Glyph} name="check" />${t("settings.save")}</button></div>`}
    </form>
    <div class="previews"><section class="card preview" aria-label=${t("settings.on_wall")}><h2>${t("settings.on_wall")}</h2>
      <div class="wall-preview is-${draft.theme}"><strong>${draft.office}</strong><span>${draft.name}</span>
        <b class="number">${spaced("B027")}</b><span class="plate">2</span>
        <small>${t("settings.wall_foot", { hotline: draft.hotline })}</small></div></section></div>
  </div>`;
}
