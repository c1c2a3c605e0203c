/** The page of appointments: for all who work here. */

import { byId } from "/static/lib/dom.js";
import { get } from "/static/lib/api.js";
import { signIn, signedIn, whenReachable } from "/static/lib/entrance.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, t } from "/static/lib/text.js";
import { html, render } from "/static/vendor/preact.js";
import { Appointments } from "./appointments.js";

const READERS = ["greeter", "clerk", "supervisor", "inspector"];

async function start() {
  const me = await signedIn();
  if (!me || !READERS.includes(me.role)) return signIn("/appointments");
  await speak();
  const hall = await get("/hall");
  setTimezone(hall.timezone);
  document.title = t("appointments.title");
  const { services, at } = await get("/services");
  render(html`<${Appointments} hall=${hall} services=${services} now=${at} me=${me} />`, byId("appointments"));
}

await whenReachable(start);
