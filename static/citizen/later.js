/** "Call me later": what may be asked for, what it costs, and the answer; also "I cancelled by mistake". */

import { byId, focusInView, onEscape } from "/static/lib/dom.js";
import { Refusal, post } from "/static/lib/api.js";
import { because, t } from "/static/lib/text.js";

const PASSING = [1, 3]; // people to let pass

export class Later {
  #id;
  #onTicket;
  /** @type {?Api.DeferView} */
  #offer = null;

  /** @param {string} id @param {(ticket: Api.TicketView) => Promise<void>} onTicket  resolves once it is drawn */
  constructor(id, onTicket) {
    this.#id = encodeURIComponent(id);
    this.#onTicket = onTicket;
    byId("later").addEventListener("click", () => this.#ask());
    byId("later-keep").addEventListener("click", () => this.close());
    onEscape("later-ask", () => this.close());
    byId("take-back").addEventListener("click", () => {
      this.#take(post(`/tickets/${this.#id}/reinstate`, {}), "take-back-refusal", "number");
    });
  }

  /** @param {?Api.TicketView} ticket @param {Date} now */
  draw(ticket, now) {
    this.#offer = ticket?.defer ?? null;
    byId("later").hidden = !this.#offer;
    const until = ticket?.take_back_until;
    byId("take-back").hidden = !until || now >= new Date(until);
    if (!this.#offer) this.close();
  }

  close() {
    if (byId("later-ask").hidden) return;
    byId("later-ask").hidden = true;
    document.body.classList.remove("is-deferring");
    byId("later").focus();
  }

  #ask() {
    const { left, minutes, behind } = /** @type {Api.DeferView} */ (this.#offer);
    byId("later-cost").textContent = t("citizen.later_cost", { n: left });
    byId("later-refusal").textContent = "";
    byId("later-choices").replaceChildren(
      ...minutes.map((n) => this.#choice(t("citizen.later_minutes", { n }), { minutes: n })),
      ...PASSING.filter((n) => n <= behind).map((n) => this.#choice(t("citizen.later_people", { n }), { people: n })),
    );
    byId("later-ask").hidden = false;
    document.body.classList.add("is-deferring");
    focusInView(byId("later-ask"));
  }

  #choice(textContent, body) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent });
    button.addEventListener("click", () => {
      this.#take(post(`/tickets/${this.#id}/defer`, body), "later-refusal", "delayed");
    });
    return button;
  }

  /**
   * @param {Promise<Api.TicketView>} answer
   * @param {string} refusal  where a refusal is said
   * @param {string} done  where it is to be seen that it was done
   */
  async #take(answer, refusal, done) {
    byId(refusal).textContent = "";
    try {
      const ticket = await answer;
      this.close();
      await this.#onTicket(ticket);
      byId("say").textContent = because(ticket.why);
      focusInView(byId(done));
    } catch (failure) {
      byId(refusal).textContent = failure instanceof Refusal ? failure.message : t("citizen.later_lost");
    }
  }
}
