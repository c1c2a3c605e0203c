/** Who speaks, and that they agree: before anything is recorded. */

import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { t } from "/static/lib/text.js";
import { TextField, submits } from "/static/supervisor/settings/settings.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const LICENCE = "CC BY 4.0";

export function AboutCard({ pack, view, setAnswer }) {
  const acting = useAct();
  const [done, setDone] = useState(false);
  const [draft, setDraft] = useState({
    speaker: view.speaker,
    dialect: view.dialect,
    licence: view.licence || LICENCE,
    checked_by: view.checked_by,
    consent: Boolean(view.consent),
  });
  const put = (fields) => {
    setDraft({ ...draft, ...fields });
    setDone(false);
  };
  const field = (name, hint) =>
    html`<${TextField} label=${t(`studio.${name}`)} name=${name} saver=${acting} value=${draft[name]} hint=${hint} change=${(value) => put({ [name]: value })} />`;

  async function save() {
    const next = await /** @type {any} */ (acting.act)(`/voices/${pack}/about`, draft);
    if (!next) return;
    setAnswer(next);
    setDone(true);
  }

  return html`<section class="card form" aria-labelledby="studio-about"><h2 id="studio-about" class="card-title">${t("studio.who")}</h2>
    <form class="settings-form" onSubmit=${submits(save)}>
      <div class="two">${field("speaker", t("studio.speaker_hint"))}${field("dialect", t("studio.dialect_hint"))}</div>
      <label class="box"><input type="checkbox" checked=${draft.consent} onChange=${(event) => put({ consent: event.target.checked })} />
        <span>${t("studio.consent")}</span></label>
      <div class="two">${field("licence", t("studio.licence_hint"))}${field("checked_by", t("studio.checked_by_hint"))}</div>
      <${Refused} words=${acting.refusal} />
      <p class="said" role="status">${done && html`<${Glyph} name="check" />${t("settings.saved")}`}</p>
      <button type="submit" class="button button--main" disabled=${acting.busy}><${Glyph} name="check" />${t("settings.save")}</button>
    </form></section>`;
}
