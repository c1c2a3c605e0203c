/** What the page knows: the services, who calls for help, and whether the server is there. */

import { connect } from "/static/lib/live.js";
import { useEffect, useRef, useState } from "/static/vendor/preact.js";
import { chime } from "./chime.js";

const ANEW = ["day.opened", "setting.changed", "policy.changed"];

/** @param {(ref: ?number) => void} onUnprinted  called for a ticket whose paper did not come out */
export function useHall(onUnprinted) {
  const [known, setKnown] = useState(/** @type {?Live.GreeterSnapshot} */ (null));
  const [lost, setLost] = useState(/** @type {?Date} */ (null));
  const unprinted = useRef(onUnprinted);
  unprinted.current = onUnprinted;

  useEffect(() => {
    /** @type {string | undefined | null} */
    let subject = null; // who we are: our own call for help rings elsewhere
    const learn = (/** @type {Partial<Live.GreeterSnapshot>} */ news) => {
      subject ??= news.subject;
      setKnown((before) => /** @type {Live.GreeterSnapshot} */ ({ ...before, ...news }));
    };
    const live = connect("/greeter", {
      onSnapshot: learn,
      onCounts: learn,
      onEvents: (events) => {
        if (events.some(({ kind }) => ANEW.includes(kind))) live.resync();
        for (const event of events) hear(event);
      },
      onLost: setLost,
      onBack: () => setLost(null),
      onStop: () => location.reload(), // signed out, or older than the server
    });
    /** @param {Live.GreeterEvent} event */
    function hear({ kind, ref, seq, at, by, name, asked }) {
      if (kind === "print.failed") unprinted.current(ref);
      if (kind === "help.given")
        setKnown((before) => before && { ...before, helps: before.helps.filter((call) => call.asked !== asked) });
      if (kind !== "help.asked") return;
      setKnown(
        (before) =>
          before && { ...before, helps: [...before.helps, { asked: seq, at, by: by ?? "", name: name ?? null }] },
      );
      if (by !== subject) chime();
    }
    return () => live.close();
  }, []);
  const learn = (/** @type {Partial<Live.GreeterSnapshot>} */ part) =>
    setKnown((before) => before && { ...before, ...part });
  return { known, lost, learn };
}
