/** The charts of a range of days, two in a row where there is room. */

import { html } from "/static/vendor/preact.js";
import { HeatMap } from "./heat-map.js";
import { ArrivalsByHour, WaitsByHour } from "./hour-charts.js";
import { WaitLengths } from "./lengths-chart.js";
import { QueueOverDay } from "./queue-chart.js";
import { Trend } from "./trend-chart.js";

/** @param {Props<{overview: Api.OverviewView}>} props */
export function Charts({ hours, months, overview, target }) {
  return html`<div class="charts">
    <${WaitsByHour} rows=${hours} target=${target} />
    <${ArrivalsByHour} rows=${hours} days=${overview.days} />
    <${QueueOverDay} overview=${overview} />
    <${WaitLengths} bins=${overview.waits} target=${target} />
    <${HeatMap} cells=${overview.cells} target=${target} />
    <${Trend} rows=${months} target=${target} />
  </div>`;
}
