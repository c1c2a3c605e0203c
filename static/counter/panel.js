/** What stands over the console: one question, or the list of keys. */

import { useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";
import { returnToMain } from "./keyboard.js";
import { questionOf } from "./questions.js";
import { ABOUT_PERSON, ASKS, OF_NUMBER } from "./steps.js";

const KEYS = "keys";
const ASTRAY_MS = 1000; // what was meant for a question may still come this long after it or after the key before

/**
 * {name, question, number, open(name, number), write(number), shut(), astray()}. A question keeps the options it was asked
 * with, so that a digit means what stood there, or tells of the `number` written or picked; it goes away for good when it
 * no longer fits: the line was lost, somebody else is at the desk.
 */
export function usePanel(desk, ready) {
  const [panel, setPanel] = useState(null); // {name, question, ref}
  const [number, setNumber] = useState(""); // picked in the queue, or written into the question
  const gone_at = useRef(-Infinity);
  const asked = panel !== null && panel.name !== KEYS;
  const fits =
    ready && asked && !desk.whyNot(panel.name) && (!ABOUT_PERSON.has(panel.name) || desk.ticket?.ref === panel.ref);

  const shut = () => {
    setPanel(null);
    setNumber("");
    returnToMain();
  };

  useLayoutEffect(() => {
    if (!asked || fits) return;
    gone_at.current = performance.now();
    shut();
    desk.say("question_gone");
  });

  return {
    name: panel?.name ?? null,
    question: !fits ? null : OF_NUMBER.has(panel.name) ? questionOf(panel.name, desk, number) : panel.question,
    number,
    write: setNumber,
    shut,
    open: (name, number = "") => {
      desk.hush();
      setNumber(number);
      setPanel({ name, ref: desk.ticket?.ref, question: ASKS.has(name) ? questionOf(name, desk, number) : null });
    },
    /** True for a key that comes so soon after a question went away by itself that it was meant for it. */
    astray: () => {
      const now = performance.now();
      const astray = now - gone_at.current < ASTRAY_MS;
      if (astray) gone_at.current = now;
      return astray;
    },
  };
}
