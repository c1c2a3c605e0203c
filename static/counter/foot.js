/** The line at the foot: the connection, whether the wall has shown the call, today's figures, the keys. */

import { clock, minutes, spaced, t } from "/static/lib/text.js";
import { html } from "/static/vendor/preact.js";
import { Glyph } from "/static/lib/glyph.js";
import { Reprint } from "./printer-out.js";
import { seconds, serviceName } from "./words.js";

const WALL_LATE_S = 3; // a wall draws within half a second; after this the clerk should check it

export function Foot({ store, now, onKeys }) {
  const { counter, view, lost_since: lost, kept } = store;
  return html`<footer class="foot">
    <p class="foot-services">${counter.services.map((code) => serviceName(code, view.services)).join(" · ")}</p>
    ${
      lost
        ? html`<p class="is-lost"><${Glyph} name="plug-connected-x" />${t("counter.lost_since", { time: clock(lost) })}</p>`
        : html`<p><${Glyph} name="plug-connected" />${t("counter.connected")}</p>`
    }
    ${kept && html`<p><${Glyph} name="clock-pause" />${t("counter.kept_count", { count: 1 })}</p>`}
    ${!lost && html`<${Wall} store=${store} now=${now} />`}
    ${
      !lost &&
      store.view.spoken?.sound === "off" &&
      html`<p class="is-warning"><${Glyph} name="volume" />${t("counter.speaker_off")}</p>`
    }
    <span class="foot-gap"></span>
    ${
      !lost &&
      html`
      <p>${t("counter.today")} <b>${t("counter.served", { count: view.today.served })}</b></p>
      <p>${t("counter.median")} <b>${
        view.today.median_service_s === null ? "–" : minutes(view.today.median_service_s)
      }</b></p>`
    }
    <${Reprint} store=${store} />
    ${view.hall.appointments && html`<a class="foot-keys" href="/appointments" target="_blank" rel="noopener">${t("counter.appointments")}</a>`}
    <button type="button" class="foot-keys" onClick=${onKeys}>${t("counter.keys")} <kbd class="key">?</kbd></button>
  </footer>`;
}

/** Did a wall draw the call? The clerk should not have to turn round to know. */
// eslint-disable-next-line complexity -- each condition shows or leaves out one part of the page
function Wall({ store, now }) {
  const { ticket, view } = store;
  const { seen, walls, spoken } = view;
  if (!walls) return html`<p class="is-warning"><${Glyph} name="device-tv" />${t("counter.wall_none")}</p>`;
  if (!ticket && !seen) return html`<p><${Glyph} name="device-tv" />${t("counter.wall_ready")}</p>`;
  const shown = seen?.walls > 0 && (!ticket || seen.seq >= ticket.called_seq);
  if (shown) {
    const said = ticket && spoken?.seq >= ticket.called_seq;
    const unsaid = ticket && spoken?.unsaid?.seq >= ticket.called_seq;
    return html`<p><${Glyph} name="device-tv" />${
      ticket ? t("counter.wall_shown", { number: spaced(ticket.number) }) : t("counter.wall_shown_last")
    }${said ? ` · ${t("counter.wall_said")}` : unsaid && ` · ${t("counter.wall_unsaid")}`}</p>`;
  }
  const late = !ticket || seconds(ticket.called_at, now) > WALL_LATE_S;
  return html`<p class=${late ? "is-warning" : ""}><${Glyph} name="hourglass-empty" />${t("counter.wall_not_shown")}</p>`;
}
