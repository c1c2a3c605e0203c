/** The greeter's page: who may see it, and the screen once they are known. */

import { Refusal, get } from "/static/lib/api.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, t } from "/static/lib/text.js";
import { html, render } from "/static/vendor/preact.js";
import { Greeter } from "./greeter.js";

const ROLES = ["greeter", "clerk"];
const RETRY_MS = 2000;

async function start() {
  let me = null;
  try {
    me = await get("/me");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (!ROLES.includes(me?.role)) return location.replace("/sign-in?next=/greeter");
  await speak();
  setTimezone((await get("/hall")).timezone);
  document.title = t("greeter.page_title");
  render(html`<${Greeter} me=${me} />`, document.getElementById("greeter"));
}

/** The server may still be on its way; it is asked until it is there. */
for (;;) {
  try {
    await start();
    break;
  } catch (error) {
    console.error("start", error);
    await new Promise((wake) => setTimeout(wake, RETRY_MS));
  }
}
