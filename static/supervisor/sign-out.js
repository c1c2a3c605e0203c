/** Who is signed in, the language of the page, and the key that ends it. */

import { html } from "/static/vendor/preact.js";
import { choose, others } from "/static/lib/language.js";
import { t } from "/static/lib/text.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { leaveForSignIn } from "/static/supervisor/parts/session.js";

/** @param {Props<{me: Api.MeView}>} props */
export function SignOut({ me }) {
  const { busy, refusal, act } = useAct();
  const leave = async () => (await act("/sign-out")) && leaveForSignIn();
  return html`<a class="side-me" href="/password"><strong>${me.name}</strong>
      <span>${t(`supervisor.role_${me.role}`)} · <span class="whole">${t("access.change_password")}</span></span></a>
    <div class="side-keys"><button type="button" class="side-language" disabled=${busy} onClick=${leave}>${t("supervisor.sign_out")}</button>
      ${others().map(
        ({ lang, name }) =>
          html`<button type="button" class="side-language" key=${lang} lang=${lang} onClick=${() => choose(lang)}>${name}</button>`,
      )}</div>
    ${refusal && html`<p class="side-refusal" role="alert">${refusal}</p>`}`;
}
