/** Longer words than the room holds: what can be left out is left out, then letters become smaller. Nothing is cut. */

export const STEPS = ["", "brief", "small", "smallest"]; // of `data-fit`: the first in which everything has room

/**
 * Keeps `el` at the first step in which none of its `pieces` has more than fits into it, whatever becomes of its room.
 * @param {HTMLElement} el
 * @param {() => Iterable<Element>} pieces
 * @param {{fitted?: () => void, words?: () => Iterable<Element>}} [more]  called when the step is found; pieces whose words
 *   must not be wider than they are, however high
 */
export function fits(el, pieces, { fitted, words = () => [] } = {}) {
  const full = () => [...pieces()].some(overflows) || [...words()].some(isTooNarrow);
  function fit() {
    for (const step of STEPS) {
      el.dataset.fit = step;
      if (!full()) break;
    }
    fitted?.();
  }
  new ResizeObserver(fit).observe(el);
  return fit;
}

/** @param {Element} el */
function overflows(el) {
  return el.scrollHeight > el.clientHeight + 1 || isTooNarrow(el);
}

/** @param {Element} el */
function isTooNarrow(el) {
  return el.scrollWidth > el.clientWidth + 1;
}
