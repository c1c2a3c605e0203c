/** A screen's view of the log: snapshot, then events in order; a gap is healed by a new snapshot. */

import { io } from "/static/vendor/socket.io.esm.min.js";

const TICK_MS = 500;
const ASLEEP_MS = 5000; // a timer this late means that the machine slept
const BEHIND_MS = 2000; // how long a beat may be ahead of us before something is surely missing
const RESYNC_MS = 1500; // at most one request for a snapshot in this time
const STUCK_MS = 5000; // connected, but silent for this long: open a new connection
const CODE = /^[a-z][a-z_]*$/;

/**
 * Follow `namespace`. Callbacks: onSnapshot(message), onEvents(events, message), onCounts(message),
 * onBeat(message), onSpeaker(message), onLost(since: Date), onBack(), onStop(code). After onStop nothing more comes.
 * A callback that throws is reported on the console and stops nothing. When the server comes back with another
 * version than this page's, the page is loaded again.
 * @template {keyof Live.Screens} N
 * @param {N} namespace
 * @param {Live.Options<N>} options
 * @returns {Live.Line}
 */
export function connect(
  namespace,
  { auth = {}, lost_after_ms = 4500, open = io, reload = () => location.reload(), ...on } = {},
) {
  /** @type {?number} */
  let seq = null; // what the screen shows is true for this number; null before the first snapshot
  /** @type {?number} */
  let offset = null; // server time minus performance.now(), both in ms
  let heard = performance.now();
  let ticked = heard;
  let asked = -Infinity;
  let reopened = heard;
  /** @type {?string} */
  let version = null; // of the server this page was made for
  let lost = false;
  let stopped = false;

  const socket = open(namespace, {
    auth,
    transports: ["websocket"],
    timeout: 5000,
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
    randomizationFactor: 0.5,
  });

  const notify = (/** @type {keyof Live.Handlers<N>} */ name, /** @type {unknown[]} */ ...values) => {
    try {
      /** @type {any} */ (on)[name]?.(...values);
    } catch (error) {
      console.error(`${namespace} ${name}`, error);
    }
  };
  const serverNow = () => new Date(offset === null ? Date.now() : performance.now() + offset);

  /**
   * Messages are late, never early, so the largest difference seen is nearest to the truth.
   * @param {string} at
   */
  function setClock(at) {
    const sample = Date.parse(at) - performance.now();
    if (Number.isNaN(sample)) return;
    offset = offset === null || Math.abs(sample - offset) > 1000 ? sample : Math.max(sample, offset - 1);
  }

  function resync() {
    if (!socket.connected || performance.now() - asked < RESYNC_MS) return;
    asked = performance.now();
    socket.emit("resync", {});
  }

  /**
   * @template {keyof Live.Messages<N>} M
   * @param {M} name
   * @param {(message: Live.Messages<N>[M]) => void} handle
   */
  function receive(name, handle) {
    socket.on(name, (/** @type {any} */ message) => {
      if (stopped || typeof message !== "object" || message === null) return;
      heard = performance.now();
      if (lost && name !== "snapshot") return resync(); // nothing old may look live: start afresh
      handle(message);
    });
  }

  receive("snapshot", (message) => {
    const now = message.hall?.version ?? version;
    version ??= now;
    if (now !== version) return reload();
    seq = message.seq;
    asked = -Infinity;
    setClock(message.at);
    notify("onSnapshot", message);
    if (lost) {
      lost = false;
      notify("onBack");
    }
  });

  receive("events", (message) => {
    if (seq === null || message.to <= seq) return;
    if (message.from > seq + 1) return resync();
    const before = seq;
    const fresh = (message.events ?? []).filter((event) => event.seq > before);
    seq = message.to;
    notify("onEvents", fresh, message);
  });

  receive("counts", (message) => {
    if (seq !== null) notify("onCounts", message);
  });

  receive("beat", (message) => {
    setClock(message.at);
    notify("onBeat", message);
    if (seq !== null && message.seq > seq) setTimeout(() => (seq ?? 0) < message.seq && resync(), BEHIND_MS);
  });

  receive("speaker", (message) => notify("onSpeaker", message));

  receive("stop", ({ code }) => stop(code));

  /** @param {string} code */
  function stop(code) {
    close();
    notify("onStop", code);
  }

  socket.on("disconnect", (/** @type {string} */ reason) => {
    // The library does not come back by itself after the server closed the connection.
    if (reason === "io server disconnect" && !stopped) setTimeout(() => stopped || socket.connect(), 1000);
  });
  socket.on("connect_error", (/** @type {Error & {data?: {code?: string}}} */ error) => {
    if (socket.active || stopped) return; // the network: it tries again by itself
    const code = error.data?.code ?? error.message;
    if (CODE.test(code)) stop(code);
    else setTimeout(() => stopped || socket.connect(), 3000);
  });

  const ticker = setInterval(() => {
    const now = performance.now();
    if (now - ticked > ASLEEP_MS) {
      heard = now;
      resync();
    }
    ticked = now;
    if (!lost && now - heard > lost_after_ms) {
      const since = new Date(serverNow().getTime() - (now - heard));
      lost = true;
      notify("onLost", since);
    }
    // A cable pulled out leaves a connection that looks open for most of a minute.
    if (lost && socket.connected && now - Math.max(heard, reopened) > STUCK_MS) {
      reopened = now;
      socket.disconnect().connect();
    }
  }, TICK_MS);
  const wake = () => document.visibilityState === "visible" && resync();
  document.addEventListener("visibilitychange", wake);

  function close() {
    stopped = true;
    clearInterval(ticker);
    document.removeEventListener("visibilitychange", wake);
    socket.disconnect();
  }

  /** Try at once to get through, without waiting for the next turn. */
  function retry() {
    if (!socket.connected && !stopped) socket.disconnect().connect();
    else resync();
  }

  const send = (/** @type {string} */ name, /** @type {object} */ message) =>
    socket.connected && socket.emit(name, message);
  const seen = (/** @type {number} */ number) => send("seen", { seq: number });
  const said = (/** @type {number} */ number) => send("said", { seq: number });
  const unsaid = (/** @type {number} */ number, /** @type {string} */ why) => send("unsaid", { seq: number, why });
  const sound = (/** @type {boolean} */ audible) => send("sound", { audible });
  return { serverNow, seen, said, unsaid, sound, resync, retry, close };
}
