/** Every screen of a simulated centre, one link each: a click signs this browser in and opens it. */

import { byId } from "/static/lib/dom.js";
import { get, post } from "/static/lib/api.js";
import { icon } from "/static/lib/icon.js";
import { fill, loadText, t } from "/static/lib/text.js";

const COUNTER = "counter.number"; // where the console remembers its counter
const SET_UP = "supervisor.start_put_off"; // where the supervisor's page remembers that its guide was put off
const EVERYONE = [
  { screen: "home", path: "/", symbol: "message-question" },
  { screen: "kiosk", symbol: "device-tablet" },
  { screen: "display", symbol: "device-tv" },
  { screen: "phone", symbol: "device-mobile" },
];
const STAFF = [
  { screen: "greeter", symbol: "friends" },
  { screen: "supervisor", symbol: "layout-dashboard" },
];

/**
 * A link to one screen, with what it is for below its name.
 * @param {{screen: string, path?: string, symbol: string, counter?: number, note?: string}} way
 */
function link({ screen, path, symbol, counter, note }) {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  const name = document.createElement("strong");
  const hint = document.createElement("span");
  name.textContent = t(`demo.${screen}`, { number: counter });
  hint.textContent = note ?? t(`demo.${screen}_note`);
  anchor.href = path ?? `#${screen}${counter ?? ""}`;
  anchor.dataset.screen = screen;
  anchor.append(icon(symbol, { size: 32 }), name, hint);
  if (!path) anchor.addEventListener("click", (event) => enter(event, { screen, counter }));
  item.append(anchor);
  return item;
}

/** @param {Event} event @param {{screen: string, counter?: number}} to */
async function enter(event, { screen, counter }) {
  event.preventDefault();
  try {
    const { go } = await post("/demo/enter", counter ? { screen, counter } : { screen });
    if (counter) localStorage.setItem(COUNTER, String(counter));
    if (screen === "supervisor") localStorage.setItem(SET_UP, "1");
    location.assign(go);
  } catch (failure) {
    byId("refusal").textContent = /** @type {Error} */ (failure).message;
  }
}

await loadText("vi");
fill();
document.title = t("demo.title");
const { counters, services } = await get("/board");
const names = new Map(services.map((service) => [service.code, service.names.vi]));
const places = counters.map(({ counter, services: served }) => ({
  screen: "counter",
  symbol: "user-check",
  counter,
  note: served.map((code) => names.get(code)).join(" · "),
}));
byId("everyone").append(...EVERYONE.map(link));
byId("staff").append(...[...places, ...STAFF].map(link));
document.body.hidden = false;
