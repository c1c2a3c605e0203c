/** Whose hall this is, and what time it is there: the server's time, for a television's clock is seldom right. */

import { logoPlace, showLogo } from "/static/lib/own-head.js";
import { clock, longDate, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

/** Letters of a name that fit on one line beside date and clock. */
const ONE_LINE = 50;

export class HallHead extends Drawn {
  #logo = logoPlace();
  #name = part("h1", "head-name");
  #date = part("p", "head-date");
  #clock = part("p", "head-clock");

  connectedCallback() {
    if (!this.#name.parentNode) this.append(this.#logo, this.#name, this.#date, this.#clock);
  }

  /** @param {{logo: ?string, name: string, office: string, minute: number}} view  minute: a moment, in ms; only its minute is shown */
  draw({ logo, name, office, minute }) {
    const at = new Date(minute);
    const whole = office ? t("display.hall", { name, office }) : name;
    showLogo(this.#logo, logo);
    document.body.toggleAttribute("data-logo", Boolean(logo));
    this.#name.textContent = whole;
    this.#name.classList.toggle("long", whole.length > ONE_LINE);
    this.#name.style.setProperty("--letters", String(whole.length));
    this.#date.textContent = longDate(at);
    this.#clock.textContent = clock(at);
  }
}

customElements.define("hall-head", HallHead);
