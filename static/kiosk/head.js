/** The top of every page: whose centre this is, and the time. */

import { drawOwn, logoPlace } from "/static/lib/own-head.js";
import { clock, longDate } from "/static/lib/text.js";
import { part, write } from "./part.js";

const LONG = 40; // characters of a name that would fill more than two lines

class KioskHead extends HTMLElement {
  #logo = logoPlace();
  #office = part("p", "head-office");
  #name = part("p", "head-name");
  #clock = part("p", "head-clock");
  #date = part("p", "head-date");

  connectedCallback() {
    const centre = part("div", "head-centre", this.#office, this.#name);
    centre.lang = "vi"; // the centre's own name, in every language
    this.setAttribute("role", "banner");
    this.append(this.#logo, centre, part("div", "head-time", this.#clock, this.#date));
  }

  /** @param {{hall: ?Api.HallView, now: Date}} view */
  show({ hall, now }) {
    this.dataset.long = String((hall?.office.length ?? 0) > LONG || (hall?.name.length ?? 0) > LONG);
    drawOwn(this.#logo, hall);
    write(this.#office, hall?.office ?? "");
    write(this.#name, hall?.name ?? "");
    write(this.#clock, hall ? clock(now) : "");
    write(this.#date, hall ? longDate(now) : "");
  }
}

customElements.define("kiosk-head", KioskHead);
