/** Numbers for which nobody came: who waits, by where the number was issued, and many ended in one act. */

import { html, useState } from "/static/vendor/preact.js";
import { GHOST_REASONS } from "/static/lib/choices.js";
import { spaced, t } from "/static/lib/text.js";
import { useAddress } from "/static/supervisor/parts/address.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Glyph } from "/static/lib/glyph.js";
import { Refused } from "/static/supervisor/parts/refused.js";
import { Issuer } from "./issuer.js";

const AGAIN_MS = 5000;
const MOST = 500; // that the server ends in one request

/** [who issued, their tickets], the one asked for first. */
function byIssuer(tickets, first) {
  /** @type {Map<string, Api.WaitingTicketView[]>} */
  const found = new Map();
  for (const ticket of tickets) found.set(ticket.issued_by, [...(found.get(ticket.issued_by) ?? []), ticket]);
  return [...found].sort(([a], [b]) => Number(b === first) - Number(a === first));
}

/** @param {Props<{centre: Screen.Centre}>} props */
export function Ghosts({ centre, acts }) {
  const { answer, refusal, read } = useAnswer("/tickets/waiting", { again_ms: AGAIN_MS });
  const [asked] = useAddress("ghosts", { by: "" });
  const [marked, setMarked] = useState(/** @type {Set<number>} */ (new Set()));
  if (!answer) return html`<${NoAnswer} refusal=${refusal} />`;
  const { tickets } = answer;
  const chosen = tickets.filter((ticket) => marked.has(ticket.ref)); // who was called meanwhile is not ended

  function mark(refs, on) {
    const now = new Set(marked);
    for (const ref of refs) on ? now.add(ref) : now.delete(ref);
    setMarked(now);
  }

  async function ended(all) {
    await read();
    if (all) setMarked(new Set()); // a number that is taken back later is not chosen again
  }

  const alarms = centre.view?.alarms.filter((alarm) => alarm.code === "kiosk_rhythm") ?? [];
  return html`<div class="ghosts-page"><p class="hint">${t("supervisor.ghosts_hint")}</p>
    ${refusal && html`<${Refused} words=${refusal} />`}
    ${tickets.length === 0 && html`<p class="card empty">${t("supervisor.nobody_waits")}</p>`}
    ${byIssuer(tickets, asked.by).map(
      ([by, issued]) => html`<${Issuer} key=${by} by=${by} tickets=${issued} now=${centre.now} marked=${marked}
      mark=${mark} rhythm=${alarms.find(({ params }) => params.by === by)} />`,
    )}
    ${acts && html`<${EndChosen} chosen=${chosen} changed=${ended} />`}</div>`;
}

/** Why, and the key that asks once and ends them all. */
function EndChosen({ chosen, changed }) {
  const { busy, refusal, act } = useAct();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(/** @type {?Api.EndedView} */ (null));
  const n = chosen.length;

  function ask(event) {
    event.preventDefault();
    setMissing(!reason);
    if (reason) setAsking(true);
  }

  async function end() {
    setAsking(false);
    /** @type {Api.EndedView} */
    const all = { ended: [], left: [] };
    for (let first = 0; first < n; first += MOST) {
      const refs = chosen.slice(first, first + MOST).map((ticket) => ticket.ref);
      const answer = await act("/tickets/end", { refs, reason });
      if (!answer) return changed(false);
      all.ended.push(...answer.ended);
      all.left.push(...answer.left);
    }
    setDone(all);
    return changed(true);
  }

  return html`<form class="card ghosts-end" onSubmit=${ask} noValidate>
    ${(missing || refusal) && html`<${Refused} id="ghosts-refusal" words=${missing ? t("supervisor.ghosts_reason_missing") : refusal} />`}
    <p class="row-said" role="status">${done && n === 0 && words(done)}</p>
    <label class="field"><span>${t("supervisor.ghosts_reason")}</span>
      <select name="reason" value=${reason} aria-invalid=${missing ? "true" : null}
        aria-describedby=${missing ? "ghosts-refusal" : null} onChange=${(event) => {
          setReason(event.target.value);
          setMissing(false);
        }}>
        <option value="">${t("supervisor.ghosts_reason_choose")}</option>
        ${GHOST_REASONS.map((why) => html`<option key=${why} value=${why}>${t(`supervisor.ghost_${why}`)}</option>`)}
      </select></label>
    <button type="submit" class="button button--danger" disabled=${busy || n === 0}><${Glyph} name="ban" />${
      n ? t("supervisor.ghosts_end", { n }) : t("supervisor.ghosts_none")
    }</button>
    ${
      asking &&
      html`<${Confirm} title=${t("supervisor.ghosts_ask", { n })}
      text=${t("supervisor.ghosts_ask_text", { reason: t(`supervisor.ghost_${reason}`) })}
      yes=${t("supervisor.ghosts_end", { n })} onYes=${end} onNo=${() => setAsking(false)} />`
    }
  </form>`;
}

/** What became of them: how many were ended, and who was left since they do not wait any more. */
function words({ ended, left }) {
  const all = [t("supervisor.ghosts_ended", { n: ended.length })];
  if (left.length) all.push(t("supervisor.ghosts_left", { numbers: left.map(spaced).join(", ") }));
  return all.join(" ");
}
