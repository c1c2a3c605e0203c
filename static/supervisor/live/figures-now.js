/** The five figures of this moment. */

import { html } from "/static/vendor/preact.js";
import { spaced, t } from "/static/lib/text.js";
import { Figure } from "/static/supervisor/parts/figure.js";
import { count, minutes, minutesAtMost, share } from "/static/supervisor/parts/figures.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

/** @param {Props<{view: Live.SupervisorCounts}>} props */
export function FiguresNow({ view, now }) {
  const { today, longest, counters, hall } = view;
  const { wait } = today;
  const target = hall.target_s / 60;
  const within = today.within[target] ?? { met: 0, of: 0 };
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
      foot=${t(paused ? "supervisor.counters_open_paused" : "supervisor.counters_open", { open, paused })} />
    <${Figure} name="within" label=${t("supervisor.within", { minutes: target })} figure=${share(within.met, within.of, 0)}
      unit=${within.of ? "%" : ""}
      foot=${
        within.of
          ? t("supervisor.of_visits", { met: count(within.met), of: count(within.of) })
          : t("supervisor.nobody_served_today")
      } />
    <${Figure} name="served" label=${t("supervisor.served_today")} figure=${count(today.served)} unit=${t("supervisor.visits_unit")}
      foot=${t("supervisor.issued", { issued: count(today.issued) })} />
  </dl>`;
}
