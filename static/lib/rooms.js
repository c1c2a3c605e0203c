/** The rooms of a hall: where a counter is, and the room in the address of a screen. */

import { own } from "./text.js";

/**
 * The room of a counter; undefined where the hall has no rooms, or the counter is in none.
 * @param {Pick<Api.HallView, "rooms"> | null | undefined} hall
 * @param {?number | undefined} counter
 */
export function roomOf(hall, counter) {
  return hall?.rooms?.find(({ counters }) => counters.includes(counter ?? 0));
}

/**
 * The name of a counter's room, in the language of the page; empty without one.
 * @param {Pick<Api.HallView, "rooms"> | null | undefined} hall
 * @param {?number | undefined} counter
 */
export function roomName(hall, counter) {
  const room = roomOf(hall, counter);
  return room ? own(room.names) : "";
}

/** What a screen says of itself when it connects: the room in its address, if it has one there. */
export function placeAsked() {
  const room = new URLSearchParams(location.search).get("room");
  return room ? { room } : {};
}
