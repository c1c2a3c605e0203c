/** Confirm a machine by the six digits on its screen, and name it. */

import { html, useRef, useState } from "/static/vendor/preact.js";
import { own, t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { spent } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { submits } from "/static/supervisor/settings/settings.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const DIGITS = 6;
const parted = (code) => `${code.slice(0, 3)} ${code.slice(3)}`;

/** `rooms`: those of the centre, by code. @param {Props<{waiting: Api.DevicesView["waiting"], rooms: Record<string, Api.Room>}>} props */
export function PairDevice({ waiting, rooms, now, changed }) {
  const { busy, refusal, code: wrong, act, refuse, forget } = useAct();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [room, setRoom] = useState("");
  const [paired, setPaired] = useState(/** @type {?string} */ (null));
  const codeBox = useRef(null);
  const nameBox = useRef(null);

  function choose(chosen) {
    setCode(chosen);
    setPaired(null);
    forget();
    nameBox.current.focus();
  }

  async function send() {
    const digits = code.replace(/\D/g, "");
    const named = name.trim().normalize("NFC");
    if (digits.length !== DIGITS) {
      codeBox.current.focus();
      return refuse(t("supervisor.pair_code_missing"), "code");
    }
    if (!named) {
      nameBox.current.focus();
      return refuse(t("supervisor.pair_name_missing"), "name");
    }
    const done = await act("/devices", { code: digits, name: named });
    if (!done) return undefined;
    if (room) await act(/** @type {any} */ (`/settings/screens/${done.id}`), { room });
    setCode("");
    setName("");
    setPaired(named);
    codeBox.current.focus();
    changed();
    return done;
  }
  useUnsaved(code || name ? send : null);

  return html`<form class="card form" onSubmit=${submits(send)} noValidate aria-labelledby="pair-device">
    <h2 id="pair-device" class="card-title">${t("supervisor.pair_title")}</h2>
    <div role="status">
      ${waiting.length === 0 ? html`<p class="hint">${t("supervisor.pair_nobody")}</p>` : html`<p class="hint">${t("supervisor.pair_compare")}</p>`}
    </div>
    <ul class="codes">${waiting.map(
      (machine) => html`<li key=${machine.code}>
      <button type="button" class="code" aria-pressed=${machine.code === code.replace(/\D/g, "")} onClick=${() => choose(machine.code)}>
        <b>${parted(machine.code)}</b>
        <span>${t(`supervisor.kind_${machine.kind}`)} · ${spent(Math.max(0, (now - Date.parse(machine.since)) / 1000))}</span></button></li>`,
    )}</ul>
    <label class="field"><span>${t("supervisor.pair_code")}</span>
      <input type="text" name="code" inputmode="numeric" autocomplete="off" maxlength="7" required value=${code} ref=${codeBox}
        onInput=${(event) => {
          setCode(event.target.value);
          setPaired(null);
          forget();
        }}
        aria-describedby="pair-refusal" aria-invalid=${refusal && wrong !== "name" ? "true" : null} /></label>
    <label class="field"><span>${t("supervisor.pair_name")}</span>
      <input ref=${nameBox} type="text" name="device-name" autocomplete="off" maxlength="60" required value=${name}
        onInput=${(event) => {
          setName(event.target.value);
          setPaired(null);
          forget();
        }} aria-describedby="pair-example pair-refusal" aria-invalid=${refusal && wrong === "name" ? "true" : null} /></label>
    <p id="pair-example" class="hint">${t("supervisor.pair_example")}</p>
    ${
      Object.keys(rooms).length > 0 &&
      html`<label class="field"><span>${t("supervisor.place_room")}</span>
      <select name="device-room" value=${room} onChange=${(event) => setRoom(event.target.value)}>
        <option value="">${t("supervisor.place_everywhere")}</option>
        ${Object.entries(rooms).map(([each, { names }]) => html`<option key=${each} value=${each}>${own(names)}</option>`)}</select></label>`
    }
    <${Refused} id="pair-refusal" words=${refusal} />
    <p class="said" role="status">${paired && html`<${Glyph} name="check" />`}${paired && t("supervisor.paired", { name: paired })}</p>
    <button type="submit" class="button button--main wide" disabled=${busy}><${Glyph} name="check" />${t("supervisor.pair")}</button>
  </form>`;
}
