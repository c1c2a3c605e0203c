/** "Give up my place": asks once, in the page and never over the number, and says what is lost. */

import { Refusal, post } from "/static/lib/api.js";
import { t } from "/static/lib/text.js";

const el = (id) => document.getElementById(id);

export class Cancel {
  #id;
  #tell;

  /** @param {{onCancelled, onRefused}} tell  onRefused: the ticket is no longer what the page shows */
  constructor(id, tell) {
    this.#id = id;
    this.#tell = tell;
    el("cancel").addEventListener("click", () => this.#ask());
    el("cancel-keep").addEventListener("click", () => this.close());
    el("cancel-yes").addEventListener("click", () => this.#cancel());
  }

  /** Back to the page; also when the ticket was called meanwhile. */
  close() {
    if (el("cancel-ask").hidden) return;
    this.#show(false);
    el("cancel").focus();
  }

  #ask() {
    el("cancel-title").textContent = t("citizen.cancel_ask", { number: el("number").textContent });
    el("cancel-refusal").textContent = "";
    this.#show(true);
    el("cancel-ask").focus();
  }

  #show(asking) {
    el("cancel-ask").hidden = !asking;
    document.body.classList.toggle("is-asking", asking);
  }

  async #cancel() {
    el("cancel-yes").disabled = true;
    try {
      const ticket = await post(`/tickets/${encodeURIComponent(this.#id)}/cancel`);
      this.#show(false);
      this.#tell.onCancelled(ticket);
    } catch (failure) {
      el("cancel-refusal").textContent = failure instanceof Refusal ? failure.message : t("citizen.cancel_lost");
      if (failure instanceof Refusal) this.#tell.onRefused();
    } finally {
      el("cancel-yes").disabled = false;
    }
  }
}
