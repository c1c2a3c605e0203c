/** The microphone and files of sound: both give samples at the rate of a clip's rules. */

const METER_MS = 60;

/** Whether this page may ask for the microphone: browsers give it on the server's own screen and over HTTPS only. */
export function mayRecord() {
  return isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder !== "undefined";
}

/** One take: begun by `begin`, ended by `end`, which gives the sound. */
export class Recorder {
  /** @type {?MediaStream} */
  #stream = null;
  /** @type {?MediaRecorder} */
  #recorder = null;
  /** @type {Blob[]} */
  #parts = [];
  /** @type {number | undefined} */
  #metering;

  /**
   * Begin to record, without what browsers do to a voice on their own; `level(0 to 1)` says how loud it is.
   * @param {(level: number) => void} level
   * @throws {DOMException} no microphone, or it was refused
   */
  async begin(level) {
    const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
    this.#parts = [];
    this.#recorder = new MediaRecorder(this.#stream, { audioBitsPerSecond: 192_000 });
    this.#recorder.ondataavailable = ({ data }) => this.#parts.push(data);
    this.#recorder.start();
    this.#meter(this.#stream, level);
  }

  /** End the take. @returns {Promise<{sound: Float32Array, rate: number}>} */
  async end() {
    const recorder = /** @type {MediaRecorder} */ (this.#recorder);
    const stopped = new Promise((done) => recorder.addEventListener("stop", done));
    recorder.stop();
    await stopped;
    this.close();
    return decoded(await new Blob(this.#parts, { type: recorder.mimeType }).arrayBuffer());
  }

  /** Give the microphone back. */
  close() {
    clearInterval(this.#metering);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  /** @param {MediaStream} stream @param {(level: number) => void} level */
  #meter(stream, level) {
    const analyser = new AnalyserNode(context(), { fftSize: 2048 });
    context().createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    this.#metering = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      level(wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    }, METER_MS);
  }
}

/**
 * The samples of a sound file of any kind that the browser knows, its channels as one.
 * @param {ArrayBuffer} file
 * @throws {DOMException} it knows none such
 */
export async function decoded(file) {
  const buffer = await context().decodeAudioData(file);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  const sound = Float32Array.from(
    channels[0],
    (_, i) => channels.reduce((sum, each) => sum + each[i], 0) / channels.length,
  );
  return { sound, rate: buffer.sampleRate };
}

/**
 * The same sound at another rate.
 * @param {Float32Array} sound
 * @param {number} rate
 * @param {number} wanted
 */
export async function resampled(sound, rate, wanted) {
  if (rate === wanted || !sound.length) return sound;
  const offline = new OfflineAudioContext(1, Math.ceil((sound.length * wanted) / rate), wanted);
  source(offline, sound, rate).start();
  return (await offline.startRendering()).getChannelData(0);
}

/** @type {?AudioBufferSourceNode} */
let playing = null;

/** Play a sound at this screen; one that plays already falls silent. @param {Float32Array} sound @param {number} rate */
export function play(sound, rate) {
  playing?.stop();
  context().resume();
  playing = source(context(), sound, rate);
  playing.start();
}

/** @param {BaseAudioContext} to @param {Float32Array} sound @param {number} rate */
function source(to, sound, rate) {
  const buffer = to.createBuffer(1, sound.length, rate);
  buffer.getChannelData(0).set(sound);
  const made = new AudioBufferSourceNode(to, { buffer });
  made.connect(to.destination);
  return made;
}

/** @type {?AudioContext} */
let shared = null;

function context() {
  return (shared ??= new AudioContext());
}
