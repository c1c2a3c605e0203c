/** Icons from the one sprite; drawn in the colour of the text around them. */

const SPRITE = "/static/vendor/icons.svg";
const SVG = "http://www.w3.org/2000/svg";
const RETRY_MS = 2000;
const THIN_FROM_PX = 90; // larger drawings look heavy with the usual stroke

/**
 * Address of one icon, for `<use href>`: a drawing in this page.
 * @param {string} name
 */
export function iconHref(name) {
  return `#icon-${name}`;
}

// A sprite in another file is asked for again with each new icon, so that just the sign of a lost
// server would be missing. In the page it is there for good; icons drawn earlier appear with it.
async function place() {
  for (;;) {
    try {
      const answer = await fetch(SPRITE);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
      for (const symbol of sprite.querySelectorAll("symbol")) symbol.id = `icon-${symbol.id}`;
      sprite.style.display = "none";
      sprite.setAttribute("aria-hidden", "true");
      document.body.append(sprite);
      return;
    } catch {
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}

place();

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
