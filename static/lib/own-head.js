/** The centre's own colour and logo, in the heads of its screens. */

/**
 * The colour of the heads; without one of its own that of the program. A screen in strong contrast keeps black.
 * @param {?string | undefined} colour
 */
export function drawColour(colour) {
  const { style } = document.documentElement;
  if (colour) style.setProperty("--own-header", colour);
  else style.removeProperty("--own-header");
}

/** Where the logo stands; nothing is there until it has come, nor if it cannot be drawn. */
export function logoPlace() {
  const image = new Image();
  image.className = "own-logo";
  image.alt = ""; // the centre's name stands beside it
  image.hidden = true;
  image.onload = () => (image.hidden = false);
  return image;
}

/**
 * Show this logo; null: none.
 * @param {HTMLImageElement} image
 * @param {?string | undefined} logo
 */
export function showLogo(image, logo) {
  const path = logo ? `/logo/${logo}` : "";
  if ((image.getAttribute("src") ?? "") === path) return;
  image.hidden = true;
  if (path) image.src = path;
  else image.removeAttribute("src");
}

/**
 * Both, for a page that has them in one place.
 * @param {HTMLImageElement} image
 * @param {?Pick<Api.HallView, "colour" | "logo">} hall
 */
export function drawOwn(image, hall) {
  drawColour(hall?.colour);
  showLogo(image, hall?.logo);
}
