/** What somebody came for, found by their own words: where it leads, what to bring, and one touch for the number. */

import { atHome, isWorthTelling } from "/static/lib/procedures.js";
import { clock, own, t } from "/static/lib/text.js";
import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

const ANSWERS = 4;

/**
 * @param {{procedures: import("/static/lib/procedures.js").Procedures, services: Api.ServiceView[], off: boolean,
 *   busy: ?string, take: (code: string) => void}} props
 */
export function Find({ procedures, services, off, busy, take }) {
  const [typed, setTyped] = useState("");
  const of = new Map(services.map((service) => [service.code, service]));
  const answers = typed.trim() ? procedures.find(typed, ANSWERS) : [];
  return html`<div class="find">
    <label><span class="find-label">${t("greeter.find")}</span><span class="find-box"><${Glyph} name="search" />
      <input type="search" autocomplete="off" autocapitalize="off" spellcheck=${false} value=${typed}
        onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} /></span></label>
    ${typed.trim().length > 1 && !answers.length && html`<p role="status">${t("greeter.find_nothing")}</p>`}
    <ul class="find-answers">${answers.map((answer) => {
      const service = of.get(answer.service);
      return (
        service &&
        html`<${Answer} key=${answer.code} answer=${answer} service=${service} off=${off} busy=${busy !== null} take=${() => {
          setTyped("");
          take(service.code);
        }} />`
      );
    })}</ul></div>`;
}

/** @param {{answer: Api.ProcedureView, service: Api.ServiceView, off: boolean, busy: boolean, take: () => void}} props */
function Answer({ answer, service, off, busy, take }) {
  const { names, checklist, fee, time, link } = answer;
  const { open, opens_at } = service;
  const facts = [fee, time].filter(Boolean).join(" · ");
  return html`<li class="find-answer">
    <button type="button" class="find-take" disabled=${off || busy || !open} onClick=${take}>
      <span class="service-icon" data-family=${service.family}><${Glyph} name=${service.icon} /></span>
      <span><strong>${own(names)}</strong><span class="find-service">${own(service.names)}${
        !open && ` · ${opens_at ? t("greeter.from", { time: clock(opens_at) }) : t("greeter.closed")}`
      }</span></span><${Glyph} name="ticket" /></button>
    ${atHome(answer) && html`<p><a href=${link} target="_blank" rel="noreferrer"><${Glyph} name="home" />${t("kiosk.home_title")}</a></p>`}
    ${
      isWorthTelling(answer) &&
      (checklist.length > 0 || facts) &&
      html`<details><summary>${t("kiosk.papers")}</summary>
      <ul>${checklist.map((paper) => html`<li key=${paper}>${paper}</li>`)}</ul>${facts && html`<p>${facts}</p>`}</details>`
    }</li>`;
}
