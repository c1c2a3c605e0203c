/** How figures are drawn: median as a line with dots, nine in ten with hollow diamonds, counts as bars. */

import { colour, dots, inkFont, px } from "./plot.js";

const STROKE_AND_FILL = 3; // uPlot's flags for "clip both"
const DOT_PX = 8;
const DIAMOND_PX = 6.5;
const HATCH_PX = 8;
const FIGURE_PX = [13, 11, 9.5]; // the first that fits

function diamonds(u, series, from, to) {
  const path = new Path2D();
  for (let i = from; i <= to; i += 1) {
    const y = u.data[series][i];
    if (y == null) continue;
    const [x0, y0, r] = [u.valToPos(u.data[0][i], "x", true), u.valToPos(y, "y", true), dots(DIAMOND_PX)];
    path.moveTo(x0, y0 - r);
    for (const [dx, dy] of [
      [r, 0],
      [0, r],
      [-r, 0],
    ])
      path.lineTo(x0 + dx, y0 + dy);
    path.closePath();
  }
  return { fill: path, stroke: path, flags: STROKE_AND_FILL };
}

/** A line with a full dot at each figure. */
export function median(marked = true) {
  const stroke = colour("--chart-median");
  return { stroke, width: px(2.5), points: { show: marked, size: px(DOT_PX), stroke, fill: stroke } };
}

/** A line with a hollow diamond at each figure. */
export function nineInTen(marked = true) {
  const stroke = colour("--chart-nine-in-ten");
  const points = { show: marked, paths: diamonds, stroke, fill: colour("--surface"), width: px(2) };
  return { stroke, width: px(2.5), points };
}

/** A line of steps with the space below it filled. */
export function steps(uPlot) {
  const stroke = colour("--chart-median");
  return {
    stroke,
    width: px(2),
    fill: `color-mix(in srgb, ${colour("--chart-bar")} 45%, transparent)`,
    paths: uPlot.paths.stepped({ align: 1 }),
    points: { show: false },
  };
}

/** A line of steps, dashed. */
export function stepsAbove(uPlot) {
  const stroke = colour("--chart-nine-in-ten");
  return {
    stroke,
    width: px(2),
    dash: [px(6), px(3)],
    paths: uPlot.paths.stepped({ align: 1 }),
    points: { show: false },
  };
}

/** Bars; those over the target are hatched. */
export function bars(uPlot, over = false) {
  const paths = uPlot.paths.bars({ size: [0.74, px(56)], radius: 0.06 });
  const fill = over ? () => hatched() : colour("--chart-bar");
  return { paths, fill, stroke: over ? colour("--alert") : null, width: over ? px(1) : 0, points: { show: false } };
}

function hatched() {
  const tile = document.createElement("canvas");
  const side = (tile.width = tile.height = Math.round(dots(HATCH_PX)));
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.fillStyle = colour("--surface");
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = colour("--alert");
  pen.lineWidth = side * 0.42;
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - side / 2, side * 1.5);
    pen.lineTo(shift + side * 1.5, -side / 2);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

/** The figures over their bars, where they fit. */
export function figures(texts, series) {
  return (u) => {
    const { ctx } = u;
    const room = u.bbox.width / texts.length;
    ctx.save();
    ctx.fillStyle = colour("--ink");
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    const fits = (size) => {
      ctx.font = inkFont(size);
      return texts.every((text) => ctx.measureText(text).width < room);
    };
    if (FIGURE_PX.some(fits)) {
      texts.forEach((text, i) => {
        const value = Math.max(...series.map((each) => u.data[each][i] ?? 0));
        if (text) ctx.fillText(text, u.valToPos(i, "x", true), u.valToPos(value, "y", true) - dots(4));
      });
    }
    ctx.restore();
  };
}
