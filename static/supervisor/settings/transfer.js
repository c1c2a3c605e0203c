/** The whole configuration as one file: taken out here, brought in there, after a look at what would change. */

import { html, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { sentence, useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { SavedNote, useSave } from "./settings.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const INDENT = 2;

export function Transfer({ acts }) {
  return html`<div class="page-bar"><p>${t("settings.transfer_about")}</p></div>
    <div class="settings-pair"><${Export} />${acts && html`<${Import} />`}</div>
    ${acts && html`<p class="start-link"><a class="button" href="#start"><${Glyph} name="circle-check" />${t("settings.to_start")}</a></p>`}`;
}

function Export() {
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));
  const [done, setDone] = useState(/** @type {?string} */ (null));
  async function take() {
    try {
      const template = await get("/settings/export");
      const name = `${t("settings.file_name")}-${new Date().toISOString().slice(0, 10)}.json`;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(
        new Blob([`${JSON.stringify(template, null, INDENT)}\n`], { type: "application/json" }),
      );
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
      setDone(name);
      setRefusal(null);
    } catch (error) {
      setRefusal(sentence(error));
    }
  }
  return html`<section class="card form" aria-labelledby="export-title"><h2 id="export-title" class="card-title">${t("settings.export")}</h2>
    <p>${t("settings.export_means")}</p>
    <p class="hint">${t("settings.export_without")}</p>
    <${Refused} words=${refusal} />
    <p class="said" role="status">${done && html`<${Glyph} name="check" />${t("settings.exported", { name: done })}`}</p>
    <button type="button" class="button button--main" onClick=${take}><${Glyph} name="download" />${t("settings.export_key")}</button></section>`;
}

function Import() {
  const planning = useAct();
  const saver = useSave(async () => ({}));
  const [file, setFile] = useState(/** @type {?{name: string, template: Api.Body.Template}} */ (null));
  const [plan, setPlan] = useState(/** @type {?Api.Change[]} */ (null));
  const [chosenName, setChosenName] = useState(/** @type {?string} */ (null));
  const box = useRef(null);

  async function readFile(event) {
    const [chosen] = event.target.files;
    setPlan(null);
    setFile(null);
    setChosenName(chosen?.name ?? null);
    saver.forget();
    planning.forget();
    if (!chosen) return;
    let template;
    try {
      template = JSON.parse(await chosen.text());
    } catch {
      return planning.refuse(t("settings.not_json", { name: chosen.name }));
    }
    const found = await planning.act("/settings/import/plan", template);
    if (!found) return;
    setFile({ name: chosen.name, template });
    setPlan(found.changes);
  }

  async function apply() {
    if (!file || !plan) return;
    if (!(await saver.save("/settings/import", file.template, t("settings.imported", { n: plan.length })))) return;
    setPlan(null);
    setFile(null);
    setChosenName(null);
    box.current.value = "";
  }

  return html`<section class="card form" aria-labelledby="import-title"><h2 id="import-title" class="card-title">${t("settings.import")}</h2>
    <p>${t("settings.import_means")}</p>
    <div class="field file-field"><input id="import-file" ref=${box} class="visually-hidden" type="file" accept=".json,application/json" onChange=${readFile} aria-describedby="import-name import-refusal" />
      <label for="import-file" class="button"><${Glyph} name="file-text" />${t("settings.import_file")}</label>
      <span id="import-name">${chosenName ?? t("settings.import_no_file")}</span></div>
    <p id="import-refusal" class="refusal" role="alert">${planning.refusal && html`<${Glyph} name="alert-octagon" /><span>${planning.field && html`<code>${planning.field}</code>: `}${planning.refusal}</span>`}</p>
    ${
      plan &&
      html`<div role="status"><h3>${plan.length ? t("settings.would_change", { n: plan.length }) : t("settings.would_change_nothing")}</h3>
      <ul class="plan" tabindex="0" aria-label=${t("settings.plan")}>${plan.map(
        (each) => html`<li key=${each.path}><code>${each.path}</code>
        <span><del>${written(each.old)}</del> <${Glyph} name="arrow-right" /> <ins>${written(each.new)}</ins></span></li>`,
      )}</ul></div>`
    }
    <${SavedNote} saver=${saver} />
    ${plan !== null && plan.length > 0 && html`<button type="button" class="button button--main" disabled=${saver.busy} onClick=${apply}><${Glyph} name="check" />${t("settings.import_key")}</button>`}
  </section>`;
}

/** A value in few words: a whole service is its name. */
function written(value) {
  if (value === null) return t("settings.none");
  if (value === true) return t("settings.yes");
  if (value === false) return t("settings.no");
  if (Array.isArray(value)) return value.join(", ") || t("settings.none");
  if (typeof value === "object") return value.names?.vi ?? value.name ?? JSON.stringify(value);
  return String(value);
}
