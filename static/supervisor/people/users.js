/** The people who may sign in. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { sentence } from "/static/supervisor/parts/act.js";
import { AddUser } from "./add-user.js";
import { Glyph } from "/static/lib/glyph.js";
import { UserRow } from "./user-row.js";

export function Users({ me, acts }) {
  const [users, setUsers] = useState(null);
  const [refusal, setRefusal] = useState(null);

  async function read() {
    try {
      setUsers((await get("/users")).users);
      setRefusal(null);
    } catch (error) {
      setRefusal(sentence(error));
    }
  }
  useEffect(() => {
    read();
  }, []);

  if (refusal && !users) return html`<p class="refusal" role="alert"><${Glyph} name="alert-octagon" />${refusal}</p>`;
  if (!users) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<div class=${acts ? "list-and-form" : ""}>
    <section class="card" aria-labelledby="users-list">
      <h2 id="users-list" class="card-title">${t("supervisor.users_count", { users: users.length })}</h2>
      ${refusal && html`<p class="refusal" role="alert"><${Glyph} name="alert-octagon" />${refusal}</p>`}
      <ul class="rows">${users.map(
        (user) => html`<${UserRow} key=${user.id} user=${user} self=${user.name === me.name}
        acts=${acts} changed=${read} />`,
      )}</ul>
    </section>
    ${acts && html`<${AddUser} changed=${read} />`}
  </div>`;
}
