/** The people who may sign in. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { NoAnswer, useAnswer } from "/static/supervisor/parts/answer.js";
import { AddUser } from "./add-user.js";
import { UserRow } from "./user-row.js";
import { Refused } from "/static/supervisor/parts/refused.js";

/** @param {Props<{me: Api.MeView}>} props */
export function Users({ me, acts }) {
  const { answer, refusal, read } = useAnswer("/users");
  if (!answer) return html`<${NoAnswer} refusal=${refusal} />`;
  const { users } = answer;
  return html`<div class=${acts ? "list-and-form" : ""}>
    <section class="card" aria-labelledby="users-list">
      <h2 id="users-list" class="card-title">${t("supervisor.users_count", { users: users.length })}</h2>
      ${refusal && html`<${Refused} words=${refusal} />`}
      <ul class="rows">${users.map(
        (user) => html`<${UserRow} key=${user.id} user=${user} self=${user.name === me.name}
        acts=${acts} changed=${read} />`,
      )}</ul>
    </section>
    ${acts && html`<${AddUser} changed=${read} />`}
  </div>`;
}
