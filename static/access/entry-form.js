/** A form that lets somebody in: shows what is wrong beside its field, and keeps what was typed. */

import { byId } from "/static/lib/dom.js";
import { Refusal, get, post } from "/static/lib/api.js";
import { icon } from "/static/lib/icon.js";
import { choose, others, speak } from "/static/lib/language.js";
import { fill, t } from "/static/lib/text.js";

/**
 * Load the words and the centre's name; the page stays blank until it can speak.
 * @param {HTMLElement} main
 */
export async function open(main) {
  await speak();
  fill();
  byId("languages").replaceChildren(
    ...others().map(({ lang, name }) =>
      Object.assign(document.createElement("button"), {
        type: "button",
        lang,
        textContent: name,
        onclick: () => choose(lang),
      }),
    ),
  );
  main.hidden = false;
  const name = (/** @type {Api.HallView} */ { name, office }) => {
    byId("hall").textContent = `${name} ${office.replace(/^UBND /, "")}`;
  };
  get("/hall").then(name, () => {}); // the name is an ornament here
}

export class EntryForm {
  /** @type {HTMLFormElement} */
  #form = byId("form");
  #words;
  #sending = false;

  /** @param {{rest: string, busy: string}} words  of the main key */
  constructor(words) {
    this.#words = words;
    this.#wait(false);
    const show = /** @type {HTMLButtonElement} */ (this.#form.querySelector(".show"));
    const passwords = /** @type {NodeListOf<HTMLInputElement>} */ (this.#form.querySelectorAll("[type=password]"));
    const draw = (/** @type {boolean} */ shown) => {
      for (const field of passwords) field.type = shown ? "text" : "password";
      show.setAttribute("aria-pressed", String(shown));
      show.replaceChildren(icon(shown ? "eye-off" : "eye"), t(shown ? "access.hide_password" : "access.show_password"));
    };
    show.addEventListener("click", () => draw(passwords[0].type === "password"));
    draw(false);
  }

  /**
   * Check, send, and call `done` with the answer.
   * @template {"/sign-in" | "/setup" | "/me/password"} P
   * @param {Screen.Entry<P>} what  `check(values)` gives {field: sentence} of what is wrong;
   *   `refused(failure)` returns true when it has shown the reason itself
   */
  onSend({ path, body = (values) => values, check, done, refused = () => false }) {
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (this.#sending) return;
      const values = Object.fromEntries(new FormData(this.#form));
      this.refuse("");
      if (!this.#mark(check(values))) return;
      this.#wait(true);
      try {
        done(await /** @type {any} */ (post)(path, body(values)));
      } catch (failure) {
        this.#wait(false);
        if (refused(failure)) return;
        this.refuse(failure instanceof Refusal ? failure.message : t("access.unreachable"));
        byId("password").focus();
        byId("password").select();
      }
    });
  }

  /**
   * Say at the top why nothing happened.
   * @param {string} words
   */
  refuse(words) {
    const said = byId("refusal");
    said.hidden = !words;
    said.replaceChildren(...(words ? [icon("alert-octagon"), words] : []));
  }

  /** @param {Record<string, string>} wrong  sentence by field */
  #mark(wrong) {
    for (const field of this.#form.querySelectorAll("input")) {
      const words = wrong[field.name] ?? "";
      const said = byId(`${field.name}-error`);
      field.setAttribute("aria-invalid", String(Boolean(words)));
      said.hidden = !words;
      said.replaceChildren(...(words ? [icon("alert-octagon"), words] : []));
    }
    /** @type {?HTMLElement} */ (this.#form.querySelector("[aria-invalid=true]"))?.focus();
    return Object.keys(wrong).length === 0;
  }

  /** @param {boolean} sending */
  #wait(sending) {
    this.#sending = sending;
    // Not disabled while sending: that would throw the focus away.
    byId("send").setAttribute("aria-disabled", sending);
    byId("send").textContent = sending ? this.#words.busy : this.#words.rest;
  }
}
