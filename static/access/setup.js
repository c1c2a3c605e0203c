/** The one-time link of a new centre: makes the first supervisor. */

import { post } from "/static/lib/api.js";
import { byId } from "/static/lib/dom.js";
import { t } from "/static/lib/text.js";
import { EntryForm, open } from "./entry-form.js";

const LEAST = 8; // characters of a password; the server decides, this only says it sooner

const key = new URLSearchParams(location.search).get("key") ?? "";

function used() {
  byId("create").hidden = true;
  byId("used").hidden = false;
  byId("used-title").focus();
  document.title = t("access.setup_used");
}

/** Whether the link can still be used; where the server does not say, it may. */
async function isOpen() {
  try {
    return (await post("/setup/link", { key })).open;
  } catch {
    return true; // what is sent later is judged anyway
  }
}

const usable = key !== "" && (await isOpen());
await open(byId("create"));
document.title = t("access.setup");
byId("password-hint").textContent = t("access.setup_password_hint", { least: LEAST });
new EntryForm({ rest: t("access.create"), busy: t("access.creating") }).onSend({
  path: "/setup",
  body: ({ name, password }) => ({ key, name, password }),
  check: ({ name, password, again }) => ({
    ...(name.trim() ? {} : { name: t("access.name_missing") }),
    ...(password.length >= LEAST ? {} : { password: t("access.password_short", { least: LEAST }) }),
    ...(password === again ? {} : { again: t("access.password_differs") }),
  }),
  done: () => location.replace("/supervisor"),
  refused: ({ code }) => code === "setup_link_used" && (used(), true),
});
if (usable) byId("name").focus();
else used();
