/** Icons from the one sprite; drawn in the colour of the text around them. */

const SPRITE = "/static/vendor/icons.svg";
const SVG = "http://www.w3.org/2000/svg";
const THIN_FROM_PX = 90; // larger drawings look heavy with the usual stroke

/** Address of one icon, for `<use href>`. */
export function iconHref(name) {
  return `${SPRITE}#${name}`;
}

/**
 * A decorative `<svg class="icon">`: the word beside it carries the meaning.
 * @param {string} name  such as "rubber-stamp"
 * @param {{size?: number}} options  side in CSS pixels; without it base.css decides (1.5 em)
 */
export function icon(name, { size } = {}) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 24 24");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", iconHref(name));
  svg.append(use);
  if (size !== undefined) {
    svg.style.width = svg.style.height = `${size}px`;
    if (size > THIN_FROM_PX) svg.style.setProperty("--icon-stroke", "1.8");
  }
  return svg;
}
