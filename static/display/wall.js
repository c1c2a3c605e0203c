/** Everything the wall knows, in one place: the last snapshot, brought up to date by events and counts. */

import { CallQueue, KEEP_MS } from "./call-queue.js";
import { plan } from "./plan.js";

/** Eight calls stand in the list; the ninth is the one that holds the panel. */
const RECENT = 9;
const WITHDRAWN = ["ticket.no_show", "ticket.cancelled", "ticket.expired"];
const COUNTER_STATE = {
  "counter.opened": "idle",
  "counter.resumed": "idle",
  "counter.paused": "paused",
  "counter.closed": "closed",
};

export class Wall {
  #board = null;
  #queue = new CallQueue();
  #lost_since = null;
  #called_seq = 0;

  /** The newest call that has been taken in. */
  get called_seq() {
    return this.#called_seq;
  }

  get hall() {
    return this.#board?.hall ?? null;
  }

  get services() {
    return this.#board?.services ?? [];
  }

  get today() {
    return this.#board?.today ?? null;
  }

  get no_shows() {
    return this.#board?.no_shows ?? [];
  }

  /** Replace everything. `now` is monotonic, in ms. */
  snapshot(snapshot, now) {
    const kept = new Map((this.#board?.counters ?? []).map((c) => [c.counter, c]));
    this.#board = {
      hall: snapshot.hall,
      counters: snapshot.counters.map(({ counter, state, number }) => {
        const before = kept.get(counter);
        return { counter, state, number, shown: before?.shown ?? null, shown_at: before?.shown_at ?? 0 };
      }),
      recent: unique(snapshot.recent),
      services: snapshot.services,
      no_shows: snapshot.no_shows,
      today: snapshot.today,
    };
    const at = Date.parse(snapshot.at);
    this.#queue.resync({
      seq: snapshot.seq,
      open: [...snapshot.calls].sort((a, b) => a.seq - b.seq),
      last: this.#board.recent.find((call) => !snapshot.no_shows.includes(call.number)) ?? null,
      age: (call) => at - Date.parse(call.at),
    }, now);
    this.#called_seq = Math.max(0, ...snapshot.calls.map((c) => c.seq), ...snapshot.recent.map((c) => c.seq));
    this.#lost_since = null;
  }

  /** Facts, in order. */
  events(events, now) {
    for (const event of events) this.#apply(event, now);
  }

  /** Derived figures: services with their forecasts, today's figures, missed numbers. */
  counts({ services, today, no_shows }) {
    Object.assign(this.#board, { services, today, no_shows });
  }

  /** The server has not been heard of since that moment. */
  lost(since) {
    this.#lost_since = since;
  }

  back() {
    this.#lost_since = null;
  }

  /** What is to be seen at `now`. */
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
    return { layout, far, rows, counters, panel, recent, lost_since: this.#lost_since };
  }

  #apply(event, now) {
    const { seq, at, kind, number } = event;
    const here = this.#board.counters.find((c) => c.counter === event.counter);
    if (kind === "ticket.called" || kind === "ticket.called_again") {
      const call = { seq, at, number, counter: event.counter };
      this.#queue.offer(call, now);
      this.#board.recent = [call, ...this.#board.recent.filter((c) => c.number !== number)].slice(0, RECENT);
      this.#called_seq = seq;
      if (here) Object.assign(here, { state: "called", number, shown: number, shown_at: now });
    } else if (kind === "ticket.started") {
      this.#queue.answer(number);
      if (here) Object.assign(here, { state: "serving", number });
    } else if (kind === "ticket.finished") {
      this.#queue.answer(number);
      if (here?.number === number) Object.assign(here, { state: "idle", number: null });
    } else if (WITHDRAWN.includes(kind)) {
      this.#queue.withdraw(number);
      this.#board.recent = this.#board.recent.filter((c) => c.number !== number);
      const where = this.#board.counters.find((c) => c.number === number);
      if (where) Object.assign(where, { state: "idle", number: null, shown: null });
      if (kind === "ticket.no_show") this.#board.no_shows = [...this.#board.no_shows, number].slice(-6);
    } else if (kind in COUNTER_STATE && here) {
      Object.assign(here, { state: COUNTER_STATE[kind], number: null });
    }
  }
}

/** A counter as its row shows it: one who was called and has already left is still named for a while. */
function row({ counter, state, number, shown, shown_at }, now) {
  if (state === "idle" && shown && now - shown_at < KEEP_MS) return { counter, state: "just_called", number: shown };
  return { counter, state, number };
}

/** Each number once, its newest call first. */
function unique(calls) {
  const seen = new Set();
  return calls.filter(({ number }) => !seen.has(number) && seen.add(number)).slice(0, RECENT);
}
