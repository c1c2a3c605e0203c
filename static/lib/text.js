/** Words by key, and numbers, times and waits as people of the language write them. */

import { DEFAULT_LANGUAGE, LANGUAGES } from "/static/lib/choices.js";

const STEP_MIN = 5; // a forecast is told in steps of five minutes: it is a range, not a promise

/** @type {Map<string, Promise<Screen.Texts>>} */
const loaded = new Map(); // by language and sections
let language = /** @type {Screen.Language} */ (DEFAULT_LANGUAGE);
/** @type {Screen.Texts} */
let texts = {};
let plurals = new Intl.PluralRules(DEFAULT_LANGUAGE);
let timezone = "Asia/Ho_Chi_Minh";

/** "{n, plural, one {# counter} other {# counters}}", a part of the ICU message format: # is the number. */
const PLURAL = /\{(\w+), plural,((?: \w+ \{[^{}]*\})+)\}/g;
const FORM = /(\w+) \{([^{}]*)\}/g;

/**
 * Load and switch to `lang`, one of LANGUAGES; each language is fetched once.
 * @param {string} lang
 * @param {string[]} [sections]  only these, where every kilobyte counts
 */
export async function loadText(lang, sections) {
  const key = [lang, ...(sections ?? [])].join();
  const loading =
    loaded.get(key) ?? (sections ? fetchSections(lang, sections) : fetchJson(`/static/text/${lang}.json`));
  loaded.set(key, loading);
  try {
    texts = await loading;
  } catch (error) {
    loaded.delete(key); // so that a later call may try again
    throw error;
  }
  language = /** @type {Screen.Language} */ (lang);
  plurals = new Intl.PluralRules(lang);
  document.documentElement.lang = lang;
}

/** @param {string} lang @param {string[]} sections @returns {Promise<Screen.Texts>} */
async function fetchSections(lang, sections) {
  const found = await Promise.all(sections.map((section) => fetchJson(`/api/v1/texts/${lang}/${section}`)));
  return Object.fromEntries(sections.map((section, i) => [section, found[i]]));
}

/** @param {string} path */
async function fetchJson(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`no texts at ${path}: ${response.status}`);
  return response.json();
}

/**
 * Times are those of the hall, not of the device that shows them.
 * @param {string} name
 */
export function setTimezone(name) {
  timezone = name;
}

/**
 * The text of "section.key" with {name} filled from `params`, and of plural forms the one that fits the number.
 * A missing key shows itself and is reported on the console.
 * @param {string} key
 * @param {Record<string, unknown>} params
 */
export function t(key, params = {}) {
  const dot = key.indexOf(".");
  const text = texts[key.slice(0, dot)]?.[key.slice(dot + 1)];
  if (text === undefined) {
    console.error(`no text for ${key} in ${language}`);
    return key;
  }
  return text
    .replace(PLURAL, (whole, name, forms) => plural(params[name], Object.fromEntries(matches(forms))))
    .replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/**
 * [[category, words], …] of the forms of a plural.
 * @param {string} forms
 */
function matches(forms) {
  return Array.from(forms.matchAll(FORM), ([, category, words]) => [category, words]);
}

/** @param {unknown} number @param {Record<string, string>} forms */
function plural(number, forms) {
  // "1.204" as it is written: whatever is no number here is more than one.
  const words = forms[plurals.select(Number(number))] ?? forms.other;
  return words.replaceAll("#", String(number));
}

/**
 * Why this number, or why not yet: one sentence of the server's making; null where nothing is to be said.
 * @param {?Api.WhyView | undefined} why
 */
export function because(why) {
  const { until, ...rest } = why?.params ?? {};
  return why && t(`why.${why.code}`, { ...rest, until: until && clock(until) });
}

/** Fill elements that carry data-text (content) or data-label (aria-label) with their texts. */
export function fill(root = document) {
  for (const element of /** @type {NodeListOf<any>} */ (root.querySelectorAll("[data-text]")))
    element.textContent = t(element.dataset.text);
  for (const element of /** @type {NodeListOf<any>} */ (root.querySelectorAll("[data-label]"))) {
    element.setAttribute("aria-label", t(element.dataset.label));
  }
}

/**
 * "B027" as it is shown: "B 027". The space does not break.
 * @param {string} number
 */
export function spaced(number) {
  return number.replace(/^(\p{L}+)(\d+)$/u, "$1\u00a0$2");
}

/**
 * "B027" as it is heard: "B 27".
 * @param {string} number
 */
export function spoken(number) {
  return number.replace(/^(\p{L}+)0*(\d+)$/u, "$1 $2");
}

/**
 * "08:42" in the hall's time.
 * @param {Date | string | number} date  a text as ISO 8601 has it
 */
export function clock(date) {
  return format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/**
 * "Thứ Năm, 11/09/2025"
 * @param {Date | string | number} date
 */
export function longDate(date) {
  return `${format(date, { weekday: "long" })}, ${day(date)}`;
}

/**
 * Of words that the hall has by language those of this page.
 * @template T
 * @param {Record<string, T>} words
 */
export function own(words) {
  return words[language] || words[DEFAULT_LANGUAGE];
}

/** The language of ours that this browser prefers. */
export function preferredLanguage() {
  const codes = navigator.languages.map((tag) => tag.split("-")[0]);
  return codes.find((code) => code in LANGUAGES) ?? DEFAULT_LANGUAGE;
}

/**
 * "11/09/2025": day before month in every language, as on all papers of the hall.
 * @param {Date | string | number} date
 */
export function day(date) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  }).format(new Date(date));
}

/** @param {Date | string | number} date @param {Intl.DateTimeFormatOptions} options */
function format(date, options) {
  return new Intl.DateTimeFormat(LANGUAGES[language].locale, { timeZone: timezone, ...options }).format(new Date(date));
}

/**
 * Whole minutes of `s` seconds, rounded down: "12 phút", "dưới 1 phút".
 * @param {number} s
 */
export function minutes(s) {
  if (s < 60) return t("common.under_a_minute");
  return t("common.minutes", { n: Math.floor(s / 60) });
}

/**
 * "45 giây", "12 phút" or "1 giờ 5 phút", rounded down.
 * @param {number} s  seconds
 */
export function duration(s) {
  if (s < 60) return t("common.seconds", { n: Math.floor(s) });
  if (s < 3600) return minutes(s);
  return t("common.hours_minutes", { h: Math.floor(s / 3600), n: Math.floor((s % 3600) / 60) });
}

/**
 * A running timer: "00:03", from an hour on "1:02:03".
 * @param {number} s  seconds
 */
export function timer(s) {
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const rest = `${two((s % 3600) / 60)}:${two(s % 60)}`;
  return s < 3600 ? rest : `${Math.floor(s / 3600)}:${rest}`;
}

/**
 * A forecast as a range: "15–25 phút", "Dưới 5 phút", "Không phải chờ"; over a break "13:35–13:50".
 * @param {?{p50_s: number, p80_s: number, between?: ?string[]}} forecast  null: nothing can be said
 * @param {number} [ahead]  people ahead, where known: with nobody ahead a short wait is none
 * @param {number[]} [open]  the counters that are open for it: with one, a missing forecast is none of theirs
 */
export function range(forecast, ahead, open = []) {
  if (!forecast) return t(open.length ? "common.time_unknown" : "common.no_counter_open");
  const { p50_s, p80_s, between } = forecast;
  if (between) return [...new Set(between.map((at) => clock(at)))].join("–");
  if (p80_s < 60 || (ahead === 0 && p80_s <= STEP_MIN * 60)) return t("common.no_wait");
  const from = Math.floor(p50_s / 60 / STEP_MIN) * STEP_MIN;
  const to = Math.ceil(p80_s / 60 / STEP_MIN) * STEP_MIN;
  if (from === 0) return t("common.minutes_under", { n: to });
  return from >= to ? t("common.minutes", { n: to }) : t("common.minutes_range", { from, to });
}

/**
 * 82.4 as "82,4", 4595 as "4.595": separators of the language, exactly `digits` decimals.
 * @param {number} x
 */
export function decimal(x, digits = 0) {
  return new Intl.NumberFormat(LANGUAGES[language].locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(x);
}
