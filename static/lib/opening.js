/** When numbers are given again, for the kiosk and for the wall of a hall that gives none now. */

/** @typedef {Api.ServiceView & {opens_at: string}} Opening */

/**
 * The service that opens first, when none is open now; else undefined.
 * @param {Api.ServiceView[]} services
 */
export function firstToOpen(services) {
  if (!services.length || services.some(({ open }) => open)) return undefined;
  const known = /** @type {Opening[]} */ (services.filter(({ opens_at }) => opens_at));
  return known.sort((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at))[0];
}
