/** A ticket that was served was held under the scanner: how was it? Four faces, perhaps a reason, and thanks. */

import { RATINGS, RATING_REASONS, face } from "/static/lib/faces.js";
import { icon } from "/static/lib/icon.js";
import { spaced, t } from "/static/lib/text.js";
import { key, part } from "./part.js";

class RatingPage extends HTMLElement {
  /** @param {Kiosk.View<"standing">} view */
  show({ visit }) {
    if (this.firstChild) return;
    this.append(
      part(
        "div",
        "ask",
        part("h1", "", t("rating.question")),
        part("p", "ask-hint", t("kiosk.rating_number", { number: spaced(visit.standing.number) })),
      ),
      part(
        "div",
        "rating-keys",
        ...RATINGS.map((rating) =>
          key(`rate:${rating}`, "rating-key", face(rating), part("span", "", t(`rating.${rating}`))),
        ),
      ),
      back(),
    );
  }
}

class ReasonPage extends HTMLElement {
  show() {
    if (this.firstChild) return;
    this.append(
      part("div", "ask", part("h1", "", t("rating.why"))),
      part(
        "div",
        "rating-keys",
        ...RATING_REASONS.map((reason) =>
          key(`reason:${reason}`, "rating-key", part("span", "", t(`rating.reason_${reason}`))),
        ),
        key("reason:", "rating-key", part("span", "", t("rating.no_reason"))),
      ),
      back(),
    );
  }
}

class RatedPage extends HTMLElement {
  show() {
    if (this.firstChild) return;
    this.append(
      part(
        "div",
        "notice-card",
        part("span", "notice-icon", icon("circle-check")),
        part("h1", "", t("rating.thanks")),
        part("p", "notice-words", t("rating.kept")),
      ),
      key("start", "main-key", icon("arrow-left"), part("span", "", t("kiosk.to_start"))),
    );
  }
}

function back() {
  return key("back", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.back")));
}

customElements.define("rating-page", RatingPage);
customElements.define("reason-page", ReasonPage);
customElements.define("rated-page", RatedPage);
