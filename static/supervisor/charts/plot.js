/** A drawing by uPlot that follows its place in width. The library is fetched when the first one is shown. */

import { html, useEffect, useRef } from "/static/vendor/preact.js";

// Drawn with two dots for each pixel and shown at half the size, so that it stays sharp on paper.
const FINE = Math.max(1, 2 / devicePixelRatio);
const FONT = '500 13px "Be Vietnam Pro"';
const DIGITS = '500 13px "Figures"';

/** @type {?Promise<typeof import("/static/vendor/uplot.js")>} */
let library = null;

const FAMILIES = '"Figures", "Be Vietnam Pro", sans-serif';

/** A size as the options of uPlot take it, from pixels of the page. */
export const px = (n) => n * FINE;

/** A size as the canvas takes it, from pixels of the page. */
export const dots = (n) => px(n) * devicePixelRatio;

/** The font of the labels, as the options take it. */
export const font = (size) => `500 ${px(size)}px ${FAMILIES}`;

/** The font of what is written on the canvas. */
export const inkFont = (size) => `700 ${dots(size)}px ${FAMILIES}`;

/** A colour of the page, by its meaning. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function fetched() {
  const loading = (library ??= Promise.all([
    import("/static/vendor/uplot.js"),
    // What is written before the letters are there stays in others.
    document.fonts.load(FONT, "\u1ea7"),
    document.fonts.load(DIGITS, "0"),
  ]).then(([module]) => module.default));
  loading.catch(() => (library = null)); // the next one asks again
  return loading;
}

/**
 * Another `chart` is drawn again; `label` is what a screen reader says instead of it; `height` is in pixels.
 * @param {{chart: {options: function, data: any}, label: string, height: number}} props
 */
export function Plot({ chart, label, height }) {
  const place = useRef(null);

  useEffect(() => {
    /** @type {?import("/static/vendor/uplot.js")} */
    let drawn = null;
    let gone = false;
    let width = 0;
    const draw = (uPlot) => {
      if (gone || !width) return;
      drawn?.destroy();
      drawn = new uPlot(
        { ...chart.options(uPlot, width), width: px(width), height: px(height) },
        chart.data,
        place.current,
      );
    };
    const watch = new ResizeObserver(([{ contentRect }]) => {
      const found = Math.floor(contentRect.width);
      if (found === width) return;
      width = found;
      fetched().then(draw, (error) => console.error("chart", error));
    });
    watch.observe(place.current);
    return () => {
      gone = true;
      watch.disconnect();
      drawn?.destroy();
    };
  }, [chart, height]);

  return html`<div class="plot" role="img" aria-label=${label} ref=${place} style=${{ height: `${height}px` }}></div>`;
}
