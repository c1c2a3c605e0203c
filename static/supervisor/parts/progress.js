/** A long reckoning on the server: begun, followed and stopped from a page. */

import { html, useEffect, useRef, useState } from "/static/vendor/preact.js";
import { get } from "/static/lib/api.js";
import { Glyph } from "/static/lib/glyph.js";
import { sentence, useAct } from "./act.js";

const POLL_INTERVAL_MS = 700;

/**
 * The one at `path`: `view` is null until the first answer. `start(body)` begins one, `stop()` ends it. What one begins
 * here, and what comes of it, is brought into view if `card` is the ref of its place.
 * @template {"/settings/policy/rehearsal" | "/what-if" | "/staffing-table" | "/drill"} P
 * @param {P} path
 */
export function useProgress(path) {
  const acting = useAct();
  const [view, setView] = useState(/** @type {?Api.Get[P]} */ (null));
  const [lost, setLost] = useState(/** @type {?string} */ (null));
  const card = useRef(null);
  const started = useRef(false);

  async function refresh() {
    try {
      setView(/** @type {Api.Get[P]} */ (await get(/** @type {string} */ (path))));
      setLost(null);
    } catch (error) {
      setLost(sentence(error));
    }
  }
  useEffect(() => {
    refresh();
  }, []);
  useEffect(() => {
    if (view?.state !== "running") return undefined;
    const timer = setTimeout(refresh, POLL_INTERVAL_MS);
    return () => clearTimeout(timer);
  }, [view, lost]);
  useEffect(() => {
    if (started.current) card.current?.scrollIntoView({ block: "nearest" });
    if (view?.state !== "running") started.current = false;
  }, [view?.state]);

  /** @param {string} to @param {object} body */
  async function send(to, body) {
    const answer = await /** @type {any} */ (acting).act(to, body);
    if (answer) setView(answer);
  }
  return {
    view,
    running: view?.state === "running",
    busy: acting.busy,
    refusal: acting.refusal ?? lost,
    field: acting.field,
    card,
    start: (/** @type {object} */ body) => {
      started.current = true;
      return send(path, body);
    },
    stop: () => send(`${path}/stop`, {}),
  };
}

/** How far it is, or why there is no result; `running` is the sentence while it goes on, `nothing` if none was needed. */
export function ProgressSaid({ view, running, of, label, stopped, failed, nothing = failed }) {
  return html`<div role="status" class="progress-said">
    ${
      view?.state === "running" &&
      html`<p>${running}</p>
      <progress max=${of} value=${view.done} aria-labelledby=${label}></progress>`
    }
    ${view?.state === "stopped" && html`<p>${stopped}</p>`}
    ${view?.state === "nothing" && html`<p>${nothing}</p>`}
    ${view?.state === "failed" && html`<p>${failed}</p>`}
  </div>`;
}

/** The key that ends it. */
export function StopKey({ stop, words }) {
  return html`<button type="button" class="button" onClick=${stop}><${Glyph} name="x" />${words}</button>`;
}
