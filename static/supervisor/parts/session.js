/** The way out: to the sign-in page, and back here afterwards. */

export function leaveForSignIn() {
  location.replace("/sign-in?next=/supervisor");
}
