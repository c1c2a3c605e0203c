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
  { act: "hold", code: "KeyH", key: "H", icon: "clock-pause" },
  { act: "transfer", code: "KeyC", key: "C", icon: "arrows-exchange" },
  { act: "return", code: "KeyT", key: "T", icon: "arrow-left" },
  { act: "call", code: "KeyN", key: "N", icon: "bell-ringing" },
  { act: "hand_over", code: "KeyB", key: "B", icon: "users" },
];

/** Where all stands in one column nobody may have a keyboard: there these have a place too. */
export const COLUMN_ACTS = [{ act: "dossiers", key: "D", icon: "file-text" }];

/** What is done to one of the queue, below it. W is how Vietnamese typing writes Ư. */
export const QUEUE_ACTS = [
  { act: "priority", code: "KeyW", key: "W", icon: "star" },
  { act: "cancel", code: "KeyX", key: "X", icon: "ban" },
];

/** These have a key and no place among the acts: undo stands for ten seconds, dossiers beside the person, a lost
 * number under the queue, the answers to a supervisor beside what is asked. */
export const OTHER_KEYS = {
  KeyU: "undo",
  KeyD: "dossiers",
  KeyM: "enter_number",
  KeyK: "answer_seen",
  KeyL: "answer_cannot",
};

export const HOLD_MINUTES = [null, 10, 20, 30, 60];
/** Each has its own digit, so that nobody who types 7 notes 8; 0 is 10, and 20 is only touched. */
export const DOSSIERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20];
/** Acts that ask something before they are sent; closing does only where people would have no counter left. */
export const ASKS = new Set([
  "hold",
  "transfer",
  "return",
  "call",
  "dossiers",
  "pause",
  "priority",
  "cancel",
  "enter_number",
  "hand_over",
]);
/** Of these a number is asked: written, or picked in the queue. */
export const OF_NUMBER = new Set(["call", "priority", "cancel", "enter_number"]);
/** Of a number on paper nobody knows more than whether it had priority. */
export const ENTERED_CLASSES = ["ordinary", "priority"];
/** Acts on the one at the counter: asked or pressed for one person, they are never done to the next. */
export const ABOUT_PERSON = new Set([
  "start",
  "finish",
  "finish_and_call",
  "finish_and_pause",
  "call_again",
  "no_show",
  "hold",
  "transfer",
  "dossiers",
  "note_dossier",
  "drop_dossier",
  "print",
  "wave",
]);

/** What each act asks of the server: POST /counters/{n}/<route>. */
export const ROUTES = {
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
  hold: "hold",
  transfer: "transfer",
  return: "return",
  call: "call",
  dossiers: "dossiers",
  note_dossier: "note-dossier",
  drop_dossier: "drop-dossier",
  undo: "undo",
  hand_over: "hand-over",
  answer_seen: "answer",
  answer_cannot: "answer",
};

/** What each answers to the wish of a supervisor. */
export const ANSWERS = { answer_seen: "seen", answer_cannot: "cannot" };

const NOBODY_SERVED = { closed: "nobody_here", paused: "nobody_here", idle: "nobody_here", called: "not_started" };

/** Acts on the ticket rather than the counter, with their keys; they change nothing at the counter. */
export const TICKET_ACTS = { KeyI: "print", KeyY: "wave" };

/** Why an act is not possible, by state (text "counter.no.<reason>"). A state that is not named allows the act. */
const NOT_POSSIBLE = {
  finish: NOBODY_SERVED,
  hold: NOBODY_SERVED,
  transfer: NOBODY_SERVED,
  dossiers: NOBODY_SERVED,
  note_dossier: NOBODY_SERVED,
  drop_dossier: NOBODY_SERVED,
  return: { closed: "closed" },
  call: { closed: "closed", paused: "paused", called: "someone_here", serving: "someone_here" },
  hand_over: { closed: "closed" },
  call_again: { closed: "closed", paused: "paused", idle: "nobody_called", serving: "has_come" },
  no_show: { closed: "closed", paused: "paused", idle: "nobody_called", serving: "has_come" },
  pause: { closed: "closed", paused: "paused_already" },
  close: { closed: "closed_already", called: "someone_here", serving: "someone_here" },
  print: { closed: "nobody_to_print", paused: "nobody_to_print", idle: "nobody_to_print" },
  wave: { closed: "nobody_to_wave", paused: "nobody_to_wave", idle: "nobody_to_wave" },
};

/** What may still be done without the server: finish the person at the counter. Nobody new is called. */
const WITHOUT_SERVER = new Set(["finish", "finish_and_pause"]);

/** The reason why `act` cannot be done now, or null. */
// eslint-disable-next-line complexity -- one line a rule, in the order in which they are checked
export function whyNot(
  act,
  { state, lost, kept, waiting, cancellable, by_hand, away, undo, call_more, restored, asked },
) {
  if (kept) return lost ? "lost_kept" : "sending_kept";
  if (lost && !(WITHOUT_SERVER.has(act) && state === "serving")) {
    return state === "called" && act === "start" ? "lost_start" : "lost";
  }
  if ((act === "call_next" || act === "priority") && waiting === 0) return "nobody_waiting";
  if (act === "cancel" && cancellable === 0) return "nobody_to_cancel";
  if (act === "call" && !by_hand) return "call_forbidden";
  if (act === "enter_number" && !restored) return "no_number_lost";
  if (act in ANSWERS && !asked) return "nothing_asked";
  if (act === "undo" && !undo) return "nothing_to_undo";
  if (act === "no_show" && state === "called" && call_more) return call_more;
  if (act === "return" && state !== "closed" && !away) return "nobody_away";
  return NOT_POSSIBLE[act]?.[state] ?? null;
}

/** What the large key does now: offline, and before a pause, it only finishes. */
export function nextStep({ state, lost, kept, pausing }) {
  if (kept) return "call_next";
  if (pausing && state === "serving") return "finish_and_pause";
  if (lost && state === "serving") return "finish";
  return NEXT[state];
}
