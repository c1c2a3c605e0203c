/** A figure over many simulations: its middle, from where to where eight in ten lie, and that drawn. */

import { html } from "/static/vendor/preact.js";
import { decimal, t } from "/static/lib/text.js";
import { minutesAtMost } from "/static/supervisor/parts/figures.js";

const NONE = "–";
const DAY_S = 86_400;
export const FIGURES = ["p50_s", "p90_s", "within", "longest_s", "last_s", "overtime_s", "not_called"];
const MORE_IS_BETTER = ["within"];

const two = (n) => String(n).padStart(2, "0");
const clockOf = (s) => `${two(Math.floor((s % DAY_S) / 3600))}:${two(Math.floor((s % 3600) / 60))}`;
/** Waits are "at most": rounded up; overtime to the nearest. */
const inMinutes = (name, s) => (name === "overtime_s" ? decimal(Math.round(s / 60)) : minutesAtMost(s));

/** A figure as it is written: minutes, per cent, a time of the day, or a count. */
export function said(name, value) {
  if (value === undefined || value === null) return NONE;
  if (name === "within") return `${decimal(Math.round(value * 100))}%`;
  if (name === "last_s") return clockOf(value);
  if (name === "not_called") return decimal(Math.round(value));
  return t("plan.minutes", { n: inMinutes(name, value) });
}

/** The same without its unit, for the ends of a range. */
function bare(name, value) {
  if (name === "within") return decimal(Math.round(value * 100));
  if (name === "last_s" || name === "not_called") return said(name, value);
  return inMinutes(name, value);
}

/** Middle, range, and a bar from end to end on the scale of the row; a line where the real day was. */
export function SpreadCell({ name, spread, real, scale, wanted = false }) {
  if (!spread) return NONE;
  const width = scale.high - scale.low || 1;
  const at = (value) => ((value - scale.low) / width) * 100;
  return html`<span class="spread ${wanted ? "is-wanted" : ""}"><strong>${said(name, spread.mid)}</strong>
    <small>${bare(name, spread.low)}–${bare(name, spread.high)}</small>
    <svg class="spread-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="spread-ground" x="0" y="4" width="100" height="2" />
      <rect class="spread-range" x=${at(spread.low)} y="1" width=${Math.max(1.5, at(spread.high) - at(spread.low))} height="8" />
      <rect class="spread-mid" x=${Math.min(98, at(spread.mid))} y="0" width="2" height="10" />
      ${real !== undefined && real !== null && html`<rect class="spread-real" x=${Math.min(99, at(real))} y="0" width="1" height="10" />`}
    </svg></span>`;
}

/** How much a figure changes, of the same people: better, worse, or about the same. */
export function Change({ name, spread }) {
  if (!spread) return NONE;
  const better = MORE_IS_BETTER.includes(name) ? 1 : -1;
  const ends = [spread.low * better, spread.high * better];
  const unit = name === "within" ? 100 : name === "not_called" ? 1 : 1 / 60;
  const seen = Math.round(spread.mid * unit) !== 0;
  const state = seen && Math.min(...ends) > 0 ? "better" : seen && Math.max(...ends) < 0 ? "worse" : "unclear";
  const signed = (value) => {
    const n = Math.round(value * unit);
    return n === 0 ? "0" : `${n > 0 ? "+" : "−"}${decimal(Math.abs(n))}`;
  };
  return html`<span class="plan-change is-${state}"><strong>${signed(spread.mid)}</strong>
    <small>${t("plan.change_range", { from: signed(spread.low), to: signed(spread.high) })}</small>
    <span class="tag ${state === "better" ? "tag--done" : state === "worse" ? "tag--alert" : ""}">${t(`plan.${state}`)}</span></span>`;
}
