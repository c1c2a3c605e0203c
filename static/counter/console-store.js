/** The state of the counter console, in one place. What the server said last is always the truth. */

import { connect } from "/static/lib/live.js";
import { withNumber, written } from "/static/lib/number.js";
import { Sender } from "./sender.js";
import { ABOUT_PERSON, ANSWERS, ASKS, ROUTES, TICKET_ACTS, nextStep, whyNot } from "./steps.js";

const LOST_AFTER_MS = 4000; // two beats; it is checked twice a second, and the banner must stand within 5 s
const UNDO_MS = 10_000; // as long as the server offers it for what is in the log
const PENDING_MAX_MS = 3000; // nobody expects a press to be carried out later than this
const OUTCOME = "counter.outcome";
const ACTS_ON_TICKET = new Set(Object.values(TICKET_ACTS));
/** Kinds of events after which services and settings of the hall may differ. */
const CHANGES_HALL = ["setting.changed", "policy.changed"];
/** @type {Console.Notice} */
const MOVED = { kind: "no", reason: "moved" };

/** What the console shows of one counter, and what its clerk can do there. */
export class ConsoleStore {
  #redraw;
  #ask;
  /** @type {?Live.Line} */
  #live = null;
  #sender;
  #counter_moved = false;
  /** @type {?Console.Pending} */
  #pending = null; // {button, act, body, target, at}: pressed while another act is under way
  /** @type {{code: string, ref: number | undefined}[]} */
  #scanned = []; // codes of receipts that are still to be sent
  /** @type {?{kind: string, number: string, ref: number, until: Date}} */
  #noted = null; // the dossier noted last, while nothing else was done: no event of the log holds it
  /** @type {?string} */
  #notice_of = null; // what the counter was when the notice was written
  /** @type {any} */
  view = null; // Live.CounterSnapshot, once it is known
  /** @type {?Date} */
  lost_since = null;
  /** @type {?string} */
  stopped = null;
  /** @type {?Console.Notice} */
  notice = null;
  signed_out = false;
  handed_over = false;

  /**
   * @param {number} number  the counter's
   * @param {{redraw: () => void, ask: (act: string) => void}} page  `redraw` after every change; `ask` shows the question
   *   of an act that was pressed while another was under way
   */
  constructor(number, { redraw, ask }) {
    this.number = number;
    this.#redraw = redraw;
    this.#ask = ask;
    this.#sender = new Sender({
      changed: redraw,
      answered: (job, answer) => this.#answered(job, answer),
      refused: (job, refusal) => this.#refused(refusal),
      gaveUp: () => {
        this.#pending = null;
        this.#scanned = [];
        this.explain("gave_up");
      },
    });
  }

  /** Follow the counter until `close`; after a stop this begins again. */
  connect() {
    this.stopped = null;
    this.#live = connect("/counter", {
      auth: { counter: this.number },
      lost_after_ms: LOST_AFTER_MS,
      onSnapshot: (snapshot) => this.#update(snapshot, true),
      onEvents: (events) => this.#receiveEvents(events),
      onCounts: (counts) => this.#update(counts),
      onBeat: () => {},
      onLost: (since) => this.#lineLost(since),
      onBack: () => this.#lineBack(),
      onStop: (code) => this.#stop(code),
    });
  }

  /** End the connection. */
  close() {
    this.#live?.close();
    this.#live = null;
  }

  /** Try to reach the server now instead of at the next interval. */
  retry() {
    this.#live?.retry();
  }

  /** The server's time, as a Date. */
  now() {
    return this.#live ? this.#live.serverNow() : new Date();
  }

  /** As the server said last. @returns {Api.CounterStateView} */
  get counter() {
    return this.view.counter;
  }

  /** The ticket called or served here, or null. @returns {?Api.AtCounterView} */
  get ticket() {
    return this.view.ticket;
  }

  /** The request under way, or null; see Sender. */
  get job() {
    return this.#sender.job;
  }

  /** Whether another act was pressed and waits for the answer to the one under way. */
  get has_pending() {
    return this.#pending !== null;
  }

  /** The finish kept until the server is back, if it is of the person at this counter; else null. */
  get kept() {
    const kept = this.#sender.kept;
    return kept && kept.ref === this.ticket?.ref ? kept : null;
  }

  /** What `whyNot` and `nextStep` of steps.js decide by. */
  get situation() {
    const { state } = this.counter;
    return {
      state,
      lost: this.lost_since !== null,
      kept: this.kept !== null,
      waiting: this.view.waiting,
      cancellable: this.#placed.length,
      pausing: this.pausing,
      by_hand: this.view.by_hand,
      restored: this.view.restored,
      away: this.away.length,
      undo: this.undo !== null,
      call_more: this.#callMore(),
      asked: this.counter.wish?.answer === null,
    };
  }

  /**
   * The one in the queue with this number, however it is written; undefined: nobody has it.
   * @returns {Api.QueuedView | undefined}
   */
  waiting(number) {
    return withNumber(this.view.queue, number);
  }

  /**
   * The one with this number whose place can be given up here; undefined: nobody has it.
   * @returns {Api.AtCounterView | Api.QueuedView | Api.HeldView | undefined}
   */
  cancellable(number) {
    return withNumber(this.#placed, number);
  }

  /** Where the one with this number is: "here" at the counter, "waiting" in its queue, "away" from it, or null. */
  placeOf(number) {
    if (this.ticket && withNumber([this.ticket], number)) return "here";
    if (this.waiting(number)) return "waiting";
    return withNumber(this.away, number) ? "away" : null;
  }

  /** Those who have a place that this counter knows: in its queue, called to it, held here. */
  get #placed() {
    const called = this.ticket?.state === "called" ? [this.ticket] : [];
    return [...called, ...this.view.queue, ...this.view.held];
  }

  /** Those who may be back: held here, or no-shows of not long ago; [{ref, number, held}]. */
  get away() {
    const now = this.now();
    return [
      ...this.view.held.map(({ ref, number }) => ({ ref, number, held: true })),
      ...this.view.no_shows
        .filter(({ until }) => until && new Date(until) > now)
        .map(({ ref, number }) => ({ ref, number, held: false })),
    ];
  }

  /** The last act, for ten seconds: {number, kind, until} or null where it cannot be undone. */
  get undo() {
    const noted = this.#noted?.ref === this.ticket?.ref ? this.#noted : null;
    const undo = noted ?? this.view.undo;
    return undo && new Date(undo.until) > this.now() ? undo : null;
  }

  /** Why "did not come" is not offered yet: called too seldom, or only just now. */
  #callMore() {
    if (this.ticket?.state !== "called") return null;
    const { no_show_from: from } = this.ticket;
    if (from === null) return "call_again_first";
    return new Date(from) > this.now() ? "wait_a_moment" : null;
  }

  /** Paused while somebody is still at the counter: the pause begins when they leave. */
  get pausing() {
    return this.ticket !== null && this.counter.reason !== null;
  }

  /** A colleague has this counter: nothing can be done here until it is taken over. */
  get taken() {
    return this.view !== null && !this.counter.mine && this.counter.state !== "closed";
  }

  /** The act of the large key. */
  get next() {
    return nextStep(this.situation);
  }

  /** Whether `act` asks something before it is sent. */
  asks(act) {
    return ASKS.has(act) || (act === "close" && this.view.only_here > 0);
  }

  /** Why `act` cannot be done to the one with this number (text "counter.no.<reason>"), or null as far as is known here. */
  doubt(act, number) {
    if (act === "cancel" && !this.cancellable(number)) return "no_place_here";
    if (act === "priority" && !this.waiting(number)) return "not_waiting_here";
    return written(number) ? null : "no_number";
  }

  /** The reason why `act` is not possible now (text "counter.no.<reason>"), or null. */
  whyNot(act) {
    return whyNot(act, this.situation);
  }

  /** The outcome chosen for the person at this counter, or null. It survives a reload. */
  get outcome() {
    const chosen = JSON.parse(localStorage.getItem(OUTCOME) ?? "null");
    return chosen && chosen.ref === this.ticket?.ref ? chosen.outcome : null;
  }

  /** Choose the outcome of this visit; chosen again, it is taken back. */
  choose(outcome) {
    // With the finish already on its way it would be chosen for nobody.
    if (!this.ticket || (this.job && this.job.ref === this.ticket.ref)) return;
    const chosen = this.outcome === outcome ? null : outcome;
    localStorage.setItem(OUTCOME, JSON.stringify({ ref: this.ticket.ref, outcome: chosen }));
    this.#redraw();
  }

  /** Forget the notice: the clerk goes on to something else. */
  clearNotice() {
    this.notice = null;
  }

  /** Show the clerk the text "counter.no.<reason>", about this number where it names one. */
  explain(reason, number = "") {
    this.#showNotice({ kind: "no", reason, number });
  }

  /** Show the clerk what became of a scan: the text "scan.<reason>". */
  explainScan(reason) {
    this.#showNotice({ kind: "scan", reason });
  }

  /** Show the clerk where a ticket is that has no place here. */
  explainTicket(ticket) {
    this.#showNotice({ kind: "ticket", ticket });
  }

  /**
   * Do what the clerk pressed: send the act once, keep it, or show why it is not possible. While another act is under
   * way the last press alone waits for the answer, and is done then if it still means the same.
   * @param {string} button  "main" or the act: a second press of one button within a second is the same press
   */
  press(button, act, body = null) {
    if (!this.#sender.accepts(button)) return;
    if (!this.job) this.#perform(act, body, button);
    else if (!this.lost_since) {
      this.#pending = { button, act, body, target: this.#target(act), at: performance.now() };
      this.#redraw();
    }
  }

  /** Send the answer to the question of `act`. It was asked only once, so that no answer is a double press. */
  answer(act, body) {
    this.press(`${act} ${JSON.stringify(body)}`, act, body);
  }

  /** Note the code of a receipt with the person here; several scanned one after another are all noted. */
  noteDossier(code) {
    this.#scanned.push({ code, ref: this.ticket?.ref });
    this.#noteNext();
  }

  #noteNext() {
    const next = this.job ? undefined : this.#scanned.shift();
    if (next && next.ref === this.ticket?.ref) this.#perform("note_dossier", { code: next.code }, `note ${next.code}`);
    else if (next) this.explain("changed");
  }

  /** Take back the press that waits for the answer to another. */
  cancelPending() {
    this.#pending = null;
    this.#redraw();
  }

  /** Whom or what an act would be done to. */
  #target(act) {
    if (act === "undo") return this.undo && `${this.undo.kind} ${this.undo.number} ${this.undo.until}`;
    return ABOUT_PERSON.has(act) ? (this.ticket?.ref ?? null) : null;
  }

  #runPending() {
    const pending = this.#pending;
    this.#pending = null;
    if (!pending) return;
    const { button, act, body, target, at } = pending;
    const too_old = performance.now() - at > PENDING_MAX_MS;
    if (too_old || this.#target(act) !== target || (button === "main" && this.next !== act)) this.explain("changed");
    else if (body === null && this.asks(act) && !this.whyNot(act)) this.#ask(act);
    else this.#perform(act, body, button);
  }

  #perform(act, body, button) {
    const reason = this.whyNot(act);
    if (reason) {
      this.explain(reason);
      return;
    }
    if (act === "undo" && this.#noted && this.undo === this.#noted) {
      this.#perform("drop_dossier", { code: this.#noted.number }, button);
      return;
    }
    if (act === "priority") {
      this.#regrade(body, button);
      return;
    }
    if (act === "cancel") {
      this.#cancel(body, button);
      return;
    }
    this.notice = null;
    if (act === "enter_number") {
      this.#enter(body, button);
      return;
    }
    if (act === "wave") {
      this.#sender.send(this.#waveOf(button));
      return;
    }
    const job = this.#jobOf(act, body, button);
    if (this.lost_since) this.#sender.keep({ ...job, at: this.now().toISOString() });
    else this.#sender.send(job);
  }

  /** What is sent for an act on the counter, or on the ticket there. */
  #jobOf(act, body, button) {
    const finishes = ROUTES[act] === "finish" || act === "finish_and_call";
    return {
      button,
      act,
      counter: this.number,
      ref: finishes ? this.ticket?.ref : null,
      number: finishes ? this.ticket?.number : null,
      path: ACTS_ON_TICKET.has(act) ? `/tickets/${this.ticket?.ref}/${act}` : `/counters/${this.number}/${ROUTES[act]}`,
      body:
        act in ANSWERS ? { asked: this.counter.wish?.asked, answer: ANSWERS[act] } : this.#bodyOf(act, body, finishes),
    };
  }

  /** That the one at the counter does not hear calls, or does after all. */
  #waveOf(button) {
    const { ref, visual_call } = /** @type {Api.AtCounterView} */ (this.ticket);
    const path = `/tickets/${ref}/visual-call`;
    return { button, act: "wave", counter: this.number, ref: null, path, body: { wanted: !visual_call } };
  }

  #bodyOf(act, body, finishes) {
    return {
      ...body,
      ...(act === "finish_and_call" && { finish: true }),
      ...((finishes || act === "transfer") && this.outcome && { outcome: this.outcome }),
    };
  }

  /** Priority for one of the queue, or none any more: {number, priority_class}. */
  #regrade({ number, priority_class }, button) {
    const found = this.waiting(number);
    if (!found) {
      this.explain("not_waiting_here");
      return;
    }
    this.notice = null;
    const path = `/tickets/${found.ref}/priority`;
    this.#sender.send({ button, act: "priority", counter: this.number, ref: null, path, body: { priority_class } });
  }

  /** The place of somebody who will not come any more is given up: {number}. */
  #cancel({ number }, button) {
    const found = this.cancellable(number);
    if (!found) {
      this.explain("no_place_here");
      return;
    }
    this.notice = null;
    this.#sender.send({
      button,
      act: "cancel",
      counter: this.number,
      ref: null,
      path: `/tickets/${found.ref}/cancel`,
      body: {},
    });
  }

  /** A number on paper that the log does not know: its letter names the service. */
  #enter({ number, priority_class }, button) {
    const service = this.view.services.find(({ prefix }) => written(number).startsWith(prefix));
    const body = { service: service?.code, priority_class, number: written(number) };
    if (!service) this.explain("no_such_letter");
    else this.#sender.send({ button, act: "enter_number", path: "/tickets", body });
  }

  #answered(job, answer) {
    this.#noted = null;
    if (job.act === "priority") {
      this.#showNotice({ kind: "regraded", ticket: answer });
      this.#live?.resync(); // the order of the queue is another one now
    } else if (job.act === "cancel") {
      this.#showNotice({ kind: "no", reason: "cancelled", number: answer.number });
      this.#live?.resync(); // one fewer in the queue, or nobody at the counter
    } else if (job.act === "wave") {
      if (this.view.ticket?.ref === answer.ref)
        this.#update({ ...this.view, ticket: { ...this.view.ticket, visual_call: answer.visual_call } });
    } else if (job.act === "enter_number")
      this.#showNotice({ kind: "no", reason: "number_entered", number: answer.number });
    else if (ACTS_ON_TICKET.has(job.act)) this.explain("printing");
    else {
      this.handed_over ||= job.act === "hand_over";
      this.#update(answer);
      if (job.act === "note_dossier") this.#showNoted(job.body.code);
    }
    this.#runPending();
    this.#noteNext();
  }

  #showNoted(code) {
    const { ref } = this.view.ticket;
    this.#noted = { kind: "dossier.noted", number: code, ref, until: new Date(this.now().getTime() + UNDO_MS) };
    this.explain("dossier_noted", code);
  }

  #update(part, whole = false) {
    // An answer may be overtaken by a message that already knows more.
    if (!whole && this.view && part.seq < this.view.seq) return;
    const view = whole ? part : { ...this.view, ...part };
    // The answer to a call comes before the new queue: the called one waits no longer.
    const queue = view.queue.filter((waiting) => waiting.ref !== view.ticket?.ref);
    this.view = { ...view, queue, waiting: view.waiting - (view.queue.length - queue.length) };
    const is = `${view.counter.state} ${view.ticket?.ref}`;
    if (this.#notice_of !== is) this.notice = this.#counter_moved && view.counter.state === "closed" ? MOVED : null;
    this.#notice_of = is;
    this.#counter_moved = false;
    if (whole && !this.lost_since) this.#sender.back(this.number, view.ticket);
    this.#redraw();
  }

  /** The state follows as counts; only why the counter was closed is read here. */
  #receiveEvents(events) {
    this.#counter_moved ||= events.some(({ kind, data }) => kind === "counter.closed" && data.reason === "moved");
    // Only a snapshot holds the services and the hall.
    if (events.some(({ kind }) => CHANGES_HALL.includes(kind))) this.#live?.resync();
  }

  #refused(refusal) {
    this.#pending = null;
    this.#scanned = [];
    if (refusal.status === 401) this.signed_out = true;
    this.#showNotice({ kind: "refusal", text: refusal.message });
    this.#live?.resync();
  }

  #showNotice(notice) {
    this.notice = notice;
    this.#redraw();
  }

  #lineLost(since) {
    this.lost_since = since;
    this.notice = null;
    this.#pending = null;
    this.#scanned = [];
    this.#sender.lost();
    this.#redraw();
  }

  #lineBack() {
    this.lost_since = null;
    this.#sender.back(this.number, this.ticket);
    this.#redraw();
  }

  #stop(code) {
    this.stopped = code;
    this.close();
    this.#redraw();
  }
}
