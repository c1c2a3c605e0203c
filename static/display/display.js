/** The wall: follows the log of the hall and draws it. Nobody touches it, and it runs for months. */

import { ensurePaired } from "/static/access/pairing.js";
import { DEFAULT_LANGUAGE } from "/static/lib/choices.js";
import { byId } from "/static/lib/dom.js";
import { inchesFor } from "/static/lib/legible.js";
import { connect } from "/static/lib/live.js";
import { standing } from "/static/lib/notice.js";
import { firstToOpen } from "/static/lib/opening.js";
import { placeAsked, roomName } from "/static/lib/rooms.js";
import { clock, decimal, longDate, own, setTimezone, t } from "/static/lib/text.js";
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
import { namesRoom, plan } from "./plan.js";
import "./poster-board.js";
import { Posters } from "./posters.js";
import { ANEW, LOST_AFTER_MS, drawTheme, openAgain, textLoaded } from "./screen-page.js";
import "./sound-key.js";
import { boardRoom, columnsFor, hasRule, waitedFor } from "./waiting.js";
import "./waiting-board.js";
import { Wall } from "./wall.js";

/** Messages draw at once; between them only the clock, the call in the panel and the fact can change. */
const DRAW_MS = 250;
/** Before this the empty frame says enough. */
const OPENING_MS = 400;
const EMPTY_ROWS = Array.from({ length: 5 }, () => ({ state: "empty" }));
/** After it was paired somebody stands before the wall, who can still hang another television. */
const SET_UP_MS = 180_000;
/** So many of the last calls, and no more counters, on a lost wall. */
const OLD_CALLS = 5;

/** The lengths of a plan that the styles know, as properties of the page. @type {(keyof Plan & string)[]} */
const UNITS = ["call", "row", "head", "foot", "gap", "panel_width", "panel_height"];

/** @typedef {ReturnType<Wall["view"]>} View */
/** @typedef {import("./plan.js").Plan} Plan */

const part = Object.fromEntries(
  [
    "hall-head",
    "call-panel",
    "waiting-board",
    "hall-notice",
    "poster-board",
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
const posters = new Posters();
/** @type {Live.Line} */
let live;
/** @type {?HallVoice} */
let voice = null;
let set_up_until = 0; // by performance.now()
/** What the frame was last drawn for: it is written again only when that has changed. */
let frame = "";

async function start() {
  await textLoaded();
  document.title = t("display.title");
  draw();
  setTimeout(() => {
    opening.textContent = t("display.opening");
  }, OPENING_MS);
  if (await ensurePaired("display", document.body)) set_up_until = performance.now() + SET_UP_MS;
  live = connect("/display", {
    auth: placeAsked(),
    lost_after_ms: LOST_AFTER_MS,
    onSnapshot(snapshot) {
      setTimezone(snapshot.hall.timezone);
      posters.follow(snapshot.hall.posters);
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
  part["poster-board"].addEventListener("poster-ended", () => posters.ended(performance.now()));
  part["poster-board"].addEventListener("poster-broke", () => posters.broke(performance.now()));
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
  const state = wall.lost_since ? "lost" : wall.hall ? "live" : "opening";
  const laid = laidOut(state);
  const view = wall.view(now, laid.columns * laid.rows);
  const notice = state === "live" ? standing(wall.hall?.notice, live.serverNow()) : null;
  const compact = laid.layout === "compact";
  const whole = isWhole(laid, view.panel, view.recent);
  const board = whole ? { ...laid, panel_width: laid.width, panel_height: laid.height } : laid;

  drawFrame(state, board, whole);
  drawPanel(view, state, board, whole, notice, now);
  if (compact) part["call-list"].show({ calls: view.recent, places: laid.columns * laid.rows });
  else part["counter-rows"].show(rowsView(view, state, laid));
  if (laid.strip) part["counter-strip"].show({ counters: view.counters });
  const withheld = Boolean(voice?.withheld);
  part["sound-key"].show({ withheld });
  document.body.toggleAttribute("data-withheld", withheld);
  drawEnds(view, state, laid, notice, now);
}

/**
 * The layout of this moment. What is said without a server stands beside a few rows, however many counters there are.
 * @param {string} state
 * @returns {Plan}
 */
function laidOut(state) {
  const screen = { width: innerWidth, height: innerHeight };
  if (state !== "live") return plan(state === "lost" ? OLD_CALLS : EMPTY_ROWS.length, screen, {});
  return plan(wall.board?.counters.length ?? 0, screen, wall.hall?.wall ?? {});
}

/**
 * Head and foot.
 * @param {View} view
 * @param {string} state
 * @param {Plan} laid
 * @param {?Api.NoticeView} notice
 * @param {number} now
 */
function drawEnds(view, state, laid, notice, now) {
  const { board } = wall;
  if (!board) return;
  const minute = Math.floor(live.serverNow().getTime() / 60_000) * 60_000;
  part["hall-head"].show({ logo: board.hall.logo, name: board.hall.name, office: board.hall.office, minute });
  part["hall-foot"].show(
    notice && view.panel.call ? noticeFoot(notice, view, laid, now) : footView(view, board, state, laid, now, !notice),
  );
}

/**
 * What has the place of the call: the call, without one the message to all who wait or the waiting, or that all is lost.
 * @param {View} view
 * @param {string} state
 * @param {Plan} laid
 * @param {boolean} whole
 * @param {?Api.NoticeView} notice
 * @param {number} now
 */
function drawPanel(view, state, laid, whole, notice, now) {
  const free = state === "live" && !view.panel.call;
  const room = namesRoom(laid) ? roomCalledTo(view.panel) : "";
  part["call-panel"].show(state === "live" ? { ...view.panel, room } : { call: null });
  const poster = posterView(free && !notice && !view.trouble, laid, now);
  part["poster-board"].show(poster);
  part["waiting-board"].show(free && !notice && !poster.poster ? waitingView(view, laid, whole) : { services: null });
  part["hall-notice"].show({ texts: free && notice ? notice.texts : null });
  part["lost-notice"].show({ time: view.lost_since && clock(view.lost_since) });
}

/** The name of the room of the call, on a wall that shows every room. @param {Wall.Panel} panel */
const roomCalledTo = ({ call }) => (wall.board?.room ? "" : roomName(wall.hall, call?.counter));

/**
 * The same as the foot says it where the panel has no place for it; null where it has.
 * @param {Wall.Panel} panel
 * @param {Plan} laid
 */
function roomInFoot(panel, laid) {
  const room = namesRoom(laid) ? "" : roomCalledTo(panel);
  return room ? t("display.room_foot", { counter: panel.call?.counter, room }) : null;
}

/**
 * The poster of the notice board whose turn it is; never while anything is said that people wait for.
 * @param {boolean} free  whether nobody is called, no message stands and no system is at fault
 * @param {Plan} laid
 * @param {number} now
 */
function posterView(free, { panel_width, panel_height }, now) {
  const { hall } = wall;
  if (!hall) return { poster: null, urls: [], languages: [], turn: 0 };
  const shape = panel_width / panel_height;
  const view = posters.view(now, live.serverNow(), hall.timezone, free, shape);
  return { ...view, languages: hall.languages };
}

/**
 * How the page as a whole looks, and which of its parts are there.
 * @param {string} state
 * @param {Plan} laid
 * @param {boolean} whole  whether the panel has all the room
 */
function drawFrame(state, laid, whole) {
  drawTheme(wall.hall);
  const key = JSON.stringify([laid, state, whole]);
  if (key === frame) return;
  frame = key;
  const { style } = document.documentElement;
  for (const name of UNITS) style.setProperty(`--plan-${name.replace("_", "-")}`, `calc(${laid[name]} * var(--h))`);
  style.setProperty("--columns", String(laid.columns));
  style.setProperty("--rows", String(laid.rows));
  document.body.dataset.state = state;
  document.body.dataset.layout = laid.layout;
  document.body.dataset.panel = whole ? "whole" : laid.panel;
  document.body.toggleAttribute("data-tight", laid.tight);
  document.body.toggleAttribute("data-bare", laid.bare);
  document.body.toggleAttribute("data-upright", laid.upright);
  opening.hidden = state !== "opening";
  const compact = laid.layout === "compact";
  part["call-list"].hidden = !compact || whole;
  part["counter-strip"].hidden = !laid.strip;
  part["counter-rows"].hidden = compact;
}

/** @param {View} view @param {Plan} laid @param {boolean} whole */
function waitingView({ counters, trouble }, laid, whole) {
  const room = boardRoom(laid, whole, trouble);
  const services = waitedFor(wall.services, room);
  return {
    services: services.map(({ prefix, names, waiting, ahead, forecast, counters_open }) => ({
      prefix,
      names,
      waiting,
      ahead,
      forecast,
      counters_open,
    })),
    columns: columnsFor(services, room),
    open: counters.some(({ state }) => state !== "closed"),
    issued_from: issuedFrom(live.serverNow()),
    rule: hasRule(services, room) ? own(wall.hall?.rule ?? {}) : null,
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
 * Rows as they are; the empty frame; or, without the server, what was called before, drawn as old.
 * @param {View} view
 * @param {string} state
 * @param {Plan} laid
 */
function rowsView({ counters, panel, recent, lost_since }, state, { columns, tight, bare }) {
  const shape = { roomy: !tight, bare, columns };
  if (state === "opening") return { title: "", ...shape, rows: EMPTY_ROWS };
  if (state === "live") return { title: "", ...shape, rows: counters };
  const called =
    counters.length <= OLD_CALLS
      ? counters.filter(({ number }) => number)
      : [panel.call, ...recent].filter((call) => call !== null).slice(0, OLD_CALLS);
  const rows = called.map(({ counter, number }) => ({ counter, number, state: "old" }));
  const title = rows.length && lost_since ? t("display.lost_before", { time: clock(lost_since) }) : "";
  return { title, ...shape, rows };
}

/**
 * While a system is at fault the foot says that, and nothing else beside the missed numbers; what the board says, the
 * foot does not say again.
 * @param {View} view
 * @param {Wall.Board} board
 * @param {string} state
 * @param {Plan} laid
 * @param {number} now
 * @param {boolean} boarded  whether the board may be seen, and not a message in its place
 */
function footView(view, board, state, laid, now, boarded) {
  const number = board.hall.hotline;
  const hotline = number ? t("display.fact_hotline", { number }) : null;
  if (state === "lost") return { left: t("display.lost_old"), right: hotline };
  const small = now < set_up_until ? tooSmall(board.hall.wall, laid) : null;
  if (small) return { left: small, trouble: true };
  const compact = laid.layout === "compact";
  const no_shows = absences(board);
  const room = roomInFoot(view.panel, laid);
  if (room) return compact ? { counters: view.counters, right: room } : { left: room };
  const { trouble, lines } = footLines(view, board, laid, boarded);
  if (!compact && !laid.upright)
    return { trouble, left: turn(lines, now), no_shows: no_shows.length ? turn(no_shows, now) : null };
  const counters = compact ? view.counters : undefined;
  const said = turn([...no_shows, ...lines], now);
  return no_shows.includes(said) ? { counters, no_shows: said } : { counters, trouble, right: said };
}

/**
 * Why the television is too small for the farthest seat; null while it is not.
 * @param {Api.WallView} measures
 * @param {Plan} laid
 */
function tooSmall({ last_seat_m: metres, inches: diagonal }, { fits, upright }) {
  if (fits) return null;
  const needed = inchesFor(metres, upright ? "upright" : "lying");
  return t("display.too_small", {
    metres: decimal(metres, Number.isInteger(metres) ? 0 : 1),
    inches: diagonal,
    needed,
  });
}

/**
 * What the foot says in turn, and whether that is of a fault.
 * @param {View} view
 * @param {Wall.Board} board
 * @param {Plan} laid
 * @param {boolean} boarded
 */
function footLines({ panel, recent, trouble: fault }, board, laid, boarded) {
  const room = boardRoom(laid, isWhole(laid, panel, recent), fault);
  const services = panel.call || !boarded ? null : waitedFor(board.services, room);
  const trouble = fault && services === null;
  const ruled = services !== null && !fault && hasRule(services, room);
  return { trouble, lines: trouble ? [t("display.trouble_foot")] : facts(board, DEFAULT_LANGUAGE, !ruled) };
}

/**
 * Whether the panel has the room of the last calls too: before the first call of the day nothing stands there.
 * @param {Plan} laid
 * @param {Wall.Panel} panel
 * @param {Wall.Listed[]} recent
 */
const isWhole = ({ layout }, panel, recent) => layout === "compact" && !panel.call && !recent.length;

/**
 * While a call has the panel, the message has the whole foot, in each of its languages; between them whom nobody found.
 * @param {Api.NoticeView} notice
 * @param {View} view
 * @param {Plan} laid
 * @param {number} now
 */
function noticeFoot({ texts }, { panel }, laid, now) {
  const room = roomInFoot(panel, laid);
  const said = [...(room ? [{ left: room }] : []), ...Object.values(texts).map((notice) => ({ notice }))];
  const missed = absences(/** @type {Wall.Board} */ (wall.board)).flatMap((no_shows) => [...said, { no_shows }]);
  return turn(missed.length ? missed : said, now);
}

start();
