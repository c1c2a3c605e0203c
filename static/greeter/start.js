/** The greeter's page: who may see it, and the screen once they are known. */

import { byId } from "/static/lib/dom.js";
import { get } from "/static/lib/api.js";
import { signIn, signedIn, whenReachable } from "/static/lib/entrance.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, t } from "/static/lib/text.js";
import { html, render } from "/static/vendor/preact.js";
import { Greeter } from "./greeter.js";

const ROLES = ["greeter", "clerk"];

async function start() {
  const me = await signedIn();
  if (!me || !ROLES.includes(me.role)) return signIn("/greeter");
  await speak();
  setTimezone((await get("/hall")).timezone);
  document.title = t("greeter.page_title");
  render(html`<${Greeter} me=${me} />`, byId("greeter"));
}

await whenReachable(start);
