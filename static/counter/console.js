/** The counter console: one key calls, starts and finishes all day long. */

import { Refusal, get, post } from "/static/lib/api.js";
import { OUTCOMES, PEOPLE } from "/static/lib/choices.js";
import { byId } from "/static/lib/dom.js";
import { speak } from "/static/lib/language.js";
import { setTimezone, spaced, spoken, t } from "/static/lib/text.js";
import {
  html,
  render,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "/static/vendor/preact.js";
import { Acts, BY_REFLEX, MainKey, Undo } from "./acts.js";
import { Outcomes } from "./choices.js";
import { Chooser } from "./chooser.js";
import { useSight } from "./column.js";
import { ConsoleStore } from "./console-store.js";
import { Foot } from "./foot.js";
import { Glyph } from "/static/lib/glyph.js";
import { Header } from "./header.js";
import { listen, returnToMain } from "./keyboard.js";
import { Keys } from "./keys.js";
import { Lost } from "./lost.js";
import { Message, Stopped, Taken } from "./message.js";
import { Notice } from "./notice.js";
import { usePanel } from "./panel.js";
import { Person, WaveKey } from "./person.js";
import { PrinterOut } from "./printer-out.js";
import { Question } from "./questions.js";
import { DOUBLE_PRESS_MS } from "./sender.js";
import { readScan } from "./scanning.js";
import { QUEUE_ACTS } from "./steps.js";
import { Waiting } from "./waiting.js";
import { Wish } from "./wish.js";

const TICK_MS = 500; // twice a second, so that the timer never skips one
const RETRY_MS = 1000;
const REMEMBERED = "counter.number";

function App({ me }) {
  const [number, setNumber] = useState(Number(localStorage.getItem(REMEMBERED)) || me.counter || null);
  const choose = (chosen) => {
    if (chosen === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, chosen);
    setNumber(chosen);
  };
  if (number === null) return html`<${Chooser} me=${me} onChoose=${choose} onSignOut=${signOut} />`;
  return html`<${Console} key=${number} number=${number} me=${me} onLeave=${() => choose(null)} />`;
}

// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
function Console({ number, me, onLeave }) {
  const latest_ask = useRef(null);
  const store = useConsoleStore(number, (act) => latest_ask.current(act));
  const ready = store.view !== null && !store.stopped && !store.taken;
  const state = store.view?.counter.state;
  const now = store.now();

  const panel = usePanel(store, ready);
  const leaving = useRef(false);
  const digits = useRef(null); // the last one pressed: {digit, at}
  const ask = (act) => {
    digits.current = null;
    // The one picked before; else who is called is most likely the one who turned out to be gone.
    const called = act === "cancel" && state === "called" ? (store.ticket?.number ?? "") : "";
    panel.open(act, isOfQueue(act) || act === "call" ? (store.waiting(panel.number)?.number ?? called) : "");
  };
  latest_ask.current = ask;
  const answer = (body) => {
    store.answer(panel.name, body);
    panel.shut();
  };
  const keys = () => (panel.name === "keys" ? panel.shut() : panel.open("keys"));

  // One of the queue can be picked to see why it waits, and while a question is about one of it.
  const picking = ready && (panel.name === null || (panel.question !== null && isOfQueue(panel.name)));
  const pick = (by) => {
    const { queue } = store.view;
    const at = queue.indexOf(store.waiting(panel.number));
    const to = at < 0 ? (by > 0 ? 0 : queue.length - 1) : Math.min(Math.max(at + by, 0), queue.length - 1);
    if (queue[to]) panel.write(queue[to].number);
  };

  const asking = panel.question !== null;
  const latest = useRef(/** @type {any} */ (null));
  latest.current = ready &&
    !store.stopped && {
      astray: panel.astray,
      main: () => {
        if (asking) {
          store.explain("answer_first");
          return;
        }
        panel.shut();
        store.press("main", store.next);
      },
      act: (act) => {
        if (asking && BY_REFLEX.has(act)) store.explain("answer_first");
        else if (act === "pause" && store.pausing && !store.whyNot("pause")) store.press("pause", "resume");
        else if (!store.asks(act) || store.whyNot(act)) store.press(act, act);
        else if (panel.name === act) panel.shut();
        else ask(act);
      },
      digit: (digit) => {
        const last = digits.current;
        digits.current = { digit, at: performance.now() };
        // The second press of an answer must not choose an outcome.
        if (last?.digit === digit && digits.current.at - last.at < DOUBLE_PRESS_MS) return;
        if (panel.question)
          /** @type {?HTMLElement} */ (document.querySelector(`.is-question [data-digit="${digit}"]`))?.click();
        else if (OUTCOMES[digit - 1] && state === "serving") store.choose(OUTCOMES[digit - 1]);
      },
      keys,
      leave: () => {
        store.cancelPending();
        panel.shut();
      },
      pick: picking ? pick : null,
      confirm: () => panel.confirm(panel.number),
      scanned: (scan) => readScan(scan, { store, panel }),
      together: () => store.explain("keys_together"),
    };
  // Before the page is painted: a key that can be seen can be pressed.
  useLayoutEffect(() => listen(() => latest.current), []);

  useLayoutEffect(() => {
    if (ready && panel.name === null) returnToMain(); // also where a question had taken its place
  }, [ready, panel.name]);

  useSight({
    step: `${ready} ${state} ${store.view?.ticket?.ref}`,
    notice: store.notice,
    panel: panel.name,
  });

  useEffect(() => {
    if (store.signed_out) signIn();
    if (store.handed_over && !leaving.current) {
      leaving.current = true;
      signOut();
    }
    document.title = !ready
      ? t("counter.title", { counter: number })
      : t(store.ticket ? "counter.title_with_number" : "counter.title_waiting", {
          counter: number,
          number: spaced(store.ticket?.number ?? ""),
          count: store.view.waiting,
        });
  });

  if (store.stopped) {
    return html`<${Stopped} code=${store.stopped} number=${number} again=${() => store.connect()} leave=${onLeave} signIn=${signIn} />`;
  }
  if (!store.view) {
    return store.lost_since
      ? html`<${Message} glyph="plug-connected-x" title=${t("counter.unreachable_title")} words=${t("counter.unreachable")}
          ways=${[
            { words: t("counter.retry_now"), go: () => store.retry() },
            { words: t("counter.other_counter"), go: onLeave },
          ]} />`
      : html`<${Opening} number=${number} />`;
  }
  if (store.taken) return html`<${Taken} store=${store} leave=${onLeave} />`;
  return html`<div class="console ${store.lost_since ? "is-lost" : ""} ${asking ? "is-asking" : ""}">
    <${Header} store=${store} now=${now} me=${me} />
    <div class="console-alerts">${store.lost_since && html`<${Lost} store=${store} />`}
      <${Wish} store=${store} /><${PrinterOut} store=${store} /></div>
    <main class="console-main">
      <p class="visually-hidden" aria-live="polite">${announcement(store)}</p>
      <div class="console-top"><${Situation} store=${store} /><${WaveKey} store=${store} /><${Undo} store=${store} /></div>
      <${Person} store=${store} now=${now} onLeave=${onLeave} onSignOut=${signOut}><${Notice} store=${store} now=${now} /></${Person}>
      ${state === "serving" && !store.kept && !panel.question && html`<${Outcomes} store=${store} />`}
      ${panel.question && html`<${Question} key=${panel.name} store=${store} question=${panel.question} number=${panel.number} onNumber=${panel.write} onChoose=${answer} onLeave=${panel.shut} />`}
      <${MainKey} store=${store} act=${store.next} asking=${asking} />
      <${Acts} store=${store} asking=${asking} onAsk=${ask} />
    </main>
    ${
      panel.name === "keys"
        ? html`<${Keys} restored=${store.view.restored} onLeave=${panel.shut} />`
        : html`<${Waiting} store=${store} now=${now} onAsk=${(act) => (panel.name === act ? panel.shut() : ask(act))}
      picked=${picking ? store.waiting(panel.number) : null}
      onPick=${picking ? (each) => panel.write(panel.name === null && each === panel.number ? "" : each) : null} />`
    }
    <${Foot} store=${store} now=${now} onKeys=${keys} />
  </div>`;
}

function isOfQueue(panel) {
  return QUEUE_ACTS.some(({ act }) => act === panel);
}

/** The word above the number: state by word, shape and icon, then colour. */
function Situation({ store }) {
  const { state } = store.counter;
  if (store.kept) return html`<p class="situation"><span>${t("counter.kept_label")}</span></p>`;
  if (state === "serving") {
    return html`<p class="situation"><span class="pill is-serving"><${Glyph} name="circle-dot" />${t("counter.serving")}</span></p>`;
  }
  if (state === "called") {
    return html`<p class="situation"><span class="pill is-called"><${Glyph} name="bell-ringing" />${t("counter.called")}</span></p>`;
  }
  const next = state === "idle" && store.view.queue.length > 0;
  return next && html`<p class="situation"><span>${t("counter.next")}</span></p>`;
}

/** The same for those who listen: said once when it changes, by nobody pressing a key as well. */
function announcement({ counter, ticket, kept, view }) {
  if (kept) return `${spoken(kept.number)} ${t("counter.kept_title")}`;
  if (ticket) return `${t(`counter.${ticket.state}`)}: ${spoken(ticket.number)}`;
  if (counter.state !== "idle") return t(`counter.state.${counter.state}`);
  return view.queue.length ? `${t("counter.next")}: ${spoken(view.queue[0].number)}` : t("counter.nobody");
}

/** The frame with empty rows; a word only when it takes long enough to wonder. */
function Opening({ number }) {
  return html`<div class="console is-opening">
    <header class="bar"><span class="plate" aria-hidden="true">${number}</span><h1>${t("counter.title", { counter: number })}</h1></header>
    <main class="console-main"><p class="opening-word">${t("counter.opening")}</p></main>
    <aside class="waiting"></aside><footer class="foot"></footer>
  </div>`;
}

function useConsoleStore(number, ask) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const store = useMemo(() => new ConsoleStore(number, { redraw, ask }), [number]);
  useEffect(() => {
    store.connect();
    const ticking = setInterval(redraw, TICK_MS);
    return () => {
      clearInterval(ticking);
      store.close();
    };
  }, [store]);
  return store;
}

function signIn() {
  location.assign("/sign-in?next=/counter");
}

async function signOut() {
  try {
    await post("/sign-out");
  } finally {
    signIn();
  }
}

/** Who is signed in. The machines of a centre start in any order, so the server may still be on its way. */
async function whoAmI() {
  for (;;) {
    try {
      return await get("/me");
    } catch (failure) {
      if (failure instanceof Refusal) return null;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** A supervisor may look at everything, but only clerks call. */
function NotAClerk({ me }) {
  useEffect(() => listen(() => false), []);
  return html`<${Message} glyph="lock" title=${t("counter.not_clerk_title")} words=${t("counter.not_clerk", { name: me.name })}
    ways=${[{ words: t("counter.not_clerk_sign_in"), go: signOut }]} />`;
}

await speak();
const me = await whoAmI();
const screen = byId("console");
if (me?.role === "clerk") {
  try {
    setTimezone((await get("/hall")).timezone);
  } catch {
    // the centre's own zone is the default
  }
  render(html`<${App} me=${me} />`, screen);
} else if (me && PEOPLE.includes(me.role)) {
  render(html`<${NotAClerk} me=${me} />`, screen);
} else {
  signIn();
}
