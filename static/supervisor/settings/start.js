/** The first set-up, in ten minutes: name, services, counters, people, machines. Each step is saved by itself. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { Counters } from "./counters.js";
import { Devices } from "/static/supervisor/devices/devices.js";
import { Glyph } from "/static/lib/glyph.js";
import { HallPage } from "./hall.js";
import { Services } from "./services.js";
import { Users } from "/static/supervisor/people/users.js";

/** @type {[name: string, show: (props: object) => object][]} */
const STEPS = [
  ["name", (props) => html`<${HallPage} ...${props} only />`],
  ["services", (props) => html`<${Services} ...${props} />`],
  ["counters", (props) => html`<${Counters} ...${props} />`],
  ["people", (props) => html`<${Users} ...${props} />`],
  ["devices", (props) => html`<${Devices} ...${props} />`],
];
const PUT_OFF = "supervisor.start_put_off";

export function Start(props) {
  const [at, setAt] = useState(0);
  const heading = useRef(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) heading.current.focus();
    first.current = false;
  }, [at]);
  const [name, show] = STEPS[at];
  const last = at === STEPS.length - 1;
  return html`<ol class="steps" aria-label=${t("settings.steps")}>${STEPS.map(
    (
      [each],
      n,
    ) => html`<li key=${each}><button type="button" class="step ${n < at ? "is-done" : ""}" aria-current=${n === at ? "step" : null}
      onClick=${() => setAt(n)}><b>${n < at ? html`<${Glyph} name="check" />` : n + 1}</b><span>${t(`settings.step_${each}`)}</span></button></li>`,
  )}</ol>
  <div class="step-head"><div><h2 tabindex="-1" ref=${heading}>${t("settings.step_of", { n: at + 1, of: STEPS.length, name: t(`settings.step_${name}`) })}</h2>
    <p>${t(`settings.step_${name}_means`)}</p></div>
    <div class="row-keys">
      ${at > 0 && html`<button type="button" class="button" onClick=${() => setAt(at - 1)}><${Glyph} name="arrow-left" />${t("settings.step_back")}</button>`}
      ${
        last
          ? html`<a class="button button--main" href="#live"><${Glyph} name="check" />${t("settings.step_finish")}</a>`
          : html`<button type="button" class="button button--main" onClick=${() => setAt(at + 1)}>${t("settings.step_next")}<${Glyph} name="arrow-right" /></button>`
      }
    </div></div>
  ${show(props)}`;
}

/** What the live page offers until something was set up, or it was put off on this machine; else null. */
export function useStartOffer(acts) {
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    if (!acts || localStorage.getItem(PUT_OFF)) return;
    get("/settings").then(
      ({ last_change }) => setOffered(last_change === null),
      () => {},
    );
  }, []);
  if (!offered) return null;
  return html`<section key="start" class="notice start-offer" aria-label=${t("supervisor.start_title")}><${Glyph} name="info-circle" />
    <div><strong>${t("settings.offer")}</strong><p>${t("settings.offer_means")}</p></div>
    <a class="button button--main" href="#start">${t("settings.offer_yes")}<${Glyph} name="arrow-right" /></a>
    <button type="button" class="button" onClick=${() => {
      localStorage.setItem(PUT_OFF, "1");
      setOffered(false);
    }}>${t("settings.offer_no")}</button></section>`;
}
