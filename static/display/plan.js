/**
 * How the wall is laid out, from the number of counters, the shape of the picture and the type that the farthest seat
 * needs: where the call stands, how large it is, and how many places there are for the counters or the last calls.
 *
 * Every length is a part of the unit `--h` (display.css): the height of the largest 16:9 picture that the screen holds,
 * or the width of one that stands upright.
 */

import { LARGEST, typeFor } from "/static/lib/legible.js";

const RATIO = 9 / 16;
const NEAR_M = 8;
const INCHES = 43;

/** Up to so many counters have a row each beside the call, or below it on an upright screen, in these sizes. */
const MOST_BESIDE = 6;
const BESIDE = { call: 0.255, row: 0.131 };
/** The farthest seat may need type a little larger than drawn: what is drawn has that play. */
const PLAY = 1.01;
/** The call across the screen: a smaller one only if it makes room for all counters, and is read from the last seat. */
const CALLS = [BESIDE.call, 0.21, 0.17];
/** However near the last seat is, the type of many places is not smaller than this, nor larger if it needs no more. */
const ROW = { least: 0.07, most: 0.142, with_sign: 0.154 };
const MOST_COLUMNS = 4;
/** More counters than this do not fit on one line in the foot. */
const MOST_IN_STRIP = 20;

const SIDE = 0.045;
/**
 * Head, foot (with the last calls it says more), the space above and below what stands between them, and the gap between
 * the call and the places.
 */
const FRAMES = {
  lying: { head: 0.088, foot: 0.086, calls: 0.086, around: 0.049, gap: 0.0255 },
  upright: { head: 0.115, foot: 0.105, calls: 0.105, around: 0.049, gap: 0.0255 },
};
/** The same with many places. */
const TIGHT = {
  lying: { head: 0.075, foot: 0.086, calls: 0.138, around: 0.0205, gap: 0.0125 },
  upright: { head: 0.115, foot: 0.105, calls: 0.15, around: 0.0205, gap: 0.0125 },
};
/** The panel beside the rows takes this part of the width. */
const PANEL_PART = 752 / (752 + 609);
/** The height of a panel across the screen: of one line; of ticket and plate above one another, and their two words. */
const BAND = { padding: 0.033, lines: 0.913 };
const STACK = { padding: 0.082, lines: 2.15 };
const STACK_WORDS = 0.125;

/** The width of a place, in its type: a plate of two digits, the widest number, and a sign; and without the sign. */
const PLACE_EM = 5.4;
const BARE_EM = 5.05;
/** The height of a place, in its type; and the space between two. */
const LINE_EM = 0.88;
const ACROSS = 0.02;
const DOWN = 0.006;

/**
 * `panel`: beside the places, one line above them, or ticket and plate above them; `bare`: the places have no room for
 * a sign; `width` and `height` of what is between head and foot.
 * @typedef {{panel: "side" | "band" | "top", layout: "rows" | "compact", upright: boolean, fits: boolean,
 *   strip: boolean, tight: boolean, bare: boolean, call: number, row: number, columns: number, rows: number, width: number,
 *   height: number, head: number, foot: number, gap: number, panel_width: number, panel_height: number}} Plan
 */
/**
 * @typedef {{width: number, height: number, upright: boolean, need: {call: number, row: number}, fits: boolean}} Picture
 */

/**
 * Lay out a wall. `layout`: "rows", a place for every counter, or "compact", the last calls. `fits`: whether it can be
 * read from the farthest seat; if not, the type is as large as there is room for.
 * @param {number} counters
 * @param {{width: number, height: number}} screen  in pixels
 * @param {{last_seat_m?: number, inches?: number}} hall  the farthest seat, and the diagonal of the television
 * @returns {Plan}
 */
export function plan(counters, screen, { last_seat_m = NEAR_M, inches = INCHES }) {
  const picture = measured(screen, last_seat_m, inches);
  return beside(counters, picture) ?? everyCounter(counters, picture) ?? lastCalls(counters, picture);
}

/**
 * Whether the panel has a place for the name of a room beside the plate: on one line across the screen the type for a
 * longer hall takes it.
 * @param {Pick<Plan, "panel" | "call">} plan
 */
export const namesRoom = ({ panel, call }) => panel !== "band" || call <= PLAY * BESIDE.call;

/**
 * @param {{width: number, height: number}} screen
 * @param {number} last_seat_m
 * @param {number} inches
 * @returns {Picture}
 */
function measured({ width, height }, last_seat_m, inches) {
  const upright = height > width;
  const unit = Math.min(width, height, RATIO * Math.max(width, height));
  const wanted = typeFor(last_seat_m, inches);
  const most = LARGEST[upright ? "upright" : "lying"];
  const need = { call: Math.min(wanted.call, most.call), row: Math.min(wanted.row, most.row) };
  const fits = need.call === wanted.call && need.row === wanted.row;
  return { width: width / unit, height: height / unit, upright, need, fits };
}

/**
 * Few counters: the call, and beside it or below it a row for each. Null where the type must be larger.
 * @param {number} counters
 * @param {Picture} picture
 * @returns {?Plan}
 */
function beside(counters, picture) {
  const { upright, need } = picture;
  if (counters > MOST_BESIDE || need.call > PLAY * BESIDE.call || need.row > PLAY * BESIDE.row) return null;
  const room = between(FRAMES[upright ? "upright" : "lying"], "foot", picture);
  return {
    ...{
      panel: upright ? "top" : "side",
      layout: "rows",
      strip: false,
      tight: false,
      ...BESIDE,
      columns: 1,
      rows: counters,
    },
    ...framed(room, picture),
    panel_width: upright ? room.width : (room.width - room.gap) * PANEL_PART,
    panel_height: upright ? STACK.padding + STACK.lines * BESIDE.call + STACK_WORDS : room.height,
  };
}

/**
 * More counters: the call across the screen, and below it a place for each; with a smaller call if only that makes
 * room. Null where there is none.
 * @param {number} counters
 * @param {Picture} picture
 * @returns {?Plan}
 */
function everyCounter(counters, picture) {
  const { upright, need } = picture;
  const room = between(TIGHT[upright ? "upright" : "lying"], "foot", picture);
  for (const drawn of CALLS) {
    const panel = across(Math.max(drawn, need.call), room, picture);
    const grid = placed(counters, { ...room, height: room.height - panel.panel_height - room.gap }, picture);
    if (grid.row >= Math.max(need.row, ROW.least))
      return { ...panel, layout: "rows", strip: false, tight: true, ...grid, ...framed(room, picture) };
  }
  return null;
}

/**
 * Too many counters: the call across the screen, and below it as many of the last calls as can be read.
 * @param {number} counters
 * @param {Picture} picture
 * @returns {Plan}
 */
function lastCalls(counters, picture) {
  const { upright, need } = picture;
  const strip = counters <= MOST_IN_STRIP && !upright && !isBare(picture);
  const room = between(TIGHT[upright ? "upright" : "lying"], strip || upright ? "calls" : "foot", picture);
  const panel = across(Math.max(need.call, BESIDE.call), room, picture);
  const below = { ...room, height: room.height - panel.panel_height - room.gap };
  const row = Math.max(need.row, ROW.least);
  const columns = Math.floor((room.width + ACROSS) / (placeEm(picture) * row + ACROSS));
  const rows = Math.max(1, Math.floor((below.height + DOWN) / (LINE_EM * row + DOWN)));
  const grid = sized(Math.max(1, Math.min(MOST_COLUMNS, columns)), rows, below, picture);
  return { ...panel, layout: "compact", strip, tight: true, ...grid, ...framed(room, picture) };
}

/**
 * What is left between head and foot.
 * @param {typeof TIGHT.lying} frame
 * @param {"foot" | "calls"} which  of the two heights that the foot has
 * @param {Picture} picture
 */
function between({ head, around, gap, ...feet }, which, { width, height }) {
  const foot = feet[which];
  return { width: width - 2 * SIDE, height: height - head - foot - around, head, foot, gap };
}

/** @param {ReturnType<typeof between>} room @param {Picture} picture */
function framed({ width, height, head, foot, gap }, picture) {
  return { width, height, head, foot, gap, upright: picture.upright, fits: picture.fits, bare: isBare(picture) };
}

/**
 * The panel across the screen: on one line; upright in two, ticket and plate.
 * @param {number} call
 * @param {{width: number}} room
 * @param {Picture} picture
 */
function across(call, { width }, { upright }) {
  const { padding, lines } = upright ? STACK : BAND;
  const panel = /** @type {"top" | "band"} */ (upright ? "top" : "band");
  return { panel, call, panel_width: width, panel_height: padding + lines * call };
}

/** Type for so long a hall that number and plate leave no room for a sign. @param {Picture} picture */
const isBare = ({ need }) => need.row > ROW.with_sign;
/** @param {Picture} picture */
const placeEm = (picture) => (isBare(picture) ? BARE_EM : PLACE_EM);

/**
 * The grid of at least so many places in which their type is largest.
 * @param {number} places
 * @param {{width: number, height: number}} room
 * @param {Picture} picture
 */
function placed(places, room, picture) {
  const grids = Array.from({ length: MOST_COLUMNS }, (_, at) =>
    sized(at + 1, Math.ceil(places / (at + 1)), room, picture),
  );
  return grids.reduce((best, grid) => (grid.row > best.row ? grid : best));
}

/**
 * A grid, and the type of its places.
 * @param {number} columns
 * @param {number} rows
 * @param {{width: number, height: number}} room
 * @param {Picture} picture
 */
function sized(columns, rows, { width, height }, picture) {
  const across = (width + ACROSS) / columns - ACROSS;
  const down = (height + DOWN) / rows - DOWN;
  const most = Math.max(ROW.most, picture.need.row);
  return { columns, rows, row: Math.min(across / placeEm(picture), down / LINE_EM, most) };
}
