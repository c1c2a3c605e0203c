/** A new person: name, what they may do, first password. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { PEOPLE } from "/static/lib/choices.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { submits } from "/static/supervisor/settings/settings.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { passwordRule, shortcoming } from "./password.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @type {Api.Body.AddUser} */
const EMPTY = { name: "", role: "clerk", password: "" };

export function AddUser({ changed }) {
  const { busy, refusal, code, act, refuse, forget } = useAct();
  const [user, setUser] = useState(EMPTY);
  const [added, setAdded] = useState(/** @type {?string} */ (null));
  const nameBox = useRef(null);
  const passwordBox = useRef(null);
  useEffect(() => {
    if (refusal) (code === "password" ? passwordBox : nameBox).current.focus();
  }, [refusal]);
  const set = (field) => (event) => {
    setUser({ ...user, [field]: event.target.value });
    setAdded(null);
    forget();
  };

  async function send() {
    // macOS and iOS type decomposed letters; the name must be the same on every machine.
    const name = user.name.trim().normalize("NFC");
    if (!name) return refuse(t("access.name_missing"), "name");
    const short = shortcoming(user.password);
    if (short) return refuse(short, "password");
    const done = await act("/users", { ...user, name });
    if (!done) return undefined;
    setUser(EMPTY);
    setAdded(name);
    nameBox.current.focus(); // the next one is typed without a hand on the mouse
    changed();
    return done;
  }
  const ofName = code === "name" || code === "name_taken";
  useUnsaved(user.name || user.password ? send : null);

  return html`<form class="card form" onSubmit=${submits(send)} noValidate aria-labelledby="add-user">
    <h2 id="add-user" class="card-title">${t("supervisor.add_user")}</h2>
    <label class="field"><span>${t("supervisor.user_name")}</span>
      <input type="text" name="name" autocomplete="off" maxlength="60" required value=${user.name} onInput=${set("name")} ref=${nameBox}
        aria-describedby="add-user-name-refusal" aria-invalid=${ofName && refusal ? "true" : null} /></label>
    <${Refused} id="add-user-name-refusal" words=${ofName ? refusal : null} />
    <fieldset class="choices"><legend>${t("supervisor.role")}</legend>
      ${PEOPLE.map(
        (role) => html`<label key=${role} class="choice">
        <input type="radio" name="role" value=${role} checked=${user.role === role} onChange=${set("role")} />
        <span><strong>${t(`supervisor.role_${role}`)}</strong><small>${t(`supervisor.role_${role}_may`)}</small></span></label>`,
      )}
    </fieldset>
    <label class="field"><span>${t("supervisor.password")}</span>
      <input type="password" name="password" autocomplete="new-password" required value=${user.password} onInput=${set("password")} ref=${passwordBox}
        aria-describedby="add-user-rule add-user-refusal" aria-invalid=${code === "password" ? "true" : null} /></label>
    <p id="add-user-rule" class="hint">${passwordRule()}</p>
    <${Refused} id="add-user-refusal" words=${ofName ? null : refusal} />
    <p class="said" role="status">${added && html`<${Glyph} name="check" />`}${added && t("supervisor.user_added", { name: added })}</p>
    <button type="submit" class="button button--main wide" disabled=${busy}><${Glyph} name="user-plus" />${t("supervisor.add")}</button>
  </form>`;
}
