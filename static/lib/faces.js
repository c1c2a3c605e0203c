/**
 * The ratings, each with its face, and the reasons; not among the choices, which every phone loads. Each face has another
 * mouth, eyes and brows, so that no colour is needed to see which is which.
 */

/** As `queueing/catalogue.py` names them; a test compares both. */
export const RATING_REASONS = ["waited_long", "unclear", "came_again", "attitude", "facilities"];

const SVG = "http://www.w3.org/2000/svg";
const HEAD = "M24 3a21 21 0 1 0 0 42a21 21 0 1 0 0-42z";
const EYES = "M16.5 18v2.5M31.5 18v2.5";
/** @type {Record<string, {lines: string, filled?: string}>} */
const DRAWN = {
  very_satisfied: {
    lines: "M12.5 20.5c1.5-4 6-4 7.5 0M28 20.5c1.5-4 6-4 7.5 0",
    filled: "M12.5 26.5h23a11.5 11.5 0 0 1-23 0z",
  },
  satisfied: { lines: `${EYES}M15 29c4 6.5 14 6.5 18 0` },
  neutral: { lines: `${EYES}M15.5 31.5h17` },
  dissatisfied: { lines: `M16.5 20v2.5M31.5 20v2.5M11.5 16.5l7.5-4M36.5 16.5l-7.5-4M15.5 35c3.5-7 13.5-7 17 0` },
};

/** The best first. */
export const RATINGS = Object.keys(DRAWN);

/** The ratings after which it is asked why. */
export const ASKED_WHY = RATINGS.slice(2);

/**
 * The drawing of a face; the word beside it carries the meaning.
 * @param {string} rating  one of RATINGS
 */
export function face(rating) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `face face-${rating}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 48 48");
  const { lines, filled } = DRAWN[rating];
  svg.append(path(HEAD, "face-head"), path(lines, "face-lines"), ...(filled ? [path(filled, "face-filled")] : []));
  return svg;
}

/** @param {string} d @param {string} name */
function path(d, name) {
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", d);
  drawn.setAttribute("class", name);
  return drawn;
}
