/** The call: the ticket as it is in the hand, an arrow, the plate as it is above the counter. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class CallPanel extends Drawn {
  #number;
  #plate;
  #blink = 0;

  /** `{call, phase, blink}` of the queue. */
  draw({ call, phase, blink }) {
    this.hidden = !call;
    if (!call) {
      this.dataset.blink = "none"; // or it would blink again when it comes back, for a call already seen
      return;
    }
    if (!this.#number) this.#build();
    this.#number.textContent = spaced(call.number);
    this.#number.classList.toggle("long", call.number.length > 4);
    this.#plate.textContent = call.counter;
    this.dataset.phase = phase;
    if (blink === this.#blink) return;
    this.#blink = blink;
    // Two names for one animation: only a change of name starts it again.
    this.dataset.blink = blink === 0 ? "none" : blink % 2 ? "odd" : "even";
  }

  #build() {
    this.setAttribute("role", "status");
    this.#number = part("b", "number");
    this.#plate = part("b", "plate");
    const ticket = part("p", "ticket");
    ticket.append(this.#number);
    this.append(
      part("p", "call-word", t("display.call")),
      ticket,
      part("p", "call-to", t("display.to_counter")),
      icon("arrow-right"),
      this.#plate,
    );
  }
}

customElements.define("call-panel", CallPanel);
