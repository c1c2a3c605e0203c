/** Who is signed in, the language of the page, and the key that ends it. */

import { html } from "/static/vendor/preact.js";
import { choose, others } from "/static/lib/language.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Glyph } from "/static/lib/glyph.js";
import { leaveForSignIn } from "/static/supervisor/parts/session.js";

/** @param {Props<{me: Api.MeView}>} props */
export function SignOut({ me }) {
  const { busy, refusal, act } = useAct();
  const leave = async () => (await act("/sign-out")) && leaveForSignIn();
  return html`<div class="side-me"><p><strong>${me.name}</strong><span>${t(`supervisor.role_${me.role}`)}</span></p>
      ${others().map(
        ({ lang, name }) =>
          html`<button type="button" class="side-language" key=${lang} lang=${lang} onClick=${() => choose(lang)}>${name}</button>`,
      )}</div>
    <button type="button" class="side-key" disabled=${busy} onClick=${leave}>
      <${Glyph} name="logout" /><span>${t("supervisor.sign_out")}</span>
    </button>
    <a class="side-key" href="/password"><${Glyph} name="key" /><span>${t("access.change_password")}</span></a>
    ${refusal && html`<p class="side-refusal" role="alert">${refusal}</p>`}`;
}
