/** "Give up my place": asks once, in the page and never over the number, and says what is lost. */

import { byId, focusInView, onEscape } from "/static/lib/dom.js";
import { Refusal, post } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";
import { phone } from "./follow.js";

export class Cancel {
  #id;
  #notify;
  #confirmed = false; // asked once more, since the ticket was opened on another phone first

  /** @param {{onCancelled, onRefused}} notify  onRefused: the ticket is no longer what the page shows */
  constructor(id, notify) {
    this.#id = id;
    this.#notify = notify;
    byId("cancel").addEventListener("click", () => this.#ask());
    byId("cancel-keep").addEventListener("click", () => this.close());
    onEscape("cancel-ask", () => this.close());
    byId("cancel-yes").addEventListener("click", () => this.#cancel());
  }

  /** Back to the page; also when the ticket was called meanwhile. */
  close() {
    if (byId("cancel-ask").hidden) return;
    this.#show(false);
    byId("cancel").focus();
  }

  #ask() {
    byId("cancel-title").textContent = t("citizen.cancel_ask", { number: byId("number").textContent });
    byId("cancel-refusal").textContent = "";
    this.#confirmed = false;
    this.#show(true);
    focusInView(byId("cancel-ask"));
  }

  #show(asking) {
    byId("cancel-ask").hidden = !asking;
    document.body.classList.toggle("is-asking", asking);
  }

  async #cancel() {
    byId("cancel-yes").disabled = true;
    try {
      const body = { phone: phone(), confirmed: this.#confirmed };
      const ticket = await post(`/tickets/${encodeURIComponent(this.#id)}/cancel`, body);
      this.#show(false);
      await this.#notify.onCancelled(ticket);
      focusInView(byId("number"));
    } catch (failure) {
      byId("cancel-refusal").textContent = failure instanceof Refusal ? failure.message : t("citizen.cancel_lost");
      this.#confirmed = failure instanceof Refusal && failure.code === "opened_elsewhere";
      if (failure instanceof Refusal && !this.#confirmed) this.#notify.onRefused();
    } finally {
      byId("cancel-yes").disabled = false;
    }
  }
}
