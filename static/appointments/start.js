/** The page of appointments: for all who work here. */

import { Refusal, get } from "/static/lib/api.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, t } from "/static/lib/text.js";
import { html, render } from "/static/vendor/preact.js";
import { Appointments } from "./appointments.js";

const READERS = ["greeter", "clerk", "supervisor", "inspector"];
const RETRY_MS = 2000;

async function start() {
  let me = null;
  try {
    me = await get("/me");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (!READERS.includes(me?.role)) return location.replace("/sign-in?next=/appointments");
  await speak();
  const hall = await get("/hall");
  setTimezone(hall.timezone);
  document.title = t("appointments.title");
  const { services, at } = await get("/services");
  render(
    html`<${Appointments} hall=${hall} services=${services} now=${at} acts=${me.role !== "inspector"} />`,
    document.getElementById("appointments"),
  );
}

for (;;) {
  try {
    await start();
    break;
  } catch (error) {
    console.error("start", error);
    await new Promise((wake) => setTimeout(wake, RETRY_MS));
  }
}
