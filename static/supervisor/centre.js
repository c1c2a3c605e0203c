/** What the server sends this screen about the centre, kept current. */

import { useEffect, useRef, useState } from "/static/vendor/preact.js";
import { connect } from "/static/lib/live.js";
import { leaveForSignIn } from "/static/supervisor/parts/session.js";

// Times in a state are shown in whole minutes; two seconds late is not seen.
const TICK_MS = 2000;

/** @returns {Screen.Centre} */
export function useCentre() {
  const [view, setView] = useState(/** @type {?Live.SupervisorCounts} */ (null));
  const [lost, setLost] = useState(/** @type {?Date} */ (null));
  const [now, setNow] = useState(/** @type {?Date} */ (null));
  const link = useRef(null);

  useEffect(() => {
    const show = (/** @type {Live.SupervisorCounts} */ message) => {
      setView(message);
      setNow(link.current.serverNow());
    };
    link.current = connect("/supervisor", {
      onSnapshot: show,
      // Counts carry the whole view, so they replace the snapshot.
      onCounts: show,
      onLost: (since) => setLost(since),
      onBack: () => setLost(null),
      onStop: leaveForSignIn,
    });
    const tick = setInterval(() => setNow(link.current.serverNow()), TICK_MS);
    return () => {
      clearInterval(tick);
      link.current.close();
    };
  }, []);

  return { view, lost, now: now ?? new Date() };
}
