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
