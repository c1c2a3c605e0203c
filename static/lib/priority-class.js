/** What staff call a class of priority, and its mark. Citizens see neither: a name may say why somebody has it. */

import { own } from "/static/lib/text.js";

const STAR = "star";

/**
 * What staff call the class.
 * @param {Record<string, Api.ClassView>} classes  by code, as the hall and the settings have them
 * @param {string} code
 */
export function nameOfClass(classes, code) {
  return code in classes ? own(classes[code].names) : code;
}

/** @param {Record<string, Api.ClassView>} classes @param {string} code */
export function iconOfClass(classes, code) {
  return classes[code]?.icon ?? STAR;
}
