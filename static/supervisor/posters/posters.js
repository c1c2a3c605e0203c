/** The notice board of the walls: what is shown between calls, in which order, when, and the files it is made of. */

import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { isDue, momentAt } from "/static/lib/poster-times.js";
import { own, t } from "/static/lib/text.js";
import { useAnswer, NoAnswer } from "/static/supervisor/parts/answer.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { SaveBar, submits, useDraft, useSave } from "/static/supervisor/settings/settings.js";
import { FilesCard } from "./files-card.js";
import { PosterForm } from "./poster-form.js";

const FILM_SHOWN = "film";
const NEW = {
  files: [],
  texts: {},
  procedure: "",
  seconds: 12,
  first_day: null,
  last_day: null,
  weekdays: [],
  from_time: null,
  to_time: null,
  walls: [],
  on: true,
};

/** @param {Props<{centre: Screen.Centre}>} props */
export function PostersPage({ acts, centre }) {
  const { answer, refusal, read } = useAnswer("/posters");
  const procedures = useAnswer("/settings/procedures");
  if (!answer || !procedures.answer) return html`<${NoAnswer} refusal=${refusal ?? procedures.refusal} />`;
  const shown = procedures.answer.procedures.filter(({ link, to_check }) => link && !to_check);
  return html`<${Board} view=${answer} read=${read} acts=${acts} centre=${centre} procedures=${shown} />`;
}

function Board({ view, read, acts, centre, procedures }) {
  const saver = useSave(read);
  const { draft, typed, put, discard, save } = useDraft(() => ({ posters: view.posters }), saver);
  const [open, setOpen] = useState(/** @type {?number} */ (null));
  const { posters } = draft;
  const send = () => save("/settings/posters", { posters: posters.map(sent) });
  useUnsaved(typed ? send : null);

  const change = (at, fields) => put({ posters: posters.map((each, n) => (n === at ? { ...each, ...fields } : each)) });
  const add = (fields) => {
    put({ posters: [...posters, { ...NEW, ...fields }] });
    setOpen(posters.length);
  };
  const opened = open === null ? null : posters[open];
  const join = opened?.kind === "pictures" ? (file) => change(open, { files: [...opened.files, file.id] }) : null;
  const drop = (at) => {
    put({ posters: posters.filter((_, n) => n !== at) });
    setOpen(null);
  };
  const move = (at, by) => {
    const moved = [...posters];
    moved.splice(at + by, 0, ...moved.splice(at, 1));
    put({ posters: moved });
    if (open !== null) setOpen(open === at ? at + by : open === at + by ? at : open);
  };
  const moment = centre.view && momentAt(centre.now, centre.view.hall.timezone);
  const walls = (centre.view?.devices ?? []).filter((device) => device.active && device.kind === "display");
  const parts = { view, procedures, walls, saver, acts, last: posters.length - 1 };
  return html`<div class="page-bar"><p>${t("posters.about")}</p>
      <a class="button" href="#wall"><${Glyph} name="arrow-left" />${t("supervisor.wall_title")}</a></div>
    <div class="settings-two posters">
      <form class="card form settings-form" onSubmit=${submits(send)} aria-labelledby="posters-list" noValidate>
        <h2 id="posters-list" class="card-title">${t("posters.list")}</h2>
        ${posters.length === 0 && html`<p>${t("posters.none")}</p>`}
        <ol class="poster-rows">${posters.map(
          (poster, at) => html`<li key=${at} class="poster-row">
          <${Row} ...${parts} poster=${poster} at=${at} open=${open === at} state=${stateOf(poster, view, procedures, moment)}
            toggle=${() => setOpen(open === at ? null : at)} change=${(fields) => change(at, fields)}
            drop=${() => drop(at)} move=${(by) => move(at, by)} /></li>`,
        )}</ol>
        ${acts && html`<p class="row-keys">${["text", "procedure"].map((kind) => html`<button type="button" key=${kind} class="button" onClick=${() => add({ kind })}><${Glyph} name=${kind === "text" ? "messages" : "qrcode"} />${t(`posters.add_${kind}`)}</button>`)}</p>`}
        <p class="hint">${t("posters.add_hint")}</p>
        <${SaveBar} saver=${saver} fields=${fieldsOf(open)} acts=${acts} discard=${discard} />
      </form>
      <${FilesCard} view=${view} read=${read} acts=${acts} add=${add} join=${join} used=${posters.flatMap(({ files }) => files)} />
    </div>`;
}

/** One poster: what it is, whether it is shown now, and its form while it is open. */
function Row({ poster, at, open, state, toggle, move, drop, last, acts, ...parts }) {
  const { view } = parts;
  const title = titleOf(poster, view, parts.procedures);
  const key = (
    name,
    glyph,
    does,
    disabled,
  ) => html`<button type="button" class="button poster-key is-${name}" disabled=${disabled}
    aria-label=${t(`posters.${name}`, { title })} onClick=${does}><${Glyph} name=${glyph} /></button>`;
  return html`<div class="poster-line">
      <${Thumb} poster=${poster} view=${view} />
      <div class="poster-what"><strong>${title}</strong>
        <span class="tag is-${state}"><${Glyph} name=${GLYPHS[state]} />${t(`posters.state_${state}`)}</span></div>
      ${
        acts &&
        html`<div class="poster-keys">${key("up", "arrow-down", () => move(-1), at === 0)}${key("down", "arrow-down", () => move(1), at === last)}
        <button type="button" class="button" aria-expanded=${open} onClick=${toggle}>${t(open ? "posters.close" : "posters.change")}<span class="visually-hidden"> ${title}</span></button></div>`
      }
    </div>
    ${open && html`<${PosterForm} ...${parts} poster=${poster} at=${at} acts=${acts} drop=${drop} />`}`;
}

/** @type {Record<string, string>} */
const GLYPHS = { shown: "circle-check", later: "clock", off: "circle", broken: "alert-triangle" };

/** A small picture of what is shown. */
function Thumb({ poster, view }) {
  const file = view.files.find(({ id }) => id === poster.files[0]);
  if (file && !file.film && !file.missing) return html`<img class="poster-thumb" src="/media/${file.id}" alt="" />`;
  const glyph = { film: "device-tv", text: "messages", procedure: "qrcode" }[poster.kind] ?? "alert-triangle";
  return html`<span class="poster-thumb"><${Glyph} name=${glyph} /></span>`;
}

function titleOf({ kind, files, texts, procedure }, view, procedures) {
  if (kind === "text") return own(texts) || t("posters.kind_text");
  if (kind === "procedure")
    return (
      own(procedures.find(({ code }) => code === procedure)?.names ?? {}) || procedure || t("posters.kind_procedure")
    );
  const named = files.map((id) => view.files.find((file) => file.id === id)?.name ?? "?");
  return named.length > 1
    ? t("posters.several", { name: named[0], n: named.length - 1 })
    : (named[0] ?? t(`posters.kind_${kind}`));
}

/** Whether it is shown now, at another time, not at all, or cannot be shown. */
function stateOf(poster, view, procedures, moment) {
  if (!poster.on) return "off";
  const able = poster.files.every((id) => view.files.some((file) => file.id === id && !file.missing));
  const found = poster.kind !== "procedure" || procedures.some(({ code }) => code === poster.procedure);
  if (!able || !found) return "broken";
  return moment && !isDue(poster, moment) ? "later" : "shown";
}

/** As it is saved: what is empty has no meaning. */
function sent({ seconds, first_day, last_day, from_time, to_time, ...poster }) {
  const whole = Number(String(seconds).trim() || Number.NaN);
  return {
    ...poster,
    seconds: Number.isInteger(whole) && poster.kind !== FILM_SHOWN ? whole : poster.kind === FILM_SHOWN ? 12 : 0,
    first_day: first_day || null,
    last_day: last_day || null,
    from_time: from_time?.trim() || null,
    to_time: to_time?.trim() || null,
  };
}

const fieldsOf = (open) =>
  open === null
    ? []
    : [
        "texts.vi",
        "texts.en",
        "procedure",
        "seconds",
        "files",
        "first_day",
        "last_day",
        "weekdays",
        "from_time",
        "to_time",
      ].map((name) => `${open + 1}.${name}`);
