/** My ticket: follows one ticket and shows its holder when to come. */

import { byId } from "/static/lib/dom.js";
import { get, post, setLanguage } from "/static/lib/api.js";
import { Ring } from "/static/lib/ring.js";
import { because, fill, loadText, own, preferredLanguage, setTimezone, spaced, spoken, t } from "/static/lib/text.js";
import { Cancel } from "./cancel.js";
import { Follow } from "./follow.js";
import { Later } from "./later.js";
import { TicketView } from "./ticket-view.js";

const NEAR = 2; // people ahead at which the holder is told once
const RETRY_MS = 3_000;
const TICK_MS = 1_000;

const id = location.pathname.split("/").pop() ?? "";
/** @type {Screen.KnownTicket} */
const known = { ticket: null, at: null, seen_at: new Date(), hall: null, services: null, unknown: false, lost: null };
const ring = new Ring();
const view = new TicketView();
let said_near = false;
let rule = ""; // in a few sentences, once the hall is known

const ready = again(loadWords);
const follow = new Follow(id, {
  onTicket: (ticket, at) => ready.then(() => take(ticket, at)),
  onSame: (at) => ready.then(() => fresh(at)),
  onLost: () => ready.then(lose),
  onUnknown: () =>
    ready.then(() => {
      known.unknown = true;
      fresh(follow.now());
    }),
});
const later = new Later(id, (ticket) => follow.take(ticket));
const cancel = new Cancel(id, { onCancelled: (ticket) => follow.take(ticket), onRefused: () => follow.ask() });

/** Words first: without them nothing can be said, so this waits for the network as long as it takes. */
async function loadWords() {
  const language = preferredLanguage();
  setLanguage(language);
  await loadText(language, ["citizen", "common", "why"]);
  fill();
  drawRing();
}

async function loadHall() {
  const [hall, { services }] = await Promise.all([get("/hall"), get("/services")]);
  Object.assign(known, { hall, services });
  setTimezone(hall.timezone);
  await ready;
  const words = own(hall.rule);
  rule = `${words.name}: ${words.sentence}. ${t("citizen.why_range")} ${t("common.wait_from")}`;
  draw();
}

async function again(load) {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}

function take(ticket, at) {
  const before = known.ticket;
  known.ticket = ticket;
  known.at = at;
  known.unknown = false;
  fresh(at);
  announce(ticket, before);
  if (ticket.state !== "waiting") cancel.close();
}

function fresh(at) {
  known.seen_at = at;
  known.lost = null;
  draw();
}

function lose() {
  known.lost ??= known.seen_at;
  draw();
}

function draw() {
  view.draw({ ...known, now: follow.now() });
  later.draw(known.ticket, follow.now());
  drawWave();
  if (known.ticket?.rating) import("./rating.js").then(({ rate }) => rate(known.ticket));
  // First why not yet, of this ticket; then the rule for all.
  const text = [because(known.ticket?.why), rule].filter(Boolean).join(" ");
  if (byId("why-text").textContent !== text) byId("why-text").textContent = text;
  drawRing();
}

/** What became of the ticket: every call, how many are ahead, and other steps politely; each is said once. */
function announce(ticket, before) {
  const { state, number } = ticket;
  if (state === "called") return announceCall(ticket, before);
  if (before?.state === "called") ring.hush();
  if (state === "waiting") return announceAhead(ticket, before);
  ring.calm(`${spaced(number)} · ${t(`citizen.${state}`)}`);
  if (before && before.state !== state) byId("say").textContent = `${spoken(number)}: ${t(`citizen.${state}`)}`;
}

function announceCall({ calls, counter, room, number, visual_call }, before) {
  const again = before?.state === "called";
  if (again && before.calls === calls) return;
  ring.calm(t("citizen.title_call", { number: spaced(number), counter }));
  ring.call(t("citizen.your_turn"), visual_call);
  drawRing();
  // Assertive once: hearing it again at every repeated call would talk over the hall's own voice.
  if (again) return;
  const where = room ? ` ${own(room)}.` : "";
  byId("say-now").textContent = t("citizen.say_call", { number: spoken(number), counter }) + where;
}

function announceAhead({ people_ahead: n, number }, before) {
  if (before?.people_ahead === n) return;
  ring.calm(t("citizen.title_waiting", { number: spaced(number), n }));
  const near = n <= NEAR;
  if (before) {
    byId("say").textContent = t(near ? "citizen.say_near" : "citizen.say_ahead", { number: spoken(number), n });
    if (near && !said_near) ring.near(t("citizen.title_near", { number: spaced(number) }));
  }
  said_near ||= near;
}

function drawWave() {
  const wanted = Boolean(known.ticket?.visual_call);
  byId("wave").setAttribute("aria-pressed", String(wanted));
  byId("wave-note").hidden = !wanted;
  document.body.classList.toggle("is-waved", wanted);
}

function drawRing() {
  const words = t(ring.enabled ? "citizen.ring_off" : "citizen.ring");
  const button = byId("ring");
  button.setAttribute("aria-pressed", ring.enabled);
  if (button.lastElementChild.textContent !== words) button.lastElementChild.textContent = words;
  byId("ring-note").hidden = !ring.enabled;
  byId("hush").hidden = !ring.ringing;
  document.body.classList.toggle("is-ringing", ring.ringing);
}

byId("ring").addEventListener("click", () => {
  if (ring.enabled) ring.disable();
  else ring.enable();
  drawRing();
});
byId("wave").addEventListener("click", async () => {
  try {
    await follow.take(await post(`/tickets/${id}/visual-call`, { wanted: !known.ticket?.visual_call }));
  } catch {
    byId("say").textContent = t("citizen.later_lost");
  }
});
byId("hush").addEventListener("click", () => {
  ring.hush();
  drawRing();
});
byId("why").addEventListener("click", () => {
  const text = byId("why-text");
  text.hidden = !text.hidden;
  byId("why").setAttribute("aria-expanded", !text.hidden);
  if (!text.hidden) text.scrollIntoView({ block: "nearest" });
});

// A phone that slept has old figures on its screen: ask before its owner has read them.
addEventListener("pageshow", ({ persisted }) => persisted && follow.ask());
addEventListener("online", () => follow.ask());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && follow.ask());
setInterval(() => ready.then(draw), TICK_MS);

follow.ask();
again(loadHall);
