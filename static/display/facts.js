/** What the foot says, one fact at a time: today's figures, the waiting of each service, the rule of order. */

import { minutes, own, range, spaced, t } from "/static/lib/text.js";

/** A fact stands this long, then the next replaces it by a cut. */
const FACT_MS = 12_000;
/** More missed numbers than this do not fit beside a fact. */
const ABSENT = 3;
/** Nor do more counters to go to. */
const ADVISED = 3;

/**
 * One of `items`, each for its time; `now` in ms.
 * @template T
 * @param {T[]} items
 * @param {number} now
 */
export function turn(items, now) {
  return items[Math.floor(now / FACT_MS) % items.length];
}

/**
 * Missed numbers and where to go with them, a few at a time: to an open counter, of those that give advice if one is.
 * @param {Pick<Wall.Board, "hall" | "counters" | "no_shows">} board
 */
export function absences({ hall, counters: all, no_shows }) {
  const open = all.filter(({ staffing }) => staffing === "open").map(({ counter }) => counter);
  const advice = open.filter((counter) => hall.advice_counters.includes(counter));
  const [last, ...before] = (advice.length ? advice : open).slice(0, ADVISED).reverse();
  const counters = before.length ? `${before.reverse().join(", ")} ${t("display.or")} ${last}` : String(last);
  const few = Array.from({ length: Math.ceil(no_shows.length / ABSENT) }, (_, i) =>
    no_shows.slice(i * ABSENT, (i + 1) * ABSENT),
  );
  const key = last === undefined ? "display.absent_desk" : "display.absent";
  return few.map((some) => t(key, { numbers: some.map(spaced).join(", "), counters }));
}

/** @param {Api.TodayView} today */
function waitingNow({ waiting: n, mean_wait_s: wait }) {
  if (n === 0) return t("display.nobody_waiting");
  return wait === null ? t("display.fact_waiting_only", { n }) : t("display.fact_waiting", { n, wait: minutes(wait) });
}

/**
 * All that can be said now, figures first.
 * @param {Wall.Board} board
 * @param {string} language
 * @param {boolean} ruled  whether the rule of order belongs to it
 */
export function facts({ hall, today, services }, language, ruled) {
  const { mean_wait_s: wait, target_s: target } = today;
  const said = [
    // What the hall itself wants to say comes first; an asterisk of its own marks nothing.
    hall.wall_note?.[language]?.replaceAll("*", "∗"),
    waitingNow(today),
    today.served > 0 && t("display.fact_served", { n: today.served }),
    wait !== null && t("display.fact_mean", { wait: minutes(wait), target: minutes(target) }),
    wait !== null && t("common.wait_from"),
    ...services
      .filter(({ waiting }) => waiting > 0)
      .map(({ names, waiting, ahead, forecast, counters_open }) =>
        t("display.fact_service", {
          service: names[language],
          n: waiting,
          range: range(forecast, ahead, counters_open),
        }),
      ),
    ...(ruled ? own(hall.rule).facts : []),
    hall.hotline && t("display.fact_hotline", { number: hall.hotline }),
  ];
  return /** @type {string[]} */ (said.filter(Boolean));
}
