/** A person changes their own password: the present one, and the new one twice. */

import { byId } from "/static/lib/dom.js";
import { signIn, signedIn, whenReachable } from "/static/lib/entrance.js";
import { t } from "/static/lib/text.js";
import { EntryForm, open } from "./entry-form.js";
import { HOME } from "./home.js";

const LEAST = 8; // characters of a password; the server decides, this only says it sooner

function changed() {
  byId("change").hidden = true;
  byId("changed").hidden = false;
  byId("changed-title").focus();
  document.title = t("access.changed");
}

/** @param {Api.MeView} me */
function form(me) {
  byId("name").value = me.name;
  for (const way of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".to-work")))
    way.href = HOME[me.role] ?? "/";
  document.title = t("access.change_password");
  byId("password-hint").textContent = t("access.setup_password_hint", { least: LEAST });
  const entry = new EntryForm({ rest: t("access.change_password"), busy: t("access.changing") });
  entry.onSend({
    path: "/me/password",
    body: ({ present, password }) => ({ present, password }),
    check: ({ present, password, again }) => ({
      ...(present ? {} : { present: t("access.password_missing") }),
      ...([...password].length >= LEAST ? {} : { password: t("access.password_short", { least: LEAST }) }),
      ...(password === again ? {} : { again: t("access.password_differs") }),
    }),
    done: changed,
    refused: ({ code, message }) => {
      if (code !== "wrong_present_password") return false;
      entry.refuse(message);
      byId("present").focus();
      byId("present").select();
      return true;
    },
  });
  byId("present").focus();
}

await open(byId("change"));
const me = await whenReachable(signedIn);
if (me && me.role in HOME) form(me);
else signIn("/password");
