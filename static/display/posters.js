/** The notice board of this wall: which posters there are, which can be shown at this moment, and whose turn it is. */

import { get } from "/static/lib/api.js";
import { isDue, momentAt } from "/static/lib/poster-times.js";
import { PosterFiles } from "./poster-files.js";
import { PosterTurns } from "./poster-turns.js";

const MINUTE_MS = 60_000;
const RETRY_MS = 10_000;
/** Between two pictures that stand side by side, in their height. */
const GAP = 0.04;
const SIDE_BY_SIDE = 4;

/** @typedef {Api.PosterView & {key: string}} Poster */

export class Posters {
  #files = new PosterFiles();
  #turns = new PosterTurns();
  /** @type {Poster[]} */
  #posters = [];
  /** The version that is here, and the one that the hall has. @type {?string} */
  #version = null;
  /** @type {?string} */
  #wanted = null;
  #asked_at = -Infinity;
  /** @type {?{minute: number, due: Poster[]}} */
  #due = null;
  #turn = 0;
  #standing = "";

  /** The hall has this version of the notice board; null: there is none. @param {?string} version */
  follow(version) {
    this.#wanted = version;
  }

  /**
   * What stands in the place of the call now; `poster` null: the waiting.
   * @param {number} now  monotonic, in ms
   * @param {Date} time  at the server
   * @param {string} timezone
   * @param {boolean} free  whether nothing else needs the place
   * @param {number} shape  of the place: its width by its height
   */
  view(now, time, timezone, free, shape) {
    this.#refresh(now);
    const due = this.#dueAt(time, timezone);
    this.#files.want(due.flatMap(filesOf), now);
    const able = due
      .map((poster) => ({ poster, pages: this.#pages(poster, shape) }))
      .filter(({ pages }) => pages.length);
    const turns = able.map(({ poster, pages }) => ({
      key: poster.key,
      pages: pages.length,
      seconds: poster.seconds,
      film: poster.kind === "film",
    }));
    const stands = this.#turns.at(now, turns, free);
    const found = able.find(({ poster }) => poster.key === stands?.key);
    if (!stands || !found) {
      this.#standing = "";
      return { poster: null, urls: [], turn: 0 };
    }
    const { kind, texts, procedure, key } = found.poster;
    if (key !== this.#standing) this.#turn += 1;
    this.#standing = key;
    const urls = found.pages[Math.min(stands.page, found.pages.length - 1)];
    return { poster: { kind, texts, procedure }, urls, turn: this.#turn };
  }

  /** The film that stands has come to its end. @param {number} now */
  ended(now) {
    this.#turns.ended(now);
  }

  /** The film that stands cannot go on. @param {number} now */
  broke(now) {
    const poster = this.#posters.find(({ key }) => key === this.#standing);
    for (const { path } of poster ? filesOf(poster) : []) this.#files.broke(path, now);
    this.#turns.ended(now);
  }

  /** What is fetched stays until something else has come: a wall without network keeps what it has. @param {number} now */
  #refresh(now) {
    if (this.#wanted === this.#version || now - this.#asked_at < RETRY_MS) return;
    this.#asked_at = now;
    if (this.#wanted === null) return this.#take(null, []);
    get("/posters/shown").then(
      ({ version, posters }) => this.#take(version, posters),
      () => undefined, // asked again
    );
  }

  /** @param {?string} version @param {Api.PosterView[]} posters */
  #take(version, posters) {
    this.#version = version;
    this.#posters = posters.map((poster, at) => ({ ...poster, key: `${at} ${JSON.stringify(poster)}` }));
    this.#due = null;
  }

  /** @param {Date} time @param {string} timezone */
  #dueAt(time, timezone) {
    const minute = Math.floor(time.getTime() / MINUTE_MS);
    if (this.#due?.minute === minute) return this.#due.due;
    const moment = momentAt(time, timezone);
    const due = this.#posters.filter((poster) => isDue(poster, moment));
    this.#due = { minute, due };
    return due;
  }

  /**
   * What of a poster can be shown, page by page; none while it cannot. Pictures that are lower than the place stand side
   * by side. @param {Poster} poster @param {number} shape
   */
  #pages(poster, shape) {
    if (poster.kind === "text") return [[]];
    const there = filesOf(poster).flatMap(({ path, wide }) => {
      const url = this.#files.url(path);
      return url ? [{ url, wide }] : [];
    });
    if (poster.kind !== "pictures") return there.map(({ url }) => [url]);
    /** @type {string[][]} */
    const pages = [];
    let room = 0;
    for (const { url, wide } of there) {
      room -= wide + GAP;
      const page = pages[pages.length - 1];
      if (page && room >= 0 && page.length < SIDE_BY_SIDE) page.push(url);
      else {
        pages.push([url]);
        room = shape - wide;
      }
    }
    return pages;
  }
}

/** What a poster is made of, each with its width by its height. @param {Poster} poster */
function filesOf({ kind, files, procedure }) {
  if (procedure) return [{ path: `/procedures/${encodeURIComponent(procedure.code)}/code.svg`, film: false, wide: 1 }];
  return files.map(({ id, width, height }) => ({
    path: `/media/${id}`,
    film: kind === "film",
    wide: height ? width / height : 1,
  }));
}
