/** How the pages of the staff begin: who is signed in, and the wait for a server that is still on its way. */

import { Refusal, get } from "/static/lib/api.js";

const RETRY_MS = 2000;

/** Who is signed in in this browser; null: nobody. */
export async function signedIn() {
  try {
    return await get("/me");
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/**
 * To the sign-in page, and back to this one afterwards.
 * @param {string} page  such as "/greeter"
 */
export function signIn(page) {
  location.replace(`/sign-in?next=${page}`);
}

/**
 * `work` is done as often as it takes: the machines of a centre start in any order, and the server may go away
 * while a page is loading.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whenReachable(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      console.error("start", error);
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}
