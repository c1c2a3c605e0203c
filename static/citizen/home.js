/** The first page: how long the wait is now, who is called first, and where each screen is. */

import { byId } from "/static/lib/dom.js";
import { get, setLanguage } from "/static/lib/api.js";
import { LANGUAGES } from "/static/lib/choices.js";
import { icon } from "/static/lib/icon.js";
import { standing } from "/static/lib/notice.js";
import {
  clock,
  decimal,
  fill,
  loadText,
  longDate,
  minutes,
  own,
  preferredLanguage,
  range,
  setTimezone,
  t,
} from "/static/lib/text.js";
import { Mine } from "./mine.js";

const EVERY_MS = 20_000;
const OPEN = new Set(["idle", "called", "serving"]);
const SCREENS = [
  ["kiosk", "device-tablet"],
  ["greeter", "device-mobile"],
  ["display", "device-tv"],
  ["counter", "user-check"],
  ["supervisor", "layout-dashboard"],
];

let seen_at = new Date();
let asking = false;

async function refresh() {
  if (asking) return;
  asking = true;
  try {
    const [hall, board, today] = await Promise.all([get("/hall"), get("/board"), get("/today")]);
    seen_at = new Date(board.at);
    drawNotice(hall);
    setTimezone(hall.timezone);
    drawHall(hall);
    drawBoard(board);
    write(byId("today"), ofToday(today));
    write(byId("updated"), t("home.now_update", { time: clock(seen_at), date: longDate(seen_at) }));
    document.body.className = "";
  } catch (failure) {
    write(byId("updated"), t("home.lost", { time: clock(seen_at) }));
    document.body.classList.add("is-lost");
    console.warn(failure);
  } finally {
    asking = false;
  }
}

/** @param {Api.HallView} hall */
function drawHall({ name, office, hotline, rule }) {
  write(byId("hall"), `${name} ${office.replace(/^UBND /, "")}`);
  write(byId("hotline"), hotline ? t("home.hotline", { number: hotline }) : "");
  write(byId("rule"), `${own(rule).name}: ${own(rule).sentence}. ${t("home.rule_logged")}`);
}

/** @param {Api.HallView} hall */
function drawNotice({ notice }) {
  const said = standing(notice, seen_at);
  byId("notice").hidden = !said;
  write(byId("notice-words"), said ? own(said.texts) : "");
}

/** @param {Api.BoardView} board */
function drawBoard({ counters, services, today }) {
  const open = counters.filter(({ state }) => OPEN.has(state)).length;
  figure(byId("waiting"), t("citizen.people", { n: decimal(today.waiting) }));
  write(byId("counters"), open ? t("home.now_counters", { n: open }) : t("home.now_no_counters"));
  figure(byId("mean"), today.mean_wait_s === null ? t("home.now_none") : minutes(today.mean_wait_s));
  write(byId("target"), t("home.now_target", { minutes: minutes(today.target_s) }));
  figure(byId("served"), t("home.now_visits", { n: decimal(today.served) }));
  byId("services").replaceChildren(...[...services].sort((a, b) => a.position - b.position).map(row));
}

/**
 * How long people waited today, once enough were served.
 * @param {Api.PublicTodayView} today
 */
function ofToday({ wait_median_min: minutes, on_target_percent: percent, on_target_bound: bound, target_min: target }) {
  if (minutes === null) return "";
  if (percent === null) return t("home.today_median", { minutes });
  const key = { at_least: "home.today_at_least", at_most: "home.today_at_most" }[bound] ?? "home.today";
  return t(key, { minutes, share: `${percent}%`, target });
}

/** @param {Api.ServiceView} service */
function row({ names, icon: name, family, ahead, forecast, counters, counters_open }) {
  const tr = document.createElement("tr");
  const head = part("th", "");
  head.scope = "row";
  const sign = part("span", "service-icon");
  sign.dataset.family = String(family);
  sign.append(icon(name));
  head.append(sign, part("span", "", own(names)));
  tr.append(
    head,
    figure(part("td", "is-count"), t("citizen.people", { n: decimal(ahead) })),
    part("td", `is-wait${forecast ? "" : " is-none"}`, range(forecast, ahead, counters_open)),
    part("td", "is-where", counters.join(", ")),
  );
  return tr;
}

function drawScreens() {
  byId("sign-in-icon").append(icon("login"));
  byId("notice").prepend(icon("messages"));
  byId("screens").append(
    ...SCREENS.map(([name, sign]) => {
      const item = document.createElement("li");
      const link = part("a", "screen");
      link.href = `/${name}`;
      const words = part("span", "screen-words");
      words.append(
        part("strong", "", t(`home.screen_${name}`)),
        part("span", "", t(`home.screen_${name}_what`)),
        part("span", "screen-address", `${location.host}/${name}`),
      );
      link.append(icon(sign), words);
      item.append(link);
      return item;
    }),
  );
}

/**
 * "22 người" as two pieces: figures that may be large, a unit that a narrow screen may leave out.
 * @param {HTMLElement} target
 * @param {string} text
 */
function figure(target, text) {
  if (target.textContent === text) return target;
  const [, digits, unit] = /** @type {RegExpMatchArray} */ (text.match(/^([\d.,]*)(.*)$/));
  target.replaceChildren(...(digits ? [part("b", "", digits)] : []), part("span", digits ? "unit" : "", unit));
  return target;
}

/** @param {HTMLElement} target @param {string} words */
function write(target, words) {
  if (target.textContent !== words) target.textContent = words;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 */
function part(tag, className, words = "") {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}

/** The other languages, each a link to this page in it. */
function drawLanguages() {
  byId("languages").append(
    ...Object.entries(LANGUAGES)
      .filter(([lang]) => lang !== language)
      .map(([lang, { name }]) => Object.assign(part("a", "home-link", name), { href: `?lang=${lang}`, lang })),
  );
}

const asked = new URLSearchParams(location.search).get("lang");
const language = asked !== null && asked in LANGUAGES ? asked : preferredLanguage();
setLanguage(language);
await loadText(language);
fill();
document.title = t("home.title");
/** @type {HTMLAnchorElement} */ (byId("past")).href = `/minh-bach?lang=${language}`;
drawScreens();
drawLanguages();
new Mine();
refresh();
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
