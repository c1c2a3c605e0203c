/** How the visit was: four faces, then a reason and words for who wants to give them; sent once. */

import { byId, focusInView } from "/static/lib/dom.js";
import { Refusal, post } from "/static/lib/api.js";
import { ASKED_WHY, RATINGS, RATING_REASONS, face } from "/static/lib/faces.js";
import { loadText, t } from "/static/lib/text.js";

const LONGEST = 200; // letters, as the server takes them
const STYLES = ["/static/lib/faces.css", "/static/citizen/rating.css"];

/** Fetched once the visit can be rated: the page itself has to stay small. */
const SECTIONS = ["citizen", "common", "why", "rating"];
const RETRY_MS = 3_000;

/** @type {?Promise<Rating>} */
let drawn = null;

/**
 * Show how the ticket's visit can be rated, or that it was.
 * @param {?Api.TicketView} ticket
 */
export async function rate(ticket) {
  if (ticket) (await (drawn ??= load(ticket.id))).draw(ticket);
}

/** Words and styles first. */
async function load(id) {
  for (const href of STYLES)
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  for (;;) {
    try {
      await loadText(document.documentElement.lang, SECTIONS);
      return new Rating(id);
    } catch {
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}

class Rating {
  #path;
  #root = document.createElement("section");
  #shown = "";
  #sent = false;

  /** @param {string} id */
  constructor(id) {
    this.#path = `/tickets/${encodeURIComponent(id)}/rate`;
    this.#root.id = "rating";
    byId("take-back").before(this.#root);
  }

  /** @param {Pick<Api.TicketView, "rating">} ticket */
  draw({ rating }) {
    const shown = this.#sent ? "given" : (rating ?? "");
    if (this.#shown === shown) return;
    this.#shown = shown;
    if (shown === "open") this.#ask();
    else if (shown) this.#thank();
  }

  #thank() {
    this.#root.replaceChildren(el("h2", "", t("rating.thanks")), el("p", "", t("rating.kept")));
  }

  #ask() {
    const form = el("form", "");
    const faces = choices("rating", t("rating.question"), RATINGS, (rating) => [
      face(rating),
      el("span", "", t(`rating.${rating}`)),
    ]);
    const why = choices("reason", t("rating.why"), RATING_REASONS, (reason) => [
      el("span", "", t(`rating.reason_${reason}`)),
    ]);
    const words = Object.assign(el("textarea", ""), { id: "rating-words", name: "words", maxLength: LONGEST });
    words.setAttribute("aria-describedby", "rating-hint");
    const label = Object.assign(el("label", "label", t("rating.words")), { htmlFor: words.id });
    const hint = Object.assign(el("p", "hint", t("rating.words_hint")), { id: "rating-hint" });
    const refusal = el("p", "");
    refusal.setAttribute("role", "status");
    const send = Object.assign(el("button", "main", t("rating.send")), { type: "submit" });
    const more = el("div", "", why, label, words, hint, refusal, send);
    more.hidden = true;
    form.append(faces, more);
    form.addEventListener("change", () => {
      for (const each of form.querySelectorAll("label"))
        each.classList.toggle("is-chosen", Boolean(each.querySelector(":checked")));
      const opened = more.hidden;
      more.hidden = false;
      why.hidden = !ASKED_WHY.includes(form.rating.value);
      if (opened) send.scrollIntoView({ block: "nearest" });
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form, refusal, send);
    });
    this.#root.replaceChildren(form, el("p", "rating-own", t("rating.own")));
  }

  async #send(form, refusal, button) {
    const reason = ASKED_WHY.includes(form.rating.value) ? form.reason.value : "";
    const body = { rating: form.rating.value, words: form.words.value, ...(reason && { reason }) };
    refusal.textContent = "";
    button.disabled = true;
    try {
      await post(this.#path, body);
      this.#done();
    } catch (failure) {
      if (failure instanceof Refusal && failure.code === "rated_before") this.#done();
      else refusal.textContent = failure instanceof Refusal ? failure.message : t("rating.lost");
    } finally {
      button.disabled = false;
    }
  }

  #done() {
    this.#sent = true;
    this.draw({ rating: "given" });
    this.#root.tabIndex = -1;
    focusInView(this.#root);
    byId("say").textContent = t("rating.thanks");
  }
}

/** A question with one answer of several, as keys that can be pressed and a list that can be heard. */
function choices(name, question, values, draw) {
  const list = el("div", "rating-choices");
  for (const value of values) {
    const radio = Object.assign(document.createElement("input"), { type: "radio", name, value });
    list.append(el("label", "", radio, ...draw(value)));
  }
  return el("fieldset", "", el("legend", "", question), list);
}

function el(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}
