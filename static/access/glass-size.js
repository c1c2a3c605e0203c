/** How large this screen is, as it was measured: a copy in this browser, which a new pairing does not take away. */

const KEPT = "glass";
/** @type {?Kiosk.Measure} */
let measured = null; // for a browser that stores nothing

/** @returns {?Kiosk.Measure} */
export function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return measured;
  }
}

/** @param {Kiosk.Measure} measure */
export function keep(measure) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(measure));
  } catch {
    measured = measure; // the server has it too
  }
}
