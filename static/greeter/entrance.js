/** How many people stand before the kiosk, without a number yet: counted now and then, with one key. */

import { ENTRANCE_MOST } from "/static/lib/choices.js";
import { clock, t } from "/static/lib/text.js";
import { html, useState } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";

/** @param {{last: ?Api.EntranceView, off: boolean, busy: ?string, send: Greeter.Send, refuse: (words: string) => void, learn: (part: {entrance: Api.EntranceView}) => void}} props */
export function Entrance({ last, off, busy, send, refuse, learn }) {
  const [people, setPeople] = useState("");
  /** @param {Event} event */
  async function count(event) {
    event.preventDefault();
    if (!/^\d{1,3}$/.test(people.trim()) || Number(people) > ENTRANCE_MOST)
      return refuse(t("greeter.entrance_missing"));
    const now = await send("entrance", "/entrance", { people: Number(people) });
    if (!now) return;
    setPeople("");
    learn({ entrance: now });
  }
  return html`<form class="entry" onSubmit=${count} noValidate aria-labelledby="entrance-title">
    <h2 id="entrance-title">${t("greeter.entrance_title")}</h2>
    <label for="entrance-people">${t("greeter.entrance_people")}</label>
    <div class="entry-row"><input id="entrance-people" value=${people} maxlength="3" autocomplete="off" inputmode="numeric"
        aria-describedby="entrance-said" onInput=${({ target }) => setPeople(target.value)} />
      <button type="submit" class="button" disabled=${off || busy !== null}><${Glyph} name="check" />${t("greeter.entrance")}</button></div>
    <p id="entrance-said" role="status">${
      last
        ? t("greeter.entrance_last", { n: last.people, time: clock(last.at), times: last.counts })
        : t("greeter.entrance_why")
    }</p>
  </form>`;
}
