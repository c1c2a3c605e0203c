/** What stands around every page: navigation, heading, clock, and the loss of the connection. */

import { html, useState } from "/static/vendor/preact.js";
import { clock, longDate, t } from "/static/lib/text.js";
import { DevicesTag } from "/static/supervisor/devices/devices-tag.js";
import { Glyph } from "/static/lib/glyph.js";
import { Lost } from "./lost.js";
import { NoticeTag } from "/static/supervisor/notice/notice-tag.js";
import { Scans } from "./scans.js";
import { SignOut } from "./sign-out.js";

const NAVIGATION = [
  [
    ["live", "layout-dashboard"],
    ["statistics", "chart-bar"],
    ["report", "file-text"],
    ["plan", "help-circle"],
    ["log", "history"],
  ],
  [
    ["services", "list-search"],
    ["counters", "layout-grid"],
    ["priority", "star"],
    ["hours", "calendar"],
    ["hall", "settings"],
    ["wall", "device-tv"],
    ["printers", "printer"],
    ["users", "users"],
    ["devices", "device-desktop"],
  ],
];

/** @type {Record<string, string>} Pages without an entry of their own, and the one they are reached from. */
const BESIDE = {
  week: "plan",
  procedures: "services",
  rooms: "counters",
  transfer: "hall",
  studio: "wall",
  posters: "wall",
  drill: "devices",
  ratings: "statistics",
};

/** @param {Props<{me: Api.MeView, centre: Screen.Centre}>} props */
// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
export function Frame({ page, me, centre, title, children }) {
  const [open, setOpen] = useState(false);
  const { view, lost, now } = centre;
  const skip = (/** @type {Event} */ event) => {
    event.preventDefault();
    title.current?.focus();
  };
  return html`<div class="frame ${lost ? "is-lost" : ""}">
    <header class="side">
      <a class="skip" href="#content" onClick=${skip}>${t("supervisor.skip")}</a>
      <div class="side-name">
        <strong>${view?.hall.office ?? ""}</strong>
      </div>
      <div class="side-bar">
        <span class="side-page" aria-hidden="true">${t(`supervisor.${page}_title`)}</span>
        <span class="side-clock">${view && clock(now)}</span>
        <button class="side-menu" type="button" aria-expanded=${open} aria-controls="pages"
          onClick=${() => setOpen(!open)}>
          <${Glyph} name=${open ? "x" : "menu-2"} /><span>${t("supervisor.menu")}</span>
        </button>
      </div>
      <nav id="pages" class="pages ${open ? "is-open" : ""}" aria-label=${t("supervisor.pages")}>
        ${NAVIGATION.map(
          (group) =>
            html`<ul>${group.map(
              ([name, glyph]) => html`<li>
          <a href="#${name}" aria-current=${name === (BESIDE[page] ?? page) ? "page" : null} onClick=${() => setOpen(false)}>
            <${Glyph} name=${glyph} /><span>${t(`supervisor.${name}_title`)}</span></a></li>`,
            )}</ul>`,
        )}
        ${view?.hall.appointments && html`<ul><li><a href="/appointments"><${Glyph} name="calendar" /><span>${t("supervisor.appointments_link")}</span></a></li></ul>`}
        <div class="side-foot"><${SignOut} me=${me} /></div>
      </nav>
    </header>
    <main class="main" id="content">
      <div class="head">
        <h1 tabindex="-1" ref=${title}>${t(`supervisor.${page}_title`)}</h1>
        ${me.role === "inspector" && html`<span class="tag"><${Glyph} name="eye" />${t("supervisor.read_only")}</span>`}
        ${view && !lost && html`<${DevicesTag} devices=${view.devices} /><${NoticeTag} view=${view} now=${now} />`}
        ${view && html`<p class="head-time"><span>${longDate(now)}</span> <strong>${clock(now)}</strong></p>`}
      </div>
      ${lost && html`<${Lost} since=${lost} />`}
      <${Scans} />
      ${children}
    </main>
  </div>`;
}
