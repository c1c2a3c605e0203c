/** A poster of the notice board, in the place of the call while nobody is called. Nothing of it is ever heard. */

import { t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class PosterBoard extends Drawn {
  connectedCallback() {
    this.setAttribute("role", "region");
  }

  /**
   * `poster`: null while anything else stands here; `urls`: of the pictures of this page, of the film, or of the code.
   * A poster that is shown again is drawn again (`turn`), so that a film begins at its beginning.
   * @param {{poster: ?Pick<Api.PosterView, "kind" | "texts" | "procedure">, urls: string[], languages: string[], turn: number}} view
   */
  draw({ poster, urls, languages }) {
    this.hidden = !poster;
    // First the film that was there: taken out of the page it would go on.
    for (const film of this.querySelectorAll("video")) stop(film);
    this.replaceChildren();
    if (!poster) return;
    this.setAttribute("aria-label", t("display.poster"));
    this.dataset.kind = poster.kind;
    if (poster.kind === "film") this.append(this.#film(urls[0]));
    else if (poster.kind === "pictures") this.append(...urls.map((url) => picture(url, "poster-picture")));
    else if (poster.kind === "procedure") this.append(...code(poster, urls[0], languages));
    else this.append(...words(poster.texts, languages));
  }

  /** @param {string} url */
  #film(url) {
    const film = part("video", "poster-film");
    film.muted = true; // before it has a source: a film with sound must not begin aloud
    film.autoplay = true;
    film.playsInline = true;
    film.disablePictureInPicture = true;
    film.onended = () => this.dispatchEvent(new CustomEvent("poster-ended"));
    film.onerror = () => film.isConnected && this.dispatchEvent(new CustomEvent("poster-broke"));
    film.src = url;
    return film;
  }
}

/** @param {HTMLVideoElement} film */
function stop(film) {
  film.onended = film.onerror = null;
  film.pause();
  film.removeAttribute("src");
  film.load(); // lets go of what it holds
}

/** @param {string} url @param {string} name */
function picture(url, name) {
  const image = part("img", name);
  image.alt = "";
  image.src = url;
  return image;
}

/** @param {Record<string, string>} texts @param {string[]} languages */
function words(texts, languages) {
  return languages.filter((language) => texts[language]).map((language) => said(language, texts[language]));
}

/**
 * The procedure's name beside the code that opens its page.
 * @param {Pick<Api.PosterView, "procedure">} poster @param {string} url @param {string[]} languages
 */
function code({ procedure }, url, languages) {
  const box = part("div", "poster-words");
  box.append(
    part("p", "poster-scan", t("display.poster_scan")),
    ...words(procedure?.names ?? {}, languages.slice(0, 1)),
  );
  return [picture(url, "poster-code"), box];
}

/** @param {string} language @param {string} sentence */
function said(language, sentence) {
  const el = part("p", "poster-said", sentence);
  el.lang = language;
  el.style.setProperty("--root", String(1 / Math.sqrt(sentence.length)));
  return el;
}

customElements.define("poster-board", PosterBoard);
