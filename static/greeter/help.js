/** Who calls for help, and the two keys of the foot: somebody was helped, and I need a colleague. */

import { clock, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/**
 * The one who waits longest; how many more there are stands beside the time.
 * @param {{calls: Api.HelpCallView[], send: Greeter.Send, learn: (now: Api.HelpsView) => void}} props
 */
export function HelpCalls({ calls, send, learn }) {
  /** @param {number} asked */
  async function given(asked) {
    const now = await send(`help-${asked}`, "/help/given", { asked });
    if (now) learn(now);
  }
  return html`<div class="helps" role="alert">${calls.slice(0, 1).map(
    ({ asked, at, name }) => html`<section class="help" key=${asked} data-asked=${asked}>
      <p><${Glyph} name="bell-ringing" /><span><strong>${t("greeter.help_called", { name: name ?? t("greeter.somebody") })}</strong>
        <small>${t("greeter.help_since", { time: clock(at) })}${calls.length > 1 && ` · ${t("greeter.help_more", { n: calls.length - 1 })}`}</small></span></p>
      <button type="button" class="button button--main" onClick=${() => given(asked)}><${Glyph} name="check" />${t("greeter.help_given")}</button>
    </section>`,
  )}</div>`;
}

/** @param {{mine: boolean, helped: number, off: boolean, send: Greeter.Send, learn: (now: Api.HelpsView) => void}} props */
export function HelpKeys({ mine, helped, off, send, learn }) {
  async function given() {
    const now = await send("help-given", "/help/given");
    if (now) learn(now);
  }
  return html`<footer class="greeter-foot">
    <button type="button" class="button" disabled=${off} onClick=${given}><${Glyph} name="check" />
      <span>${t("greeter.help_given")} <small role="status">${t("greeter.helped_today", { n: helped })}</small></span></button>
    <button type="button" class="button" disabled=${off || mine} onClick=${() => send("help", "/help")}><${Glyph} name="bell-ringing" />
      <span>${t(mine ? "greeter.help_asked" : "greeter.help_ask")}</span></button>
  </footer>`;
}
