/** Each counter with its number, its state and the time in that state. */

import { html } from "/static/vendor/preact.js";
import { clock, spaced, spoken, t } from "/static/lib/text.js";
import { count, spent } from "/static/supervisor/parts/figures.js";
import { StateTag } from "./state-tag.js";

/** @param {Props<{counter: Api.WatchedCounterView}>} props */
function Row({ counter, letters, now }) {
  const { ticket, state } = counter;
  const seconds = counter.since ? Math.max(0, (now - Date.parse(counter.since)) / 1000) : null;
  return html`<tr data-counter=${counter.counter} data-state=${state}>
    <th scope="row"><span class="plate plate--${state}" title=${counter.name}>${counter.counter}</span>
      <span class="letters">${letters}</span></th>
    <td class="number">${ticket ? html`<span aria-label=${spoken(ticket.number)}>${spaced(ticket.number)}</span>` : "–"}</td>
    <td> <${StateTag} state=${state} />
      ${counter.reason && html`<span class="reason">${t(`supervisor.pause_${counter.reason}`)}</span>`}
      ${counter.held.length > 0 && html`<span class="reason">${t("supervisor.held", { numbers: counter.held.map(spaced).join(", ") })}</span>`}</td>
    <td class="time">${seconds == null ? "–" : spent(seconds)}</td>
  </tr>`;
}

/** Who was called out of turn, by whom and why: the newest first. */
function ByHand({ calls, all }) {
  return html`<div class="by-hand"><b>${t("supervisor.by_hand", { count: count(all) })}</b>
    <ul>${calls.map(
      ({ at, number, counter, why, clerk_name }) => html`<li key=${at}><span class="number">${spaced(number)}</span>
        ${t(`supervisor.why_${why}`)} <small>${clock(new Date(at))} · ${t("supervisor.counter")} ${counter}${clerk_name && ` · ${clerk_name}`}</small></li>`,
    )}</ul></div>`;
}

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function CountersNow({ view, now }) {
  const letters = ({ services }) =>
    view.services.filter((service) => services.includes(service.code)).map((service) => service.prefix);
  const { priority, no_shows, cancelled, by_hand } = view.today;
  return html`<section class="card counters-now" aria-labelledby="counters-now">
    <h2 id="counters-now" class="card-title narrow-title">${t("supervisor.counters")}</h2>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="counters-now"><table>
      <thead><tr>
        <th scope="col">${t("supervisor.counter")}</th><th scope="col">${t("supervisor.number")}</th>
        <th scope="col">${t("supervisor.state")}</th><th scope="col" class="time">${t("supervisor.time")}</th>
      </tr></thead>
      <tbody>${view.counters.map(
        (counter) => html`<${Row} key=${counter.counter} counter=${counter} now=${now}
        letters=${letters(counter).join(", ")} />`,
      )}</tbody>
    </table></div>
    <p class="card-foot"><b>${t("supervisor.today")}</b> ${t("supervisor.today_counts", {
      priority: count(priority),
      no_shows: count(no_shows),
      cancelled: count(cancelled),
    })}</p>
    ${view.by_hand.length > 0 && html`<${ByHand} calls=${view.by_hand} all=${by_hand} />`}
  </section>`;
}
