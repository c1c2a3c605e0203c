/**
 * What a page consists of for somebody who hears it: its elements in the order in which they stand there, each a whole
 * (a key with all its words, a fact with its name), and the words of each.
 */

import { t } from "/static/lib/text.js";

/** Said as a whole, whatever they are made of. */
const WHOLE = "[data-press], .chosen p, .paper-top, .paper-go, .fact, .shift, .help-counter, .no-paper";
const SILENT = "svg, img, time-left, [aria-hidden='true']";

/** @typedef {{words: string, el: HTMLElement}} Piece  some words, and the element they stand in */

/**
 * The elements of `root`, or itself, from the first to the last.
 * @param {HTMLElement} root
 * @returns {HTMLElement[]}
 */
export function stopsOf(root) {
  if (root.matches(SILENT) || !isSeen(root)) return [];
  // Without a box of its own it cannot be framed, so its parts are: the name of a fact, and its figure.
  if (isBoxless(root)) return children(root).flatMap(stopsOf);
  if (root.matches(WHOLE) || root.dataset.spoken !== undefined || hasWords(root)) return [root];
  return children(root).flatMap(stopsOf);
}

/**
 * The element of which `inner` is a part, as `stopsOf` has it; null on bare glass.
 * @param {?Element} inner
 * @param {HTMLElement[]} stops
 */
export function stopAround(inner, stops) {
  return stops.find((stop) => stop.contains(inner)) ?? null;
}

/**
 * In rows from the top, each from the left: keys may stand elsewhere than they come in the page.
 * @param {HTMLElement[]} stops  without any in another
 */
export function inSight(stops) {
  const placed = stops.map((stop) => ({ stop, box: stop.getBoundingClientRect() }));
  placed.sort((a, b) =>
    a.box.bottom <= b.box.top + 1 ? -1 : b.box.bottom <= a.box.top + 1 ? 1 : a.box.left - b.box.left,
  );
  return placed.map(({ stop }) => stop);
}

/**
 * The words of an element. `data-spoken` says what is heard in place of what is written, a sentence a line.
 * @param {HTMLElement} stop
 * @returns {Piece[]}
 */
export function wordsOf(stop) {
  const label = stop.matches("[data-press]") ? stop.getAttribute("aria-label") : null; // where a drawing stands for words
  const pieces = label ? [{ words: label, el: stop }] : within(stop);
  if (stop.getAttribute("aria-pressed") === "true") pieces.push({ words: t("kiosk.speech_is_on"), el: stop });
  return pieces;
}

/** @param {HTMLElement} el @returns {Piece[]} */
function within(el) {
  if (el.matches(SILENT) || !isSeen(el)) return [];
  const { spoken } = el.dataset;
  if (spoken !== undefined) return spoken.split("\n").map((words) => ({ words, el }));
  return [...el.childNodes].flatMap((node) => {
    if (node instanceof HTMLElement) return within(node);
    const words = node instanceof Text ? node.data.trim() : "";
    return words ? [{ words, el }] : [];
  });
}

/** @param {HTMLElement} el */
function hasWords(el) {
  return [...el.childNodes].some((node) => node instanceof Text && node.data.trim());
}

/** @param {HTMLElement} el */
function children(el) {
  return /** @type {HTMLElement[]} */ ([...el.children].filter((child) => child instanceof HTMLElement));
}

/** @param {HTMLElement} el */
function isSeen(el) {
  return (el.getClientRects().length > 0 || isBoxless(el)) && getComputedStyle(el).visibility === "visible";
}

/** @param {HTMLElement} el */
function isBoxless(el) {
  // An element inside one that is not shown has no box either, whatever its own style says.
  return getComputedStyle(el).display === "contents" && children(el).some(isSeen);
}
