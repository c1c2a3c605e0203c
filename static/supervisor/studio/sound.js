/**
 * The rules by which a recording becomes a clip: where speech begins and ends, how loud it is (ITU-R BS.1770, as EBU
 * R128 measures it), what cannot be used and why, and where a long recording is cut. Pure: samples from -1 to 1.
 */

export const RATE = 22_050; // of a clip
/** LUFS: as loud as the voices that were shipped, so that one takes up where another ends. */
export const TARGET_LUFS = -19;
const PEAK = 0.89; // -1 dB of full scale
const BLOCK_S = 0.01;
const FLOOR = 0.0025; // RMS, -52 dB: below it nothing is speech, however quiet the room
const OVER_NOISE = 2.5; // speech is louder than the noise by at least this
const SPOKEN_S = 0.04; // shorter is a click
const BEFORE_S = 0.04; // kept around speech: soft first and last sounds
const AFTER_S = 0.09;
const FADE_S = 0.006;
const FULL = 0.985; // of full scale
const FLAT_SAMPLES = 3; // at full scale, one after the other: the top of the wave is cut off
const FLAT_TOPS = 2;
const QUIET_DB = -40; // of speech
const NOISY_DB = 16; // speech over noise
const SHORTEST_S = 0.12;
const LONGEST_S = 11;
const EDGE_S = 0.02;
const NOISE_SHARE = 0.1; // of the blocks are taken for the room alone
const PAUSES_S = [1.5, 1.1, 0.8, 0.6, 0.45]; // between two prompts, tried in this order
const PAUSE_S = 0.8;
const AROUND_S = 0.35; // of the room, kept around a piece until it is judged

/** @typedef {{from: number, to: number}} Span  samples, `to` not included */
/** @typedef {"good" | "silent" | "quiet" | "clipped" | "noisy" | "short" | "long" | "cut"} Verdict */

/**
 * Judge a take; of a good one `clip` is what is saved, at the same rate.
 * @param {Float32Array} sound
 * @param {number} rate
 * @returns {{verdict: Verdict, clip: ?Float32Array}}
 */
export function judge(sound, rate) {
  const verdict = fault(sound, rate);
  const span = verdict ? null : speech(sound, rate);
  return span
    ? { verdict: "good", clip: evened(trimmed(sound, rate, span), rate) }
    : { verdict: verdict ?? "silent", clip: null };
}

/**
 * Why a take cannot be used; null: it can.
 * @param {Float32Array} sound
 * @param {number} rate
 * @returns {?Verdict}
 */
function fault(sound, rate) {
  const span = speech(sound, rate);
  if (!span) return "silent";
  if (isClipped(sound)) return "clipped";
  const seconds = (span.to - span.from) / rate;
  if (seconds < SHORTEST_S) return "short";
  if (seconds > LONGEST_S) return "long";
  const spoken = power(sound.subarray(span.from, span.to));
  if (decibels(spoken) < QUIET_DB) return "quiet";
  const edge = EDGE_S * rate;
  if (span.from < edge || span.to > sound.length - edge) return "cut";
  return decibels(spoken) - decibels(noise(blocks(sound, rate)) ** 2) < NOISY_DB ? "noisy" : null;
}

/**
 * Where speech begins and ends; null: there is none.
 * @param {Float32Array} sound
 * @param {number} rate
 * @returns {?Span}
 */
export function speech(sound, rate) {
  const found = spoken(sound, rate);
  return found.length ? { from: found[0].from, to: found[found.length - 1].to } : null;
}

/**
 * Cut a long recording at its pauses. Where `wanted` is given, the length of a pause is sought at which there are so
 * many pieces. Each piece has some of the room around it, and is to be judged like a take.
 * @param {Float32Array} sound
 * @param {number} rate
 * @param {number} [wanted]
 * @returns {Span[]}
 */
export function pieces(sound, rate, wanted) {
  const runs = spoken(sound, rate);
  const fitting = PAUSES_S.map((pause) => joined(runs, pause * rate)).find((found) => found.length === wanted);
  const found = fitting ?? joined(runs, PAUSE_S * rate);
  const around = Math.round(AROUND_S * rate);
  return found.map(({ from, to }, i) => ({
    from: Math.max(from - around, i ? middle(found[i - 1].to, from) : 0),
    to: Math.min(to + around, i + 1 < found.length ? middle(to, found[i + 1].from) : sound.length),
  }));
}

/**
 * Loudness in LUFS, gated; of a sound shorter than a gate of 0.4 s, that of the whole. -Infinity of silence.
 * @param {Float32Array} sound
 * @param {number} rate
 */
export function loudness(sound, rate) {
  const weighted = weigh(sound, rate);
  const gate = Math.round(0.4 * rate);
  /** @type {number[]} */
  const powers = [];
  if (weighted.length <= gate) powers.push(power(weighted));
  for (let at = 0; at + gate < weighted.length; at += Math.round(gate / 4))
    powers.push(power(weighted.subarray(at, at + gate)));
  const heard = powers.filter((each) => lufs(each) > -70);
  if (!heard.length) return -Infinity;
  const floor = lufs(mean(heard)) - 10;
  return lufs(mean(heard.filter((each) => lufs(each) > floor)));
}

/**
 * A sound as loud as every other clip, never over its peak, and without a click at its ends.
 * @param {Float32Array} sound
 * @param {number} rate
 */
export function evened(sound, rate) {
  let peak = 0;
  for (const value of sound) peak = Math.max(peak, Math.abs(value));
  const gain = Math.min(10 ** ((TARGET_LUFS - loudness(sound, rate)) / 20), PEAK / peak);
  const fade = Math.max(1, Math.round(FADE_S * rate));
  const last = sound.length - 1;
  return peak ? sound.map((value, i) => value * gain * Math.min(1, i / fade, (last - i) / fade)) : sound;
}

/**
 * Whether the microphone was overdriven: tops of the wave cut off flat at full scale.
 * @param {Float32Array} sound
 */
export function isClipped(sound) {
  let [run, tops] = [0, 0];
  for (const value of sound) {
    run = Math.abs(value) >= FULL ? run + 1 : 0;
    if (run === FLAT_SAMPLES) tops += 1;
  }
  return tops >= FLAT_TOPS;
}

/**
 * A WAV file of 16 bits and one channel.
 * @param {Float32Array} sound
 * @param {number} rate
 */
export function wav(sound, rate) {
  const file = new DataView(new ArrayBuffer(44 + sound.length * 2));
  const write = (/** @type {number} */ at, /** @type {string} */ word) =>
    [...word].forEach((letter, i) => file.setUint8(at + i, letter.charCodeAt(0)));
  write(0, "RIFF");
  file.setUint32(4, 36 + sound.length * 2, true);
  write(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, rate, true);
  file.setUint32(28, rate * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  write(36, "data");
  file.setUint32(40, sound.length * 2, true);
  sound.forEach((value, i) => file.setInt16(44 + i * 2, Math.round(Math.max(-1, Math.min(1, value)) * 32767), true));
  return file.buffer;
}

/** @param {Float32Array} sound @param {number} rate @param {Span} span */
function trimmed(sound, rate, { from, to }) {
  return sound.slice(
    Math.max(0, from - Math.round(BEFORE_S * rate)),
    Math.min(sound.length, to + Math.round(AFTER_S * rate)),
  );
}

/**
 * Runs of blocks louder than the room, clicks left out.
 * @param {Float32Array} sound
 * @param {number} rate
 * @returns {Span[]}
 */
function spoken(sound, rate) {
  const levels = blocks(sound, rate);
  const threshold = Math.max(FLOOR, noise(levels) * OVER_NOISE, (loudest(levels) / 100) * 3);
  const size = Math.round(BLOCK_S * rate);
  /** @type {Span[]} */
  const runs = [];
  levels.forEach((level, i) => {
    if (level < threshold) return;
    const last = runs[runs.length - 1];
    if (last && i * size - last.to <= size * 3) last.to = (i + 1) * size;
    else runs.push({ from: i * size, to: (i + 1) * size });
  });
  return runs.filter(({ from, to }) => to - from >= SPOKEN_S * rate);
}

/** @param {Span[]} runs @param {number} pause */
function joined(runs, pause) {
  /** @type {Span[]} */
  const found = [];
  for (const run of runs) {
    const last = found[found.length - 1];
    if (last && run.from - last.to < pause) last.to = run.to;
    else found.push({ ...run });
  }
  return found;
}

/**
 * RMS of each block of 10 ms, without what is below 80 Hz: hum is not speech.
 * @param {Float32Array} sound
 * @param {number} rate
 */
function blocks(sound, rate) {
  const heard = filtered(sound, highPass(rate, 80, Math.SQRT1_2));
  const size = Math.round(BLOCK_S * rate);
  const levels = [];
  for (let at = 0; at + size <= heard.length; at += size) levels.push(Math.sqrt(power(heard.subarray(at, at + size))));
  return levels;
}

/** @param {number[]} levels  RMS of blocks */
function noise(levels) {
  const sorted = [...levels].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * NOISE_SHARE)] ?? 0;
}

/** @param {number[]} levels */
function loudest(levels) {
  return levels.reduce((most, level) => Math.max(most, level), 0);
}

/** @param {number} a @param {number} b */
function middle(a, b) {
  return Math.round((a + b) / 2);
}

/** @param {Float32Array} sound */
function power(sound) {
  let sum = 0;
  for (const value of sound) sum += value * value;
  return sound.length ? sum / sound.length : 0;
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number} of  a power */
function decibels(of) {
  return 10 * Math.log10(of);
}

/** @param {number} of  a power, weighted */
function lufs(of) {
  return decibels(of) - 0.691;
}

/** @typedef {{b: number[], a: number[]}} Filter  of second order: b0 b1 b2, a1 a2 */

/**
 * K-weighting of ITU-R BS.1770 at any rate: the filters of its annex, made from their analogue originals.
 * @param {Float32Array} sound
 * @param {number} rate
 */
function weigh(sound, rate) {
  return filtered(filtered(sound, highShelf(rate)), {
    ...highPass(rate, 38.135_470_876_024_44, 0.500_327_037_323_877_3),
    b: [1, -2, 1],
  });
}

/** @param {number} rate @returns {Filter} */
function highShelf(rate) {
  const k = Math.tan((Math.PI * 1681.974_450_955_533) / rate);
  const q = 0.707_175_236_955_419_6;
  const high = 10 ** (3.999_843_853_973_347 / 20);
  const middleGain = high ** 0.499_666_774_154_541_6;
  const a0 = 1 + k / q + k * k;
  return {
    b: [
      (high + (middleGain * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (middleGain * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  };
}

/** @param {number} rate @param {number} hertz @param {number} q @returns {Filter} */
function highPass(rate, hertz, q) {
  const k = Math.tan((Math.PI * hertz) / rate);
  const a0 = 1 + k / q + k * k;
  return { b: [1 / a0, -2 / a0, 1 / a0], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] };
}

/** @param {Float32Array} sound @param {Filter} filter */
function filtered(sound, { b, a }) {
  const out = new Float32Array(sound.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i];
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    out[i] = y;
  }
  return out;
}
