/** A new person: name, what they may do, first password. */

import { html, useState } from "/static/vendor/preact.js";
import { PEOPLE } from "/static/lib/choices.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { passwordRule, shortcoming } from "./password.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @type {Api.Body.AddUser} */
const EMPTY = { name: "", role: "clerk", password: "" };

export function AddUser({ changed }) {
  const { busy, refusal, code, act, refuse, forget } = useAct();
  const [user, setUser] = useState(EMPTY);
  const [added, setAdded] = useState(/** @type {?string} */ (null));
  const set = (field) => (event) => {
    setUser({ ...user, [field]: event.target.value });
    setAdded(null);
    forget();
  };

  async function send(event) {
    event.preventDefault();
    const short = shortcoming(user.password);
    if (short) return refuse(short, "password");
    // macOS and iOS type decomposed letters; the name must be the same on every machine.
    const name = user.name.trim().normalize("NFC");
    if (!(await act("/users", { ...user, name }))) return;
    setUser(EMPTY);
    setAdded(name);
    changed();
  }

  return html`<form class="card form" onSubmit=${send} aria-labelledby="add-user">
    <h2 id="add-user" class="card-title">${t("supervisor.add_user")}</h2>
    <label class="field"><span>${t("supervisor.user_name")}</span>
      <input type="text" name="name" autocomplete="off" maxlength="60" required value=${user.name} onInput=${set("name")}
        aria-describedby="add-user-refusal" aria-invalid=${code === "name_taken" ? "true" : null} /></label>
    <fieldset class="choices"><legend>${t("supervisor.role")}</legend>
      ${PEOPLE.map(
        (role) => html`<label key=${role} class="choice">
        <input type="radio" name="role" value=${role} checked=${user.role === role} onChange=${set("role")} />
        <span><strong>${t(`supervisor.role_${role}`)}</strong><small>${t(`supervisor.role_${role}_may`)}</small></span></label>`,
      )}
    </fieldset>
    <label class="field"><span>${t("supervisor.password")}</span>
      <input type="password" name="password" autocomplete="new-password" required value=${user.password} onInput=${set("password")}
        aria-describedby="add-user-rule add-user-refusal" aria-invalid=${code === "password" ? "true" : null} /></label>
    <p id="add-user-rule" class="hint">${passwordRule()}</p>
    <${Refused} id="add-user-refusal" words=${refusal} />
    <p class="said" role="status">${added && html`<${Glyph} name="check" />`}${added && t("supervisor.user_added", { name: added })}</p>
    <button type="submit" class="button button--main wide" disabled=${busy}><${Glyph} name="user-plus" />${t("supervisor.add")}</button>
  </form>`;
}
