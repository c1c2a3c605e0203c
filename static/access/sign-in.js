/** Signing in, then on to the screen of one's role. */

import { byId } from "/static/lib/dom.js";
import { t } from "/static/lib/text.js";
import { EntryForm, open } from "./entry-form.js";
import { HOME } from "./home.js";

/**
 * Where to go: what `next` asks for if it is ours and open to the role, else the role's own screen.
 * @param {string} role
 * @param {?string} next
 */
export function destination(role, next) {
  const home = HOME[role] ?? "/";
  if (!next) return home;
  // Parsed as the browser will: "//other.example" and "/\other.example" both leave this site.
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  if (url?.origin !== location.origin || !next.startsWith("/")) return home;
  const screen = Object.values(HOME).find((path) => url.pathname === path || url.pathname.startsWith(`${path}/`));
  // A screen of another role would only send its reader back here.
  return screen && screen !== home ? home : url.pathname + url.search + url.hash;
}

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
