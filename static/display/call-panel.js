/** The call: the ticket as it is in the hand, an arrow, the plate as it is above the counter. */

import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { Drawn, accessibleSign, part } from "./drawn.js";

/** A longer name of a room stands smaller. */
const LENGTHS = [16, 28];

export class CallPanel extends Drawn {
  /** @type {?{number: HTMLElement, plate: HTMLElement, room: HTMLElement}} */
  #parts = null;
  #blink = 0;

  /**
   * The panel as the queue has it. `room`: the name of the counter's room in place of the arrow, empty where everybody
   * who sees this wall is in it.
   * @param {Wall.Panel & {room?: string}} panel
   */
  draw({ call, phase, blink, accessible, room: name = "" }) {
    this.hidden = !call;
    if (!call) {
      this.dataset.blink = "none"; // or it would blink again when it comes back, for a call already seen
      return;
    }
    const { number, plate, room } = (this.#parts ??= this.#build());
    number.textContent = spaced(call.number);
    number.classList.toggle("long", call.number.length > 4);
    room.textContent = name;
    room.dataset.length = String(LENGTHS.filter((most) => name.length > most).length);
    this.toggleAttribute("data-room", Boolean(name));
    plate.replaceChildren(...(accessible ? [accessibleSign()] : []), String(call.counter));
    this.toggleAttribute("data-accessible", Boolean(accessible));
    this.toggleAttribute("data-visual", Boolean(call.visual));
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
    const room = part("p", "call-room");
    const ticket = part("p", "ticket");
    ticket.append(number);
    this.append(
      part("p", "call-word", t("display.call")),
      ticket,
      part("p", "call-to", t("display.to_counter")),
      icon("arrow-right"),
      room,
      plate,
    );
    return { number, plate, room };
  }
}

customElements.define("call-panel", CallPanel);
