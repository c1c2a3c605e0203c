/**
 * The pictures and films of the notice board, in the memory of the wall: each is fetched once and tried out before it is
 * shown, so that it needs no network later, and a broken one is never seen.
 */

/** What could not be had, or not be drawn, is tried again after this. */
const RETRY_MS = 60_000;
/** A film that shows no picture within this is taken for broken. */
const FILM_PATIENCE_MS = 20_000;

/** @typedef {{path: string, film: boolean}} PosterFile */

export class PosterFiles {
  /** @type {Map<string, {url: ?string, at: number}>} */
  #files = new Map();

  /**
   * Keep these files and no others; fetch what is not there yet.
   * @param {PosterFile[]} wanted
   * @param {number} now  monotonic, in ms
   */
  want(wanted, now) {
    const paths = new Set(wanted.map(({ path }) => path));
    for (const [path, { url }] of this.#files) {
      if (paths.has(path)) continue;
      if (url) URL.revokeObjectURL(url);
      this.#files.delete(path);
    }
    for (const { path, film } of wanted) {
      const file = this.#files.get(path);
      if (file && (file.url || now - file.at < RETRY_MS)) continue;
      this.#files.set(path, { url: null, at: now });
      this.#fetch(path, film).catch(() => undefined); // left out, and tried again
    }
  }

  /** Where the file can be shown from; null while it cannot. @param {string} path */
  url(path) {
    return this.#files.get(path)?.url ?? null;
  }

  /** It was shown and broke off. @param {string} path @param {number} now */
  broke(path, now) {
    const file = this.#files.get(path);
    if (file?.url) URL.revokeObjectURL(file.url);
    this.#files.set(path, { url: null, at: now });
  }

  /** @param {string} path @param {boolean} film */
  async #fetch(path, film) {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    const url = URL.createObjectURL(await response.blob());
    try {
      await (film ? playable(url) : drawable(url));
    } catch (error) {
      URL.revokeObjectURL(url);
      throw error;
    }
    const file = this.#files.get(path);
    if (file && !file.url) file.url = url;
    else URL.revokeObjectURL(url); // no longer wanted
  }
}

/** @param {string} url */
async function drawable(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
}

/** @param {string} url */
function playable(url) {
  const film = document.createElement("video");
  film.muted = true;
  film.preload = "auto";
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no picture")), FILM_PATIENCE_MS);
      film.onloadeddata = () => (film.videoWidth ? resolve() : reject(new Error("no picture")));
      film.onerror = () => reject(new Error("cannot be played"));
      film.addEventListener("loadeddata", () => clearTimeout(late));
      film.src = url;
    })
  ).finally(() => film.removeAttribute("src"));
}
