/** The voice: clips of a pack, stitched on the clock of the sound card, each sample after the other. */

import { PAUSES } from "./phrases.js";

const RATE = 24_000; // enough for speech; a decoded pack takes half the memory it would at 48,000
const LEAD_S = 0.05; // between now and the first clip, so that none begins late and cut
const STUCK_MS = 5000; // after its end what is said is given up
const FADE_S = 0.03; // when it is stopped in the middle of a word
const DING_HZ = 659;
const DONG_HZ = 523;
const DONG_S = 0.33; // after the ding
const CHIME_S = 0.85;

export const CHIME = "chime";
const AFTER_CHIME_S = 0.3;

/** @typedef {{clips: Record<string, [number, number]>, buffer: ?AudioBuffer}} Pack  clip -> [start, length] in seconds */
/** @typedef {{sources: AudioBufferSourceNode[], stopped: boolean}} Saying */

export class Voice {
  #context;
  #out;
  #volume = 1;
  /** @type {Map<string, Promise<Pack>>} */
  #packs = new Map(); // by name
  /** @type {Map<string, Pack>} */
  #ready = new Map(); // the same, once it is here
  #free = 0; // until then the card is taken
  /** @type {Set<Saying>} */
  #playing = new Set();
  #chime;

  /** @param {AudioContext | OfflineAudioContext} context  one that is given may render to a file */
  constructor(context = new AudioContext({ sampleRate: RATE, latencyHint: "playback" })) {
    this.#context = context;
    this.#out = context.createGain();
    this.#out.connect(context.destination);
    this.#chime = { buffer: chime(context), start: 0, length: CHIME_S };
  }

  /** Whether the browser lets us be heard. */
  get audible() {
    return this.#context.state === "running";
  }

  /** Seconds of the sound card. */
  get now_s() {
    return this.#context.currentTime;
  }

  /**
   * Call the listener when that changes.
   * @param {() => void} listener
   */
  onChange(listener) {
    this.#context.addEventListener("statechange", listener);
  }

  /** Ask the browser for sound; it may grant it only to a touch. */
  unlock() {
    if (!this.audible) this.#context.resume().catch(() => {});
  }

  /**
   * `percent` of full loudness. Clips are evened in their packs, so this is the only gain.
   * @param {number} percent
   */
  set volume(percent) {
    this.#volume = percent / 100;
    this.#out.gain.value = this.#volume;
  }

  /**
   * Fetch a pack; what cannot be had is as one without clips.
   * @param {string} name
   */
  load(name) {
    let loading = this.#packs.get(name);
    if (!loading) {
      loading = fetchPack(this.#context, name);
      this.#packs.set(name, loading);
      loading.then(
        (pack) => this.#ready.set(name, pack),
        () => this.#packs.delete(name),
      ); // to be tried again
    }
    return loading.catch(() => null);
  }

  /**
   * Whether a pack is here and has any clips.
   * @param {string} pack
   */
  holds(pack) {
    return Boolean(this.#ready.get(pack)?.buffer);
  }

  /** @param {string} clip @param {string} pack */
  has(clip, pack) {
    return Boolean(this.#ready.get(pack)?.clips[clip]);
  }

  /**
   * Which clips the first of `packs` has that has any: sentences are made for that voice. Null: none has.
   * @param {string[]} packs
   * @returns {null | ((clip: string) => boolean)}
   */
  vocabulary(packs) {
    const first = packs.find((pack) => this.holds(pack));
    return first === undefined ? null : (clip) => this.has(clip, first);
  }

  /**
   * Say `clips`: names, pauses ("," and ".") and CHIME. Each is taken from the first of `packs` that has
   * it; one that none has is a chime, for a call must never be silence. True when it was said to its end,
   * false when it was stopped, or has not ended long after it should have.
   * @param {string[]} clips
   * @param {string[]} packs
   * @param {(nth: number) => void} [begins]  called with each clip that begins, pauses not counted
   * @returns {Promise<boolean>}
   */
  say(clips, packs, begins) {
    const from = Math.max(this.#context.currentTime + LEAD_S, this.#free);
    const { sources, end } = this.schedule(clips, packs, from);
    const last = sources[sources.length - 1];
    if (!last) return Promise.resolve(true);
    this.#free = end;
    const saying = { sources, stopped: false };
    this.#playing.add(saying);
    if (begins) {
      begins(0);
      sources.slice(0, -1).forEach((source, n) => {
        source.addEventListener("ended", () => saying.stopped || begins(n + 1));
      });
    }
    return new Promise((done) => {
      const over = (/** @type {boolean} */ whole) => {
        clearTimeout(stuck);
        this.#playing.delete(saying);
        done(whole && !saying.stopped);
      };
      // A sound card that dies takes the clock of the sound with it: nothing would ever end.
      const stuck = setTimeout(() => over(false), (end - this.#context.currentTime) * 1000 + STUCK_MS);
      last.onended = () => over(true);
    });
  }

  /**
   * Lay `clips` on the clock from `at` on: `{sources, end}`.
   * @param {string[]} clips
   * @param {string[]} packs
   * @param {number} at  seconds of the context
   */
  schedule(clips, packs, at) {
    /** @type {AudioBufferSourceNode[]} */
    const sources = [];
    for (const name of clips) {
      const pause_s = PAUSES[/** @type {keyof typeof PAUSES} */ (name)];
      if (pause_s !== undefined) {
        at += pause_s;
        continue;
      }
      const { buffer, start, length } = this.#find(name, packs);
      const source = new AudioBufferSourceNode(this.#context, { buffer });
      source.connect(this.#out);
      source.start(at, start, length);
      sources.push(source);
      at += length + (name === CHIME ? AFTER_CHIME_S : 0);
    }
    return { sources, end: at };
  }

  /** Fall silent at once, without a click. */
  stop() {
    const { gain } = this.#out;
    const { currentTime } = this.#context;
    const volume = this.#volume; // not what it is now, which may be another fade
    gain.cancelScheduledValues(currentTime);
    gain.setValueAtTime(volume, currentTime);
    gain.linearRampToValueAtTime(0, currentTime + FADE_S);
    gain.setValueAtTime(volume, currentTime + 2 * FADE_S);
    for (const saying of this.#playing) {
      saying.stopped = true;
      for (const source of saying.sources) source.stop(currentTime + FADE_S);
    }
    this.#free = currentTime + 2 * FADE_S;
  }

  /** @param {string} name @param {string[]} packs */
  #find(name, packs) {
    for (const pack of name === CHIME ? [] : packs) {
      const { clips, buffer } = this.#ready.get(pack) ?? {};
      const clip = clips?.[name];
      if (clip) return { buffer, start: clip[0], length: clip[1] };
    }
    return this.#chime;
  }
}

/** @typedef {Pick<Api.VoiceView, "variant" | "packs">} Choice  the hall's Vietnamese, and the recorded packs it uses */

/**
 * The packs of a language in the order they are asked; the last is always the hall's Vietnamese one. One that was
 * recorded at this centre comes before the one that was shipped; its name ends with its version: "hmn@7".
 * @param {?string | undefined} language
 * @param {Choice} choice
 */
export function packsOf(language, choice) {
  const vietnamese = ownPacks("vi", choice);
  return language && language !== "vi" ? [...ownPacks(language, choice), ...vietnamese] : vietnamese;
}

/**
 * The same without the Vietnamese ones at the end, unless the language is Vietnamese.
 * @param {string} language
 * @param {Choice} choice
 */
export function ownPacks(language, { variant, packs }) {
  const name = language === "vi" ? `vi-${variant}` : language;
  return packs[name] ? [`${name}@${packs[name]}`, name] : [name];
}

/** @param {BaseAudioContext} context @param {string} name @returns {Promise<Pack>} */
async function fetchPack(context, name) {
  if (name.includes("@")) return fetchRecorded(context, name.slice(0, name.indexOf("@")));
  const manifest = await (await fetched(`/static/voice/${name}/manifest.json`)).json();
  if (!manifest.sound) return { clips: {}, buffer: null };
  const sound = await (await fetched(`/static/voice/${name}/${manifest.sound}?${manifest.version}`)).arrayBuffer();
  return { clips: manifest.clips, buffer: await context.decodeAudioData(sound) };
}

/** @param {BaseAudioContext} context @param {string} name @returns {Promise<Pack>} */
async function fetchRecorded(context, name) {
  const { clips } = await (await fetched(`/api/v1/voices/${name}/clips`)).json();
  const sound = await (await fetched(`/api/v1/voices/${name}/sound`)).arrayBuffer();
  return { clips, buffer: await context.decodeAudioData(sound) };
}

/** @param {string} path */
async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`no voice at ${path}: ${response.status}`);
  return response;
}

/**
 * Ding-dong: two tones that die away, made here so that it is there when everything else is missing.
 * @param {BaseAudioContext} context
 */
function chime(context) {
  const buffer = context.createBuffer(1, Math.ceil(CHIME_S * context.sampleRate), context.sampleRate);
  const sound = buffer.getChannelData(0);
  const tone = (/** @type {number} */ hertz, /** @type {number} */ s) =>
    s < 0
      ? 0
      : Math.min(1, s / 0.01) *
        Math.exp(-5 * s) *
        (Math.sin(2 * Math.PI * hertz * s) + 0.3 * Math.sin(4 * Math.PI * hertz * s));
  for (let i = 0; i < sound.length; i++) {
    const s = i / context.sampleRate;
    const fade = Math.min(1, (CHIME_S - s) / 0.05);
    sound[i] = 0.35 * fade * (tone(DING_HZ, s) + tone(DONG_HZ, s - DONG_S));
  }
  return buffer;
}
