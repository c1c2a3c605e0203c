/** While nobody is called: how many wait for each service, and for how long. It stands where the call stands. */

import { icon } from "/static/lib/icon.js";
import { range, t } from "/static/lib/text.js";
import { Drawn, part } from "./drawn.js";

export class WaitingBoard extends Drawn {
  connectedCallback() {
    this.setAttribute("role", "region");
  }

  /**
   * `services`: null while a call stands here; `columns` of them; `open`: does any counter work; `issued_from`: when
   * numbers are given again, in words, null while they are; `rule`: the order of calling, or null where there is no
   * room for it.
   * @param {{services: ?Wall.Waiting[], columns: number, open: boolean, issued_from: ?string, rule: ?Api.RuleView, language: string, trouble: boolean}} view
   */
  draw({ services, columns, open, issued_from, rule, language, trouble }) {
    this.hidden = !services;
    if (!services) return;
    const state = !open ? "all_closed" : services.length ? "waiting" : "nobody_waiting";
    this.dataset.state = state;
    this.toggleAttribute("data-empty", !services.length);
    this.dataset.below = trouble ? "trouble" : rule ? "rule" : "nothing";
    this.setAttribute("aria-label", t(`display.${state}`));
    this.replaceChildren(part("h2", "waiting-title", t(`display.${state}`)));
    if (services.length) this.append(table(services, columns, language));
    else this.append(part("p", "waiting-note", issued_from ?? t(`display.${state}_note`)));
    if (trouble) this.append(notice());
    else if (rule) this.append(part("p", "waiting-rule", `${rule.name}: ${rule.sentence}.`));
  }
}

/** A counter pauses because a system is at fault: whose fault it is, and that nobody loses their turn. */
function notice() {
  const el = part("p", "waiting-trouble");
  el.append(icon("alert-triangle"), part("span", "", t("display.trouble")));
  return el;
}

/** @param {Wall.Waiting[]} services @param {number} columns @param {string} language */
function table(services, columns, language) {
  const list = part("ul", "waiting-list");
  // The fewer there are, the larger each is.
  list.style.setProperty("--columns", String(columns));
  list.style.setProperty("--rows", String(Math.ceil(services.length / columns)));
  list.append(
    ...services.map(({ prefix, names, waiting, ahead, forecast, counters_open }) => {
      const el = part("li", "waiting-row");
      const name = part("span", "waiting-name", names[language] ?? Object.values(names)[0]);
      name.style.setProperty("--letters", String(name.textContent?.length));
      el.append(
        part("b", "ticket ticket--raised", prefix),
        name,
        part("b", "waiting-people", t("display.people", { n: waiting })),
        part(
          "span",
          "waiting-range",
          forecast || counters_open?.length ? range(forecast, ahead, counters_open) : t("display.no_counter"),
        ),
      );
      return el;
    }),
  );
  return list;
}

customElements.define("waiting-board", WaitingBoard);
