/**
 * Letters on the glass, as large as the other keys. They are keys like all others, so that an old hand which stays,
 * slides or trembles types one letter (press.js); Vietnamese is found without its marks.
 */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { key, part } from "./part.js";

const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

export function keyboard() {
  const typing = (/** @type {HTMLElement} */ el) => Object.assign(el.dataset, { typing: "" }) && el;
  const letter = (/** @type {string} */ name) =>
    typing(key(`letter:${name}`, "letter", part("span", "", name.toUpperCase())));
  const rub = typing(key("rub", "letter letter-wide", icon("backspace")));
  rub.setAttribute("aria-label", t("kiosk.search_rub"));
  const rows = ROWS.map((row) => part("div", "letters", ...[...row].map(letter)));
  rows[rows.length - 1].append(rub);
  const words = (/** @type {string} */ press) =>
    typing(key(press, "letter letter-words", part("span", "", t(`kiosk.search_${press}`))));
  const board = part("div", "keyboard", ...rows, part("div", "letters", words("clear"), words("space")));
  board.setAttribute("role", "group");
  board.setAttribute("aria-label", t("kiosk.search_keys"));
  return board;
}
