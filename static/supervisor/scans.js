/** What a scanner reads here: the number of our own ticket is sought in the log; of anything else it is said why not. */

import { html, useEffect, useState } from "/static/vendor/preact.js";
import { readTickets } from "/static/lib/page-scans.js";

const SHOWN_MS = 8000;

export function Scans() {
  const [words, setWords] = useState(/** @type {?string} */ (null));
  useEffect(
    () =>
      readTickets({
        found: ({ number }) => {
          setWords(null);
          location.hash = `log?number=${encodeURIComponent(number)}`;
        },
        refused: setWords,
      }),
    [],
  );
  useEffect(() => {
    if (words === null) return undefined;
    const over = setTimeout(() => setWords(null), SHOWN_MS);
    return () => clearTimeout(over);
  }, [words]);
  return html`<p class="scan-words" role="status">${words}</p>`;
}
