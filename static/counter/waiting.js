/** The queue of this counter in the order in which it will be called, and the numbers that did not come. */

import { get } from "/static/lib/api.js";
import { iconOfClass, nameOfClass } from "/static/lib/priority-class.js";
import { because, clock, spaced, spoken, t } from "/static/lib/text.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { Number } from "./number.js";
import { QUEUE_ACTS } from "./steps.js";
import { seconds, serviceName, waitWords } from "./words.js";

const ROW_REM = 3.25;
const ROWS_IN_COLUMN = 4; // where the whole page scrolls, and the list has as much room as it takes
const NO_SHOWS_SHOWN = 6;
const WHY_AFTER_MS = 150; // who is only passed with the arrows is not asked about

/** `picked` and `onPick`: the one of the queue that is looked at or that a question is about, while one can be picked. */
// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
export function Waiting({ store, now, onAsk, picked, onPick }) {
  const { view, lost_since: lost } = store;
  const [opened, setWhole] = useState(false);
  const list = useRef(null);
  const fit = useRowsThatFit(list);
  const whole = opened || (view.queue.length > fit && view.queue.indexOf(picked) >= fit - 1);
  const explained = useWhy(picked, view.seq, lost);
  useLayoutEffect(
    () => list.current.querySelector(".is-picked")?.scrollIntoView({ block: "nearest" }),
    [picked?.ref, fit],
  );
  const shown = whole ? view.queue : view.queue.slice(0, view.queue.length > fit ? fit - 1 : fit);
  const rest = view.waiting - shown.length;
  const longest = Math.max(0, ...view.queue.map((ticket) => seconds(ticket.issued_at, now)));
  return html`<aside class="waiting ${lost ? "is-old" : ""}" aria-labelledby="waiting-title">
    <header class="waiting-head">
      <h2 id="waiting-title">${lost ? t("counter.queue_at", { time: clock(lost) }) : t("counter.queue")}</h2>
      <p>${
        lost
          ? t("counter.queue_old")
          : view.waiting
            ? t(longest < 60 ? "counter.queue_new" : "counter.queue_size", {
                count: view.waiting,
                longest: waitWords(longest),
              })
            : t("counter.queue_none")
      }</p>
    </header>
    <div class="waiting-list ${whole ? "is-whole" : ""}" ref=${list} tabindex=${whole ? 0 : null}
        role=${whole ? "region" : null} aria-labelledby=${whole ? "waiting-title" : null}>
      ${
        view.queue.length === 0
          ? html`<p class="waiting-empty"><${Glyph} name="ticket" /><span>${t("counter.queue_empty")}</span></p>`
          : html`<ol>${shown.map(
              (ticket, index) => html`<${Row} key=${ticket.ref} ticket=${ticket} store=${store}
            now=${now} first=${index === 0 && !lost} picked=${ticket === picked} onPick=${onPick} />`,
            )}</ol>`
      }
      ${
        (rest > 0 || whole) &&
        html`<button type="button" class="more ${whole ? "is-open" : ""}"
          aria-expanded=${whole ? "true" : "false"} onClick=${() => setWhole(!whole)}>
        ${whole ? t("counter.queue_less") : t("counter.queue_more", { count: rest })}<${Glyph} name="chevron-down" />
      </button>`
      }
    </div>
    <div class="waiting-why" aria-live="polite">${
      explained &&
      html`<p><b>${t("counter.why_waits", { number: spaced(explained.number) })}</b> ${t("counter.why_said", {
        sentence: because(explained.why),
      })}</p>`
    }</div>
    <div class="waiting-acts">${QUEUE_ACTS.map((each) => html`<${QueueKey} key=${each.act} of=${each} store=${store} onAsk=${onAsk} />`)}</div>
    ${
      view.restored &&
      !lost &&
      html`<section class="waiting-foot is-restored">
        <p>${t("counter.restored")}</p>
        <button type="button" class="foot-keys" onClick=${() => onAsk("enter_number")}>
          ${t("counter.act.enter_number")} <kbd class="key">${t("counter.key.m")}</kbd></button></section>`
    }
    ${
      lost
        ? html`<section class="waiting-foot if-lost">
        <h3>${t("counter.if_lost_title")}</h3><p>${t("counter.if_lost")}</p>
      </section>`
        : html`<section class="waiting-foot">
        ${
          view.held.length > 0 &&
          html`<div class="waiting-away"><h3>${t("counter.held")}</h3>
          <ul>${view.held.map(
            ({ ref, number, until }) => html`<li key=${ref}><${Glyph} name="clock-pause" />
            <${Number} number=${number} />${until && html` <small>${clock(until)}</small>`}</li>`,
          )}</ul></div>`
        }
        <div class="waiting-away"><h3>${t("counter.no_shows")}</h3>
        ${
          view.no_shows.length
            ? html`<ul>${view.no_shows.slice(-NO_SHOWS_SHOWN).map(
                ({ ref, number }) => html`<li key=${ref}>
              <${Glyph} name="user-off" /><${Number} number=${number} /></li>`,
              )}</ul>`
            : html`<p>${t("counter.none")}</p>`
        }</div>
      </section>`
    }
  </aside>`;
}

/** An act on one of the queue; its place is here, below those it is for. */
function QueueKey({ of: { act, key, icon }, store, onAsk }) {
  const reason = store.whyNot(act);
  return html`<button type="button" class="act" id="${act}-key" aria-disabled=${reason ? "true" : "false"}
      aria-describedby=${reason ? `why-${act}` : null} title=${reason ? t(`counter.no.${reason}`) : null}
      onClick=${() => (reason ? store.press(act, act) : onAsk(act))}>
    <${Glyph} name=${icon} /><span>${t(`counter.act.${act}`)}</span><kbd class="key">${key}</kbd>
    ${reason && html`<span id=${`why-${act}`} hidden>${t(`counter.no.${reason}`)}</span>`}
  </button>`;
}

function Row({ ticket, store, now, first, picked, onPick }) {
  const { number, service, priority_class, passed, issued_at, mark, visual_call } = ticket;
  const { classes } = store.view.hall;
  const tags = [priority_class !== "ordinary", passed > 0, mark !== null].filter(Boolean).length;
  return html`<li class="row ${first ? "is-first" : ""} ${picked ? "is-picked" : ""}">
    ${
      onPick &&
      html`<button type="button" class="row-pick" aria-pressed=${picked ? "true" : "false"}
      aria-label=${t("counter.pick", { number: spoken(number) })} tabindex="-1" onClick=${() => onPick(number)}></button>`
    }
    <${Number} number=${number} />
    <span class="row-what">
      ${tags < 2 && html`<span class="row-service">${serviceName(service, store.view.services)}</span>`}
      ${
        priority_class !== "ordinary" &&
        html`<span class="tag tag--priority"><${Glyph} name=${iconOfClass(classes, priority_class)} />${nameOfClass(
          classes,
          priority_class,
        )}</span>`
      }
      ${visual_call && html`<span class="row-wave" title=${t("counter.wave")}><${Glyph} name="hand-stop" /><span class="visually-hidden">${t("counter.wave")}</span></span>`}
      ${mark && html`<span class="tag"><${Glyph} name="arrow-left" />${t(`counter.mark.${mark}`)}</span>`}
      ${
        passed > 0 &&
        html`<span class="tag tag--called"><${Glyph} name="arrows-exchange" />${t("counter.passed", {
          count: passed,
        })}</span>`
      }
    </span>
    <span class="row-wait">${store.lost_since ? "–" : waitWords(seconds(issued_at, now))}</span>
  </li>`;
}

/** Why the picked one still waits, {number, why}, asked again when the hall has changed; null while there is nothing to say. */
function useWhy(picked, seq, lost) {
  const [explained, setExplained] = useState(/** @type {?{ref: number, number: string, why: any}} */ (null));
  useEffect(() => {
    if (!picked || lost) return undefined;
    let over = false;
    const asking = setTimeout(async () => {
      try {
        const { number, why } = await get(`/tickets/${picked.ref}`);
        if (!over) setExplained(why && { ref: picked.ref, number, why });
      } catch (failure) {
        console.info("no reason fetched", failure); // the next change of the hall asks again
      }
    }, WHY_AFTER_MS);
    return () => {
      over = true;
      clearTimeout(asking);
    };
  }, [picked?.ref, seq, lost]);
  return !lost && explained?.ref === picked?.ref ? explained : null;
}

/** How many rows the list has room for; the rest is one key away. */
function useRowsThatFit(ref) {
  const [fit, setFit] = useState(8);
  useLayoutEffect(() => {
    const measure = () => {
      if (getComputedStyle(ref.current).overflowY === "visible") {
        setFit(ROWS_IN_COLUMN);
        return;
      }
      const row = ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
      setFit(Math.max(2, Math.floor(ref.current.clientHeight / row)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return fit;
}
