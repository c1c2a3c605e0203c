/** What the clerk can do in each state of the counter, with which key, and why not when not. Read it aloud. */

/** The large key and the space bar: always the next sensible thing. */
export const NEXT = {
  closed: "open",
  paused: "resume",
  idle: "call_next",
  called: "start",
  serving: "finish_and_call",
};

/** The smaller acts in their order on the screen, where they never move. */
export const ACTS = [
  { act: "finish", code: "Enter", key: "Enter", icon: "check" },
  { act: "call_again", code: "KeyG", key: "G", icon: "repeat" },
  { act: "no_show", code: "KeyV", key: "V", icon: "user-off" },
  { act: "pause", code: "KeyP", key: "P", icon: "player-pause" },
  { act: "close", code: "KeyQ", key: "Q", icon: "door-exit" },
];

export const OUTCOMES = ["filed", "guided", "returned_result", "needs_supplement", "submitted_online"];
export const PAUSE_REASONS = ["lunch", "meeting", "online_dossiers", "software_fault", "portal_overloaded", "network_lost", "other"];

/** What each act asks of the server: POST /counters/{n}/<door>. */
export const DOORS = {
  open: "open",
  resume: "resume",
  call_next: "call-next",
  start: "start",
  finish_and_call: "call-next",
  finish: "finish",
  finish_and_pause: "finish",
  call_again: "call-again",
  no_show: "no-show",
  pause: "pause",
  close: "close",
};

/** Acts on the ticket rather than the counter, with their keys; they change nothing at the desk. */
export const TICKET_ACTS = { KeyI: "print" };

/** Why an act is not possible, by state (text "counter.no.<reason>"). A state that is absent allows the act. */
const NOT_POSSIBLE = {
  finish: { closed: "nobody_here", paused: "nobody_here", idle: "nobody_here", called: "not_started" },
  call_again: { closed: "nobody_called", paused: "nobody_called", idle: "nobody_called", serving: "has_come" },
  no_show: { closed: "nobody_called", paused: "nobody_called", idle: "nobody_called", serving: "has_come" },
  pause: { closed: "closed", paused: "paused_already" },
  close: { closed: "closed_already", called: "someone_here", serving: "someone_here" },
  print: { closed: "nobody_to_print", paused: "nobody_to_print", idle: "nobody_to_print" },
};

/** What may still be done without the server: finish the person at the desk. Nobody new is called. */
const WITHOUT_SERVER = new Set(["finish", "finish_and_pause"]);

/** The reason why `act` cannot be done now, or null. */
export function whyNot(act, { state, lost, kept, waiting }) {
  if (kept) return lost ? "lost_kept" : "sending_kept";
  if (lost && !(WITHOUT_SERVER.has(act) && state === "serving")) {
    return state === "called" && act === "start" ? "lost_start" : "lost";
  }
  if (act === "call_next" && waiting === 0) return "nobody_waiting";
  return NOT_POSSIBLE[act]?.[state] ?? null;
}

/** What the large key does now: offline, and before a pause, it only finishes. */
export function nextStep({ state, lost, kept, pausing }) {
  if (kept) return "call_next";
  if (pausing && state === "serving") return "finish_and_pause";
  if (lost && state === "serving") return "finish";
  return NEXT[state];
}
