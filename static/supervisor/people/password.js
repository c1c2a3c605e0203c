/** What a password must have. The server decides; saying it here says it sooner, beside the field. */

import { t } from "/static/lib/text.js";

const LEAST = 8; // characters

/** The sentence to show, or null when the password may be sent. */
export function shortcoming(password) {
  return [...password].length < LEAST ? t("access.password_short", { least: LEAST }) : null;
}

export function passwordRule() {
  return t("access.setup_password_hint", { least: LEAST });
}
