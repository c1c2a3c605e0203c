/** Two falling notes, made here: a sound file would cost a phone's page its weight. */

const NOTES = [
  [880, 0],
  [659, 0.25],
]; // hertz, and seconds from now

/** @param {AudioContext} audio  made inside a press: only then may a page make sound */
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
