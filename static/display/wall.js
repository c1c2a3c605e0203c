/** Everything the wall knows, in one place: the last snapshot, brought up to date by events and counts. */

import { FAULT_REASONS } from "/static/lib/choices.js";
import { CallQueue, KEEP_MS } from "./call-queue.js";

/** Of the calls whose holders have come, so many are remembered: a list has about so many places. */
const RECENT = 9;
/** A page of a list that does not hold everybody at once stands so long. */
const PAGE_MS = 6_000;
const LEFT = ["ticket.finished", "ticket.held", "ticket.transferred"];
/** One who is called to another room is not awaited in this one any more. */
const WITHDRAWN = ["ticket.no_show", "ticket.cancelled", "ticket.expired", "ticket.called_elsewhere"];
const AT_COUNTER = ["called", "serving"];
/** @type {Record<string, string>} */
const STAFFING = {
  "counter.opened": "open",
  "counter.resumed": "open",
  "counter.paused": "paused",
  "counter.closed": "closed",
};

export class Wall {
  /** @type {?Wall.Board} */
  #board = null;
  #queue = new CallQueue();
  /** @type {?Date} */
  #lost_since = null;
  /** @type {Set<number>} */
  #unpainted = new Set();

  /** The calls taken in since this was last asked, by `seq`. */
  takeCalls() {
    const calls = [...this.#unpainted];
    this.#unpainted.clear();
    return calls;
  }

  /** All that is known of the hall; null before the first snapshot. */
  get board() {
    return this.#board;
  }

  get hall() {
    return this.#board?.hall ?? null;
  }

  get services() {
    return this.#board?.services ?? [];
  }

  get no_shows() {
    return this.#board?.no_shows ?? [];
  }

  /**
   * Replace everything. `now` is monotonic, in ms.
   * @param {Live.DisplaySnapshot} snapshot
   * @param {number} now
   */
  snapshot(snapshot, now) {
    const kept = new Map((this.#board?.counters ?? []).map((c) => [c.counter, c]));
    const recent = trimmed([...snapshot.recent, ...snapshot.calls], snapshot.counters);
    const board = {
      hall: snapshot.hall,
      room: snapshot.room,
      counters: snapshot.counters.map(({ counter, state, staffing, reason, number, accessible }) => {
        const { shown = null, shown_at = 0 } = kept.get(counter) ?? {};
        const stands = recent.some((call) => call.number === shown); // or its call was taken back
        const visual = snapshot.calls.some((call) => call.number === number && call.visual);
        const here = { counter, accessible, staffing, reason, ticket: number && state, number, visual };
        return { ...here, shown: stands ? shown : null, shown_at };
      }),
      recent,
      services: snapshot.services,
      no_shows: snapshot.no_shows,
      today: snapshot.today,
    };
    this.#board = board;
    const at = Date.parse(snapshot.at);
    const called = board.counters.filter(({ ticket }) => ticket === "called").map(({ number }) => number);
    const missed = snapshot.no_shows.filter((number) => !called.includes(number));
    for (const number of missed) this.#queue.withdraw(number);
    this.#queue.resync(
      {
        seq: snapshot.seq,
        called,
        calls: [...snapshot.calls].sort((a, b) => a.seq - b.seq),
        last: board.recent.find(({ number }) => !missed.includes(number)) ?? null,
        age: (call) => at - Date.parse(call.at),
      },
      now,
    );
    const here = snapshot.counters.map(({ number }) => number);
    for (const { number } of board.recent) if (!here.includes(number)) this.#queue.leave(number);
    // Also after a restart of the server, which no longer knows what this wall has shown.
    for (const { seq } of snapshot.calls) this.#unpainted.add(seq);
    this.#lost_since = null;
  }

  /**
   * Facts, in order.
   * @param {Live.DisplayEvent[]} events
   * @param {number} now
   */
  events(events, now) {
    for (const event of events) this.#apply(event, now);
  }

  /**
   * Derived figures: services with their forecasts, today's figures, missed numbers.
   * @param {Live.DisplayCounts} counts
   */
  counts({ services, today, no_shows }) {
    if (this.#board) Object.assign(this.#board, { services, today, no_shows });
  }

  /**
   * The server has not been heard of since that moment.
   * @param {Date} since
   */
  lost(since) {
    this.#lost_since = since;
  }

  back() {
    this.#lost_since = null;
  }

  /** Since when the server has not been heard of; null while all is well. */
  get lost_since() {
    return this.#lost_since;
  }

  /**
   * What is to be seen at `now`, with so many places for the last calls.
   * @param {number} now
   * @param {number} places
   */
  view(now, places = 0) {
    const counters = (this.#board?.counters ?? []).map((counter) => row(counter, now));
    const panel = this.#queue.at(now);
    const trouble = (this.#board?.counters ?? []).some(
      ({ staffing, reason }) => staffing === "paused" && FAULT_REASONS.includes(reason ?? ""),
    );
    const recent = listed(this.#calls(panel.call), counters, panel.call, places, Math.floor(now / PAGE_MS));
    const to = counters.find(({ counter }) => counter === panel.call?.counter);
    return {
      counters,
      panel: { ...panel, accessible: to?.accessible ?? false },
      recent,
      trouble,
      lost_since: this.#lost_since,
    };
  }

  /** The last calls but that of the panel, newest first, without those nobody followed. @param {?Wall.Call} panel */
  #calls(panel) {
    const called = (this.#board?.counters ?? []).filter(({ ticket }) => ticket === "called");
    return (this.#board?.recent ?? [])
      .filter(({ number }) => number !== panel?.number)
      .filter(({ number }) => called.some((each) => each.number === number) || !this.no_shows.includes(number));
  }

  /** @param {Live.DisplayEvent} event @param {number} now */
  #apply(event, now) {
    const board = this.#board;
    if (!board) return; // nothing is known yet
    const { seq, at, kind, number, counter, reason, visual = false } = event;
    /** @type {Partial<Wall.Counter>} */
    const here = board.counters.find((c) => c.counter === counter) ?? {};
    if (kind === "ticket.called" || kind === "ticket.called_again") {
      const call = /** @type {Wall.Call} */ ({ seq, at, number, counter, visual });
      this.#queue.offer(call, now);
      this.#unpainted.add(seq);
      Object.assign(here, { ticket: "called", number, visual, shown: number, shown_at: now });
      board.recent = trimmed([call, ...board.recent], board.counters);
    } else if (kind === "ticket.started") {
      this.#queue.answer(number);
      Object.assign(here, { ticket: "serving", number });
    } else if (LEFT.includes(kind)) {
      this.#queue.leave(number);
      if (here.number === number) Object.assign(here, { ticket: null, number: null });
    } else if (isWithdrawn(event)) {
      this.#withdraw(board, number);
    } else if (kind in STAFFING) {
      Object.assign(here, { staffing: STAFFING[kind], reason: reason ?? null });
    }
  }

  /** @param {Wall.Board} board @param {?string} number */
  #withdraw(board, number) {
    this.#queue.withdraw(number);
    board.recent = board.recent.filter((c) => c.number !== number);
    // Who cancels may be anywhere: the event names no counter.
    const where = board.counters.find((c) => [c.number, c.shown].includes(number));
    if (where?.number === number) Object.assign(where, { ticket: null, number: null });
    if (where?.shown === number) where.shown = null;
  }
}

/**
 * Nobody is asked for any more: no-show, cancelled, expired, called to another room, or a call that was taken back.
 * @param {Live.DisplayEvent} event
 */
function isWithdrawn({ kind, state }) {
  return WITHDRAWN.includes(kind) || (kind === "ticket.undone" && !AT_COUNTER.includes(state ?? ""));
}

/**
 * A counter as its row shows it: one who was called and has already left is still named for a while.
 * @param {Wall.Counter} counter
 * @param {number} now
 * @returns {Wall.Row}
 */
function row({ counter, accessible, staffing, ticket, number, visual, shown, shown_at }, now) {
  const here = { counter, accessible, visual: visual && ticket === "called" };
  if (number) return { ...here, state: /** @type {string} */ (ticket), number };
  if (staffing !== "open") return { ...here, state: staffing, number: null };
  if (shown && now - shown_at < KEEP_MS) return { ...here, state: "just_called", number: shown };
  return { ...here, state: "idle", number: null };
}

/**
 * The list of the last calls: all who are at a counter, newest first. If it cannot hold them all, its first half
 * keeps those who have not come yet, and the newest; the others turn page by page in its second half. So everybody who
 * is called or served is found after a few pages, however many were called since.
 * @param {Wall.Call[]} calls  newest first
 * @param {Wall.Row[]} counters
 * @param {?Wall.Call} panel
 * @param {number} places
 * @param {number} page
 * @returns {Wall.Listed[]}
 */
function listed(calls, counters, panel, places, page) {
  const here = counters.filter(({ state, number }) => AT_COUNTER.includes(state) && number !== panel?.number);
  const isHere = (/** @type {Wall.Place} */ { number }) => here.some((each) => each.number === number);
  const isCalled = (/** @type {Wall.Place} */ { number }) =>
    here.some((each) => each.number === number && each.state === "called");
  const older = here.filter(({ number }) => !calls.some((call) => call.number === number));
  const all = firstOf([...calls, .../** @type {Wall.Place[]} */ (older)], Math.max(places, here.length), isHere);
  const stand = all.length > places ? places - (places >> 1) : places;
  const first = firstOf(all, stand, isCalled);
  const others = all.filter((call) => !first.includes(call));
  others.sort((a, b) => Number(isCalled(b)) - Number(isCalled(a)) || a.counter - b.counter);
  const turning = places - stand;
  const from = (page % Math.ceil(others.length / turning || 1)) * turning;
  const shown = [...first, ...others.slice(from, from + turning)];
  return shown.map((call) => {
    const at = counters.find(({ counter }) => counter === call.counter);
    const visual = (isCalled(call) && at?.visual) ?? false;
    return {
      number: call.number,
      counter: call.counter,
      called: isCalled(call),
      accessible: at?.accessible ?? false,
      visual,
    };
  });
}

/**
 * So many of them, in their order: above all those that come first.
 * @param {Wall.Place[]} all
 * @param {number} places
 * @param {(place: Wall.Place) => boolean} comesFirst
 */
function firstOf(all, places, comesFirst) {
  let room = places - all.filter(comesFirst).length;
  return all.filter((each) => comesFirst(each) || room-- > 0).slice(0, places);
}

/**
 * Each number once, by its newest call, newest first: the last few, and all that are still called.
 * @template {{seq: number, number: string}} T
 * @param {T[]} calls
 * @param {{ticket?: ?string, state?: string, number: ?string}[]} counters  as the wall or as the server has them
 */
function trimmed(calls, counters) {
  const called = counters.filter(({ ticket, state }) => (ticket ?? state) === "called").map(({ number }) => number);
  const seen = new Set();
  return [...calls]
    .sort((a, b) => b.seq - a.seq)
    .filter(({ number }) => !seen.has(number) && seen.add(number))
    .filter(({ number }, at) => at < RECENT || called.includes(number));
}
