/** The screen of each role, and where somebody goes who has signed in. */

/** @type {Record<string, string>} */
export const HOME = { clerk: "/counter", greeter: "/greeter", supervisor: "/supervisor", inspector: "/supervisor" };

/**
 * Where to go: what `next` asks for if it is ours and open to the role, else the role's own screen.
 * @param {string} role
 * @param {?string} next
 * @returns {string}
 */
export function destination(role, next) {
  const home = HOME[role] ?? "/";
  const url = next?.startsWith("/") ? parsed(next) : null;
  // "//other.example", "/\other.example" and "/..//other.example" all leave this site, the last one when its path,
  // "//other.example", is read again.
  if (url?.origin !== location.origin || /^\/[/\\]/.test(url.pathname)) return home;
  const screen = Object.values(HOME).find((path) => url.pathname === path || url.pathname.startsWith(`${path}/`));
  // A screen of another role would only send its reader back here.
  return screen && screen !== home ? home : url.href;
}

/**
 * The address as the browser will read it. Not by `URL.canParse`, which browsers before 2023 do not have.
 * @param {string} next
 */
function parsed(next) {
  try {
    return new URL(next, location.origin);
  } catch {
    return null;
  }
}
