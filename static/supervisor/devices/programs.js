/** The programs that have a token: what each may do, until when, and the key that revokes it. */

import { html, useState } from "/static/vendor/preact.js";
import { day, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const DEVICES = ["kiosk", "display"];
const roleOf = (role) => t(DEVICES.includes(role) ? `supervisor.kind_${role}` : `supervisor.role_${role}`);
const on = (instant) => ({ date: day(new Date(instant)) });

/** @param {Props<{}>} props */
export function Programs({ acts }) {
  const { answer, refusal, read } = useAnswer("/tokens");
  if (!answer) return html`<${NoAnswer} refusal=${refusal} />`;
  const programs = answer.tokens.filter((token) => token.active);
  if (!programs.length && !refusal) return null; // most centres have none
  return html`<section class="card" aria-labelledby="programs-list">
    <h2 id="programs-list" class="card-title">${t("supervisor.programs_count", { programs: programs.length })}</h2>
    ${refusal && html`<${Refused} words=${refusal} />`}
    <p class="hint rows-hint">${t("supervisor.programs_hint")}</p>
    <ul class="rows">${programs.map(
      (token) => html`<${ProgramRow} key=${token.id} token=${token} acts=${acts} changed=${read} />`,
    )}</ul>
  </section>`;
}

/** @param {Props<{token: Api.TokenView}>} props */
function ProgramRow({ token, acts, changed }) {
  const { busy, refusal, act } = useAct();
  const [asking, setAsking] = useState(false);
  const { id, role, counter, created_at, expires_at, last_seen_at } = token;
  const name = token.name || t("supervisor.program_unnamed", { id });

  async function revoke() {
    setAsking(false);
    if (await act(`/tokens/${id}/revoke`)) changed();
  }

  return html`<li class="row" data-program=${id}>
    <span class="row-icon"><${Glyph} name="key" /></span>
    <div class="row-what">
      <strong>${name}</strong>
      <span class="row-more">${roleOf(role)}${counter && ` (${t("supervisor.program_counter", { counter })})`} ·
        ${` ${t("supervisor.program_issued", on(created_at))} · `}${
          expires_at ? t("supervisor.program_expires", on(expires_at)) : t("supervisor.program_endless")
        }</span>
      <span class="row-more">${last_seen_at ? t("supervisor.program_seen", on(last_seen_at)) : t("supervisor.program_never_seen")}</span>
      ${refusal && html`<${Refused} words=${refusal} />`}
    </div>
    ${
      acts &&
      html`<div class="row-keys"><button type="button" class="button button--danger" disabled=${busy} onClick=${() => setAsking(true)}>
      <${Glyph} name="ban" />${t("supervisor.program_revoke")}<span class="visually-hidden"> ${name}</span></button></div>`
    }
    ${
      asking &&
      html`<${Confirm} title=${t("supervisor.program_revoke_title", { name })} text=${t("supervisor.program_revoke_text")}
      yes=${t("supervisor.program_revoke_yes")} onYes=${revoke} onNo=${() => setAsking(false)} />`
    }
  </li>`;
}
