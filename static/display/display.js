/** The wall: follows the log of the hall and draws it. Nobody touches it, and it runs for months. */

import { ensurePaired } from "/static/access/pairing.js";
import { DEFAULT_LANGUAGE } from "/static/lib/choices.js";
import { byId } from "/static/lib/dom.js";
import { connect } from "/static/lib/live.js";
import { standing } from "/static/lib/notice.js";
import { firstToOpen } from "/static/lib/opening.js";
import { clock, longDate, own, setTimezone, t } from "/static/lib/text.js";
import "./call-list.js";
import "./call-panel.js";
import "./counter-rows.js";
import "./counter-strip.js";
import { absences, facts, turn } from "./facts.js";
import "./hall-foot.js";
import "./hall-head.js";
import "./hall-notice.js";
import { HallVoice } from "./hall-voice.js";
import "./lost-notice.js";
import { ANEW, LOST_AFTER_MS, drawTheme, openAgain, textLoaded } from "./screen-page.js";
import "./sound-key.js";
import { Wall } from "./wall.js";
import "./waiting-board.js";

/** Messages draw at once; between them only the clock, the call in the panel and the fact can change. */
const DRAW_MS = 250;
/** Before this the empty frame says enough. */
const OPENING_MS = 400;
const EMPTY_ROWS = Array.from({ length: 5 }, () => ({ state: "empty" }));
/** The board has room for so many services, for fewer beside a notice or with a long name; the foot has the others. */
const SERVICES = { rows: 8, trouble: 5, compact: 6, long: 4 };
const LONG_NAME = 25; // letters
/** With more services than this the board has no room for the rule; the foot has it. */
const RULE_SERVICES = 4;
/** The last calls of a large hall on a lost wall. */
const OLD_CALLS = 4;

/** @typedef {ReturnType<Wall["view"]>} View */

const part = Object.fromEntries(
  [
    "hall-head",
    "call-panel",
    "waiting-board",
    "hall-notice",
    "lost-notice",
    "counter-rows",
    "call-list",
    "counter-strip",
    "hall-foot",
    "sound-key",
  ].map((name) => [name, /** @type {any} */ (document.querySelector(name))]),
);
const opening = byId("opening");
const wall = new Wall();
/** @type {Live.Line} */
let live;
/** @type {?HallVoice} */
let voice = null;

async function start() {
  await textLoaded();
  document.title = t("display.title");
  draw();
  setTimeout(() => {
    opening.textContent = t("display.opening");
  }, OPENING_MS);
  await ensurePaired("display", document.body);
  live = connect("/display", {
    lost_after_ms: LOST_AFTER_MS,
    onSnapshot(snapshot) {
      setTimezone(snapshot.hall.timezone);
      take(() => wall.snapshot(snapshot, performance.now()));
      voice?.snapshot(snapshot);
    },
    onEvents(events) {
      take(() => wall.events(events, performance.now()));
      voice?.events(events);
      if (events.some(({ kind }) => ANEW.includes(kind))) live.resync();
    },
    onCounts: (counts) => take(() => wall.counts(counts)),
    onSpeaker: (message) => voice?.speaker(message),
    onLost(since) {
      take(() => wall.lost(since));
      voice?.lost();
    },
    onBack: () => take(() => wall.back()),
    onStop: openAgain,
  });
  voice = new HallVoice(live, draw);
  setInterval(draw, DRAW_MS);
}

/** @param {() => void} change */
function take(change) {
  change();
  draw();
  const calls = wall.takeCalls();
  if (!calls.length) return;
  // The first frame paints them; in the second they have been painted.
  requestAnimationFrame(() => requestAnimationFrame(() => calls.forEach(live.seen)));
}

/** The only writer of the page: what is known at this moment, and nothing else, is to be seen. */
function draw() {
  const now = performance.now();
  const view = wall.view(now);
  const state = view.lost_since ? "lost" : wall.hall ? "live" : "opening";
  const compact = state === "live" && view.layout === "compact";
  const notice = state === "live" ? standing(wall.hall?.notice, live.serverNow()) : null;

  drawFrame(state, view.far, compact);
  drawPanel(view, state, compact, notice);
  if (compact) part["call-list"].show({ calls: view.recent, rows: view.rows });
  else part["counter-rows"].show(rowsView(view, state));
  if (compact) part["counter-strip"].show({ counters: view.counters, unlisted: view.unlisted });
  const withheld = Boolean(voice?.withheld);
  part["sound-key"].show({ withheld });
  document.body.toggleAttribute("data-withheld", withheld);
  const { board } = wall;
  if (!board) return;
  const minute = Math.floor(live.serverNow().getTime() / 60_000) * 60_000;
  part["hall-head"].show({ name: board.hall.name, office: board.hall.office, minute });
  part["hall-foot"].show(
    notice && view.panel.call ? noticeFoot(notice, board, now) : footView(view, board, state, compact, now, !notice),
  );
}

/**
 * What has the place of the call: the call, without one the message to all who wait or the waiting, or that all is lost.
 * @param {View} view
 * @param {string} state
 * @param {boolean} compact
 * @param {?Api.NoticeView} notice
 */
function drawPanel(view, state, compact, notice) {
  const free = state === "live" && !view.panel.call;
  part["call-panel"].show(state === "live" ? view.panel : { call: null });
  part["waiting-board"].show(free && !notice ? waitingView(view, compact) : { services: null });
  part["hall-notice"].show({ texts: free && notice ? notice.texts : null });
  part["lost-notice"].show({ time: view.lost_since && clock(view.lost_since) });
}

/**
 * How the page as a whole looks, and which of its parts are there.
 * @param {string} state
 * @param {number} far
 * @param {boolean} compact
 */
function drawFrame(state, far, compact) {
  drawTheme(wall.hall?.wall);
  document.documentElement.style.setProperty("--far", String(far));
  document.body.dataset.state = state;
  document.body.toggleAttribute("data-far", far > 1);
  document.body.dataset.layout = compact ? "compact" : "rows";
  opening.hidden = state !== "opening";
  part["call-list"].hidden = part["counter-strip"].hidden = !compact;
  part["counter-rows"].hidden = compact;
}

/** @param {View} view @param {boolean} compact */
function waitingView({ counters, trouble }, compact) {
  const services = waitedFor(compact, trouble);
  return {
    services: services.map(({ prefix, names, waiting, ahead, forecast, counters_open }) => ({
      prefix,
      names,
      waiting,
      ahead,
      forecast,
      counters_open,
    })),
    columns: !compact ? 1 : services.length > SERVICES.long ? 3 : 2,
    open: counters.some(({ state }) => state !== "closed"),
    issued_from: issuedFrom(live.serverNow()),
    rule: tellsRule(services, compact) ? own(wall.hall?.rule ?? {}) : null,
    language: DEFAULT_LANGUAGE,
    trouble,
  };
}

/**
 * From when numbers are given again, in words; null while a service gives some, or where no day is known.
 * @param {Date} now
 */
function issuedFrom(now) {
  const first = firstToOpen(wall.services);
  if (!first) return null;
  const [then, today] = [longDate(first.opens_at), longDate(now)];
  const when = clock(first.opens_at);
  return then === today
    ? t("display.issued_from", { clock: when })
    : t("display.issued_from_day", { clock: when, day: then });
}

/**
 * The services that somebody waits for, those with the longest queues if there is no room for all, in the usual order.
 * @param {boolean} compact
 * @param {boolean} trouble
 */
function waitedFor(compact, trouble) {
  const waited = wall.services.filter(({ waiting }) => waiting > 0);
  const long = waited.some(({ names }) => names[DEFAULT_LANGUAGE].length > LONG_NAME);
  const most = SERVICES[compact ? (long ? "long" : "compact") : trouble ? "trouble" : "rows"];
  const longest = [...waited].sort((a, b) => b.waiting - a.waiting).slice(0, most);
  return waited.filter((service) => longest.includes(service));
}

/** @param {Api.ServiceView[]} services  on the board @param {boolean} compact */
const tellsRule = (services, compact) => services.length <= (compact ? 0 : RULE_SERVICES);

/**
 * Rows as they are; the empty frame; or, without the server, what was called before, drawn as old.
 * @param {View} view
 * @param {string} state
 */
function rowsView({ layout, counters, panel, recent, lost_since }, state) {
  if (state === "opening") return { title: "", rows: EMPTY_ROWS };
  if (state === "live") return { title: "", rows: counters };
  const called =
    layout === "rows"
      ? counters.filter(({ number }) => number)
      : [panel.call, ...recent].filter((call) => call !== null).slice(0, OLD_CALLS);
  const rows = called.map(({ counter, number }) => ({ counter, number, state: "old" }));
  return { title: rows.length && lost_since ? t("display.lost_before", { time: clock(lost_since) }) : "", rows };
}

/**
 * While a system is at fault the foot says that, and nothing else beside the missed numbers; what the board says, the
 * foot does not say again.
 * @param {View} view
 * @param {Wall.Board} board
 * @param {string} state
 * @param {boolean} compact
 * @param {number} now
 * @param {boolean} boarded  whether the board may be seen, and not a message in its place
 */
function footView({ counters, panel, trouble: fault }, board, state, compact, now, boarded) {
  const number = board.hall.hotline;
  const hotline = number ? t("display.fact_hotline", { number }) : null;
  if (state === "lost") return { left: t("display.lost_old"), right: hotline };
  const no_shows = absences(board);
  const services = panel.call || !boarded ? null : waitedFor(compact, fault);
  const trouble = fault && services === null;
  const ruled = services !== null && !fault && tellsRule(services, compact);
  const lines = trouble ? [t("display.trouble_foot")] : facts(board, DEFAULT_LANGUAGE, !ruled);
  if (!compact) return { trouble, left: turn(lines, now), no_shows: no_shows.length ? turn(no_shows, now) : null };
  const said = turn([...no_shows, ...lines], now);
  return no_shows.includes(said) ? { counters, no_shows: said } : { counters, trouble, right: said };
}

/**
 * While a call has the panel, the message has the whole foot, in each of its languages; between them whom nobody found.
 * @param {Api.NoticeView} notice
 * @param {Wall.Board} board
 * @param {number} now
 */
function noticeFoot({ texts }, board, now) {
  const said = Object.values(texts).map((notice) => ({ notice }));
  const missed = absences(board).flatMap((no_shows) => [...said, { no_shows }]);
  return turn(missed.length ? missed : said, now);
}

start();
