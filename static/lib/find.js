/**
 * Finds procedures by what people say: with and without the marks of Vietnamese, with slips of the finger, in the words
 * of every day. What is typed is looked up here in the page and goes nowhere.
 *
 * Every procedure has phrases: its name, and what people say for it. A typed word fits a word of a phrase when they are
 * equal without their marks, when it is its beginning, or when it is a slip or two away. Words that few procedures have
 * count more than those of many ("giấy", "làm"), and a phrase is as good as the share of the typed words that it has.
 */

const TYPED_LONGEST = 60;
const TOKENS_MOST = 12;
const TOKENS_KEPT = 200;
const TYPED_LEAST = 2; // one letter fits half of all words
const ENOUGH = 0.5; // of what was typed; below it an answer is chance
const EQUAL = 1;
const OTHER_MARKS = 0.85; // "tử" for "tự", where the marks were typed
const BEGUN = 0.9; // the word that is being typed
const BEGINNING = 0.7; // of another one: "giấ kết hôn"
const SLIP = 0.6;
const SECOND_SLIP = 0.4;
const JOINED = 0.9; // "khaisinh"
const JOINED_LEAST = 5; // letters
const COVERED = 0.8; // how much of a phrase's worth is what it has of the typed words
const EXACT = 0.14; // and how much that it has no others
const IN_ORDER = 0.06; // and that they follow each other
const SAID = 0.97; // of what people say, beside the official name
const NEAR = 0.72; // of the best answer: what is farther from it is chance
const ALL_TEXT = 0.82; // of words that stand in different phrases of a procedure
const FIELD = 0.75; // of its field and its service, which many share
const UNKNOWN_WEIGHT = 0.7; // of a word that no procedure has, beside the mean of the others
const SAME = 1e-9;

/** @typedef {{word: string, plain: string, letters: number}} Word  as it is written, without marks, and a bit for each letter */
/** @typedef {{at: number, weight: number, words: number[], joined: string}} Phrase  of the procedure at that place */
/** @typedef {{weight: number, fits: Map<number, number>}} Token  a typed word: how well it fits which words */

/**
 * Lower case, composed, nothing but words.
 * @param {string} text
 */
export function tidied(text) {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * Without the marks of the letters: "Đường" gives "duong".
 * @param {string} text
 */
export function unmarked(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/\u0111/g, "d");
}

/** @param {string} text @returns {Word[]} */
function wordsOf(text) {
  return tidied(text)
    .split(" ")
    .filter(Boolean)
    .map((word) => ({ word, plain: unmarked(word) }))
    .map((each) => ({ ...each, letters: lettersOf(each.plain) }));
}

/**
 * A bit for each letter a word has: two words that differ in more letters than slips can change need no closer look.
 * @param {string} plain
 */
function lettersOf(plain) {
  let bits = 0;
  for (let i = 0; i < plain.length; i += 1) bits |= 1 << (plain.charCodeAt(i) % 32);
  return bits;
}

/** @param {number} bits */
function countOf(bits) {
  let n = 0;
  for (let rest = bits; rest; rest &= rest - 1) n += 1;
  return n;
}

/**
 * A word as a Vietnamese keyboard would have made it of these keys: "giaays" gives "giay"; itself where that changes nothing.
 * @param {string} plain
 */
function withoutTelex(plain) {
  return plain
    .replace(/dd/g, "d")
    .replace(/aa/g, "a")
    .replace(/ee/g, "e")
    .replace(/oo/g, "o")
    .replace(/([aou])w/g, "$1")
    .replace(/([aeiouy][a-z]{0,2})[sfrxj]$/, "$1");
}

/**
 * How many slips lie between two words: a letter too many, missing, wrong, or two exchanged; `most` + 1 if more.
 * @param {string} a @param {string} b @param {number} most
 */
export function slips(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j] + 1, next[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(row[b.length], most + 1);
}

/**
 * The procedures, ready to be looked up: some ten thousand words, made once for a list.
 * @template {Screen.Findable} T
 */
export class Finder {
  #all;
  /** @type {Word[]} every word once, as it is written */
  #words = [];
  /** @type {number[]} how much it says that a procedure has it */
  #weights = [];
  /** @type {Phrase[]} */
  #phrases = [];
  #mean_weight = 1;
  /** @type {Map<string, Token>} those of the words that stand before the one being typed: they stay the same */
  #tokens = new Map();

  /**
   * @param {T[]} all
   * @param {(one: T) => string[]} [more]  what else leads to it, which many have: the name of its service
   */
  constructor(all, more = () => []) {
    this.#all = all;
    /** @type {Map<string, number>} */
    const places = new Map();
    /** @type {Set<number>[]} */
    const having = [];
    const placed = (/** @type {Word} */ one, /** @type {number} */ at) => {
      const place = places.get(one.word) ?? this.#words.push(one) - 1;
      places.set(one.word, place);
      (having[place] ??= new Set()).add(at);
      return place;
    };
    for (const [at, one] of all.entries()) {
      const names = Object.values(one.names).map(wordsOf);
      const said = one.words.map(wordsOf);
      const shared = [one.field, ...more(one)].map(wordsOf);
      const phrase = (/** @type {Word[]} */ words, /** @type {number} */ weight) =>
        this.#phrases.push({
          at,
          weight,
          words: words.map((each) => placed(each, at)),
          joined: words.map(({ plain }) => plain).join(""),
        });
      for (const words of names) phrase(words, 1);
      for (const words of said) phrase(words, SAID);
      for (const words of shared) phrase(words, FIELD);
      this.#phrases.push({
        at,
        weight: ALL_TEXT,
        words: [...names, ...said, ...shared].flat().map((each) => placed(each, at)),
        joined: "",
      });
    }
    this.#weights = having.map((those) => Math.log(1 + all.length / those.size));
    this.#mean_weight = this.#weights.reduce((sum, weight) => sum + weight, 0) / (this.#weights.length || 1);
  }

  /**
   * The best answers first, none where nothing fits; of equal ones in the order of the list.
   * @param {string} typed
   * @param {number} most
   * @returns {T[]}
   */
  find(typed, most) {
    const words = wordsOf(typed.slice(0, TYPED_LONGEST)).slice(0, TOKENS_MOST);
    const joined = words.map(({ plain }) => plain).join("");
    if (joined.length < TYPED_LEAST) return [];
    const tokens = words.map((word, i) => this.#token(word, i === words.length - 1));
    const total = tokens.reduce((sum, { weight }) => sum + weight, 0);
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const phrase of this.#phrases) {
      const score = Math.max(this.#score(phrase, tokens, total), joinedScore(phrase, joined)) * phrase.weight;
      if (score > 0 && score > (scores.get(phrase.at) ?? 0)) scores.set(phrase.at, score);
    }
    const best = Math.max(...scores.values(), 0);
    return [...scores]
      .filter(([, score]) => score >= best * NEAR)
      .sort(([a, one], [b, other]) => (Math.abs(other - one) < SAME ? a - b : other - one))
      .slice(0, most)
      .map(([at]) => this.#all[at]);
  }

  /** @param {Word} typed @param {boolean} last  it may not be complete @returns {Token} */
  #token(typed, last) {
    const name = `${typed.word} ${last}`;
    const known = this.#tokens.get(name);
    if (known) return known;
    if (this.#tokens.size > TOKENS_KEPT) this.#tokens.clear();
    const token = this.#fitted(typed, last);
    this.#tokens.set(name, token);
    return token;
  }

  /** @param {Word} typed @param {boolean} last @returns {Token} */
  #fitted(typed, last) {
    const telex = withoutTelex(typed.plain);
    const other = telex === typed.plain ? null : { word: telex, plain: telex, letters: lettersOf(telex) };
    const marked = typed.word !== typed.plain;
    const fits = new Map();
    let best = 0;
    let weight = 0;
    for (const [place, word] of this.#words.entries()) {
      let fit = fitOfEither(typed, other, word, last);
      if (marked && fit === EQUAL && word.word !== typed.word) fit = OTHER_MARKS;
      if (fit === 0) continue;
      fits.set(place, fit);
      // It says as much as the commonest of the words that it fits best.
      if (fit > best || (fit === best && this.#weights[place] < weight)) weight = this.#weights[place];
      best = Math.max(best, fit);
    }
    return { weight: best ? weight : this.#mean_weight * UNKNOWN_WEIGHT, fits };
  }

  /** @param {Phrase} phrase @param {Token[]} tokens @param {number} total */
  #score({ words }, tokens, total) {
    let covered = 0;
    let follows = 0;
    let previous = -2;
    const met = new Set();
    for (const { weight, fits } of tokens) {
      const { fit, at } = bestOf(words, fits, previous + 1);
      covered += fit * weight;
      if (fit > 0) {
        met.add(at);
        if (at === previous + 1) follows += 1;
      }
      previous = at;
    }
    const share = total > 0 ? covered / total : 0;
    if (share < ENOUGH) return 0;
    const worth = (/** @type {number} */ sum, /** @type {number} */ word) => sum + this.#weights[word];
    const own = words.reduce(worth, 0);
    const has = words.filter((_, i) => met.has(i)).reduce(worth, 0);
    return COVERED * share + EXACT * (own ? has / own : 0) + IN_ORDER * (follows / tokens.length);
  }
}

/**
 * The word of a phrase that fits best, of equal ones that which stands next.
 * @param {number[]} words @param {Map<number, number>} fits @param {number} next
 */
function bestOf(words, fits, next) {
  let fit = 0;
  let at = -2;
  for (const [i, word] of words.entries()) {
    const here = fits.get(word) ?? 0;
    if (here > fit || (here > 0 && here === fit && i === next)) [fit, at] = [here, i];
  }
  return { fit, at };
}

/**
 * How well a typed word fits another, 0 to 1.
 * @param {Word} typed @param {Word} word @param {boolean} last
 */
function fitOf({ plain, letters }, word, last) {
  if (plain === word.plain) return EQUAL;
  if (word.plain.startsWith(plain)) {
    if (last) return BEGUN;
    if (plain.length >= 3) return BEGINNING;
  }
  const allowed = allowedSlips(plain.length);
  if (!allowed || countOf(letters ^ word.letters) > 2 * allowed) return 0;
  const apart = slips(plain, word.plain, allowed);
  if (apart > allowed) return 0;
  return apart === 1 ? SLIP : SECOND_SLIP;
}

/**
 * @param {Word} typed @param {?Word} other  the same as a Vietnamese keyboard reads it, if that is another
 * @param {Word} word @param {boolean} last
 */
function fitOfEither(typed, other, word, last) {
  const fit = fitOf(typed, word, last);
  return other && fit < EQUAL ? Math.max(fit, fitOf(other, word, last) * BEGUN) : fit;
}

/** @param {number} length  of a typed word */
function allowedSlips(length) {
  if (length < 3) return 0;
  return length < 7 ? 1 : 2;
}

/** Of words typed without the gaps between them. @param {Phrase} phrase @param {string} typed */
function joinedScore({ joined }, typed) {
  if (typed.length < JOINED_LEAST || !joined.includes(typed)) return 0;
  return JOINED * (COVERED + (EXACT * typed.length) / joined.length);
}

/**
 * The pieces of a name, and which of them were typed: to be shown in another colour.
 * @param {string} name
 * @param {string} typed
 * @returns {{text: string, typed: boolean}[]}
 */
export function typedPieces(name, typed) {
  const words = wordsOf(typed.slice(0, TYPED_LONGEST));
  const fits = (/** @type {string} */ piece) => {
    const plain = unmarked(piece.normalize("NFC"));
    const whole = { word: piece, plain, letters: lettersOf(plain) };
    return words.some((word, i) => fitOf(word, whole, i === words.length - 1) >= BEGINNING);
  };
  const pieces = name.split(/([^\p{L}\p{N}]+)/u).filter(Boolean);
  return pieces.map((text) => ({ text, typed: /[\p{L}\p{N}]/u.test(text) && fits(text) }));
}
