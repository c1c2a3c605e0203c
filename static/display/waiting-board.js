/** While nobody is called: how many wait for each service, and for how long. It stands where the call stands. */

import { icon } from "/static/lib/icon.js";
import { range, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class WaitingBoard extends Drawn {
  connectedCallback() {
    this.setAttribute("role", "region");
  }

  /**
   * `services`: null while a call stands here; `open`: does any counter work; `rule`: the order of calling.
   * @param {{services: ?Wall.Waiting[], open: boolean, rule: Api.RuleView, language: string, trouble: boolean}} view
   */
  draw({ services, open, rule, language, trouble }) {
    this.hidden = !services;
    if (!services) return;
    const people = services.reduce((sum, { waiting }) => sum + waiting, 0);
    const state = !open ? "all_closed" : people ? "waiting" : "nobody_waiting";
    this.dataset.state = state;
    this.setAttribute("aria-label", t(`display.${state}`));
    this.replaceChildren(part("h2", "waiting-title", t(`display.${state}`)));
    if (people) this.append(table(services, language));
    else this.append(part("p", "waiting-note", t(`display.${state}_note`)));
    if (trouble) this.append(notice());
    else this.append(part("p", "waiting-rule", `${rule.name}: ${rule.sentence}.`));
  }
}

/** A counter pauses because a system is at fault: whose fault it is, and that nobody loses their turn. */
function notice() {
  const el = part("p", "waiting-trouble");
  el.append(icon("alert-triangle"), part("span", "", t("display.trouble")));
  return el;
}

/** @param {Wall.Waiting[]} services @param {string} language */
function table(services, language) {
  const list = part("ul", "waiting-list");
  list.append(
    ...services.map(({ prefix, names, waiting, forecast }) => {
      const el = part("li", "waiting-row");
      el.append(
        part("b", "ticket ticket--raised", prefix),
        part("span", "waiting-name", names[language] ?? Object.values(names)[0]),
        part("b", "waiting-people", t("display.people", { n: waiting })),
        part("span", "waiting-range", forecast ? range(forecast, waiting) : t("display.no_counter")),
      );
      return el;
    }),
  );
  return list;
}

customElements.define("waiting-board", WaitingBoard);
