/** What the page knows: the services, who calls for help, and whether the server is there. */

import { connect } from "/static/lib/live.js";
import { useEffect, useRef, useState } from "/static/vendor/preact.js";
import { chime } from "./chime.js";

const ANEW = ["day.opened", "setting.changed", "policy.changed"];

/** `onUnprinted(ref)` is told of a ticket whose paper did not come out. */
export function useHall(onUnprinted) {
  const [known, setKnown] = useState(null); // {hall, subject, services, helps, helped, restored}
  const [lost, setLost] = useState(null);
  const told = useRef(onUnprinted);
  told.current = onUnprinted;

  useEffect(() => {
    let subject = null; // who we are: our own call for help rings elsewhere
    const learn = (told) => {
      subject ??= told.subject;
      setKnown((before) => ({ ...before, ...told }));
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
    function hear({ kind, ref, seq, at, by, name, asked }) {
      if (kind === "print.failed") told.current(ref);
      if (kind === "help.given")
        setKnown((before) => ({ ...before, helps: before.helps.filter((call) => call.asked !== asked) }));
      if (kind !== "help.asked") return;
      setKnown((before) => ({ ...before, helps: [...before.helps, { asked: seq, at, by, name }] }));
      if (by !== subject) chime();
    }
    return () => live.close();
  }, []);
  return { ...known, ready: known !== null, lost, learn: (part) => setKnown((before) => ({ ...before, ...part })) };
}
