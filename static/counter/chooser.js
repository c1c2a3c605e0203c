/** Which counter is this? By its number on the keyboard, or by touch. */

import { Refusal, get } from "/static/lib/api.js";
import { choose, others } from "/static/lib/language.js";
import { own, t } from "/static/lib/text.js";
import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { meaningOf, readScans } from "/static/lib/scan.js";
import { digitOf, pressFocused } from "./keyboard.js";
import { wishOf } from "./wish.js";

const TYPING_MS = 1000;
const REFRESH_MS = 3000;
const PLATES = { closed: "plate--closed", paused: "plate--paused" };

export function Chooser({ me, onChoose, onSignOut }) {
  const { counters, names, failure } = useCounters();
  const [refused, setRefused] = useState(/** @type {?string} */ (null)); // what became of a scan
  const typed = useTyping(counters ?? [], onChoose, setRefused);
  return html`<div class="choosing">
    <header class="bar">
      <h1>${t("counter.choose_bar")}</h1>
      <p class="bar-clerk">${me.name}</p>
      <a class="bar-way" href="/password"><${Glyph} name="key" />${t("access.change_password")}</a>
      ${others().map(
        ({ lang, name }) =>
          html`<button type="button" class="bar-way" key=${lang} lang=${lang} onClick=${() => choose(lang)}><${Glyph} name="language" />${name}</button>`,
      )}
      <button type="button" class="bar-way" onClick=${onSignOut}><${Glyph} name="logout" />${t("counter.sign_out")}</button>
    </header>
    <main class="choosing-main">
      <h2>${t("counter.choose_title")}</h2>
      <p role="status">${failure ?? refused ?? t("counter.choose_hint")}</p>
      <ul class="choosing-list">${(counters ?? []).map(
        (counter) => html`<li key=${counter.counter}>
        <button type="button" class="choosing-counter ${String(counter.counter) === typed ? "is-typed" : ""}"
            data-counter=${counter.counter} onClick=${() => onChoose(counter.counter)}>
          <span class="plate ${PLATES[counter.state] ?? ""}" aria-hidden="true">${counter.counter}</span>
          <span class="choosing-what">
            <strong>${counter.name}</strong>
            <span>${counter.services.map((service) => names[service] ?? service).join(" · ")}</span>
          </span>
          <span class="choosing-who">${whoIsAt(counter)}${wishOf(counter) && html`<b class="choosing-wish"><${Glyph} name="messages" />${wishOf(counter)}</b>`}</span>
        </button>
      </li>`,
      )}</ul>
    </main>
  </div>`;
}

/** @param {Api.CounterStateView} counter */
function whoIsAt({ state, clerk, clerk_name, mine }) {
  if (state === "closed") return t("counter.choose_free");
  if (clerk === null) return t("counter.choose_handed_over");
  return t(mine ? "counter.choose_mine" : "counter.choose_taken", { name: clerk_name ?? t("counter.somebody") });
}

/** The counters with the names of their services; asked again, because a colleague may open one meanwhile. */
function useCounters() {
  const [counters, setCounters] = useState(/** @type {?Api.CounterStateView[]} */ (null));
  const [names, setNames] = useState(/** @type {Record<string, string>} */ ({}));
  const [failure, setFailure] = useState(/** @type {?string} */ (null));
  useEffect(() => {
    let gone = false;
    const ask = async () => {
      try {
        const [list, { services }] = await Promise.all([get("/counters"), get("/services")]);
        if (gone) return;
        setNames(Object.fromEntries(services.map(({ code, names }) => [code, own(names)])));
        setCounters(list.counters);
        setFailure(null);
      } catch (error) {
        if (!gone) setFailure(error instanceof Refusal ? error.message : t("counter.unreachable"));
      }
    };
    ask();
    const asking = setInterval(ask, REFRESH_MS);
    return () => {
      gone = true;
      clearInterval(asking);
    };
  }, []);
  return { counters, names, failure };
}

/**
 * Digits choose at once when only one counter can be meant; else the counter waits for Enter. A scan chooses none.
 * @param {Api.CounterStateView[]} counters
 * @param {(counter: number) => void} onChoose
 * @param {(words: ?string) => void} onScan
 */
function useTyping(counters, onChoose, onScan) {
  const [typed, setTyped] = useState("");
  const latest = useRef(/** @type {any} */ (null));
  latest.current = { typed, counters, onChoose };
  useEffect(() => {
    let forgetting = 0;
    const forget = () => {
      clearTimeout(forgetting);
      setTyped("");
    };
    const key = (/** @type {KeyboardEvent} */ event) => {
      const digit = digitOf(event);
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (digit === null) {
        pressFocused(event);
        return;
      }
      const { typed, counters, onChoose } = latest.current;
      const now = typed + digit;
      const meant = counters.filter(({ counter }) => String(counter).startsWith(now));
      onScan(null);
      if (meant.length === 1) return void onChoose(meant[0].counter);
      setTyped(meant.length ? now : "");
      /** @type {?HTMLElement} */ (document.querySelector(`[data-counter="${now}"]`))?.focus();
      clearTimeout(forgetting);
      forgetting = setTimeout(forget, TYPING_MS);
    };
    const scanned = (/** @type {import("/static/lib/scan.js").Scan} */ scan) => {
      forget();
      const { kind } = meaningOf(scan);
      onScan(t(kind === "card" || kind === "altered" || kind === "unknown" ? `scan.${kind}` : "scan.counter_first"));
    };
    const stop = readScans({ key, scanned });
    return () => {
      clearTimeout(forgetting);
      stop();
    };
  }, []);
  return typed;
}
