/** Says in the head that the browser withholds the sound; one touch, anywhere on the wall, lets it be heard. */

import { icon } from "/static/lib/icon.js";
import { t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class SoundKey extends Drawn {
  /** @param {{withheld: boolean}} view */
  draw({ withheld }) {
    this.hidden = !withheld;
    if (!withheld) return this.replaceChildren();
    const key = part("button", "sound-button");
    key.type = "button";
    key.append(icon("volume"), part("span", "", t("display.sound_off")), part("b", "", t("display.sound_unlock")));
    this.replaceChildren(key);
  }
}

customElements.define("sound-key", SoundKey);
