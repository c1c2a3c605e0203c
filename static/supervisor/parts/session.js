/** The way out: to the sign-in page, and back here afterwards. */

import { signIn } from "/static/lib/entrance.js";

export const PAGE = "/supervisor";

export function leaveForSignIn() {
  signIn(PAGE);
}
