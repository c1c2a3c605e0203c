/** Signing in, then on to the screen of one's role. */

import { byId } from "/static/lib/dom.js";
import { t } from "/static/lib/text.js";
import { EntryForm, open } from "./entry-form.js";
import { destination } from "./home.js";

await open(/** @type {HTMLElement} */ (document.querySelector("main")));
document.title = t("access.sign_in");
new EntryForm({ rest: t("access.sign_in"), busy: t("access.signing_in") }).onSend({
  path: "/sign-in",
  check: ({ name, password }) => ({
    ...(name.trim() ? {} : { name: t("access.name_missing") }),
    ...(password ? {} : { password: t("access.password_missing") }),
  }),
  done: ({ role }) => location.replace(destination(role, new URLSearchParams(location.search).get("next"))),
});
byId("name").focus();
