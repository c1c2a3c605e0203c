/** The order of calling: how much earlier priority counts, and how often anybody may be passed. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { CLASSES, GROUPS, LANGUAGES } from "/static/lib/choices.js";
import { post } from "/static/lib/api.js";
import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { Rehearsal } from "./rehearsal.js";
import {
  Boxes,
  Icons,
  SaveBar,
  Switch,
  TextField,
  WithSettings,
  minutes,
  seconds,
  submits,
  useDraft,
  useSave,
} from "./settings.js";

const NAMES = CLASSES.flatMap((code) => Object.keys(LANGUAGES).map((language) => `classes.${code}.names.${language}`));
const FIELDS = ["head_starts_s.priority", "head_starts_s.urgent", "cap", "groups", "elder_age", ...NAMES];
const TYPED_MS = 300;
const KINDS = { head_start: ["20", "60"], first_come: ["0", "0"], strict: ["480", "480"] };

export function Priority({ acts }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${PolicyForm} settings=${settings} read=${read} acts=${acts} />`} />`;
}

function drafted({ policy }) {
  const { priority, urgent } = policy.head_starts_s;
  return {
    priority: minutes(priority),
    urgent: minutes(urgent),
    cap: String(policy.cap),
    question: policy.question,
    by_hand: policy.by_hand,
    groups: policy.groups,
    age: String(policy.elder_age),
    classes: policy.classes,
  };
}

function kindOf({ priority, urgent }) {
  if (Number(priority) === 0 && Number(urgent) === 0) return "first_come";
  return Number(priority) >= Number(KINDS.strict[0]) ? "strict" : "head_start";
}

/** 08:30 less so many minutes. */
function counted(early) {
  const at = Math.max(0, 8 * 60 + 30 - (Number(early) || 0));
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

/** The sentence that the policy in the form would give, by language; the last sound one while something is wrong. */
function useRule(policy, saved, acts) {
  const [rule, setRule] = useState(saved);
  useEffect(() => {
    if (!acts) return undefined;
    const timer = setTimeout(async () => {
      try {
        setRule((await post("/settings/policy/plan", policy)).rule);
      } catch (refusal) {
        console.info("no rule yet", refusal); // saving tells the reason beside its field
      }
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [JSON.stringify(policy)]);
  return rule;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function PolicyForm({ settings, read, acts }) {
  const saver = useSave(read);
  const { draft, typed, put, discard, save } = useDraft(() => drafted(settings), saver);
  const kind = kindOf(draft);
  const called = (code) => nameOfClass(draft.classes, code);

  const policy = () => ({
    head_starts_s: { ordinary: 0, priority: seconds(draft.priority), urgent: seconds(draft.urgent) },
    cap: Number(draft.cap) || 0,
    question: draft.question,
    by_hand: draft.by_hand,
    groups: GROUPS.filter((group) => draft.groups.includes(group)),
    elder_age: Number(draft.age) || 0,
    classes: Object.fromEntries(CLASSES.map((code) => [code, draft.classes[code]])),
  });
  const rules = useRule(policy(), settings.rule, acts);
  const send = () => save("/settings/policy", policy());
  useUnsaved(typed ? send : null);

  return html`<div class="page-bar"><p>${t("settings.priority_about")}</p></div>
  <div class="settings-two">
    <form class="card form settings-form" onSubmit=${submits(send)} aria-label=${t("supervisor.priority_title")} noValidate>
      <fieldset class="plain" disabled=${!acts}>
      <fieldset class="choices three-choices"><legend>${t("settings.kind")}</legend>
        ${Object.entries(KINDS).map(
          ([name, [priority, urgent]]) => html`<label class="choice" key=${name}>
          <input type="radio" name="kind" value=${name} checked=${kind === name} onChange=${() => put({ priority, urgent })} />
          <span><strong>${t(`settings.kind_${name}`)}</strong><small>${t(`settings.kind_${name}_means`)}</small></span></label>`,
        )}</fieldset>
      <div class="three">
        <${TextField} label=${t("settings.head_start_of", { name: called("priority") })} name="head_starts_s.priority" saver=${saver} numeric value=${draft.priority} change=${(priority) => put({ priority })} />
        <${TextField} label=${t("settings.head_start_too", { name: called("urgent") })} name="head_starts_s.urgent" saver=${saver} numeric value=${draft.urgent} change=${(urgent) => put({ urgent })} />
        <${TextField} label=${t("settings.cap")} name="cap" saver=${saver} numeric value=${draft.cap} change=${(cap) => put({ cap })} />
      </div>
      <${Switch} label=${t("settings.question")} hint=${t("settings.question_hint")} on=${draft.question} change=${(question) => put({ question })} />
      ${
        draft.question &&
        html`<div class="two"><${Boxes} label=${t("settings.groups")} name="groups" saver=${saver} marked=${draft.groups}
        all=${GROUPS.map((group) => [group, t(`settings.group_${group}`)])} change=${(groups) => put({ groups })} />
        ${draft.groups.includes("elder") && html`<${TextField} label=${t("settings.elder_age")} name="elder_age" saver=${saver} numeric value=${draft.age} change=${(age) => put({ age })} />`}</div>`
      }
      <${Switch} label=${t("settings.by_hand")} hint=${t("settings.by_hand_hint")} on=${draft.by_hand} change=${(by_hand) => put({ by_hand })} />
      <${Classes} classes=${draft.classes} languages=${settings.hall.languages} icons=${settings.choices.class_icons} saver=${saver} change=${(classes) => put({ classes })} />
      </fieldset>
      <${SaveBar} saver=${saver} fields=${FIELDS} acts=${acts} discard=${discard} />
    </form>
    <div class="previews"><section class="card preview" aria-label=${t("settings.example")}><h2>${t("settings.example")}</h2>
      <dl class="example">
        ${CLASSES.map(
          (code) =>
            html`<div key=${code}><dt>${
              code === "ordinary"
                ? called(code)
                : html`<span class="tag tag--priority"><${Glyph} name=${iconOfClass(draft.classes, code)} />${called(code)}</span>`
            }</dt><dd>${t("settings.counts_as", { taken: "08:30", counted: counted(draft[code]) })}</dd></div>`,
        )}
      </dl>
      <h2>${t("settings.rule_told")}</h2>
      ${Object.entries(rules).map(([language, rule]) => html`<p key=${language} lang=${language} class="rule-told">${rule.name}: ${rule.sentence}.</p>`)}
      <p class="hint">${t("settings.policy_from_now")}</p></section></div>
  </div>
  <${Rehearsal} policy=${policy} classes=${settings.policy.classes} acts=${acts} />`;
}

/** What staff call each class, and its pictogram. */
function Classes({ classes, languages, icons, saver, change }) {
  return html`<fieldset class="plain classes"><legend>${t("settings.classes")}</legend>
    <p class="hint">${t("settings.classes_hint")}</p>
    ${CLASSES.map((code) => {
      const one = classes[code];
      const put = (fields) => change({ ...classes, [code]: { ...one, ...fields } });
      return html`<fieldset class="plain class" key=${code}><legend><${Glyph} name=${one.icon} />${t(`settings.class_${code}`)}</legend>
        <div class="two">${languages.map(
          (
            language,
          ) => html`<${TextField} key=${language} label=${t("settings.name_in", { language: LANGUAGES[language].name })}
          name="classes.${code}.names.${language}" saver=${saver} value=${one.names[language] ?? ""}
          change=${(text) => put({ names: { ...one.names, [language]: text } })} />`,
        )}</div>
        <${Icons} label=${t("settings.class_icon")} group="icon-${code}" all=${icons} chosen=${one.icon} change=${(icon) => put({ icon })} />
      </fieldset>`;
    })}</fieldset>`;
}
