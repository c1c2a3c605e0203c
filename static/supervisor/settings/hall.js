/** The centre itself: its name, its hotline, its target, its line on every ticket, and what its figures show. */

import { html } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES } from "/static/lib/choices.js";
import { own, spaced, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { HallForm } from "./hall-form.js";
import { Field, Switch, WithSettings, seconds } from "./settings.js";

const FIELDS = [
  "name",
  "office",
  "hotline",
  "advice_service",
  "target_s",
  ...Object.keys(LANGUAGES).map((language) => `ticket_note.${language}`),
];
const SWITCHES = ["clerk_figures", "ratings", "ratings_public"];
const NUMBERS = ["no_show_calls", "no_show_gap_s", "most_dossiers", "dossier_codes_days"];

/** `only`: just the name, for the first set-up. */
export function HallPage({ acts, only = false }) {
  return html`<${WithSettings} show=${(
    settings,
    read,
  ) => html`<${HallForm} settings=${settings} read=${read} acts=${acts}
    about=${t(only ? "settings.hall_about_first" : "settings.hall_about")} title=${t("supervisor.hall_title")} fields=${[...FIELDS, ...NUMBERS]} sent=${sent}
    preview=${(draft) => html`<${Preview} draft=${draft} />
      ${!only && html`<a class="button" href="#transfer"><${Glyph} name="arrows-exchange" />${t("supervisor.transfer_title")}</a>`}`}>${(form) => html`<${Parts} ...${form} settings=${settings} only=${only} />`}<//>`} />`;
}

function sent({ name, office, hotline, advice_service, ticket_note, target_min, ...draft }) {
  const switches = Object.fromEntries(SWITCHES.map((field) => [field, draft[field]]));
  const numbers = Object.fromEntries(NUMBERS.map((field) => [field, whole(draft[field])]));
  return {
    name,
    office,
    hotline,
    advice_service,
    ticket_note,
    target_s: seconds(target_min),
    ...switches,
    ...numbers,
  };
}

/** What is no number is sent as one that is refused with its reason. */
const whole = (text) => (/^\d+$/.test(String(text).trim()) ? Number(text) : -1);

/** @param {Props<{settings: Api.SettingsView}>} props */
function Parts({ draft, put, text, saver, settings, only }) {
  const line = (name, extra = {}) =>
    text(`hall_${name}`, draft[name], { as: name, change: (value) => put({ [name]: value }), ...extra });
  const choice = (name) =>
    html`<${Switch} label=${t(`settings.${name}`)} hint=${t(`settings.${name}_hint`)} on=${draft[name]} change=${(on) => put({ [name]: on })} />`;
  return html`<div class="two">${line("office")}${line("name")}</div>
    <div class="three">${line("hotline", { type: "tel" })}
      ${text("hall_target", draft.target_min, { as: "target_s", numeric: true, change: (value) => put({ target_min: value }) })}
      <${Field} label=${t("settings.hall_advice")} name="advice_service" saver=${saver}>${(
        about,
      ) => html`<select ...${about} value=${draft.advice_service}
        onChange=${(event) => put({ advice_service: event.target.value })}>${settings.services
          .filter((each) => each.active)
          .map((each) => html`<option value=${each.code}>${own(each.names)}</option>`)}</select>`}<//></div>
    ${
      !only &&
      html`<h2 class="form-part">${t("settings.ticket")}</h2>
      ${draft.languages.map((language) =>
        text("ticket_note", draft.ticket_note[language] ?? "", {
          language,
          as: `ticket_note.${language}`,
          hint: language === DEFAULT_LANGUAGE ? t("settings.ticket_note_hint") : undefined,
          change: (value) => put({ ticket_note: { ...draft.ticket_note, [language]: value } }),
        }),
      )}
      <h2 class="form-part">${t("settings.at_counter")}</h2>
      <div class="three">${NUMBERS.map((name) => line(name, { numeric: true }))}</div>
      <h2 class="form-part">${t("supervisor.statistics_title")}</h2>
      ${choice("clerk_figures")}
      <h2 class="form-part">${t("settings.ratings_part")}</h2>
      ${choice("ratings")}${draft.ratings && choice("ratings_public")}`
    }`;
}

function Preview({ draft }) {
  return html`<section class="card preview" aria-label=${t("settings.on_ticket")}><h2>${t("settings.on_ticket")}</h2>
    <div class="paper-preview"><small>${draft.office}</small><small>${draft.name}</small><b class="number">${spaced("B027")}</b>
      ${draft.ticket_note.vi && html`<span>${draft.ticket_note.vi}</span>`}<strong>${t("settings.wall_foot", { hotline: draft.hotline })}</strong></div></section>`;
}
