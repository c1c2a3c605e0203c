/** The printers: where tickets come out, the main one and its spare, how they are, and a test page. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { PrinterStates } from "./printer-states.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { Field, SaveBar, TextField, WithSettings, submits, useSave } from "./settings.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const AGAIN_MS = 2000;
const SLOTS = ["printer_main", "printer_spare"];
const NEW = { kind: "", address: "", profile: "printer-80", port: "9100", baud: "19200" };
// What a machine usually has there, so that nobody needs to know it.
const USUAL = { file: "/dev/usb/lp0", serial: "/dev/ttyUSB0" };

export function PrintersPage({ acts }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${Printers} settings=${settings} read=${read} acts=${acts} />`} />`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function Printers({ settings, read, acts }) {
  const {
    answer: found,
    refusal,
    setAnswer,
  } = useAnswer("/settings/printers", { again_ms: AGAIN_MS, about: settings });
  if (!found) return html`<${NoAnswer} refusal=${refusal} />`;
  return html`<div class="page-bar"><p>${t("settings.printers_about")}</p></div>
    ${refusal && html`<${Refused} words=${refusal} />`}
    <div class="settings-two">
      ${
        found.source === "hall"
          ? html`<${PrintersForm} settings=${settings} read=${read} acts=${acts} choices=${found} />`
          : html`<section class="card form"><h2 class="card-title">${t(`settings.printers_by_${found.source}`)}</h2>
          <p>${t(`settings.printers_by_${found.source}_means`)}</p></section>`
      }
      <${PrinterStates} found=${found} acts=${acts} show=${setAnswer} />
    </div>`;
}

function drafted({ hall }) {
  return SLOTS.map((_, n) => {
    const printer = hall.printers[n];
    return printer ? { ...printer, port: String(printer.port), baud: String(printer.baud) } : NEW;
  });
}

/** What is no number is sent as one that is refused with its reason. */
const whole = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : -1);

function sent(draft) {
  return draft.filter(({ kind }) => kind).map((each) => ({ ...each, port: whole(each.port), baud: whole(each.baud) }));
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function PrintersForm({ settings, read, acts, choices }) {
  const saver = useSave(read);
  const [draft, setDraft] = useState(() => drafted(settings));
  const [typed, setTyped] = useState(false);
  const put = (n, fields) => {
    setTyped(true);
    setDraft(draft.map((each, at) => (at === n ? { ...each, ...fields } : each)));
    saver.forget();
  };
  const again = () => {
    setTyped(false);
    setDraft(drafted(settings));
  };
  useEffect(again, [settings]);
  const send = () => saver.save("/settings/printers", { printers: sent(draft) });
  useUnsaved(typed ? send : null);
  return html`<form class="card form settings-form" onSubmit=${submits(send)} aria-label=${t("supervisor.printers_title")} noValidate>
    <fieldset class="plain" disabled=${!acts}>${SLOTS.map(
      (slot, n) => html`<fieldset class="plain printer" key=${slot}>
      <legend class="form-part">${t(`settings.${slot}`)}</legend>
      <${Printer} printer=${draft[n]} at=${draft.slice(0, n).filter(({ kind }) => kind).length} slot=${slot}
        saver=${saver} choices=${choices} put=${(fields) => put(n, fields)} /></fieldset>`,
    )}</fieldset>
    <${SaveBar} saver=${saver} fields=${saver.field ? [saver.field.replace(/^hall\./, "")].filter((name) => /\.\d\./.test(name)) : []} acts=${acts} discard=${() => {
      saver.forget();
      again();
    }} />
  </form>`;
}

/** What is plugged into the server and may be this printer: one press instead of its numbers. */
function Attached({ all, chosen, choose }) {
  return (
    all.length > 0 &&
    html`<div class="attached" role="group" aria-label=${t("settings.printer_attached")}><span>${t("settings.printer_attached")}</span>
    ${all.map(
      ({
        address,
        label,
      }) => html`<button type="button" class="button" key=${address} aria-pressed=${String(address === chosen)}
      onClick=${() => choose(address)}>${label && html`${label} `}<code>${address}</code></button>`,
    )}</div>`
  );
}

/** One printer. `at` is its place among those that are sent, under which a refusal names it. */
function Printer({ printer, at, slot, saver, choices, put }) {
  const { kind } = printer;
  // One that was set on another machine stays to be seen.
  const kinds = choices.kinds.includes(kind) || !kind ? choices.kinds : [...choices.kinds, kind];
  const name = (field) => (kind ? `printers.${at}.${field}` : `${slot}.${field}`);
  const choose = (field, label, all, extra = {}) =>
    html`<${Field} label=${label} name=${name(field)} saver=${saver} ...${extra}>${(about) => html`
    <select ...${about} value=${printer[field]} onChange=${(event) =>
      put(
        field === "kind"
          ? { kind: event.target.value, address: USUAL[event.target.value] ?? "" }
          : { [field]: event.target.value },
      )}>
      ${all.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select>`}<//>`;
  const text = (
    field,
    label,
    extra = {},
  ) => html`<${TextField} label=${label} name=${name(field)} saver=${saver} value=${printer[field]}
    change=${(value) => put({ [field]: value })} ...${extra} />`;
  return html`${choose("kind", t("settings.printer_kind"), [["", t("settings.printer_kind_none")], ...kinds.map((each) => [each, t(`settings.printer_kind_${each}`)])])}
    ${
      kind &&
      html`<${Attached} all=${choices.attached.filter((each) => each.kind === kind)} chosen=${printer.address} choose=${(address) => put({ address })} />
      <div class="two">${text("address", t(`settings.printer_address_${kind}`), { hint: t(`settings.printer_hint_${kind}`) })}
      ${kind === "network" && text("port", t("settings.printer_port"), { numeric: true, hint: t("settings.printer_port_hint") })}
      ${
        kind === "serial" &&
        choose(
          "baud",
          t("settings.printer_baud"),
          choices.bauds.map((each) => [String(each), String(each)]),
        )
      }</div>
      ${choose(
        "profile",
        t("settings.printer_profile"),
        choices.profiles.map((each) => [each.name, each.label]),
        { hint: t("settings.printer_profile_hint") },
      )}`
    }`;
}
