/** The state of one counter as its clerk sees it, in one place. What the server said last is always the truth. */

import { connect } from "/static/lib/live.js";
import { written } from "/static/lib/text.js";
import { Sender } from "./sender.js";
import { ABOUT_PERSON, ASKS, DOORS, TICKET_ACTS, nextStep, whyNot } from "./steps.js";

const LOST_AFTER_MS = 4000; // two beats; it is looked at twice a second, and the banner must stand within 5 s
const AWAITED_MS = 3000; // a press that waits longer than this is done by surprise
const OUTCOME = "counter.outcome";
const OF_TICKET = new Set(Object.values(TICKET_ACTS));
/** After these the hall itself may look different. */
const ANEW = ["setting.changed", "policy.changed"];
const MOVED = { kind: "no", reason: "moved" };

export class Desk {
  #changed;
  #live = null;
  #sender;
  #moved = false;
  #then = null; // {button, act, body, to, at}: pressed while another act is under way
  #notice_of = null; // what the counter was when the notice was written
  view = null;
  lost_since = null;
  stopped = null;
  notice = null; // {kind: "refusal", text}, {kind: "no", reason, number} or {kind: "regraded", ticket}
  signed_out = false;

  constructor(number, changed) {
    this.number = number;
    this.#changed = changed;
    this.#sender = new Sender({
      changed,
      answered: (job, answer) => this.#answered(job, answer),
      refused: (job, refusal) => this.#refused(refusal),
      gaveUp: () => {
        this.#then = null;
        this.say("gave_up");
      },
    });
  }

  connect() {
    this.stopped = null;
    this.#live = connect("/counter", {
      auth: { counter: this.number },
      lost_after_ms: LOST_AFTER_MS,
      onSnapshot: (snapshot) => this.#take(snapshot, true),
      onEvents: (events) => this.#hear(events),
      onCounts: (counts) => this.#take(counts),
      onBeat: () => {},
      onLost: (since) => this.#lose(since),
      onBack: () => this.#return(),
      onStop: (code) => this.#stop(code),
    });
  }

  close() {
    this.#live?.close();
    this.#live = null;
  }

  retry() {
    this.#live?.retry();
  }

  now() {
    return this.#live ? this.#live.serverNow() : new Date();
  }

  get counter() {
    return this.view.counter;
  }

  get ticket() {
    return this.view.ticket;
  }

  get job() {
    return this.#sender.job;
  }

  /** Whether something was pressed that waits for the act under way. */
  get awaited() {
    return this.#then !== null;
  }

  /** The finish that waits to be written down, if it is of the person at this desk. */
  get kept() {
    const kept = this.#sender.kept;
    return kept && kept.ref === this.ticket?.ref ? kept : null;
  }

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
    };
  }

  /** The one in the queue with this number, however it is spaced; undefined: nobody has it. */
  waiting(number) {
    return this.view.queue.find((each) => each.number === written(number));
  }

  /** The one with this number whose place can be given up here; undefined: nobody has it. */
  cancellable(number) {
    return this.#placed.find((each) => each.number === written(number));
  }

  /** Those who have a place that this counter knows: in its queue, called to it, held here. */
  get #placed() {
    const called = this.ticket?.state === "called" ? [this.ticket] : [];
    return [...called, ...this.view.queue, ...this.view.held];
  }

  /** Those who may be back: held here, or missed their call not long ago; [{ref, number, held}]. */
  get away() {
    const now = this.now();
    return [
      ...this.view.held.map(({ ref, number }) => ({ ref, number, held: true })),
      ...this.view.no_shows
        .filter(({ until }) => until && new Date(until) > now)
        .map(({ ref, number }) => ({ ref, number, held: false })),
    ];
  }

  /** The last act, for ten seconds: {number, kind, until} or null. */
  get undo() {
    const { undo } = this.view;
    return undo && new Date(undo.until) > this.now() ? undo : null;
  }

  /** Why "did not come" is not offered yet: called too seldom, or only just now. */
  #callMore() {
    if (this.ticket?.state !== "called") return null;
    const { no_show_from: from } = this.ticket;
    if (from === null) return "call_again_first";
    return new Date(from) > this.now() ? "wait_a_moment" : null;
  }

  /** Paused while somebody is still at the desk: the pause begins when they leave. */
  get pausing() {
    return this.ticket !== null && this.counter.reason !== null;
  }

  /** A colleague has this counter: nothing can be done here until it is taken over. */
  get taken() {
    return this.view !== null && !this.counter.mine && this.counter.state !== "closed";
  }

  get next() {
    return nextStep(this.situation);
  }

  whyNot(act) {
    return whyNot(act, this.situation);
  }

  get outcome() {
    const chosen = JSON.parse(localStorage.getItem(OUTCOME));
    return chosen && chosen.ref === this.ticket?.ref ? chosen.outcome : null;
  }

  /** Chosen again, it is taken back. With the finish already on its way it would be chosen for nobody. */
  choose(outcome) {
    if (this.job && this.job.ref === this.ticket.ref) return;
    const chosen = this.outcome === outcome ? null : outcome;
    localStorage.setItem(OUTCOME, JSON.stringify({ ref: this.ticket.ref, outcome: chosen }));
    this.#changed();
  }

  /** What was said is read; the clerk goes on to something else. */
  hush() {
    this.notice = null;
  }

  /** The clerk is told `reason` (text "counter.no.<reason>"). */
  say(reason) {
    this.#tell({ kind: "no", reason });
  }

  /**
   * The clerk pressed `button` ("main" or an act): the act is sent once, kept, or told why not. While another is under
   * way it waits for the answer, the last press alone, and is done then if it still means the same.
   */
  press(button, act, body = null) {
    if (!this.#sender.counts(button)) return;
    if (!this.job) this.#act(act, body, button);
    else if (!this.lost_since) {
      this.#then = { button, act, body, to: this.#to(act), at: performance.now() };
      this.#changed();
    }
  }

  /** The answer to the question of `act`. It was asked only once, so that no answer is a double press. */
  answer(act, body) {
    this.press(`${act} ${JSON.stringify(body)}`, act, body);
  }

  /** The press that waits is taken back. */
  forget() {
    this.#then = null;
    this.#changed();
  }

  /** Whom or what an act would be done to. */
  #to(act) {
    if (act === "undo") return this.undo?.until ?? null;
    return ABOUT_PERSON.has(act) ? (this.ticket?.ref ?? null) : null;
  }

  #goOn() {
    const then = this.#then;
    this.#then = null;
    if (!then) return;
    const { button, act, body, to, at } = then;
    const old = performance.now() - at > AWAITED_MS;
    if (old || this.#to(act) !== to || (button === "main" && this.next !== act)) this.say("changed");
    else if (body === null && ASKS.has(act) && !this.whyNot(act)) this.ask(act);
    else this.#act(act, body, button);
  }

  #act(act, body, button) {
    const reason = this.whyNot(act);
    if (reason) {
      this.say(reason);
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
    const finishes = DOORS[act] === "finish" || act === "finish_and_call";
    const job = {
      button,
      act,
      counter: this.number,
      ref: finishes ? this.ticket.ref : null,
      number: finishes ? this.ticket.number : null,
      path: OF_TICKET.has(act) ? `/tickets/${this.ticket.ref}/${act}` : `/counters/${this.number}/${DOORS[act]}`,
      body: {
        ...body,
        ...(act === "finish_and_call" && { finish: true }),
        ...((finishes || act === "transfer") && this.outcome && { outcome: this.outcome }),
      },
    };
    if (this.lost_since) this.#sender.keep({ ...job, at: this.now().toISOString() });
    else this.#sender.send(job);
  }

  /** Priority for one of the queue, or none any more: {number, priority_class}. */
  #regrade({ number, priority_class }, button) {
    const found = this.waiting(number);
    if (!found) {
      this.say("not_waiting_here");
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
      this.say("no_place_here");
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

  /** A number on paper that the log does not know: its letter tells the service. */
  #enter({ number, priority_class }, button) {
    const service = this.view.services.find(({ prefix }) => written(number).startsWith(prefix));
    const body = { service: service?.code, priority_class, number: written(number) };
    if (!service) this.say("no_such_letter");
    else this.#sender.send({ button, act: "enter_number", path: "/tickets", body });
  }

  #answered(job, answer) {
    if (job.act === "priority") {
      this.#tell({ kind: "regraded", ticket: answer });
      this.#live?.resync(); // the order of the queue is another one now
    } else if (job.act === "cancel") {
      this.#tell({ kind: "no", reason: "cancelled", number: answer.number });
      this.#live?.resync(); // one fewer in the queue, or nobody at the desk
    } else if (job.act === "enter_number") this.#tell({ kind: "no", reason: "number_entered", number: answer.number });
    else if (OF_TICKET.has(job.act)) this.say("printing");
    else this.#take(answer);
    this.#goOn();
  }

  #take(part, whole = false) {
    // An answer may be overtaken by a message that already knows more.
    if (!whole && this.view && part.seq < this.view.seq) return;
    const view = whole ? part : { ...this.view, ...part };
    // The answer to a call comes before the new queue: the called one waits no longer.
    const queue = view.queue.filter((waiting) => waiting.ref !== view.ticket?.ref);
    this.view = { ...view, queue, waiting: view.waiting - (view.queue.length - queue.length) };
    const is = `${view.counter.state} ${view.ticket?.ref}`;
    if (this.#notice_of !== is) this.notice = this.#moved && view.counter.state === "closed" ? MOVED : null;
    this.#notice_of = is;
    this.#moved = false;
    if (whole && !this.lost_since) this.#sender.back(this.number, view.ticket);
    this.#changed();
  }

  /** The state follows as counts; only why the counter was closed is told here. */
  #hear(events) {
    this.#moved ||= events.some(({ kind, data }) => kind === "counter.closed" && data.reason === "moved");
    // The snapshot alone tells of services and of the hall.
    if (events.some(({ kind }) => ANEW.includes(kind))) this.#live?.resync();
  }

  #refused(refusal) {
    this.#then = null;
    if (refusal.status === 401) this.signed_out = true;
    this.#tell({ kind: "refusal", text: refusal.message });
    this.#live?.resync();
  }

  #tell(notice) {
    this.notice = notice;
    this.#changed();
  }

  #lose(since) {
    this.lost_since = since;
    this.notice = null;
    this.#then = null;
    this.#sender.lost();
    this.#changed();
  }

  #return() {
    this.lost_since = null;
    this.#sender.back(this.number, this.ticket);
    this.#changed();
  }

  #stop(code) {
    this.stopped = code;
    this.close();
    this.#changed();
  }
}
