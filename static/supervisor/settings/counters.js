/** The counters and what they serve. */

import { html, useState } from "/static/vendor/preact.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { useLeave, useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { Boxes, SaveBar, Switch, TextField, WithSettings, submits, useDraft, useSave } from "./settings.js";

const NEW = 0;
const FIELDS = ["number", "name", "services", "accessible"];

export function Counters({ acts }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${List} settings=${settings} read=${read} acts=${acts} />`} />`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function List({ settings, read, acts }) {
  const { counters, open_counters } = settings;
  const saver = useSave(read);
  const [chosen, setChosen] = useState(counters[0].number);
  const { leave, question } = useLeave();
  const choose = (number) =>
    leave(() => {
      saver.forget();
      setChosen(number);
    });
  const counter = counters.find((each) => each.number === chosen);
  const names = (codes) =>
    settings.services
      .filter((each) => each.active && codes.includes(each.code))
      .map((each) => own(each.names))
      .join(", ");
  return html`${question}<div class="page-bar"><p>${t("settings.counters_about")}</p>
      <a class="button" href="#rooms"><${Glyph} name="layout-grid" />${t("supervisor.rooms_title")}</a>
      ${acts && html`<button type="button" class="button" onClick=${() => choose(NEW)}><${Glyph} name="plus" />${t("settings.add_counter")}</button>`}</div>
    <div class="settings-three">
    <section class="card" aria-labelledby="counters-list">
      <h2 id="counters-list" class="card-title">${t("settings.counters_count", { n: counters.length })}</h2>
      <ul class="picks">${counters.map(
        (each) => html`<li key=${each.number}><button type="button" class="pick" data-counter=${each.number}
        aria-current=${each.number === chosen ? "true" : null} onClick=${() => choose(each.number)}>
        <span class="plate ${open_counters.includes(each.number) ? "" : "plate--paused"}">${each.number}</span>
        <span class="pick-what"><strong>${each.name}${each.accessible && html` <${Glyph} name="disabled" />`}</strong><span>${names(each.services)}</span></span></button></li>`,
      )}</ul>
    </section>
    <${CounterForm} key=${chosen} counter=${counter} settings=${settings} saver=${saver} acts=${acts} choose=${setChosen} names=${names} />
  </div>`;
}

function drafted(counter, { counters }) {
  if (counter) return { ...counter, number: String(counter.number) };
  const number = String(Math.max(...counters.map((each) => each.number)) + 1);
  return { number, name: t("settings.counter_name", { number }), services: [], accessible: false };
}

/** @param {Props<{counter: ?Api.Counter, settings: Api.SettingsView}>} props */
function CounterForm({ counter, settings, saver, acts, choose, names }) {
  const { draft, typed, put, discard, save } = useDraft(() => drafted(counter, settings), saver);
  const set = (field) => (value) => put({ [field]: value });
  const { services, open_counters } = settings;
  const open = counter && open_counters.includes(counter.number);
  // A retired service stays where it is until its last visitor was served.
  const all = services
    .filter((each) => each.active || draft.services.includes(each.code))
    .map((each) => [each.code, own(each.names)]);

  async function send() {
    const body = { name: draft.name, services: draft.services, accessible: draft.accessible };
    if (counter) return save(`/settings/counters/${counter.number}`, body);
    const number = Number(draft.number) || 0;
    const done = await save(
      "/settings/counters",
      { ...body, number },
      t("settings.counter_added", { name: draft.name }),
    );
    if (done?.settings) choose(number);
    return done;
  }
  useUnsaved(typed ? send : null);
  async function remove() {
    if (!counter) return;
    const said = t("settings.counter_removed", { name: counter.name });
    const done = await saver.save(`/settings/counters/${counter.number}/remove`, {}, said);
    if (done?.settings) choose(done.settings.counters[0].number);
  }

  return html`<form class="card form settings-form" onSubmit=${submits(send)} aria-label=${draft.name} noValidate>
    <div class="form-head"><span class="plate">${draft.number}</span><h2>${draft.name}</h2>
      ${open && html`<span class="tag tag--done">${t("settings.counter_open")}</span>`}</div>
    <fieldset class="plain" disabled=${!acts}>
    <div class="two">
      <${TextField} label=${t("settings.counter_number")} name="number" saver=${saver} numeric value=${draft.number} change=${set("number")}
        disabled=${Boolean(counter)} hint=${counter ? t("settings.number_stays") : null} />
      <${TextField} label=${t("settings.name")} name="name" saver=${saver} value=${draft.name} change=${set("name")} />
    </div>
    <${Boxes} label=${t("settings.services_served")} name="services" saver=${saver} marked=${draft.services} all=${all} change=${set("services")} />
    <${Switch} label=${t("settings.counter_accessible")} hint=${t("settings.counter_accessible_hint")} on=${draft.accessible}
      change=${set("accessible")} disabled=${!acts} />
    </fieldset>
    <${SaveBar} saver=${saver} fields=${FIELDS} acts=${acts} discard=${discard}>
      ${counter && html`<button type="button" class="button button--danger" disabled=${saver.busy} onClick=${remove}><${Glyph} name="trash" />${t("settings.remove_counter")}</button>`}<//>
  </form>
  <div class="previews"><section class="card preview" aria-label=${t("settings.above_desk")}><h2>${t("settings.above_desk")}</h2>
    <p class="counter-preview"><span class="plate">${draft.number}</span>${draft.accessible && html`<${Glyph} name="disabled" />`}</p>
    <p>${names(draft.services) || t("settings.serves_nothing")}</p>
    <p class="hint">${t("settings.counter_order")}</p></section></div>`;
}
