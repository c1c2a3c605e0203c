/** The form of one poster: what it shows, how long, and when. Beside it, what it will look like. */

import { html } from "/static/vendor/preact.js";
import { DEFAULT_LANGUAGE, LANGUAGES } from "/static/lib/choices.js";
import { Glyph } from "/static/lib/glyph.js";
import { own, t } from "/static/lib/text.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { Boxes, Field, Switch, TextField, isOf } from "/static/supervisor/settings/settings.js";

const WEEK = [1, 2, 3, 4, 5, 6, 7];

export function PosterForm({ poster, at, view, procedures, walls, saver, acts, change, drop }) {
  const name = (field) => `${at + 1}.${field}`;
  const text = (field, label, value, more = {}) => html`<${TextField} label=${label} name=${name(field)} saver=${saver}
    value=${value ?? ""} change=${(typed) => change({ [field]: typed })} ...${more} />`;
  const without = (file) => change({ files: poster.files.filter((_, n) => n !== file) });
  return html`<div class="poster-form"><fieldset class="plain" disabled=${!acts}>
    <${Preview} poster=${poster} view=${view} procedures=${procedures} />
    ${
      poster.kind === "pictures" &&
      html`<ul class="poster-files">${poster.files.map(
        (id, n) => html`<li key=${n}><span>${view.files.find((file) => file.id === id)?.name ?? "?"}</span>
        <button type="button" class="button poster-key" aria-label=${t("posters.take_out", { n: n + 1 })} onClick=${() => without(n)}><${Glyph} name="x" /></button></li>`,
      )}</ul><p class="hint">${t("posters.several_hint")}</p>`
    }
    <${Wrong} saver=${saver} name=${name("files")} />
    ${
      poster.kind === "text" &&
      Object.entries(LANGUAGES).map(
        ([
          language,
          { name: called },
        ]) => html`<${TextField} key=${language} label=${t("posters.text_in", { language: called })}
      name=${name(`texts.${language}`)} saver=${saver} value=${poster.texts[language] ?? ""}
      hint=${language === DEFAULT_LANGUAGE ? t("posters.text_hint") : undefined}
      change=${(typed) => change({ texts: { ...poster.texts, [language]: typed } })} />`,
      )
    }
    ${
      poster.kind === "procedure" &&
      html`<${Field} label=${t("posters.procedure")} name=${name("procedure")} saver=${saver} hint=${t("posters.procedure_hint")}>${(
        about,
      ) => html`<select
      ...${about} value=${poster.procedure} onChange=${(event) => change({ procedure: event.target.value })}>
      <option value="">${t("posters.procedure_none")}</option>
      ${procedures.map(({ code, names }) => html`<option key=${code} value=${code}>${own(names)}</option>`)}</select>`}<//>`
    }
    ${poster.kind === "film" ? html`<p class="hint">${t("posters.film_hint")}</p>` : text("seconds", t("posters.seconds"), poster.seconds, { numeric: true, hint: t("posters.seconds_hint") })}
    <div class="two">${text("first_day", t("posters.first_day"), poster.first_day, { type: "date" })}${text("last_day", t("posters.last_day"), poster.last_day, { type: "date" })}</div>
    <div class="two">${text("from_time", t("posters.from_time"), poster.from_time, { hint: t("posters.time_hint") })}${text("to_time", t("posters.to_time"), poster.to_time)}</div>
    <${Boxes} label=${t("posters.weekdays")} name=${name("weekdays")} saver=${saver} marked=${poster.weekdays}
      all=${WEEK.map((day) => [day, t(`settings.weekday_${day}`)])} change=${(weekdays) => change({ weekdays })} />
    ${walls.length > 1 && html`<${Boxes} label=${t("posters.walls")} name=${name("walls")} saver=${saver} marked=${poster.walls} all=${walls.map(({ id, name: called }) => [id, called])} change=${(chosen) => change({ walls: chosen })} />`}
    <${Switch} label=${t("posters.on")} on=${poster.on} change=${(on) => change({ on })} />
    <p class="row-keys"><button type="button" class="button" onClick=${drop}><${Glyph} name="trash" />${t("posters.drop")}</button></p>
  </fieldset></div>`;
}

function Wrong({ saver, name }) {
  return saver.refusal !== null && isOf(saver.field, name) ? html`<${Refused} words=${saver.refusal} />` : null;
}

/** What people in the hall will see; of pictures the first. A film shows its keys here, and is silent here too. */
function Preview({ poster, view, procedures }) {
  const file = view.files.find(({ id }) => id === poster.files[0]);
  const procedure = procedures.find(({ code }) => code === poster.procedure);
  let inside = html`<p>${own(poster.texts) ?? ""}</p>`;
  if (file && !file.missing) {
    inside = file.film
      ? html`<video src="/media/${file.id}" muted controls playsinline preload="metadata"></video>`
      : html`<img src="/media/${file.id}" alt="" />`;
  } else if (poster.kind === "procedure") {
    inside = procedure
      ? html`<img class="poster-code" src="/procedures/${procedure.code}/code.svg" alt="" /><p>${own(procedure.names)}</p>`
      : html``;
  }
  return html`<div class="poster-preview" role="img" aria-label=${t("posters.look")}>${inside}</div>`;
}
