/** The ground every chart stands on: places along the foot, a scale of round steps from nought, and the target. */

import { colour, dots, font, px } from "./plot.js";

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 500, 1000, 2000, 5000];
const LINES = 4;
const LABEL_GAP_PX = 10;
const LETTER_PX = 7.5;
const SIDE_PX = 18;

/** The step that divides the scale into at most so many parts, and its end. */
export function scaleOf(most) {
  const step = STEPS.find((each) => each * LINES >= most) ?? Math.ceil(most / LINES / 1000) * 1000;
  return { step, end: Math.max(1, Math.ceil(most / step)) * step };
}

/** How many places share one label, so that no two of them touch. */
function every(names, width, side) {
  const longest = Math.max(...names.map((name) => name.length)) * LETTER_PX + LABEL_GAP_PX;
  return Math.max(1, Math.ceil((names.length * longest) / (width - side)));
}

/**
 * The part of uPlot's options that all charts share.
 * @param {{names: string[], most: number, width: number, at?: number[], places?: number}} of  `names` of the places
 *   along the foot, "" leaves one unnamed; `most` is the greatest figure, `width` in pixels; `at` is where the names
 *   stand, if not below the middle of their places
 */
export function ground({ names, most, width, at = names.map((_, i) => i), places = names.length }) {
  const { step, end } = scaleOf(most);
  const named = at.filter((_, i) => names[i] !== "");
  const words = names.filter((name) => name !== "");
  const written = (y) => y.toLocaleString(document.documentElement.lang);
  const side = SIDE_PX + written(end).length * LETTER_PX;
  const nth = every(words, width, side);
  const splits = [];
  for (let y = 0; y <= end; y += step) splits.push(y);
  const label = { font: font(13), stroke: colour("--ink-2"), ticks: { show: false } };
  return {
    cursor: { show: false },
    legend: { show: false },
    padding: [px(14), px(6), 0, 0],
    scales: { x: { time: false, range: () => [-0.5, places - 0.5] }, y: { range: () => [0, end] } },
    axes: [
      {
        ...label,
        grid: { show: false },
        gap: px(8),
        size: px(30),
        splits: () => named.filter((_, i) => i % nth === 0),
        values: (_, shown) => shown.map((x) => words[named.indexOf(x)]),
      },
      {
        ...label,
        grid: { stroke: colour("--line"), width: px(1) },
        gap: px(8),
        size: px(side),
        splits: () => splits,
        values: (_, shown) => shown.map(written),
      },
    ],
  };
}

/**
 * A dashed line in ink, across at the height y or down at the place x.
 * @param {{x?: number, y?: number}} at
 */
export function dashed({ x, y }) {
  return (u) => {
    const { left, top, width, height } = u.bbox;
    const { ctx } = u;
    ctx.save();
    ctx.beginPath();
    ctx.setLineDash([dots(5), dots(4)]);
    ctx.lineWidth = dots(1.5);
    ctx.strokeStyle = colour("--ink");
    const across = y !== undefined;
    const at = across ? u.valToPos(y, "y", true) : u.valToPos(x, "x", true);
    ctx.moveTo(across ? left : at, across ? at : top);
    ctx.lineTo(across ? left + width : at, across ? at : top + height);
    ctx.stroke();
    ctx.restore();
  };
}
