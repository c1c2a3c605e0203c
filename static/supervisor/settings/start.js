/**
 * The first set-up, in ten minutes: name, services, counters, hours, printer, people, devices. Going on saves what is typed,
 * and a step has its tick once somebody went on from it with everything saved.
 */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { saveStep, saveTyped } from "/static/supervisor/parts/unsaved.js";
import { Counters } from "./counters.js";
import { Devices } from "/static/supervisor/devices/devices.js";
import { Glyph } from "/static/lib/glyph.js";
import { HallPage } from "./hall.js";
import { HoursPage } from "./hours.js";
import { PrintersPage } from "./printers-page.js";
import { Services } from "./services.js";
import { Users } from "/static/supervisor/people/users.js";

/** @type {[name: string, show: (props: object) => object][]} */
const STEPS = [
  ["name", (props) => html`<${HallPage} ...${props} only />`],
  ["services", (props) => html`<${Services} ...${props} />`],
  ["counters", (props) => html`<${Counters} ...${props} />`],
  ["hours", (props) => html`<${HoursPage} ...${props} only />`],
  ["printer", (props) => html`<${PrintersPage} ...${props} />`],
  ["people", (props) => html`<${Users} ...${props} />`],
  ["devices", (props) => html`<${Devices} ...${props} />`],
];
const PUT_OFF = "supervisor.start_put_off";
const DONE = "supervisor.start_done";

/** The steps that were gone on from, on this machine. */
function useDone() {
  const [done, setDone] = useState(() => (localStorage.getItem(DONE) ?? "").split(" "));
  const mark = (name) => {
    const all = [...new Set([...done, name])];
    localStorage.setItem(DONE, all.join(" "));
    setDone(all);
  };
  return { isDone: (name) => done.includes(name), mark };
}

export function Start(props) {
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const { isDone, mark } = useDone();
  const heading = useRef(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) heading.current.focus();
    first.current = false;
  }, [at]);
  const [name, show] = STEPS[at];
  const last = at === STEPS.length - 1;

  /** Save, and only then go: what was refused keeps the step, with its reason beside the field. */
  async function after(save, go) {
    setBusy(true);
    const saved = await save();
    setBusy(false);
    if (saved) go();
  }
  const to = (step) => after(saveTyped, () => setAt(step));
  const next = () =>
    after(saveStep, () => {
      mark(name);
      if (last) location.hash = "#live";
      else setAt(at + 1);
    });

  return html`<ol class="steps" aria-label=${t("settings.steps")}>${STEPS.map(
    (
      [each],
      n,
    ) => html`<li key=${each}><button type="button" class="step ${isDone(each) ? "is-done" : ""}" aria-current=${n === at ? "step" : null}
      disabled=${busy} onClick=${() => to(n)}><b>${isDone(each) ? html`<${Glyph} name="check" />` : n + 1}</b><span>${t(`settings.step_${each}`)}</span>${isDone(each) && html`<span class="visually-hidden">${t("settings.step_done")}</span>`}</button></li>`,
  )}</ol>
  <div class="step-head"><div><h2 tabindex="-1" ref=${heading}>${t("settings.step_of", { n: at + 1, of: STEPS.length, name: t(`settings.step_${name}`) })}</h2>
    <p>${t(`settings.step_${name}_means`)}</p></div>
    <div class="row-keys">
      ${at > 0 && html`<button type="button" class="button" disabled=${busy} onClick=${() => to(at - 1)}><${Glyph} name="arrow-left" />${t("settings.step_back")}</button>`}
      <button type="button" class="button button--main" disabled=${busy} onClick=${next}>${
        last
          ? html`<${Glyph} name="check" />${t("settings.step_finish")}`
          : html`${t("settings.step_next")}<${Glyph} name="arrow-right" />`
      }</button>
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
