/** The waits of the months up to the range, whatever its length, so that a trend is seen. */

import { html, useMemo } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { ChartCard } from "./chart-card.js";
import { count, exact } from "/static/supervisor/parts/figures.js";
import { month } from "/static/supervisor/parts/group-names.js";
import { HEIGHT_PX, waitMarks, waits } from "./hour-charts.js";
import { Plot } from "./plot.js";

function monthsOf(rows) {
  const found = new Map(rows.map((row) => [row.key, row]));
  const keys = [];
  const last = rows[rows.length - 1].key;
  for (let key = rows[0].key; key <= last; key = next(key)) keys.push(key);
  return keys.map((key) => [key, found.get(key)]);
}

function next(key) {
  const [year, number] = key.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

// "09/25": short, so that twelve of them stand side by side.
const short = (key) => `${key.slice(5)}/${key.slice(2, 4)}`;

export function Trend({ rows, target }) {
  const chart = useMemo(() => {
    if (rows.length === 0) return null;
    const months = monthsOf(rows);
    return waits(
      months.map(([key]) => short(key)),
      months.map(([, row]) => row),
      target,
    );
  }, [rows, target]);
  const title = t("charts.trend");
  const table = {
    heads: [t("charts.month_head"), t("charts.issued"), t("charts.median_exact"), t("charts.nine_in_ten_exact")],
    rows: rows.map((row) => [
      row.key,
      month(row.key),
      count(row.issued),
      exact(row.wait.median_s),
      exact(row.wait.p90_s),
    ]),
  };
  const about = rows.length
    ? t("charts.trend_about", { from: month(rows[0].key), to: month(rows[rows.length - 1].key) })
    : t("charts.trend_none");
  return html`<${ChartCard} name="trend" title=${title} about=${about} marks=${waitMarks(target)} table=${table}>
    <${Plot} chart=${chart} label=${t("charts.drawing", { title })} height=${HEIGHT_PX} /><//>`;
}
