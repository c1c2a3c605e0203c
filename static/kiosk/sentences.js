/**
 * The clips of what is written: a clip is named by the very words it says. Figures, times and numbers are said by the
 * clips of numbers, and what stands between them by clips of its own. What has no clip is passed over, never misread.
 * `voice/phrases.py` cuts the texts in the same way; a test compares the two.
 */

import { letterClips, numberClips, wholeNumber } from "/static/lib/phrases.js";

const ENDS = /([.?!…:])\s+/g;
const APART = /\s*[·•“”\n]\s*/;
/** A ticket's number as it is shown, a day, a time, thousands, a figure. */
const FIGURES = /(\p{Lu}{1,2}\u00a0\d{3,4}|\d{1,2}\/\d{1,2}\/\d{4}|\d{1,2}:\d{2}|\d{1,3}(?:\.000)+|\d+)/u;
const AROUND = /^[\s.,:;()…]+|[\s.,:;()…]+$/g;
const BETWEEN = /^\s*[–/]\s*$/; // two figures: "15–25", "1/2"

/** @typedef {(clip: string) => boolean} Has */

/**
 * The clips of some words; none, where the voice cannot say them.
 * @param {string} words
 * @param {Has} has
 * @param {(words: string) => string | undefined} letterOf  of a service that has no clip
 * @returns {string[]}
 */
export function clipsOf(words, has, letterOf) {
  const named = clipOf(words, has);
  if (named !== undefined) return [named];
  const whole = plain(words);
  if (/^\p{L}$/u.test(whole)) return has(`letter-${whole}`) ? letterClips(whole) : [];
  const letter = letterOf(whole);
  if (letter !== undefined) return letterClips(letter);
  const said = words
    .replace(ENDS, "$1\n")
    .split(APART)
    .map((statement) => clipsOfStatement(statement, has, letterOf));
  return said.filter(({ length }) => length).flatMap((clips, i) => (i ? [".", ...clips] : clips));
}

/** @param {string} statement @param {Has} has @param {(words: string) => string | undefined} letterOf */
function clipsOfStatement(statement, has, letterOf) {
  const named = clipOf(statement, has);
  if (named !== undefined) return [named];
  const letter = letterOf(plain(statement));
  if (letter !== undefined) return letterClips(letter);
  /** @type {string[]} */
  const clips = [];
  const pieces = statement.split(FIGURES);
  for (const [i, piece] of pieces.entries()) {
    const said = i % 2 ? clipsOfFigure(piece, has) : clipsBetween(piece, has, i > 0 && i < pieces.length - 1);
    if (!said) return [];
    clips.push(...said);
  }
  return clips;
}

/**
 * @param {string} piece
 * @param {Has} has
 * @param {boolean} inner  figures stand on both sides: what joins them means something
 * @returns {?string[]}  null: it cannot be said
 */
function clipsBetween(piece, has, inner) {
  if (inner && BETWEEN.test(plain(piece))) return known(piece, has);
  if (bare(piece)) return known(bare(piece), has);
  return inner && !/\s/.test(piece) ? null : [];
}

/** @param {string} words @param {Has} has */
function known(words, has) {
  const named = clipOf(words, has);
  return named === undefined ? null : [named];
}

/**
 * The clip that says just these words: as they are written, without what only keeps a line from breaking, or without the
 * points around them.
 * @param {string} words
 * @param {Has} has
 */
function clipOf(words, has) {
  return [words.trim(), plain(words), bare(words), plain(bare(words))].find((each) => each !== "" && has(each));
}

/** @param {string} figure @param {Has} has @returns {?string[]} */
function clipsOfFigure(figure, has) {
  if (/^\D/.test(figure)) return numberClips(figure.replace("\u00a0", ""), has);
  const [day, month] = figure.split("/").map(Number);
  if (month) return joined(has, ["said_day", ...wholeNumber(day, has), "said_month", ...wholeNumber(month, has)]);
  const [hours, minutes] = figure.split(":").map(Number);
  if (minutes !== undefined) {
    const rest = minutes ? wholeNumber(minutes, has) : [];
    return joined(has, [...wholeNumber(hours, has), "said_hours", ...rest]);
  }
  const [thousands, ...zeros] = figure.split(".");
  if (zeros.length > 1) return null;
  return zeros.length
    ? joined(has, [...wholeNumber(Number(thousands), has), "said_thousand"])
    : wholeNumber(Number(figure), has);
}

/** @param {Has} has @param {string[]} clips */
function joined(has, clips) {
  return clips.every(has) ? clips : null;
}

/** Words without what only keeps a line from breaking. @param {string} words */
function plain(words) {
  return words.replaceAll("\u00a0", " ").replaceAll("\u2060", "").trim();
}

/** @param {string} words */
function bare(words) {
  return words.replaceAll("\u2060", "").replace(AROUND, "");
}
