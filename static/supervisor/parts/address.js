/** The range of days that stands in the address, so that a reload or a bookmark shows the same figures. */

import { useEffect, useState } from "/static/vendor/preact.js";

function read(hash, fallback) {
  const asked = Object.fromEntries(new URLSearchParams(hash.split("?")[1] ?? ""));
  return { ...fallback, ...asked };
}

/** `page` with these values behind it: "#statistics?from=2025-08-15&to=2025-09-14". */
export function address(page, values) {
  return `#${page}?${new URLSearchParams(values)}`;
}

/** What the address of this page says, and a way to say something else; `fallback` is what it means without. */
export function useAddress(page, fallback) {
  const [asked, setAsked] = useState(() => read(location.hash, fallback));
  useEffect(() => {
    const follow = () => location.hash.slice(1).split("?")[0] === page && setAsked(read(location.hash, fallback));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, Object.values(fallback));
  return [asked, (values) => (location.hash = address(page, { ...asked, ...values }))];
}
