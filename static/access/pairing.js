/** Pairing: a kiosk or wall that nobody has confirmed shows six digits until a supervisor types them in. */

import { Refusal, get, post } from "/static/lib/api.js";
import { icon } from "/static/lib/icon.js";
import { clock, t } from "/static/lib/text.js";
import { measure } from "./measure.js";

const POLL_MS = 2000;
const STYLE = "/static/access/pairing.css";

/**
 * Resolves once this browser is paired as `kind`; at once if it already is.
 * Until then `el` shows the code. It never gives up: a centre's machines start in any order after
 * a power cut, so the server may be away for minutes and the code may expire many times.
 * True if a code was shown: the screen is being set up, and somebody stands before it.
 * @param {"kiosk" | "display"} kind
 * @param {HTMLElement} el
 * @returns {Promise<boolean>}
 */
export async function ensurePaired(kind, el) {
  const view = new PairingView(kind, el);
  let shown = false;
  for (;;) {
    try {
      let pairing = await get(`/pairings/current?kind=${kind}`);
      if (pairing.state === "expired") {
        pairing = await post("/pairings", { kind });
        // Asked about at once: where there are too many codes, those that no screen asks about go first.
        await get(`/pairings/current?kind=${kind}`);
      }
      if (pairing.state === "paired") break;
      view.show(pairing);
      shown = true;
    } catch (failure) {
      if (failure instanceof Refusal) view.refused(failure.message);
      else view.lost();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await view.measured;
  view.remove();
  return shown;
}

class PairingView {
  #kind;
  #host;
  /** @type {any} */
  #el = null;
  /** @type {?string} */
  #code = null;
  #until = new Date();
  #seen_at = new Date();
  #lost = false;
  #refusal = "";
  /** @type {Promise<void>} while somebody measures the screen, it is not taken from under their hands */
  measured = Promise.resolve();

  /** @param {"kiosk" | "display"} kind @param {HTMLElement} host */
  constructor(kind, host) {
    this.#kind = kind;
    this.#host = host;
  }

  /** @param {Api.PairingView} pairing */
  show({ code, expires_s }) {
    // Rounded by the server to the second, so the end is fixed when the code first appears.
    if (code !== this.#code) this.#until = new Date(Date.now() + expires_s * 1000);
    this.#code = code;
    this.#seen_at = new Date();
    this.#lost = false;
    this.#refusal = "";
    this.#draw();
  }

  lost() {
    this.#lost = true;
    this.#draw();
  }

  /** @param {string} message */
  refused(message) {
    this.#refusal = message;
    this.#draw();
  }

  remove() {
    this.#el?.remove();
  }

  #draw() {
    this.#el ??= this.#build();
    const digits = this.#code ?? "";
    const code = this.#el.querySelector(".pairing-code");
    this.#el.classList.toggle("is-lost", this.#lost);
    this.#el
      .querySelector(".pairing-icon")
      .replaceChildren(icon(this.#lost ? "plug-connected-x" : this.#kind === "kiosk" ? "device-tablet" : "device-tv"));
    code.hidden = !digits;
    // Written only when it changes: a live region repeats whatever is written to it.
    const shown = `${digits.slice(0, 3)} ${digits.slice(3)}`;
    if (code.textContent !== shown) {
      code.textContent = shown;
      code.setAttribute("aria-label", [...digits].join(" "));
    }
    this.#write(
      ".pairing-title",
      this.#lost ? t("access.pairing_lost", { time: clock(this.#seen_at) }) : t(`access.pairing_${this.#kind}`),
    );
    this.#write(
      ".pairing-note",
      this.#refusal ||
        (this.#lost ? t("access.pairing_retry") : t("access.pairing_until", { time: clock(this.#until) })),
    );
  }

  /** What is touched and read on a kiosk has its size in millimetres; no browser knows how large its screen is. */
  #measureKey() {
    const key = part("button", "pairing-measure", t("access.measure"));
    key.addEventListener("click", () => {
      key.hidden = true;
      this.measured = measure(this.#host).then(() => {
        key.hidden = false;
      });
    });
    return key;
  }

  /** @param {string} selector @param {string} words */
  #write(selector, words) {
    const el = this.#el.querySelector(selector);
    if (el.textContent !== words) el.textContent = words;
  }

  #build() {
    if (!document.querySelector(`link[href="${STYLE}"]`)) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE }));
    }
    const el = document.createElement("main");
    el.className = "pairing";
    const head = part("div", "pairing-head");
    head.append(part("span", "pairing-icon"), part("h1", "pairing-title"));
    const code = part("p", "pairing-code");
    code.setAttribute("role", "img"); // so that the digits are read one by one, from the label
    const card = part("div", "pairing-card");
    card.append(
      part("p", "pairing-do", t("access.pairing_do")),
      code,
      part("p", "pairing-address", `${location.host}/supervisor`),
    );
    const note = part("p", "pairing-note");
    note.setAttribute("role", "status");
    el.append(head, card, note);
    if (this.#kind === "kiosk") el.append(this.#measureKey());
    el.dataset.kind = this.#kind;
    this.#host.append(el);
    return el;
  }
}

/** @param {string} tag @param {string} className */
function part(tag, className, words = "") {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}
