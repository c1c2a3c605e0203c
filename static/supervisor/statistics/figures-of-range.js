/** The five figures of a range of days. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Figure } from "/static/supervisor/parts/figure.js";
import { count, minutes, minutesAtMost, share } from "/static/supervisor/parts/figures.js";

/** @param {Props<{total: Api.FiguresView}>} props */
export function FiguresOfRange({ total, target }) {
  const { wait, service } = total;
  const within = total.within[target] ?? { met: 0, of: 0 };
  const nobody = t("supervisor.nobody_served");
  const unit = (times) => (times.n ? t("supervisor.minute_unit") : "");
  return html`<dl class="figures">
    <${Figure} name="wait-median" label=${t("supervisor.wait_median")} figure=${minutes(wait.median_s)} unit=${unit(wait)}
      foot=${wait.n ? t("supervisor.mean_of", { minutes: minutes(wait.mean_s) }) : nobody} />
    <${Figure} name="wait-p90" label=${t("supervisor.wait_p90")} figure=${minutesAtMost(wait.p90_s)} unit=${unit(wait)}
      foot=${wait.n ? t("supervisor.longest", { minutes: minutesAtMost(wait.max_s) }) : nobody} />
    <${Figure} name="within" label=${t("supervisor.within", { minutes: target })} figure=${share(within.met, within.of)}
      unit=${within.of ? "%" : ""}
      foot=${within.of ? t("supervisor.of_visits", { met: count(within.met), of: count(within.of) }) : nobody} />
    <${Figure} name="service-median" label=${t("supervisor.service_median")} figure=${minutes(service.median_s)} unit=${unit(service)}
      foot=${service.n ? t("supervisor.nine_of_ten_visits", { minutes: minutesAtMost(service.p90_s) }) : nobody} />
    <${Figure} name="served" label=${t("supervisor.served")} figure=${count(total.served)} unit=${t("supervisor.visits_unit")}
      foot=${t("supervisor.issued", { issued: count(total.issued) })} />
  </dl>`;
}
