/** The five figures of this moment. */

import { html } from "/static/vendor/preact.js";
import { clock, spaced, t } from "/static/lib/text.js";
import { Figure } from "/static/supervisor/parts/figure.js";
import { count, minutes, minutesAtMost, share } from "/static/supervisor/parts/figures.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function FiguresNow({ view, now }) {
  const { today, longest, counters, hall, entrance } = view;
  const { wait } = today;
  const target = hall.target_s / 60;
  // The wait goes on between two messages.
  const since = Math.max(0, (now - Date.parse(view.at)) / 1000);
  const paused = counters.filter((counter) => counter.state === "paused").length;
  const open = counters.filter((counter) => !["closed", "paused"].includes(counter.state)).length;
  const unit = t("supervisor.minute_unit");
  const service = longest && view.services.find((one) => one.code === longest.service);
  return html`<dl class="figures">
    <${Figure} name="median" label=${t("supervisor.median_wait")} figure=${minutes(wait.median_s)} unit=${wait.n ? unit : ""}
      foot=${
        wait.n
          ? html`${t("supervisor.nine_of_ten")} <b>≤ ${minutesAtMost(wait.p90_s)} ${unit}</b>`
          : t("supervisor.nobody_served_today")
      } />
    <${Figure} name="longest" label=${t("supervisor.longest_wait")} figure=${minutes(longest && longest.wait_s + since)}
      unit=${longest ? unit : ""}
      foot=${
        longest
          ? html`<b>${spaced(longest.number)}</b> · ${service ? nameOf(service) : longest.service}`
          : t("supervisor.nobody_waits")
      } />
    <${Figure} name="waiting" label=${t("supervisor.waiting")} figure=${count(view.waiting)} unit=${t("supervisor.people_unit")}
      foot=${html`${t(paused ? "supervisor.counters_open_paused" : "supervisor.counters_open", { open, paused })}
        ${entrance && html`<br />${t("supervisor.entrance_now", { n: entrance.people, time: clock(entrance.at) })}`}`} />
    <${Within} view=${view} target=${target} />
    <${Figure} name="served" label=${t("supervisor.served_today")} figure=${count(today.served)} unit=${t("supervisor.visits_unit")}
      foot=${t("supervisor.issued", { issued: count(today.issued) })} />
  </dl>`;
}

/**
 * How many were called in time. Who waits beyond the target already counts too: they cannot be within it any more.
 * @param {Props<{view: Live.SupervisorCounts}>} props
 */
function Within({ view, target }) {
  const { met, of: called } = view.today.within[target] ?? { met: 0, of: 0 };
  const over = view.waiting_over;
  const of = called + over;
  const said = { met: count(met), of: count(of), n: count(over) };
  return html`<${Figure} name="within" label=${t("supervisor.within", { minutes: target })} figure=${share(met, of, 0)}
    unit=${of ? "%" : ""} foot=${
      of ? t(over ? "supervisor.of_visits_over" : "supervisor.of_visits", said) : t("supervisor.nobody_served_today")
    } />`;
}
