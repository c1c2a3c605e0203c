/** A person changes their own password: the present one, and the new one twice. */

import { Refusal, get } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { EntryForm, open } from "./entry-form.js";
import { HOME } from "./home.js";

const LEAST = 8; // characters of a password; the server decides, this only says it sooner
const RETRY_MS = 2000;

const el = (id) => document.getElementById(id);

/** Who is signed in; null when nobody is. The server may be away for a moment. */
async function whoAmI() {
  for (;;) {
    try {
      return await get("/me");
    } catch (failure) {
      if (failure instanceof Refusal) return null;
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}

function changed() {
  el("change").hidden = true;
  el("changed").hidden = false;
  el("changed-title").focus();
  document.title = t("access.changed");
}

function form(me) {
  el("name").value = me.name;
  for (const way of document.querySelectorAll(".to-work")) way.href = HOME[me.role] ?? "/";
  document.title = t("access.change_password");
  el("password-hint").textContent = t("access.setup_password_hint", { least: LEAST });
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
      el("present").focus();
      el("present").select();
      return true;
    },
  });
  el("present").focus();
}

await open(el("change"));
const me = await whoAmI();
if (me?.role in HOME) form(me);
else location.replace("/sign-in?next=/password");
