/** Parts of a page that its HTML promises. */

/**
 * The element with this id. A page without it is broken, and says so at once.
 * @param {string} id
 * @returns {any} what it is, its HTML says
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/**
 * Gives this part the focus and brings the whole of it into view: a browser left alone shows no more than its edge.
 * @param {HTMLElement} el
 */
export function focusInView(el) {
  el.focus({ preventScroll: true });
  el.scrollIntoView({ block: "nearest" });
}

/**
 * Call `leave` when somebody presses Escape in the part with this id.
 * @param {string} id
 * @param {() => void} leave
 */
export function onEscape(id, leave) {
  byId(id).addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && leave());
}
