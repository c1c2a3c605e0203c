/** The glass: how large it is, which part of it a hand reaches from a wheelchair, and how much room that leaves a page. */

import { get, post } from "/static/lib/api.js";
import { kept, keep } from "/static/access/glass-size.js";

/** The millimetres of the 21.5-inch glass that the pages are drawn for. */
const DRAWN_MM = { short: 267.7, long: 476 };
/** The height of capitals in millimetres (ADA 707.7.2; EN 301 549, 5.1.4 at 0.6 m). */
const CAPITAL_MM = { normal: 4.8, large: 7.3 };
/** What is reached from a wheelchair, in millimetres above the floor (EN 301 549, 8.3). */
const REACH_MM = { from: 380, to: 1220 };
const LOW_LEAST_MM = 200; // less glass than this within reach holds no page
/** The capital of the drawn glass, in its millimetres, above which the room counts as the next smaller one. */
const LARGE_ABOVE = 5.25;
const ROOMS = [
  { above: 18, room: "tightest", tiles: 2, tiles_upright: 1 },
  { above: 12, room: "tighter", tiles: 2, tiles_upright: 2 },
  { above: 8.2, room: "tight", tiles: 4, tiles_upright: 4 },
  { above: 0, room: "full", tiles: 6, tiles_upright: 6 },
];
/** Ten letters of 20 mm in a row, and four rows of them below the field and two answers. */
const KEYBOARD_MM = { across: 222, down: 185 };

/**
 * How a page is laid out on a glass of this size. Lengths are in CSS pixels.
 * `letters`: whether they are as large, for this glass, as those that one wishes larger on the drawn one.
 * @param {{width: number, height: number}} screen
 * @param {?Kiosk.Measure} measure  null: nobody has measured it; it is taken for the drawn one
 * @param {{large: boolean, low: boolean}} wishes
 */
export function plan({ width, height }, measure, { large, low }) {
  const mm = measure ? Math.hypot(width, height) / measure.diagonal_mm : 0;
  const reach = measure && reached(height / mm, measure.edge_mm);
  const [above, below] = low && reach ? [reach.above * mm, reach.below * mm] : [0, 0];
  const rest = height - above - below;
  const upright = width < height;
  const [across, down] = upright ? [DRAWN_MM.short, DRAWN_MM.long] : [DRAWN_MM.long, DRAWN_MM.short];
  const drawn = Math.min(width / across, rest / down);
  const least = large ? CAPITAL_MM.large : CAPITAL_MM.normal;
  const capital = (least * mm) / drawn;
  const { room, ...tiles } = /** @type {typeof ROOMS[0]} */ (ROOMS.find((each) => capital > each.above || !each.above));
  return {
    mm,
    above,
    below,
    least,
    letters: large || capital > LARGE_ABOVE ? "large" : "normal",
    room,
    tiles: upright ? tiles.tiles_upright : tiles.tiles,
    keyboard: room === "full" || (width > KEYBOARD_MM.across * mm && rest > KEYBOARD_MM.down * mm),
    lowers: reach !== null,
  };
}

/**
 * How much of the glass, at its top and at its foot, is out of reach; null where nothing is, or too little within.
 * @param {number} height_mm @param {number} edge_mm  of the lower edge above the floor
 */
function reached(height_mm, edge_mm) {
  const above = Math.max(0, edge_mm + height_mm - REACH_MM.to);
  const below = Math.max(0, REACH_MM.from - edge_mm);
  return above + below > 0 && height_mm - above - below >= LOW_LEAST_MM ? { above, below } : null;
}

/** The glass of this kiosk. Its size is kept by the server; the copy here is for the time before it has answered. */
export class Glass {
  #wishes = { large: false, low: false };
  #changed;
  room = this.#plan();

  /** @param {() => void} changed  called when a page may have to be laid out otherwise */
  constructor(changed) {
    this.#changed = changed;
    addEventListener("resize", () => this.#refresh());
    this.#apply();
  }

  /** @param {{large: boolean, low: boolean}} wishes */
  wish({ large, low }) {
    this.#wishes = { large, low };
    this.room = this.#plan();
    this.#apply();
  }

  /** Ask the server, which counts; where it knows nothing, as after a new pairing, it is sent what was measured here. */
  async learn() {
    try {
      const { diagonal_mm, edge_mm } = await get("/glass");
      const measure = kept();
      if (diagonal_mm !== null && edge_mm !== null) keep({ diagonal_mm, edge_mm });
      else if (measure) await post("/glass", measure);
    } catch {
      return; // with the next snapshot
    }
    this.#refresh();
  }

  #refresh() {
    this.room = this.#plan();
    this.#apply();
    this.#changed();
  }

  #plan() {
    return plan({ width: innerWidth, height: innerHeight }, kept(), this.#wishes);
  }

  #apply() {
    const { mm, above, below, least, letters, room, keyboard } = this.room;
    const { style, dataset } = document.documentElement;
    style.setProperty("--real-mm", `${mm}px`);
    style.setProperty("--least-capital", String(least));
    style.setProperty("--out-of-reach", `${above}px`);
    style.setProperty("--below-reach", `${below}px`);
    Object.assign(dataset, { size: letters, room, keyboard: String(keyboard) });
  }
}
