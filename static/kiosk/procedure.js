/** What somebody should know before taking a number: that it can be done at home, what to bring, what it costs. */

import { icon } from "/static/lib/icon.js";
import { atHome } from "/static/lib/procedures.js";
import { own, t } from "/static/lib/text.js";
import { fits } from "./fit.js";
import { key, part } from "./part.js";
import { badge, nameOf } from "./service.js";

class ProcedurePage extends HTMLElement {
  #fit = fits(this, () => [this, ...this.querySelectorAll(".procedure-facts, .papers, .procedure-home")]);

  /** @param {Kiosk.View<"procedure" | "service">} view */
  show({ hall, visit }) {
    if (this.firstChild) return;
    const { procedure, service, wants_list } = visit;
    const take = key(
      "take-number",
      "main-key",
      icon("ticket"),
      part("span", "", t(atHome(procedure) ? "kiosk.take_here" : "kiosk.take_number")),
    );
    const back = key("back", "way", icon("arrow-left"), part("span", "way-name", t("kiosk.back")));
    const keys = part("div", "procedure-keys", take, back);
    if (hall.prints && procedure.checklist.length) keys.append(listKey(Boolean(wants_list)));
    this.append(
      part(
        "div",
        "chosen",
        badge(service),
        part("p", "", part("span", "chosen-label", nameOf(service)), part("b", "", own(procedure.names) ?? "")),
      ),
      part("div", "procedure-facts", ...home(procedure), ...papers(procedure), ...facts(procedure)),
      keys,
    );
    this.#fit();
  }
}

/** @param {boolean} on */
function listKey(on) {
  const el = key(
    "wants-list",
    "way list-key",
    icon(on ? "check" : "printer"),
    part("span", "way-name", t("kiosk.print_list")),
  );
  el.setAttribute("aria-pressed", String(on));
  return el;
}

/** @param {Api.ProcedureView} procedure */
function home(procedure) {
  const { link, online, code } = procedure;
  if (!link) return [];
  const all = atHome(procedure);
  const image = part("img", "procedure-code");
  image.src = `/procedures/${code}/code.svg`;
  image.alt = "";
  const title = all ? "kiosk.home_title" : online === "partial" ? "kiosk.home_partly" : "kiosk.home_more";
  return [
    part(
      "section",
      `procedure-home ${all ? "is-all" : ""}`,
      part("div", "", part("h1", "procedure-title", t(title)), part("p", "", t("kiosk.home_scan"))),
      image,
    ),
  ];
}

/** @param {Api.ProcedureView} procedure */
function papers({ checklist }) {
  if (!checklist.length) return [];
  const list = part("ul", "papers-list", ...checklist.map((paper) => part("li", "", paper)));
  return [part("section", "papers", part("h2", "procedure-title", t("kiosk.papers")), list)];
}

/** @param {Api.ProcedureView} procedure */
function facts({ fee, time }) {
  const shown = [
    ["kiosk.fee", fee],
    ["kiosk.time", time],
  ].filter(([, words]) => words);
  if (!shown.length) return [];
  return [
    part("dl", "procedure-list", ...shown.flatMap(([name, words]) => [part("dt", "", t(name)), part("dd", "", words)])),
  ];
}

customElements.define("procedure-page", ProcedurePage);
