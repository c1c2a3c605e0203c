/** Follows one ticket by asking again and again; phones hold no socket, so a sleeping one costs the server nothing. */

import { requestId } from "/static/lib/api.js";

const SLOW_MS = 8_000; // anybody may be called out of turn
const FAST_MS = 5_000;
const NEAR = 3; // people ahead from which the page asks fast
const TIMEOUT_MS = 8_000;

/** The visit is over with these: the page stops asking, but for a cancel. */
export const FINAL = new Set(["finished", "cancelled", "expired"]);

/** The name this phone gave itself, by which a cancel from another one is asked once more; "" if it keeps nothing. */
export function phone() {
  try {
    return (localStorage.phone ??= requestId());
  } catch {
    return "";
  }
}

/** One ticket, asked for with its ETag: an unchanged one costs the phone a hundred bytes. */
export class Follow {
  #path;
  #notify;
  /** @type {?string} */
  #etag = null;
  /** @type {?Api.TicketView} */
  #ticket = null;
  #unknown = false;
  #timer = 0;
  /** @type {?AbortController} */
  #asking = null;
  #lost = false;
  #server_ahead_ms = 0;

  /**
   * @param {string} id
   * @param {Screen.Following} notify  onTicket gets the ticket and when the server said so
   */
  constructor(id, notify) {
    this.#path = `/api/v1/tickets/${encodeURIComponent(id)}?phone=${phone()}`;
    this.#notify = notify;
  }

  /** The server's time, as well as its Date header says: to the second. */
  now() {
    return new Date(Date.now() + this.#server_ahead_ms);
  }

  /** Ask now, also while an earlier question hangs: after a sleep that one may never be answered. */
  async ask() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const timeout = setTimeout(() => asking.abort(), TIMEOUT_MS);
    try {
      await this.#answer(asking.signal);
      this.#lost = false;
    } catch {
      if (asking !== this.#asking) return; // a later question is under way
      this.#lost = true;
      this.#notify.onLost();
    } finally {
      clearTimeout(timeout);
      if (asking === this.#asking) this.#plan();
    }
  }

  /** Take over an answer that came another way, such as that of giving up the place; resolves once it is drawn. */
  async take(ticket) {
    this.#ticket = ticket;
    this.#etag = null;
    const drawn = this.#notify.onTicket(ticket, this.now());
    clearTimeout(this.#timer);
    this.#plan();
    await drawn;
  }

  async #answer(signal) {
    /** @type {Record<string, string>} */
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    // no-store: the browser's own cache would turn every 304 into a 200.
    const response = await fetch(this.#path, { headers, signal, cache: "no-store" });
    const at = Date.parse(response.headers.get("Date") ?? "");
    if (at) this.#server_ahead_ms = at - Date.now();
    if (response.status === 304) return this.#notify.onSame(this.now());
    this.#unknown = response.status === 404;
    if (this.#unknown) return this.#notify.onUnknown();
    if (!response.ok) throw new Error(`status ${response.status}`);
    const ticket = await response.json();
    if (signal.aborted) return;
    this.#etag = response.headers.get("ETag");
    this.#ticket = ticket;
    this.#notify.onTicket(ticket, this.now());
  }

  #plan() {
    const { state = null, people_ahead = 0 } = this.#ticket ?? {};
    // Staff may take a cancel back.
    if (this.#unknown || (state !== "cancelled" && FINAL.has(state ?? ""))) return;
    const near = state === "called" || (state === "waiting" && people_ahead <= NEAR);
    this.#timer = setTimeout(() => this.ask(), near || this.#lost ? FAST_MS : SLOW_MS);
  }
}
