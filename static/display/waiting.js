/** Which services stand on the board of the waiting, and how: what there is no room for is said in the foot. */

import { DEFAULT_LANGUAGE } from "/static/lib/choices.js";

const LONG_NAME = 25; // letters
/** The board on one line above the places, as wide as the screen. */
const FLAT = { most: 6, most_long: 4, columns: 3, ruled: 0 };
/** The board beside or above the places; a lower one of an upright screen; and the whole room above the foot. */
const TALL = { most: 8, most_long: 8, columns: 1, ruled: 4 };
const LOW = { most: 6, most_long: 6, columns: 1, ruled: 2 };
const WHOLE = { most: 8, most_long: 8, columns: 2, ruled: 8 };
/** Beside the notice of a fault. */
const TROUBLE = { most: 5, most_long: 5 };

/**
 * What the board has room for: `most` services, `most_long` with long names, in so many `columns` at most, and the rule
 * of order below no more than `ruled` of them.
 * @param {Pick<import("./plan.js").Plan, "panel" | "tight" | "upright">} plan
 * @param {boolean} whole  whether it has the room of the places too
 * @param {boolean} trouble
 */
export function boardRoom({ panel, tight, upright }, whole, trouble) {
  if (whole) return upright ? { ...WHOLE, columns: 1 } : WHOLE;
  if (panel === "band") return FLAT;
  const room = tight ? LOW : TALL;
  return trouble ? { ...room, ...TROUBLE } : room;
}

/**
 * The services that somebody waits for, those with the longest queues if there is no room for all, in the usual order.
 * @param {Api.ServiceView[]} services
 * @param {ReturnType<typeof boardRoom>} room
 */
export function waitedFor(services, { most, most_long }) {
  const waited = services.filter(({ waiting }) => waiting > 0);
  const long = waited.some(({ names }) => names[DEFAULT_LANGUAGE].length > LONG_NAME);
  const longest = [...waited].sort((a, b) => b.waiting - a.waiting).slice(0, long ? most_long : most);
  return waited.filter((service) => longest.includes(service));
}

/** @param {object[]} services  on the board @param {ReturnType<typeof boardRoom>} room */
export const columnsFor = (services, { columns, most_long }) =>
  services.length > most_long ? columns : Math.min(columns, 2);

/** @param {object[]} services  on the board @param {ReturnType<typeof boardRoom>} room */
export const hasRule = (services, { ruled }) => services.length <= ruled;
