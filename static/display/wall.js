/** Everything the wall knows, in one place: the last snapshot, brought up to date by events and counts. */

import { FAULT_REASONS } from "/static/lib/choices.js";
import { CallQueue, KEEP_MS } from "./call-queue.js";
import { plan } from "./plan.js";

/** Eight calls stand in the list; the ninth is the one that holds the panel. */
const RECENT = 9;
const LEFT = ["ticket.finished", "ticket.held", "ticket.transferred"];
const WITHDRAWN = ["ticket.no_show", "ticket.cancelled", "ticket.expired"];
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
    const board = {
      hall: snapshot.hall,
      counters: snapshot.counters.map(({ counter, state, staffing, reason, number }) => {
        const { shown = null, shown_at = 0 } = kept.get(counter) ?? {};
        return { counter, staffing, reason, ticket: number && state, number, shown, shown_at };
      }),
      recent: unique(snapshot.recent),
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

  /**
   * What is to be seen at `now`.
   * @param {number} now
   */
  view(now) {
    const counters = (this.#board?.counters ?? []).map((counter) => row(counter, now));
    const { layout, far, rows, columns } = plan(counters.length, this.hall?.wall.last_seat_m);
    const panel = this.#queue.at(now);
    const open = new Set(counters.filter((c) => c.state === "called").map((c) => c.number));
    const recent = (this.#board?.recent ?? [])
      .filter((call) => call.number !== panel.call?.number)
      .filter((call) => open.has(call.number) || !this.no_shows.includes(call.number))
      .slice(0, rows * columns)
      .map(({ number, counter }) => ({ number, counter, called: open.has(number) }));
    const trouble = (this.#board?.counters ?? []).some(
      ({ staffing, reason }) => staffing === "paused" && FAULT_REASONS.includes(reason ?? ""),
    );
    return { layout, far, rows, counters, panel, recent, trouble, lost_since: this.#lost_since };
  }

  /** @param {Live.DisplayEvent} event @param {number} now */
  #apply({ seq, at, kind, number, counter, reason }, now) {
    const board = this.#board;
    if (!board) return; // nothing is known yet
    /** @type {Partial<Wall.Counter>} */
    const here = board.counters.find((c) => c.counter === counter) ?? {};
    if (kind === "ticket.called" || kind === "ticket.called_again") {
      const call = /** @type {Wall.Call} */ ({ seq, at, number, counter });
      this.#queue.offer(call, now);
      this.#unpainted.add(seq);
      board.recent = unique([call, ...board.recent]);
      Object.assign(here, { ticket: "called", number, shown: number, shown_at: now });
    } else if (kind === "ticket.started") {
      this.#queue.answer(number);
      Object.assign(here, { ticket: "serving", number });
    } else if (LEFT.includes(kind)) {
      this.#queue.answer(number);
      if (here.number === number) Object.assign(here, { ticket: null, number: null });
    } else if (WITHDRAWN.includes(kind)) {
      this.#queue.withdraw(number);
      board.recent = board.recent.filter((c) => c.number !== number);
      // Who cancels may be anywhere: the event names no counter.
      const where = board.counters.find((c) => c.number === number) ?? {};
      Object.assign(where, { ticket: null, number: null, shown: null });
    } else if (kind in STAFFING) {
      Object.assign(here, { staffing: STAFFING[kind], reason: reason ?? null });
    }
  }
}

/**
 * A counter as its row shows it: one who was called and has already left is still named for a while.
 * @param {Wall.Counter} counter
 * @param {number} now
 * @returns {Wall.Row}
 */
function row({ counter, staffing, ticket, number, shown, shown_at }, now) {
  if (number) return { counter, state: /** @type {string} */ (ticket), number };
  if (staffing !== "open") return { counter, state: staffing, number: null };
  if (shown && now - shown_at < KEEP_MS) return { counter, state: "just_called", number: shown };
  return { counter, state: "idle", number: null };
}

/**
 * Each number once, its newest call first.
 * @template {{number: string}} T
 * @param {T[]} calls
 */
function unique(calls) {
  const seen = new Set();
  return calls.filter(({ number }) => !seen.has(number) && seen.add(number)).slice(0, RECENT);
}
