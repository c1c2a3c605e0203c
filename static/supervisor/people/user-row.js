/** One person: role, whether they may sign in, and the keys that change it. */

import { html, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { SetPassword } from "./set-password.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @param {Props<{user: Api.UserView}>} props */
// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
export function UserRow({ user, self, acts, changed }) {
  const { busy, refusal, act } = useAct();
  const [setting, setSetting] = useState(false);
  const [said, setSaid] = useState("");
  const { id, name, role, active, sessions } = user;

  /** @param {"disable" | "enable" | "sign-out"} verb @param {string} [done]  what is said of it */
  async function send(verb, done) {
    if (!(await act(`/users/${id}/${verb}`))) return;
    setSaid(done ? t(`supervisor.${done}`) : "");
    changed();
  }

  return html`<li class="row ${active ? "" : "is-off"}" data-user=${name}>
    <div class="row-what">
      <span><strong>${name}</strong>${self && html` <span class="tag">${t("supervisor.user_self")}</span>`}</span>
      <span class="row-more">${t(`supervisor.role_${role}`)} · ${
        !active
          ? html`<span class="tag"><${Glyph} name="lock" />${t("supervisor.user_disabled")}</span>`
          : sessions
            ? t("supervisor.sessions", { sessions })
            : t("supervisor.sessions_none")
      }</span>
      <span class="row-said" role="status">${said && html`<${Glyph} name="check" />`}${said}</span>
      ${refusal && html`<${Refused} words=${refusal} />`}
    </div>
    ${
      acts &&
      html`<div class="row-keys">
      ${
        self
          ? html`<a class="button" href="/password"><${Glyph} name="key" />${t("access.change_password")}</a>`
          : html`<button type="button" class="button" aria-expanded=${setting} onClick=${() => setSetting(!setting)}>
        <${Glyph} name="key" />${t("supervisor.set_password")}<span class="visually-hidden"> ${name}</span></button>`
      }
      ${
        sessions > 0 &&
        html`<button type="button" class="button" disabled=${busy} onClick=${() => send("sign-out", "signed_out_everywhere")}>
        <${Glyph} name="logout" />${t("supervisor.sign_out_everywhere")}<span class="visually-hidden"> ${name}</span></button>`
      }
      ${
        !self &&
        html`<button type="button" class="button ${active ? "button--danger" : ""}" disabled=${busy}
        onClick=${() => send(active ? "disable" : "enable")}>
        <${Glyph} name=${active ? "lock" : "lock-open"} />${t(active ? "supervisor.disable" : "supervisor.enable")}<span class="visually-hidden"> ${name}</span></button>`
      }
    </div>`
    }
    ${
      setting &&
      html`<${SetPassword} user=${user} done=${(ok) => {
        setSetting(false);
        if (ok) {
          setSaid(t("supervisor.password_set"));
          changed();
        }
      }} />`
    }
  </li>`;
}
