/** A new password for one person. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { submits } from "/static/supervisor/settings/settings.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { passwordRule, shortcoming } from "./password.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @param {Props<{user: Api.UserView}>} props */
export function SetPassword({ user, done }) {
  const { busy, refusal, act, refuse } = useAct();
  const [password, setPassword] = useState("");
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);

  async function send() {
    const short = shortcoming(password);
    if (short) {
      box.current.focus();
      return refuse(short, "password");
    }
    const set = await act(`/users/${user.id}/password`, { password });
    if (set) done(true);
    return set;
  }
  useUnsaved(password ? send : null);

  const id = `password-${user.id}`;
  return html`<form class="row-form" onSubmit=${submits(send)} noValidate>
    <label class="field"><span>${t("supervisor.new_password_of", { name: user.name })}</span>
      <input ref=${box} type="password" name="password" autocomplete="new-password" required value=${password}
        onInput=${(event) => setPassword(event.target.value)} aria-describedby="${id}-rule ${id}-refusal"
        aria-invalid=${refusal ? "true" : null} /></label>
    <p id="${id}-rule" class="hint">${passwordRule()}</p>
    <${Refused} id="${id}-refusal" words=${refusal} />
    <div class="row-keys">
      <button type="button" class="button" onClick=${() => done(false)}>${t("supervisor.not_now")}</button>
      <button type="submit" class="button button--main" disabled=${busy}><${Glyph} name="check" />${t("supervisor.save")}</button>
    </div>
  </form>`;
}
