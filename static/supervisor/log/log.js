/** The day's log in words, newest first. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { asNumber } from "/static/lib/number.js";
import { t } from "/static/lib/text.js";
import { sentence } from "/static/supervisor/parts/act.js";
import { CancelNumber } from "./cancel-number.js";
import { count } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { LogRow } from "./log-row.js";
import { localDay } from "/static/lib/local-day.js";
import { useAnswer } from "/static/supervisor/parts/answer.js";
import { Refused } from "/static/supervisor/parts/refused.js";

const FIRST = 200;
const PAGE = 1000; // what the server gives at most in one answer

/** The number of each ticket, by its ref: only its issue is sure to have it. */
function numbersOf(events) {
  const numbers = new Map();
  for (const event of events) if (event.data?.number) numbers.set(event.ref, event.data.number);
  return numbers;
}

const ALL = { kind: "", counter: "", by: "", day: "" };
/** Kinds that are sought together, by the heads of their names. */
const KINDS = {
  tickets: ["ticket."],
  counters: ["counter."],
  settings: ["setting.", "policy."],
  prints: ["print."],
  others: ["day.", "clock.", "log.", "help.", "appointment.", "notice.", "entrance.", "drill.", "figures."],
};

/** Whether an event is of the chosen kind, counter, person and day. */
function fits({ kind, counter, at, data }, choice, timezone) {
  return (
    (!choice.kind || KINDS[choice.kind].some((head) => kind.startsWith(head))) &&
    (!choice.counter || counter === Number(choice.counter)) &&
    (!choice.by || data?.by === choice.by) &&
    (!choice.day || localDay(new Date(at), timezone) === choice.day)
  );
}

/** All who have done something in these events, as the log names them. */
const people = (events) =>
  [...new Set(events.map(({ data }) => data?.by).filter((by) => by?.startsWith("user:")))].sort();

function Choices({ choice, choose, view, people: doers }) {
  const { answer } = useAnswer("/users");
  const nameOf = (by) => answer?.users.find(({ id }) => `user:${id}` === by)?.name ?? by;
  const select = (name, options) => html`<label class="field"><span>${t(`supervisor.log_by_${name}`)}</span>
    <select value=${choice[name]} onChange=${({ target }) => choose({ [name]: target.value })}>
      <option value="">${t("supervisor.log_any")}</option>
      ${options.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select></label>`;
  return html`<div class="log-choices">
    ${select(
      "kind",
      Object.keys(KINDS).map((kind) => [kind, t(`supervisor.log_kind_${kind}`)]),
    )}
    ${select(
      "counter",
      view.counters.map(({ counter, name }) => [String(counter), name]),
    )}
    ${select(
      "by",
      doers.map((by) => [by, nameOf(by)]),
    )}
    <label class="field"><span>${t("supervisor.log_by_day")}</span>
      <input type="date" value=${choice.day} onChange=${({ target }) => choose({ day: target.value })} /></label></div>`;
}

/** @param {Props<{centre: Screen.Centre}>} props */
export function Log({ centre, acts }) {
  const { view } = centre;
  if (!view) return html`<p class="opening" role="status">${t("supervisor.opening")}</p>`;
  return html`<${LogOf} view=${view} acts=${acts} />`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
function LogOf({ view, acts }) {
  const [events, setEvents] = useState(/** @type {Live.SupervisorEvent[]} */ ([])); // gapless, oldest first
  const [refusal, setRefusal] = useState(/** @type {?string} */ (null));
  const [reading, setReading] = useState(false);
  const [text, setText] = useState("");
  const [choice, setChoice] = useState(ALL);
  const [wanted, setWanted] = useState(/** @type {?{text: string, number: ?string}} */ (null));
  const held = useRef({ events: /** @type {Live.SupervisorEvent[]} */ ([]), busy: false, seq: 0 });

  const keep = (/** @type {Live.SupervisorEvent[]} */ list) => {
    held.current.events = list;
    setEvents(list);
  };

  /** Events first..last, both included. */
  async function between(first, last) {
    const found = [];
    for (let after = first - 1; after < last;) {
      const { events: page } = await get(`/events?after=${after}`);
      if (!page.length) break;
      found.push(...page.filter((event) => event.seq <= last));
      after = page[page.length - 1].seq;
    }
    return found;
  }

  async function alone(work) {
    if (held.current.busy) return;
    held.current.busy = true;
    setReading(true);
    try {
      await work();
      await catchUp();
      setRefusal(null);
    } catch (error) {
      setRefusal(sentence(error));
    } finally {
      held.current.busy = false;
      setReading(false);
    }
  }

  const older = async (many) => {
    const first = held.current.events[0]?.seq ?? view.seq + 1;
    if (first <= 1) return;
    keep([...(await between(Math.max(1, first - many), first - 1)), ...held.current.events]);
  };

  /** Read everything after the newest one held, also what came meanwhile: nothing is left out. */
  async function catchUp() {
    const { events } = held.current;
    const last = events[events.length - 1]?.seq ?? held.current.seq;
    if (held.current.seq <= last) return;
    const found = await between(last + 1, held.current.seq);
    keep([...held.current.events, ...found]);
    if (found.length) await catchUp();
  }

  useEffect(() => {
    held.current.seq = view.seq;
    alone(async () => {
      if (!held.current.events.length) await older(FIRST);
    });
  }, [view.seq]);

  function send(event) {
    event.preventDefault();
    seek(text);
  }

  // The number of a ticket that was scanned.
  useEffect(() => {
    const follow = () => {
      const scanned = new URLSearchParams(location.hash.split("?")[1]).get("number");
      if (!scanned) return;
      setText(scanned);
      seek(scanned);
    };
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);

  // A number is sought through the whole service day, because numbers begin again each day.
  async function seek(text) {
    const number = asNumber(text);
    if (!number) return setWanted(text.trim() ? { text: text.trim(), number: null } : null);
    setWanted({ text: text.trim(), number });
    await backTo(localDay(new Date(view.at), view.hall.timezone));
  }

  /** Read on until everything of this day is there. */
  async function backTo(day) {
    await alone(async () => {
      while (
        held.current.events[0]?.seq > 1 &&
        localDay(new Date(held.current.events[0].at), view.hall.timezone) >= day
      ) {
        await older(PAGE);
      }
    });
  }

  function choose(part) {
    const next = { ...choice, ...part };
    setChoice(next);
    // What is looked for may be older than what is here.
    if (next !== ALL) backTo(next.day || localDay(new Date(view.at), view.hall.timezone));
  }

  const numbers = numbersOf(events);
  const chosen = events.filter((event) => fits(event, choice, view.hall.timezone));
  const shown = wanted ? chosen.filter((event) => wanted.number && numbers.get(event.ref) === wanted.number) : chosen;
  const ticket = shown[shown.length - 1]?.ref; // of days with the same number the last
  const first = events[0]?.seq;

  return html`<section class="card log" aria-labelledby="log-title">
    <form class="log-filter" role="search" onSubmit=${send}>
      <label class="field"><span>${t("supervisor.log_number")}</span>
        <input type="text" name="number" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)} /></label>
      <button type="submit" class="button button--main"><${Glyph} name="search" />${t("supervisor.log_seek")}</button>
      ${
        wanted &&
        html`<button type="button" class="button" onClick=${() => {
          setWanted(null);
          setText("");
        }}>
        <${Glyph} name="x" />${t("supervisor.log_all")}</button>`
      }
      <${GhostsLink} acts=${acts} />
    </form>
    <${Choices} choice=${choice} choose=${choose} view=${view} people=${people(events)} />
    <h2 id="log-title" class="log-count">${t("supervisor.log_shown", { shown: count(events.length), seq: count(view.seq) })}</h2>
    <p class="log-found" role="status">${
      wanted &&
      t(wanted.number ? "supervisor.log_found" : "supervisor.log_not_number", {
        number: wanted.text,
        text: wanted.text,
        found: count(shown.length),
      })
    }</p>
    ${acts && wanted && ticket && html`<${CancelNumber} key=${ticket} ticket=${ticket} number=${wanted.number} seq=${view.seq} />`}
    ${refusal && html`<${Refused} words=${refusal} />`}
    <ol class="log-list">${[...shown].reverse().map(
      (event) => html`<${LogRow} key=${event.seq} event=${event}
      number=${numbers.get(event.ref)} view=${view} />`,
    )}</ol>
    ${
      first > 1 &&
      html`<button type="button" class="button log-more" disabled=${reading} onClick=${() => alone(() => older(FIRST))}>
      <${Glyph} name="history" />${t("supervisor.log_more")}</button>`
    }
  </section>`;
}

/** The way to the numbers of this moment for which nobody came. */
function GhostsLink({ acts }) {
  return (
    acts &&
    html`<a class="button log-ghosts" href="#ghosts"><${Glyph} name="user-off" />${t("supervisor.ghosts_title")}</a>`
  );
}
