/** The way to the message to all who wait, from every page; it says whether one stands. */

import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { standing } from "/static/lib/notice.js";
import { t } from "/static/lib/text.js";

/** @param {Props<{view: Live.SupervisorCounts, now: Date}>} props */
export function NoticeTag({ view, now }) {
  const stands = standing(view.hall.notice, now) !== null;
  return html`<a class="head-devices" href="#notice"><span class="tag ${stands ? "tag--called" : ""}"><${Glyph}
    name="messages" />${t(stands ? "supervisor.notice_tag_stands" : "supervisor.notice_title")}</span></a>`;
}
