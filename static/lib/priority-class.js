/** What staff call a class of priority, and its mark. Citizens see neither: a name may say why somebody has it. */

import { own } from "/static/lib/text.js";

const STAR = "star";

/** `classes` are {names, icon} by code, as the hall and the settings have them. */
export function nameOfClass(classes, code) {
  return code in classes ? own(classes[code].names) : code;
}

export function iconOfClass(classes, code) {
  return classes[code]?.icon ?? STAR;
}
