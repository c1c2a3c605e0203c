/** The screen of each role: where somebody goes who has signed in. */

/** @type {Record<string, string>} */
export const HOME = { clerk: "/counter", greeter: "/greeter", supervisor: "/supervisor", inspector: "/supervisor" };
