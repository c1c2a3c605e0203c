/** The head: whose page this is. What must be seen at once stands in its place, so that no key below it moves. */

import { Glyph } from "/static/lib/glyph.js";
import { clock, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { HelpCalls } from "./help.js";

/** @param {{me: Api.MeView, lost: ?Date, calls: Api.HelpCallView[], send: Greeter.Send, learn: (now: Api.HelpsView) => void}} props */
export function Head({ me, lost, calls, send, learn }) {
  return html`
    ${
      lost &&
      html`<p class="greeter-lost" role="alert"><${Glyph} name="plug-connected-x" />
      <span>${t("greeter.lost", { time: clock(lost) })}</span></p>`
    }
    <${HelpCalls} calls=${lost ? [] : calls} send=${send} learn=${learn} />
    <div class=${lost || calls.length ? "visually-hidden" : "greeter-title"}><h1>${t("greeter.title")}</h1>
      <p><${Glyph} name="plug-connected" /><span>${me.name}</span></p></div>`;
}
