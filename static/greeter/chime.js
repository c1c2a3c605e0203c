/** Calls a volunteer who looks elsewhere: the tone and a vibration. Browsers want a touch before any sound. */

import { tone } from "/static/lib/ring.js";

const BUZZ = [300, 120, 300, 120, 300];

/** @type {?AudioContext} */
let audio = null;

addEventListener("pointerdown", () => {
  audio ??= new (window.AudioContext ?? /** @type {any} */ (window).webkitAudioContext)();
  audio.resume(); // a phone that slept has suspended it
});

export function chime() {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(BUZZ);
  if (audio) tone(audio);
}
