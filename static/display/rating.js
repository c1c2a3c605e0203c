/** The rating screen of one counter: it wakes for the number that has just finished there, asks, thanks and sleeps. */

import { ensurePaired } from "/static/access/pairing.js";
import { Refusal, Unreachable, get, post } from "/static/lib/api.js";
import { DEFAULT_LANGUAGE } from "/static/lib/choices.js";
import { byId } from "/static/lib/dom.js";
import { ASKED_WHY, RATINGS, RATING_REASONS, face } from "/static/lib/faces.js";
import { icon } from "/static/lib/icon.js";
import { connect } from "/static/lib/live.js";
import { setTimezone, spaced, t } from "/static/lib/text.js";
import { counterChoice } from "./counter-choice.js";
import { part } from "./drawn.js";
import { ANEW, LOST_AFTER_MS, openAgain, textLoaded } from "./screen-page.js";

const AWAKE_MS = 60_000; // after the finish; then the person who was asked has gone
const WHY_MS = 15_000; // a reason is waited for so long; the rating counts without one
const SAID_MS = 4_000; // thanks, or why not
const PATIENCE = { patience_ms: 8_000, timeout_ms: 2_500 };
const TICK_MS = 500;
const NO_REASON = "";

/** The number of the counter in the address; the page without it asks. */
const counter = Number(new URLSearchParams(location.search).get("counter"));
const root = byId("rating");
/** @type {Live.Line} */
let live;
/** @type {?Live.DisplaySnapshot} */
let hall = null;
/** @type {?Live.Rateable} */
let visit = null; // whom the page asks
/** @type {"asleep" | "asking" | "why" | "said"} */
let page = "asleep";
let until = 0; // performance.now() at which the page goes on by itself
let chosen = "";
let said = "";
let sending = false;
let lost = false;
let drawn = "";
/** @type {Record<string, string>} */
let second = {}; // the words in the other language of the hall, if it has one
let secondLanguage = "";
const asked = new Set(); // visits that were asked about, by ref

async function start() {
  await textLoaded();
  document.title = counter ? t("rating.title", { counter }) : t("rating.choose");
  await ensurePaired("display", document.body);
  live = connect("/display", {
    auth: { rating: true },
    lost_after_ms: LOST_AFTER_MS,
    onSnapshot(snapshot) {
      setTimezone(snapshot.hall.timezone);
      hall = snapshot;
      learnSecond(snapshot.hall.languages);
      wake(snapshot.to_rate?.find((each) => each.counter === counter));
    },
    onEvents(events) {
      const mine = events.filter((event) => event.counter === counter);
      // The next one sits down: the faces are not theirs.
      if (page === "asking" && mine.some(({ kind }) => kind === "ticket.started")) sleep();
      const finished = mine.some(({ kind }) => kind === "ticket.finished");
      if (finished || events.some(({ kind }) => ANEW.includes(kind))) live.resync();
    },
    onLost: () => reached(false),
    onBack: () => reached(true),
    onStop: openAgain,
  });
  setInterval(tick, TICK_MS);
}

/** @param {boolean} there */
function reached(there) {
  lost = !there;
  draw();
}

/** @param {string[]} languages */
async function learnSecond(languages) {
  const other = languages.find((language) => language !== DEFAULT_LANGUAGE) ?? "";
  if (other === secondLanguage) return;
  secondLanguage = other;
  try {
    second = other ? /** @type {any} */ (await get(/** @type {any} */ (`/texts/${other}/rating`))) : {};
  } catch {
    secondLanguage = ""; // with the next snapshot
  }
  drawn = "";
  draw();
}

/** @param {Live.Rateable | undefined} offered  the visit that ended last at this counter, if it can be rated */
function wake(offered) {
  if (page === "asking" && offered?.ref !== visit?.ref) sleep(); // rated elsewhere, or taken back
  if (offered && !asked.has(offered.ref)) {
    const left = AWAKE_MS - (live.serverNow().getTime() - Date.parse(offered.at));
    if (page === "why") {
      if (offered.ref !== visit?.ref) send(NO_REASON);
    } else if (left > 0) show("asking", left, offered);
  }
  draw();
}

/** @param {typeof page} next @param {number} for_ms @param {?Live.Rateable} [whose] */
function show(next, for_ms, whose = visit) {
  page = next;
  until = performance.now() + for_ms;
  visit = whose;
  draw();
}

function sleep() {
  page = "asleep";
  visit = null;
  said = "";
  draw();
}

function tick() {
  if (page === "asleep" || sending || performance.now() < until) return;
  if (page === "why") send(NO_REASON);
  else {
    sleep();
    live.resync(); // somebody may have finished while the last one was thanked
  }
}

/** @param {string} rating */
function choose(rating) {
  chosen = rating;
  said = "";
  if (ASKED_WHY.includes(rating)) show("why", WHY_MS);
  else send(NO_REASON);
}

/** @param {string} reason */
async function send(reason) {
  if (!visit || sending) return;
  const { ref } = visit;
  sending = true;
  draw();
  try {
    await post(`/tickets/${ref}/rate`, { rating: chosen, ...(reason && { reason }) }, PATIENCE);
    thank();
  } catch (failure) {
    if (failure instanceof Refusal) {
      said = failure.message;
      show("said", SAID_MS);
    } else if (failure instanceof Unreachable) {
      said = t("rating.lost");
      show("asking", WHY_MS);
    } else throw failure;
  } finally {
    sending = false;
    if (page === "said") asked.add(ref);
    draw();
  }
}

function thank() {
  said = "";
  show("said", SAID_MS);
}

function draw() {
  const state = hall ? (lost ? "lost" : counter ? page : "choose") : "opening";
  const key = JSON.stringify([state, visit?.ref, chosen, said, sending, second.question, hall?.counters.length]);
  if (key === drawn || state === "opening") return;
  drawn = key;
  document.body.dataset.state = state;
  root.replaceChildren(...DRAWN[state]());
}

/** @type {Record<string, () => HTMLElement[]>} */
const DRAWN = {
  choose: () =>
    counterChoice(
      t("rating.choose"),
      (hall?.counters ?? []).map((each) => each.counter),
      (each) => t("rating.title", { counter: each }),
    ),
  asleep: () => saying("asleep", part("b", "plate", counter)),
  lost: () => saying("asleep", part("b", "plate", counter)),
  asking: () => [head("question"), keys("", RATINGS, (rating) => choose(rating)), foot(said || t("rating.own"))],
  why: () => [head("why"), keys("why", [...RATING_REASONS, NO_REASON], send), foot(t("rating.own"))],
  // Not the face that was chosen: others may see it.
  said: () => (said ? [part("div", ""), spoken(said), foot("")] : saying("thanks", icon("circle-check"))),
};

/** @param {string} question */
function head(question) {
  const made = part("div", "rating-head");
  made.setAttribute("role", "status");
  const number = spaced(visit?.number ?? "");
  made.append(both("h1", question), part("span", "", t("rating.ended", { number, counter })));
  return made;
}

/** @param {string} kind @param {string[]} values @param {(value: string) => void} press */
function keys(kind, values, press) {
  const made = part("div", `rating-keys rating-keys--${kind || "faces"}`);
  made.append(
    ...values.map((value) => {
      const key = part("button", "");
      key.type = "button";
      key.disabled = sending;
      key.dataset.value = value;
      if (!kind) key.append(face(value));
      key.append(both("span", kind ? (value ? `reason_${value}` : "no_reason") : value));
      key.addEventListener("click", () => press(value));
      return key;
    }),
  );
  return made;
}

/** @param {string} key @param {Element} picture */
function saying(key, picture) {
  const made = part("div", "rating-said");
  made.setAttribute("role", "status");
  made.append(picture, both("h1", key));
  return [part("div", ""), made, foot("")];
}

/** @param {string} words */
function spoken(words) {
  const made = part("div", "rating-said");
  made.setAttribute("role", "status");
  made.append(part("h1", "", words));
  return made;
}

/** @param {string} words */
function foot(words) {
  return part("p", "rating-foot", words);
}

/**
 * The words, and below them those in the other language of the hall.
 * @param {"h1" | "span"} tag
 * @param {string} key
 */
function both(tag, key) {
  const made = part(tag, "", t(`rating.${key}`));
  if (second[key]) {
    const other = part("span", "rating-second", second[key]);
    other.lang = secondLanguage;
    made.append(other);
  }
  return made;
}

start();
