/** The wall's voice: says each call once it is its turn, if this wall is the one that speaks. */

import { SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import * as phrases from "/static/lib/phrases.js";
import { clock } from "/static/lib/text.js";
import { CHIME, Voice, ownPacks, packsOf } from "/static/lib/voice.js";
import { NEWS_MS, VoiceQueue } from "./voice-queue.js";

/** A browser that grants sound does so within this; then the wall reports how it is. */
const PATIENCE_MS = 1_000;
const ENDED = [
  "ticket.started",
  "ticket.finished",
  "ticket.no_show",
  "ticket.cancelled",
  "ticket.expired",
  "ticket.undone",
  "ticket.called_elsewhere",
];
const CALLS = ["ticket.called", "ticket.called_again"];
const GOES_ON = ["counter.opened", "counter.resumed", "counter.closed"];

export class HallVoice {
  #live;
  #changed;
  #queue = new VoiceQueue((call, why) => this.#speaks && this.#live.unsaid(call.seq, why));
  /** @type {?Voice} */
  #voice = null; // until the hall wants one
  /** @type {?Api.VoiceView} */
  #wishes = null; // the settings of its room
  /** @type {Api.RoomView[]} */
  #named = []; // the rooms that are said with a call: none on a wall that has a room
  #speaks = false;
  #busy = false;
  /** @type {number[]} */
  #accessible = []; // counters
  #may_report = false; // whether the server expects to hear how it is

  /** @param {Live.Line} live @param {() => void} changed  called when `withheld` may have changed */
  constructor(live, changed) {
    this.#live = live;
    this.#changed = changed;
  }

  /** The browser wants a touch before it lets us be heard. */
  get withheld() {
    return Boolean(this.#wishes?.on && this.#may_report && !this.#voice?.audible);
  }

  /** @param {Live.DisplaySnapshot} snapshot */
  snapshot({ hall, room, seq, at, counters, calls }) {
    this.#wishes = hall.voice ?? null;
    this.#named = room ? [] : (hall.rooms ?? []);
    this.#accessible = hall.accessible_counters;
    const called = counters.filter(({ state }) => state === "called").map(({ number }) => number);
    const news = calls.filter((call) => Date.parse(at) - Date.parse(call.at) < NEWS_MS);
    this.#queue.resync({ seq, called, calls: news }, performance.now());
    this.#speaks = false; // until the server says so, which it does when told that we can
    if (!this.#wishes?.on) return;
    const voice = (this.#voice ??= this.#begin());
    voice.volume = this.#wishes.volume;
    const { packs } = this.#wishes;
    const spoken = [...hall.languages, ...Object.keys(SPOKEN_LANGUAGES).filter((language) => packs[language])];
    for (const language of spoken) for (const pack of this.#packs(language)) voice.load(pack);
    if (this.#may_report) this.#report();
  }

  /** @param {Live.DisplayEvent[]} events */
  events(events) {
    for (const { kind, ...rest } of events) {
      const call = /** @type {Wall.SpokenCall & {reason: ?string}} */ (rest); // each kind below has what it needs of it
      if (CALLS.includes(kind)) this.#queue.offer({ ...call, again: kind === CALLS[1] }, performance.now());
      else if (ENDED.includes(kind)) this.#queue.drop(call.number);
      else if (kind === "counter.paused") this.#queue.mention(call.counter, phrases.pause(call), performance.now());
      else if (GOES_ON.includes(kind)) this.#queue.recant(call.counter);
    }
    this.#pump();
  }

  /**
   * Another wall may speak, or this one from now on.
   * @param {{speaks: boolean, said: number}} message
   */
  speaker({ speaks, said }) {
    const begins = speaks && !this.#speaks;
    this.#speaks = speaks;
    if (begins) this.#queue.takeOver(said, performance.now());
    this.#pump();
  }

  /** Without the server nobody knows who has been answered: nothing new is begun. */
  lost() {
    this.#speaks = false;
  }

  #begin() {
    const voice = new Voice();
    const unlock = () => voice.unlock();
    for (const touch of ["pointerdown", "pointerup", "keydown"]) addEventListener(touch, unlock);
    unlock();
    voice.onChange(() => this.#may_report && this.#report());
    setTimeout(
      () => {
        this.#may_report = true;
        this.#report();
      },
      voice.audible ? 0 : PATIENCE_MS,
    );
    return voice;
  }

  #report() {
    this.#live.sound(Boolean(this.#voice?.audible));
    this.#changed();
  }

  async #pump() {
    const voice = this.#voice;
    if (this.#busy || !this.#speaks || !voice) return;
    this.#busy = true;
    try {
      while (this.#speaks) {
        const call = this.#queue.next();
        const notice = call ? null : this.#queue.notice(performance.now());
        if (!call && !notice) break;
        if (isQuiet(/** @type {Api.VoiceView} */ (this.#wishes), clock(this.#live.serverNow()))) {
          if (call) this.#live.unsaid(call.seq, "quiet");
          continue;
        }
        if (call) await this.#speak(voice, call);
        else if (notice) await voice.say([CHIME, ...notice, "."], this.#packs("vi"));
      }
    } finally {
      this.#busy = false;
    }
  }

  /** @param {Voice} voice @param {Wall.SpokenCall} call */
  async #speak(voice, call) {
    const wishes = /** @type {Api.VoiceView} */ (this.#wishes);
    const vietnamese = this.#packs("vi");
    let packs = this.#packs(call.language);
    await Promise.all(packs.map((pack) => voice.load(pack)));
    const common = voice.vocabulary(vietnamese) ?? undefined;
    let has = voice.vocabulary(ownPacks(call.language ?? "vi", wishes)) ?? undefined;
    if (!has) [packs, has] = [vietnamese, common]; // of which nothing is recorded: said once, in Vietnamese
    const twice = packs.length > vietnamese.length;
    const room = this.#named.find(({ counters }) => counters.includes(call.counter))?.clip;
    const placed = { ...call, room, accessible: this.#accessible.includes(call.counter) };
    const said =
      (await voice.say([CHIME, ...phrases.call(placed, has), "."], packs)) &&
      (!twice || (await voice.say([...phrases.call(placed, common), "."], vietnamese)));
    if (said) this.#live.said(call.seq);
    else this.#live.unsaid(call.seq, "failed");
    if (wishes.repeat && this.#queue.repeats) await voice.say([...phrases.repeat(placed, has), "."], packs);
  }

  /** @param {?string | undefined} language */
  #packs(language) {
    return packsOf(language, /** @type {Api.VoiceView} */ (this.#wishes));
  }
}

/**
 * Whether the hall wants no sound at this local time, "HH:MM"; from 22:00 to 06:00 is over midnight.
 * @param {Api.VoiceView} wishes
 * @param {string} now
 */
export function isQuiet({ on, quiet_from: from, quiet_to: to }, now) {
  if (!on) return true;
  if (!from || !to) return false;
  return from <= to ? from <= now && now < to : now >= from || now < to;
}
