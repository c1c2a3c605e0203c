/** Each service: who waits, and how long the last to come will wait. */

import { html } from "/static/vendor/preact.js";
import { because, range, t } from "/static/lib/text.js";
import { count, spent } from "/static/supervisor/parts/figures.js";
import { Glyph } from "/static/lib/glyph.js";
import { ServiceName } from "/static/supervisor/parts/service-name.js";
import { WaitBar } from "./wait-bar.js";

// The target stands at three eighths of the bar: there is room for twice the target and more.
const BAR_OF_TARGETS = 8 / 3;

/** How long the first in line has waited, once that is 15 minutes; icon and word show the level. */
function Longest({ service: { longest_wait_s, level } }) {
  return html`<span class="level level--${level}"><${Glyph} name=${level === "warn" ? "alert-triangle" : "alert-octagon"} />
    <span class="visually-hidden">${t(`supervisor.level_${level}`)}: </span>${spent(longest_wait_s)}</span>`;
}

/** @param {Props<{service: Api.WatchedServiceView}>} props */
function Row({ service, scale_s }) {
  const { forecast, longer, target_s } = service;
  const over = forecast && forecast.p80_s > target_s;
  return html`<tr data-service=${service.code}>
    <th scope="row"><${ServiceName} service=${service} /></th>
    <td class="waiting">${count(service.waiting)}${service.level && html`<${Longest} service=${service} />`}</td>
    <td class="expected"><div>
      <${WaitBar} forecast=${forecast} target_s=${target_s} scale_s=${scale_s} />
      <span class="expected-text">${range(forecast, undefined, service.counters_open)}</span>
      ${
        over &&
        html`<span class="over"><${Glyph} name="alert-triangle" /><span class="visually-hidden">${t(
          "supervisor.over_target",
          { minutes: target_s / 60 },
        )}</span></span>`
      }
      ${longer && html`<small class="longer">${because(longer)}</small>`}
    </div></td>
    <td class="at">${service.counters.join(", ")}</td>
  </tr>`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function ServicesNow({ view }) {
  const services = [...view.services].sort((a, b) => a.position - b.position);
  const longest = Math.max(...services.map((service) => service.forecast?.p80_s ?? 0));
  const scale_s = Math.max(view.hall.target_s * BAR_OF_TARGETS, longest);
  return html`<section class="card services-now" aria-labelledby="services-now">
    <h2 id="services-now" class="card-title narrow-title">${t("supervisor.services")}</h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="services-now"><table>
      <thead><tr>
        <th scope="col">${t("supervisor.service")}</th><th scope="col" class="waiting">${t("supervisor.waiting")}</th>
        <th scope="col">${t("supervisor.last_to_come")}</th><th scope="col" class="at">${t("supervisor.counter")}</th>
      </tr></thead>
      <tbody>${services.map((service) => html`<${Row} key=${service.code} service=${service} scale_s=${scale_s} />`)}</tbody>
    </table></div>
    <p class="card-foot legend"><span class="bar-mark" aria-hidden="true"></span>${t("supervisor.bar_legend", {
      minutes: view.hall.target_s / 60,
    })} ${t("common.wait_from")}</p>
  </section>`;
}
