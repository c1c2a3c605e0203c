/** The procedures that people find by their own words: the list, taken out as a table and read in again. */

import { html, useMemo, useRef, useState } from "/static/vendor/preact.js";
import { Finder } from "/static/lib/find.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";
import { SavedNote, useSave } from "./settings.js";

const STARTER = "/static/procedures/starter.csv";
const SHOWN = 8; // of what is new, changed or gone; the rest is counted
const BASE64_PART = 0x8000; // bytes that are turned into letters at once
const COLUMN_OF = { "names.vi": "name", "names.en": "name_en" };

export function Procedures({ acts }) {
  const { answer, refusal, read } = useAnswer("/settings/procedures");
  const settings = useAnswer("/settings");
  if (!answer || !settings.answer) return html`<${NoAnswer} refusal=${refusal ?? settings.refusal} />`;
  const { procedures } = answer;
  const unchecked = procedures.filter((each) => each.to_check).length;
  return html`<div class="page-bar"><p>${t("procedures.about")}</p>
      <a class="button" href="#services"><${Glyph} name="list-search" />${t("supervisor.services_title")}</a></div>
    <div class="settings-pair"><${Export} procedures=${procedures} unchecked=${unchecked} />${acts && html`<${Import} read=${read} />`}</div>
    ${procedures.length > 0 && html`<${List} procedures=${procedures} services=${settings.answer.services} />`}`;
}

/** @param {Props<{procedures: Api.Procedure[], unchecked: number}>} props */
function Export({ procedures, unchecked }) {
  const file = (
    form,
    words,
  ) => html`<a class="button" download href="/api/v1/settings/procedures.${form}?language=${document.documentElement.lang}">
    <${Glyph} name="download" />${words}</a>`;
  return html`<section class="card form" aria-labelledby="sheet-title">
    <h2 id="sheet-title" class="card-title">${procedures.length ? t("procedures.count", { n: procedures.length }) : t("procedures.none")}</h2>
    ${unchecked > 0 && html`<p><strong>${t("procedures.unchecked", { n: unchecked })}.</strong> ${t("procedures.unchecked_means")}</p>`}
    <p>${t("procedures.export_means")}</p>
    <div class="sheet-keys">${file("xlsx", "Excel")}${file("csv", "CSV")}</div></section>`;
}

function Import({ read }) {
  const reading = useAct();
  const saver = useSave(async () => read());
  const [name, setName] = useState(/** @type {?string} */ (null));
  const [sheet, setSheet] = useState(/** @type {?Api.SheetView} */ (null));
  const box = useRef(null);

  /** @param {string} called @param {ArrayBuffer} bytes */
  async function preview(called, bytes) {
    saver.forget();
    reading.forget();
    setSheet(null);
    setName(called);
    const found = await reading.act("/settings/procedures/read", { name: called, content: base64(bytes) });
    if (found) setSheet(found);
  }

  async function choose(event) {
    const [chosen] = event.target.files;
    if (chosen) await preview(chosen.name, await chosen.arrayBuffer());
    box.current.value = ""; // the same file, edited, may be chosen again
  }

  async function starter() {
    const answer = await fetch(STARTER).catch(() => null);
    if (!answer?.ok) return reading.refuse(t("supervisor.unreachable"));
    await preview(t("procedures.starter"), await answer.arrayBuffer());
  }

  async function apply() {
    if (!sheet) return;
    const { procedures } = sheet;
    if (!(await saver.save("/settings/procedures", { procedures }, t("procedures.applied")))) return;
    setSheet(null);
    setName(null);
  }

  const differs = sheet && sheet.added.length + sheet.changed.length + sheet.gone.length > 0;
  return html`<section class="card form" aria-labelledby="read-title"><h2 id="read-title" class="card-title">${t("procedures.import")}</h2>
    <p>${t("procedures.import_means")}</p>
    <div class="field file-field"><input id="sheet-file" ref=${box} class="visually-hidden" type="file" accept=".xlsx,.csv" disabled=${reading.busy}
        onChange=${choose} aria-describedby="sheet-name sheet-refusal" />
      <label for="sheet-file" class="button"><${Glyph} name="file-text" />${t("procedures.choose")}</label>
      <button type="button" class="button" disabled=${reading.busy} onClick=${starter}><${Glyph} name="list" />${t("procedures.starter")}</button>
      <span id="sheet-name">${name ? t(reading.busy ? "procedures.reading" : "procedures.read", { name, n: sheet?.rows ?? 0 }) : t("procedures.starter_means")}</span></div>
    <p id="sheet-refusal" class="refusal" role="alert">${reading.refusal && html`<${Glyph} name="alert-octagon" /><span>${reading.refusal}</span>`}</p>
    ${sheet && html`<${Report} sheet=${sheet} differs=${differs} />`}
    <${SavedNote} saver=${saver} />
    ${differs && html`<button type="button" class="button button--main" disabled=${saver.busy} onClick=${apply}><${Glyph} name="check" />${t("procedures.apply")}</button>`}
  </section>`;
}

/** @param {Props<{sheet: Api.SheetView, differs: boolean}>} props */
function Report({ sheet, differs }) {
  const { faults, added, changed, gone } = sheet;
  return html`<div role="status" class="sheet-report">
    ${
      faults.length > 0 &&
      html`<h3 class="sheet-faults"><${Glyph} name="alert-triangle" />${t("procedures.faults", { n: faults.length })}</h3>
      <ul class="plan" tabindex="0" aria-label=${t("procedures.faults", { n: faults.length })}>${faults.map(
        (
          fault,
        ) => html`<li key=${fault.row}><strong>${t("procedures.fault_at", { row: fault.row, column: columnName(fault.column) })}</strong>
        <span>${fault.message}</span></li>`,
      )}</ul>`
    }
    ${!differs && html`<p>${t("procedures.nothing")}</p>`}
    <${Part} words="procedures.added" all=${added} />
    <${Part} words="procedures.changed" all=${changed} />
    <${Part} words="procedures.gone" all=${gone} />
  </div>`;
}

/** What is new, changed, or gone: how many, and the first of them. */
function Part({ words, all }) {
  if (!all.length) return null;
  const more = all.length - SHOWN;
  return html`<h3>${t(words, { n: all.length })}</h3>
    <ul class="plan" tabindex="0" aria-label=${t(words, { n: all.length })}>${all.slice(0, SHOWN).map(
      (each) => html`<li key=${each.code}><span><code>${each.code}</code> ${each.name}</span>
      ${each.changes?.map(
        (change) => html`<span key=${change.path}>${columnName(COLUMN_OF[change.path] ?? change.path)}:
        <del>${written(change.old)}</del> <${Glyph} name="arrow-right" /> <ins>${written(change.new)}</ins></span>`,
      )}</li>`,
    )}${more > 0 && html`<li>${t("procedures.more", { n: more })}</li>`}</ul>`;
}

/**
 * All procedures, or those that the kiosk would show for what is typed.
 * @param {Props<{procedures: Api.Procedure[], services: Api.Service[]}>} props
 */
function List({ procedures, services }) {
  const leads = new Map(services.map((service) => [service.code, nameOf(service)]));
  const [typed, setTyped] = useState("");
  const finder = useMemo(() => new Finder(procedures, (each) => [leads.get(each.service) ?? ""]), [procedures]);
  const shown = typed.trim() ? finder.find(typed, SHOWN) : procedures;
  return html`<section class="card" aria-labelledby="procedures-list"><h2 id="procedures-list" class="card-title">${t("procedures.list")}</h2>
    <div class="field procedure-filter"><label for="procedure-filter">${t("procedures.filter")}</label>
      <input id="procedure-filter" type="search" autocomplete="off" value=${typed} onInput=${(event) => setTyped(event.target.value)} /></div>
    ${
      shown.length
        ? html`<div class="scroll procedure-list" tabindex="0" role="group" aria-labelledby="procedures-list"><table class="stats" data-by="procedures">
      <thead><tr>${["code", "name", "words", "service", "online"].map((column) => html`<th key=${column} scope="col">${columnName(column)}</th>`)}</tr></thead>
      <tbody>${shown.map(
        (each) => html`<tr key=${each.code}><td><code>${each.code}</code></td>
        <td>${own(each.names)}${each.to_check && html` <span class="tag">${t("procedures.column_to_check")}</span>`}</td>
        <td>${each.words.join(", ")}</td><td>${leads.get(each.service) ?? each.service}</td>
        <td>${t(`procedures.online_${each.online}`)}</td></tr>`,
      )}</tbody></table></div>`
        : html`<p class="hint procedure-filter">${t("procedures.nothing_found")}</p>`
    }</section>`;
}

const columnName = (column) => t(`procedures.column_${column}`);

function written(value) {
  if (Array.isArray(value)) return value.join("; ") || t("procedures.empty");
  if (value === true || value === false) return t(value ? "procedures.yes" : "procedures.no");
  return value || t("procedures.empty");
}

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  const all = new Uint8Array(bytes);
  let letters = "";
  for (let at = 0; at < all.length; at += BASE64_PART)
    letters += String.fromCharCode(...all.subarray(at, at + BASE64_PART));
  return btoa(letters);
}
