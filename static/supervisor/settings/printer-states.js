/** How the printers are now, with the key that prints a test page and what came of it. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";

const NARROW_DOTS = 384;
const STATES = { ready: "check", reached: "check", printing: "printer", asked: "refresh", unknown: "alert-circle" };
const ROLES = ["printer_main", "printer_spare"];

/**
 * `show(found)` takes a newer state of all.
 * @param {Props<{found: Api.PrintersView}>} props
 */
export function PrinterStates({ found, acts, show }) {
  const { printers } = found;
  return html`<section class="card form printer-states" aria-labelledby="printer-states"><h2 id="printer-states" class="card-title">${t("settings.printers_now")}</h2>
    ${printers.length === 0 && html`<p class="empty">${t("settings.printers_none")}</p>`}
    <ul class="rows">${printers.map(
      (printer) => html`<${PrinterState} key=${printer.name} printer=${printer} acts=${acts} show=${show}
      role=${ROLES[Number(printer.name) - 1] ?? ROLES[1]} />`,
    )}</ul></section>`;
}

// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
function PrinterState({ printer, role, acts, show }) {
  const { busy, refusal, act } = useAct();
  const { name, state, width, test } = printer;
  const running = busy || test?.state === "running";
  const fine = state in STATES;
  async function print() {
    const found = await act(`/settings/printers/${name}/test`);
    if (found) show(found);
  }
  return html`<li class="printer-state" data-printer=${name} data-state=${state}>
    <h3>${t("settings.printer_named", { name })} <small>${t(`settings.${role}`)}</small></h3>
    <p class="printer-place"><code>${printer.address.replace(/^\w+:\/\/|\?.*$/g, "")}</code>${width && html`<small>${t("settings.printer_paper", { mm: width > NARROW_DOTS ? 80 : 58 })}</small>`}</p>
    <p class=${fine ? "said" : "refusal"} role="status"><${Glyph} name=${STATES[state] ?? "alert-triangle"} />${t(`settings.printer_state_${state}`)}</p>
    ${acts && width && html`<button type="button" class="button" disabled=${running} onClick=${print}><${Glyph} name="printer" />${t("settings.printer_test")}</button>`}
    <div class="printer-test" role="status">${refusal && html`<p class="refusal"><${Glyph} name="alert-octagon" />${refusal}</p>`}
      ${running && html`<p>${t("settings.printer_test_running")}</p>`}
      ${!running && test && html`<${Result} test=${test} />`}</div>
  </li>`;
}

function Result({ test }) {
  if (test.state === "busy")
    return html`<p class="refusal"><${Glyph} name="alert-triangle" />${t("settings.printer_test_busy")}</p>`;
  const findings = test.findings.filter(({ code }) => code !== "profile");
  return html`<h4>${t(test.printed ? "settings.printer_test_done" : "settings.printer_test_failed")}</h4>
    <ul>${findings.map(({ code, params }) => html`<li key=${code}>${t(`paper.doctor_${code}`, params)}</li>`)}</ul>`;
}
