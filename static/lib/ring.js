/** Calls somebody who looks elsewhere: a short tone, a vibration, a flashing title. */

const NOTES = [
  [880, 0],
  [659, 0.25],
]; // hertz, and seconds from now
const REPEAT_MS = 4_000;
const REPEATS = 15; // a minute; then the page stands still
const BLINK_MS = 1_000;
const NEAR_BUZZ = [200, 100, 200];
const CALL_BUZZ = [400, 150, 400, 150, 400];

/** Silent until `enable` was pressed, as browsers want; it vibrates and flashes the title in any case. */
export class Ring {
  /** @type {?AudioContext} */
  #audio = null;
  #bell = 0;
  #blink = 0;
  #title = document.title;

  get enabled() {
    return this.#audio !== null;
  }

  get ringing() {
    return this.#bell !== 0;
  }

  /** Inside the press of a button: only then may a page make sound. Sounds once, so that one knows the volume. */
  enable() {
    this.#audio = new (window.AudioContext ?? /** @type {any} */ (window).webkitAudioContext)();
    this.#tone();
  }

  disable() {
    this.hush();
    this.#audio?.close();
    this.#audio = null;
  }

  /** "2 ahead": once. @param {string} title */
  near(title) {
    this.#alert(title, NEAR_BUZZ);
    this.#tone();
  }

  /**
   * Called: for a minute, or until `hush`; `unheard`: without a sound.
   * @param {string} title
   * @param {boolean} [unheard]
   */
  call(title, unheard = false) {
    this.hush();
    this.#alert(title, CALL_BUZZ);
    if (!this.enabled && !unheard) return;
    this.#tone();
    let left = REPEATS;
    this.#bell = setInterval(() => {
      this.#tone();
      this.#buzz(CALL_BUZZ);
      if (--left === 0) this.hush();
    }, REPEAT_MS);
  }

  hush() {
    clearInterval(this.#bell);
    this.#bell = 0;
  }

  /** The title while nothing is to be said; ends a flash. @param {string} title */
  calm(title) {
    clearInterval(this.#blink);
    this.#title = document.title = title;
  }

  /** @param {string} title @param {number[]} pattern */
  #alert(title, pattern) {
    clearInterval(this.#blink);
    document.title = title;
    this.#blink = setInterval(() => {
      document.title = document.title === title ? this.#title : title;
    }, BLINK_MS);
    this.#buzz(pattern);
  }

  /** @param {number[]} pattern */
  #buzz(pattern) {
    // Before the first touch a browser only complains.
    if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
  }

  #tone() {
    if (this.#audio) tone(this.#audio);
  }
}

/**
 * Two falling notes, made here: a sound file would cost a phone's page its weight.
 * @param {AudioContext} audio  made inside a press: only then may a page make sound
 */
export function tone(audio) {
  audio.resume(); // a phone that slept has suspended it
  for (const [hertz, after_s] of NOTES) {
    const start = audio.currentTime + after_s;
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.6, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.5);
  }
}
