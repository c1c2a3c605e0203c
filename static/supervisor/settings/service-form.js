/** One service as a form, and beside it how kiosk and ticket will show it. */

import { html } from "/static/vendor/preact.js";
import { LANGUAGES } from "/static/lib/choices.js";
import { own, spaced, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { Boxes, Field, Icons, SaveKeys, TextField, minutes, seconds, submits, useDraft } from "./settings.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";

const FIELDS = [
  ...Object.keys(LANGUAGES).flatMap((language) => [`names.${language}`, `hints.${language}`]),
  "prefix",
  "service_time_s",
  "target_s",
  "counters",
  "icon",
];
const LABELS = { names: "settings.name_in", hints: "settings.hint_in" };
const EMPTY = { icon: "id", family: 0, prefix: "", active: true };

/** What the form holds: minutes as they are typed. */
function drafted(service, settings) {
  const empty = Object.fromEntries(settings.hall.languages.map((language) => [language, ""]));
  const from = service ?? {
    ...EMPTY,
    prefix: freeLetter(settings),
    service_time_s: 600,
    target_s: settings.hall.target_s,
  };
  return {
    ...from,
    names: { ...empty, ...from.names },
    hints: { ...empty, ...from.hints },
    service_min: minutes(from.service_time_s),
    target_min: minutes(from.target_s),
    counters: service
      ? settings.counters.filter((each) => each.services.includes(service.code)).map((each) => each.number)
      : [],
  };
}

function freeLetter({ services, choices }) {
  const taken = services.map((service) => service.prefix);
  return [...choices.safe_letters, ...choices.digits].find((letter) => !taken.includes(letter)) ?? "";
}

/** @param {Props<{service: ?Api.Service, settings: Api.SettingsView, advice: Api.AdviceView}>} props */
export function ServiceForm({ service, settings, saver, acts, advice, added, note }) {
  const { draft, typed, put, discard, save } = useDraft(() => drafted(service, settings), saver);
  const set = (field, value) => put({ [field]: value });
  const of = (group, language) => (text) => set(group, { ...draft[group], [language]: text });
  const title = own(draft.names).trim() || t("settings.new_service");
  const body = (active) => ({
    prefix: draft.prefix,
    names: draft.names,
    hints: Object.fromEntries(Object.entries(draft.hints).filter(([, hint]) => hint.trim())),
    icon: draft.icon,
    service_time_s: seconds(draft.service_min),
    target_s: seconds(draft.target_min),
    counters: draft.counters,
    active,
  });

  async function send() {
    if (service) return save(`/settings/services/${service.code}`, body(service.active));
    const known = settings.services.map(({ code }) => code);
    const done = await save("/settings/services", body(true), t("settings.service_added", { name: title }));
    if (done?.settings) added(done.settings.services.find(({ code }) => !known.includes(code)).code);
    return done;
  }
  useUnsaved(typed ? send : null);
  const turn = (active) =>
    service &&
    save(
      `/settings/services/${service.code}`,
      body(active),
      t(active ? "settings.restored" : "settings.retired_said", { name: title }),
    );

  return html`<form class="card form settings-form" onSubmit=${submits(send)} aria-label=${title} noValidate>
    <div class="form-head"><span class="service-icon" data-family=${draft.family}><${Glyph} name=${draft.icon} /></span>
      <h2>${title}</h2>${!draft.active && html`<span class="tag">${t("settings.retired")}</span>`}
      ${advice && html`<span class="tag">${t("settings.is_advice")}</span>`}</div>
    <fieldset class="plain" disabled=${!acts}>
    ${["names", "hints"].map(
      (group) =>
        html`<div class="two" key=${group}>${settings.hall.languages.map(
          (
            language,
          ) => html`<${TextField} key=${language} label=${t(LABELS[group], { language: LANGUAGES[language].name })}
        name="${group}.${language}" saver=${saver} value=${draft[group][language]} change=${of(group, language)} />`,
        )}</div>`,
    )}
    <div class="three">
      <${Letter} draft=${draft} service=${service} settings=${settings} saver=${saver} change=${(letter) => set("prefix", letter)} />
      <${TextField} label=${t("settings.service_minutes")} name="service_time_s" saver=${saver} numeric value=${draft.service_min} change=${(text) => set("service_min", text)} />
      <${TextField} label=${t("settings.target_minutes")} name="target_s" saver=${saver} numeric value=${draft.target_min} change=${(text) => set("target_min", text)} />
    </div>
    <${Boxes} label=${t("settings.counters_serving")} name="counters" saver=${saver} marked=${draft.counters}
      all=${settings.counters.map(({ number, name }) => [number, name])} change=${(chosen) => set("counters", chosen)} />
    <${Icons} label=${t("settings.icon")} group="icon" all=${settings.choices.icons} chosen=${draft.icon} change=${(icon) => set("icon", icon)} />
    </fieldset>
    ${note(FIELDS)}
    ${
      acts &&
      html`<${SaveKeys} saver=${saver} discard=${discard}>
      ${service && draft.active && html`<button type="button" class="button button--danger" disabled=${saver.busy} onClick=${() => turn(false)}><${Glyph} name="minus" />${t("settings.retire")}</button>`}
      ${service && !draft.active && html`<button type="button" class="button" disabled=${saver.busy} onClick=${() => turn(true)}><${Glyph} name="repeat" />${t("settings.restore")}</button>`}<//>`
    }
  </form>
  <${Preview} draft=${draft} title=${title} settings=${settings} />`;
}

/**
 * The letter of its numbers. Those that can be confused over a loudspeaker stand apart, taken ones say whose they are.
 * @param {Props<{service: ?Api.Service, settings: Api.SettingsView}>} props
 */
function Letter({ draft, service, settings, saver, change }) {
  const { safe_letters, letters, digits } = settings.choices;
  const owner = (letter) => settings.services.find((each) => each.prefix === letter && each.code !== service?.code);
  const option = (letter) => {
    const taken = owner(letter);
    return html`<option value=${letter} disabled=${Boolean(taken)}>${
      taken ? t("settings.letter_of", { letter, name: own(taken.names) }) : letter
    }</option>`;
  };
  const others = [...letters].filter((letter) => !safe_letters.includes(letter));
  return html`<${Field} label=${t("settings.letter")} name="prefix" saver=${saver}>${(
    about,
  ) => html`<select value=${draft.prefix}
    ...${about} onChange=${(event) => change(event.target.value)}>
    <optgroup label=${t("settings.letters_safe")}>${[...safe_letters].map(option)}</optgroup>
    <optgroup label=${t("settings.letters_alike")}>${others.map(option)}</optgroup>
    <optgroup label=${t("settings.digits")}>${[...digits].map(option)}</optgroup></select>`}<//>`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function Preview({ draft, title, settings }) {
  const { safe_letters, digits } = settings.choices;
  const clear = (safe_letters + digits).includes(draft.prefix);
  return html`<div class="previews">
    <section class="card preview" aria-label=${t("settings.on_kiosk")}><h2>${t("settings.on_kiosk")}</h2>
      <div class="tile-preview">
        <span class="service-icon" data-family=${draft.family}><${Glyph} name=${draft.icon} /></span>
        <strong>${title}</strong><span>${draft.hints.vi}</span>
        <span class="tile-people"><${Glyph} name="users" />${t("settings.example_wait")}</span></div></section>
    <section class="card preview" aria-label=${t("settings.first_number")}><h2>${t("settings.first_number")}</h2>
      <p class="ticket ticket--raised number-preview"><span class="number">${spaced(`${draft.prefix}001`)}</span></p>
      <p class="letter-note ${clear ? "" : "is-unclear"}"><${Glyph} name=${clear ? "volume" : "alert-triangle"} />${t(
        digits.includes(draft.prefix)
          ? "settings.digit_clear"
          : clear
            ? "settings.letter_clear"
            : "settings.letter_unclear",
        { letter: draft.prefix },
      )}</p></section>
  </div>`;
}
