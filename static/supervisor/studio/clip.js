/** A clip on its way into the pack. */

import { RATE, judge, wav } from "./sound.js";
import { resampled } from "./recorder.js";

const CHUNK = 0x8000; // of bytes that one call may be given

/**
 * Judge a take of any rate; of a good one `clip` has the rate of a pack.
 * @param {{sound: Float32Array, rate: number}} take
 */
export async function judged({ sound, rate }) {
  const { verdict, clip } = judge(sound, rate);
  return { verdict, clip: clip && (await resampled(clip, rate, RATE)) };
}

/** What is sent of a clip: a WAV file in base64. @param {Float32Array} clip */
export function coded(clip) {
  return base64(wav(clip, RATE));
}

/** @param {ArrayBuffer} file */
export function base64(file) {
  const bytes = new Uint8Array(file);
  let letters = "";
  for (let at = 0; at < bytes.length; at += CHUNK) letters += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(letters);
}
