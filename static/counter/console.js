/** The counter console: one key calls, starts and finishes all day long. */

import { Refusal, get, post } from "/static/lib/api.js";
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
import { Acts, MainKey, Undo } from "./acts.js";
import { Outcomes } from "./choices.js";
import { Chooser } from "./chooser.js";
import { Desk } from "./desk.js";
import { Foot } from "./foot.js";
import { Glyph } from "/static/lib/glyph.js";
import { Header } from "./header.js";
import { listen, returnToMain } from "./keyboard.js";
import { Keys } from "./keys.js";
import { Lost } from "./lost.js";
import { Message, Stopped, Taken } from "./message.js";
import { Notice } from "./notice.js";
import { usePanel } from "./panel.js";
import { Person } from "./person.js";
import { PrinterOut } from "./printer-out.js";
import { Question } from "./questions.js";
import { DOUBLE_PRESS_MS } from "./sender.js";
import { ASKS, OUTCOMES, QUEUE_ACTS } from "./steps.js";
import { Waiting } from "./waiting.js";

const TICK_MS = 500; // twice a second, so that the timer never skips one
const RETRY_MS = 1000;
const REMEMBERED = "counter.number";
const PEOPLE = new Set(["supervisor", "greeter", "inspector"]);

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

function Console({ number, me, onLeave }) {
  const desk = useDesk(number);
  const ready = desk.view !== null && !desk.stopped && !desk.taken;
  const state = desk.view?.counter.state;
  const now = desk.now();

  const panel = usePanel(desk, ready);
  const digits = useRef(null); // the last one pressed: {digit, at}
  const ask = (act) => {
    digits.current = null;
    // The one picked before; else who is called is most likely the one who turned out to be gone.
    const called = act === "cancel" && state === "called" ? desk.ticket.number : "";
    panel.open(act, isOfQueue(act) ? (desk.waiting(panel.number)?.number ?? called) : "");
  };
  const answer = (body) => {
    desk.answer(panel.name, body);
    panel.shut();
  };
  const keys = () => (panel.name === "keys" ? panel.shut() : panel.open("keys"));

  // One of the queue can be picked to see why it waits, and while a question is about one of it.
  const picking = ready && (panel.name === null || (panel.question !== null && isOfQueue(panel.name)));
  const pick = (by) => {
    const { queue } = desk.view;
    const at = queue.indexOf(desk.waiting(panel.number));
    const to = at < 0 ? (by > 0 ? 0 : queue.length - 1) : Math.min(Math.max(at + by, 0), queue.length - 1);
    if (queue[to]) panel.write(queue[to].number);
  };

  // Before the page is painted: a key that can be seen can be pressed.
  useLayoutEffect(
    () =>
      listen(
        () =>
          ready &&
          !desk.stopped && {
            astray: panel.astray,
            main: () => {
              panel.shut();
              desk.press("main", desk.next);
            },
            act: (act) => {
              if (act === "pause" && desk.pausing && !desk.whyNot("pause")) desk.press("pause", "resume");
              else if (!ASKS.has(act) || desk.whyNot(act)) desk.press(act, act);
              else if (panel.name === act) panel.shut();
              else ask(act);
            },
            digit: (digit) => {
              const last = digits.current;
              digits.current = { digit, at: performance.now() };
              // The second press of an answer must not choose an outcome.
              if (last?.digit === digit && digits.current.at - last.at < DOUBLE_PRESS_MS) return;
              if (panel.question) document.querySelector(`.is-question [data-digit="${digit}"]`)?.click();
              else if (OUTCOMES[digit - 1] && state === "serving") desk.choose(OUTCOMES[digit - 1]);
            },
            keys,
            leave: () => {
              desk.forget();
              panel.shut();
            },
            pick: picking ? pick : null,
          },
      ),
    [desk, ready, panel.name, panel.question, panel.number, state],
  );

  useLayoutEffect(() => {
    if (ready) returnToMain();
  }, [ready]);

  useEffect(() => {
    if (desk.signed_out) signIn();
    document.title = !ready
      ? t("counter.title", { counter: number })
      : t(desk.ticket ? "counter.title_with_number" : "counter.title_waiting", {
          counter: number,
          number: spaced(desk.ticket?.number ?? ""),
          count: desk.view.waiting,
        });
  });

  if (desk.stopped) {
    return html`<${Stopped} code=${desk.stopped} number=${number} again=${() => desk.connect()} leave=${onLeave} signIn=${signIn} />`;
  }
  if (!desk.view) {
    return desk.lost_since
      ? html`<${Message} glyph="plug-connected-x" title=${t("counter.unreachable_title")} words=${t("counter.unreachable")}
          ways=${[
            { words: t("counter.retry_now"), go: () => desk.retry() },
            { words: t("counter.other_counter"), go: onLeave },
          ]} />`
      : html`<${Opening} number=${number} />`;
  }
  if (desk.taken) return html`<${Taken} desk=${desk} leave=${onLeave} />`;
  desk.ask = ask;
  desk.leave = onLeave;
  desk.signOut = signOut;
  return html`<div class="console ${desk.lost_since ? "is-lost" : ""}">
    <${Header} desk=${desk} now=${now} me=${me} />
    ${desk.lost_since && html`<${Lost} desk=${desk} />`}
    <${PrinterOut} desk=${desk} />
    <main class="desk">
      <p class="visually-hidden" aria-live="polite">${heard(desk)}</p>
      <${Situation} desk=${desk} />
      <${Undo} desk=${desk} />
      <${Person} desk=${desk} now=${now}><${Notice} desk=${desk} now=${now} /></${Person}>
      ${state === "serving" && !desk.kept && !panel.question && html`<${Outcomes} desk=${desk} />`}
      ${panel.question && html`<${Question} key=${panel.name} question=${panel.question} number=${panel.number} onNumber=${panel.write} onChoose=${answer} onLeave=${panel.shut} />`}
      <${MainKey} desk=${desk} act=${desk.next} />
      <${Acts} desk=${desk} onAsk=${ask} />
    </main>
    ${
      panel.name === "keys"
        ? html`<${Keys} restored=${desk.view.restored} onLeave=${panel.shut} />`
        : html`<${Waiting} desk=${desk} now=${now} onAsk=${(act) => (panel.name === act ? panel.shut() : ask(act))}
      picked=${picking ? desk.waiting(panel.number) : null}
      onPick=${picking ? (each) => panel.write(panel.name === null && each === panel.number ? "" : each) : null} />`
    }
    <${Foot} desk=${desk} now=${now} onKeys=${keys} />
  </div>`;
}

function isOfQueue(panel) {
  return QUEUE_ACTS.some(({ act }) => act === panel);
}

/** The word above the number: state by word, shape and icon, then colour. */
function Situation({ desk }) {
  const { state } = desk.counter;
  if (desk.kept) return html`<p class="situation"><span>${t("counter.kept_label")}</span></p>`;
  if (state === "serving") {
    return html`<p class="situation"><span class="pill is-serving"><${Glyph} name="circle-dot" />${t("counter.serving")}</span></p>`;
  }
  if (state === "called") {
    return html`<p class="situation"><span class="pill is-called"><${Glyph} name="bell-ringing" />${t("counter.called")}</span></p>`;
  }
  const next = state === "idle" && desk.view.queue.length > 0;
  return next && html`<p class="situation"><span>${t("counter.next")}</span></p>`;
}

/** The same for those who listen: said once when it changes, by nobody pressing a key as well. */
function heard({ counter, ticket, kept, view }) {
  if (kept) return `${spoken(kept.number)} ${t("counter.kept_title")}`;
  if (ticket) return `${t(`counter.${ticket.state}`)}: ${spoken(ticket.number)}`;
  if (counter.state !== "idle") return t(`counter.state.${counter.state}`);
  return view.queue.length ? `${t("counter.next")}: ${spoken(view.queue[0].number)}` : t("counter.nobody");
}

/** The frame with empty rows; a word only when it takes long enough to wonder. */
function Opening({ number }) {
  return html`<div class="console is-opening">
    <header class="bar"><span class="plate" aria-hidden="true">${number}</span><h1>${t("counter.title", { counter: number })}</h1></header>
    <main class="desk"><p class="opening-word">${t("counter.opening")}</p></main>
    <aside class="waiting"></aside><footer class="foot"></footer>
  </div>`;
}

function useDesk(number) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const desk = useMemo(() => new Desk(number, redraw), [number]);
  useEffect(() => {
    desk.connect();
    const ticking = setInterval(redraw, TICK_MS);
    return () => {
      clearInterval(ticking);
      desk.close();
    };
  }, [desk]);
  return desk;
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
  return html`<${Message} glyph="lock" title=${t("counter.not_clerk_title")} words=${t("counter.not_clerk", { name: me.name })}
    ways=${[{ words: t("counter.not_clerk_sign_in"), go: signOut }]} />`;
}

await speak();
const me = await whoAmI();
const screen = document.getElementById("console");
if (me?.role === "clerk") {
  try {
    setTimezone((await get("/hall")).timezone);
  } catch {
    // the centre's own zone is the default
  }
  render(html`<${App} me=${me} />`, screen);
} else if (PEOPLE.has(me?.role)) {
  render(html`<${NotAClerk} me=${me} />`, screen);
} else {
  signIn();
}
