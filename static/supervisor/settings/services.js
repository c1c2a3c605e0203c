/** The services: in the order of the kiosk at the left, one of them as a form, and how the kiosk shows it. */

import { html, useRef, useState } from "/static/vendor/preact.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { ServiceForm } from "./service-form.js";
import { useLeave } from "/static/supervisor/parts/unsaved.js";
import { SavedNote, WithSettings, useSave } from "./settings.js";

const NEW = "";
const FIRST_PAGE = 6; // tiles on the kiosk's first page

export function Services({ acts }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${List} settings=${settings} read=${read} acts=${acts} />`} />`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function List({ settings, read, acts }) {
  const { services, counters, hall } = settings;
  const saver = useSave(read);
  const [chosen, setChosen] = useState(services[0].code);
  const dragged = useRef(null);
  const open = services.filter((service) => service.active);
  const retired = services.filter((service) => !service.active);
  const place = open.findIndex((service) => service.code === chosen);
  const { leave, question } = useLeave();
  const choose = (code) =>
    leave(() => {
      saver.forget();
      setChosen(code);
    });

  function move(code, to) {
    const codes = open.map((service) => service.code).filter((each) => each !== code);
    codes.splice(to, 0, code);
    saver.save("/settings/services/order", { codes }, t("settings.order_saved"));
  }
  const at = (code) => counters.filter((counter) => counter.services.includes(code)).map((counter) => counter.number);

  const row = (service) => html`<li key=${service.code} class="pick-row" draggable=${acts && service.active}
    onDragStart=${() => {
      dragged.current = service.code;
    }}
    onDragOver=${(event) => event.preventDefault()}
    onDrop=${(event) => {
      event.preventDefault();
      const to = open.findIndex((each) => each.code === service.code);
      if (dragged.current && dragged.current !== service.code && to >= 0) move(dragged.current, to);
      dragged.current = null;
    }}>
    <button type="button" class="pick ${service.active ? "" : "is-off"}" data-service=${service.code}
      aria-current=${service.code === chosen ? "true" : null} onClick=${() => choose(service.code)}>
      ${acts && service.active && html`<span class="grip" aria-hidden="true"></span>`}
      <span class="service-icon" data-family=${service.family}><${Glyph} name=${service.icon} /></span>
      <span class="pick-what"><strong>${own(service.names)}</strong>
        <span>${service.active ? t("settings.at_counters", { counters: at(service.code).join(", ") }) : t("settings.retired")}</span></span>
      <b class="pick-letter">${service.prefix}</b>
    </button></li>`;

  const form = services.find((service) => service.code === chosen);
  return html`${question}<div class="page-bar"><p>${t("settings.services_about")}</p>
      <a class="button" href="#procedures"><${Glyph} name="search" />${t("supervisor.procedures_title")}</a>
      ${acts && html`<button type="button" class="button" onClick=${() => choose(NEW)}><${Glyph} name="plus" />${t("settings.add_service")}</button>`}</div>
    <div class="settings-three">
    <section class="card" aria-labelledby="services-list">
      <h2 id="services-list" class="card-title">${t("settings.services_in_use", { n: open.length })}</h2>
      <ul class="picks">${open.map(row)}</ul>
      ${
        acts &&
        form &&
        place >= 0 &&
        html`<div class="pick-move">
        <button type="button" class="button" disabled=${saver.busy || place === 0} onClick=${() => move(chosen, place - 1)}>
          <span class="turned"><${Glyph} name="chevron-down" /></span>${t("settings.up")}<span class="visually-hidden"> ${own(form.names)}</span></button>
        <button type="button" class="button" disabled=${saver.busy || place === open.length - 1} onClick=${() => move(chosen, place + 1)}>
          <${Glyph} name="chevron-down" />${t("settings.down")}<span class="visually-hidden"> ${own(form.names)}</span></button></div>`
      }
      <p class="hint picks-hint">${t("settings.order_hint", { n: FIRST_PAGE })}</p>
      ${retired.length > 0 && html`<h2 class="card-title">${t("settings.services_retired", { n: retired.length })}</h2><ul class="picks">${retired.map(row)}</ul>`}
    </section>
    <${ServiceForm} key=${chosen} service=${form} settings=${settings} saver=${saver} acts=${acts}
      advice=${hall.advice_service === chosen} added=${setChosen}
      note=${(fields) => html`<${SavedNote} saver=${saver} fields=${fields} />`} />
  </div>`;
}
