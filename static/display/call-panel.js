/** The call: the ticket as it is in the hand, an arrow, the plate as it is above the counter. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class CallPanel extends Drawn {
  /** @type {?{number: HTMLElement, plate: HTMLElement}} */
  #parts = null;
  #blink = 0;

  /** @param {Wall.Panel} panel  as the queue has it */
  draw({ call, phase, blink }) {
    this.hidden = !call;
    if (!call) {
      this.dataset.blink = "none"; // or it would blink again when it comes back, for a call already seen
      return;
    }
    const { number, plate } = (this.#parts ??= this.#build());
    number.textContent = spaced(call.number);
    number.classList.toggle("long", call.number.length > 4);
    plate.textContent = String(call.counter);
    this.dataset.phase = phase;
    if (blink === this.#blink) return;
    this.#blink = blink;
    // Two names for one animation: only a change of name starts it again.
    this.dataset.blink = blink === 0 ? "none" : blink % 2 ? "odd" : "even";
  }

  #build() {
    this.setAttribute("role", "status");
    const number = part("b", "number");
    const plate = part("b", "plate");
    const ticket = part("p", "ticket");
    ticket.append(number);
    this.append(
      part("p", "call-word", t("display.call")),
      ticket,
      part("p", "call-to", t("display.to_counter")),
      icon("arrow-right"),
      plate,
    );
    return { number, plate };
  }
}

customElements.define("call-panel", CallPanel);
