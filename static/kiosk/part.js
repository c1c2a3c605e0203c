/** The pieces every page is built of: an element, and a key to press. */

/**
 * An element with its class and its children (elements or words).
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function part(tag, className = "", ...children) {
  const el = document.createElement(tag);
  if (className) el.className = className;
  el.append(...children);
  return el;
}

/**
 * A key: a real button.
 * @param {string} press  what it asks for when the finger leaves it (press.js)
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function key(press, className, ...children) {
  const el = part("button", `key ${className}`, ...children);
  el.type = "button";
  el.dataset.press = press;
  return el;
}

/**
 * Writes only what changed, so that a figure that stays is not drawn or read out again.
 * @param {Node} el
 * @param {string} words
 */
export function write(el, words) {
  if (el.textContent !== words) el.textContent = words;
}
