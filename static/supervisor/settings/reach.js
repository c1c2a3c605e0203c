/** From how far away a television is read, and a warning while the hall is longer. */

import { html } from "/static/vendor/preact.js";
import { inchesFor, readFrom } from "/static/lib/legible.js";
import { decimal, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";

/** 8.5 as "8,5", 8 as "8". @param {number} metres */
export const metresOf = (metres) => decimal(metres, Number.isInteger(metres) ? 0 : 1);

/**
 * Why a television is too small for the farthest seat, in words; null while it is not.
 * @param {number} metres
 * @param {number} diagonal  in inches
 */
export function tooSmall(metres, diagonal) {
  const needed = { lying: inchesFor(metres, "lying"), upright: inchesFor(metres, "upright") };
  if (diagonal >= needed.upright) return null;
  const key = diagonal < needed.lying ? "wall_too_small" : "wall_too_small_upright";
  return t(`settings.${key}`, { metres: metresOf(metres), ...needed });
}

/** @param {Props<{metres: number, diagonal: number}>} props */
export function Reach({ metres, diagonal }) {
  if (!metres || !diagonal) return null;
  const small = tooSmall(metres, diagonal);
  const reads = { lying: metresOf(readFrom(diagonal, "lying")), upright: metresOf(readFrom(diagonal, "upright")) };
  return html`<div class="wall-reach" role="status">
    <p class="hint">${t("settings.wall_reads", { inches: diagonal, ...reads })}</p>
    ${small && html`<p class="notice"><${Glyph} name="alert-triangle" /><span>${small}</span></p>`}</div>`;
}
