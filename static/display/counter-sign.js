/** The sign of one counter: a small screen above it with a light and a chime of its own. */

import { ensurePaired } from "/static/access/pairing.js";
import { byId } from "/static/lib/dom.js";
import { icon } from "/static/lib/icon.js";
import { connect } from "/static/lib/live.js";
import { placeAsked } from "/static/lib/rooms.js";
import { clock, setTimezone, spaced, t } from "/static/lib/text.js";
import { CHIME, Voice } from "/static/lib/voice.js";
import { NEWS_MS } from "./call-queue.js";
import { counterChoice } from "./counter-choice.js";
import { accessibleSign, part } from "./drawn.js";
import { isQuiet } from "./hall-voice.js";
import { ANEW, LOST_AFTER_MS, drawTheme, openAgain, textLoaded } from "./screen-page.js";
import { Wall } from "./wall.js";

const DRAW_MS = 500; // between messages only the clock and what was just called can change
const CALLS = ["ticket.called", "ticket.called_again"];
/** @type {Record<string, string>} */
const WORD = {
  idle: "display.state_idle",
  called: "display.call",
  just_called: "display.state_just_called",
  serving: "display.state_serving",
  paused: "display.paused",
  closed: "display.closed",
};

const nameOf = (/** @type {number} */ each) => t("display.sign_title", { counter: each });

/** The number of the counter in the address; the page without it asks. */
const counter = Number(new URLSearchParams(location.search).get("counter"));
const sign = byId("sign");
const wall = new Wall();
const voice = new Voice();
/** @type {Live.Line} */
let live;
let calls = 0; // announced since the page was opened
let announced = 0; // the newest of them, by its seq
let drawn = "";

async function start() {
  await textLoaded();
  document.title = counter ? nameOf(counter) : t("display.sign_choose");
  await ensurePaired("display", document.body);
  for (const touch of ["pointerdown", "pointerup", "keydown"]) addEventListener(touch, () => voice.unlock());
  voice.unlock();
  voice.onChange(draw);
  live = connect("/display", {
    auth: placeAsked(),
    lost_after_ms: LOST_AFTER_MS,
    onSnapshot(snapshot) {
      setTimezone(snapshot.hall.timezone);
      const known = wall.board !== null;
      wall.snapshot(snapshot, performance.now());
      // After a gap: somebody may have been called meanwhile who has not come yet.
      const missed = snapshot.calls.find((call) => call.counter === counter);
      if (known && missed && Date.parse(snapshot.at) - Date.parse(missed.at) < NEWS_MS) announce(missed.seq);
      draw();
      report();
    },
    onEvents(events) {
      wall.events(events, performance.now());
      const call = events.filter((event) => event.counter === counter && CALLS.includes(event.kind)).pop();
      if (call) announce(call.seq);
      draw();
      report();
      if (events.some(({ kind }) => ANEW.includes(kind))) live.resync();
    },
    onLost(since) {
      wall.lost(since);
      draw();
    },
    onBack() {
      wall.back();
      draw();
    },
    onStop: openAgain,
  });
  setInterval(draw, DRAW_MS);
}

/**
 * Chime once, and let the light blink once more.
 * @param {number} seq
 */
function announce(seq) {
  if (seq <= announced) return;
  announced = seq;
  calls += 1;
  const wishes = wall.hall?.voice;
  if (!wishes || isQuiet(wishes, clock(live.serverNow()))) return;
  voice.volume = wishes.volume;
  voice.say([CHIME], []);
}

/** Report to the console that its own call is to be seen; those of other counters are not, on this screen. */
function report() {
  const called = wall.view(performance.now()).counters.find((row) => row.counter === counter);
  const mine = (wall.board?.recent ?? []).find(({ number }) => number === called?.number)?.seq;
  const painted = wall.takeCalls().filter((seq) => seq === mine);
  if (painted.length) requestAnimationFrame(() => requestAnimationFrame(() => painted.forEach(live.seen)));
}

function draw() {
  const view = wall.view(performance.now());
  const row = view.counters.find((each) => each.counter === counter) ?? null;
  const state = stateOf(row, view.lost_since);
  const silent = Boolean(wall.hall?.voice.on) && !voice.audible;
  const time = view.lost_since ? clock(view.lost_since) : "";
  const choices = state === "choose" ? view.counters.map((each) => each.counter) : [];
  drawTheme(wall.hall);
  const key = JSON.stringify({ state, row, silent, time, calls, choices });
  if (key === drawn) return;
  drawn = key;
  document.body.dataset.state = state;
  document.body.toggleAttribute("data-visual", Boolean(row?.visual));
  document.body.dataset.blink = calls % 2 ? "odd" : "even";
  if (state === "choose") sign.replaceChildren(...counterChoice(t("display.sign_choose"), choices, nameOf));
  else if (state !== "opening") sign.replaceChildren(...board(row, state, time, silent));
}

/** @param {?Wall.Row} row @param {?Date} lost_since */
function stateOf(row, lost_since) {
  if (!wall.board) return "opening";
  return lost_since ? "lost" : (row?.state ?? "choose");
}

/** @param {?Wall.Row} row @param {string} state @param {string} time @param {boolean} silent */
function board(row, state, time, silent) {
  const head = part("h1", "sign-head");
  head.append(part("span", "sign-word", t("display.counter")), part("b", "plate sign-plate", counter));
  if (row?.accessible) head.append(accessibleSign());
  const body = part("div", "sign-body");
  body.setAttribute("role", "status");
  const number = row?.number ?? null;
  if (state === "lost") body.append(part("p", "sign-state", t("display.lost", { time })));
  else if (number) body.append(part("p", "sign-state", t(WORD[state])));
  if (number) {
    const ticket = part("p", "ticket sign-ticket");
    ticket.append(part("b", number.length > 4 ? "number long" : "number", spaced(number)));
    body.append(ticket);
  } else if (state !== "lost") body.append(part("p", "sign-large", t(WORD[state])));
  if (state === "lost") body.append(part("p", "sign-note", t("display.lost_listen")));
  if (!silent) return [head, body];
  const sound = part("p", "sign-sound");
  sound.append(icon("volume"), part("span", "", `${t("display.sound_off")} · ${t("display.sound_unlock")}`));
  return [head, body, sound];
}

start();
