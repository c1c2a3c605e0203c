/** What stands over the console: one question, or the list of keys. */

import { useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";
import { returnToMain } from "./keyboard.js";
import { questionOf } from "./questions.js";
import { ABOUT_PERSON, OF_NUMBER } from "./steps.js";

const KEYS = "keys";
const STRAY_KEY_MS = 1000; // what was meant for a question may still come this long after it or after the key before

/**
 * {name, question, number, open(name, number), write(number), confirm(number), shut(), astray()}. A question keeps the
 * options it was asked with, so that a digit means what stood there, or is about the `number` written or picked; it goes
 * away for good when it no longer fits: the line was lost, somebody else is at the counter.
 */
export function usePanel(store, ready) {
  const [panel, setPanel] = useState(/** @type {?{name: string, question: any, ref: ?number}} */ (null));
  const [number, setNumber] = useState(""); // picked in the queue, or written into the question
  const gone_at = useRef(-Infinity);
  const asked = panel !== null && panel.name !== KEYS;
  const fits =
    ready && asked && !store.whyNot(panel.name) && (!ABOUT_PERSON.has(panel.name) || store.ticket?.ref === panel.ref);

  const shut = () => {
    setPanel(null);
    setNumber("");
    returnToMain();
  };

  useLayoutEffect(() => {
    if (!asked || fits) return;
    gone_at.current = performance.now();
    shut();
    store.explain("question_gone");
  });

  return {
    name: panel?.name ?? null,
    question:
      !fits || !panel ? null : OF_NUMBER.has(panel.name) ? questionOf(panel.name, store, number) : panel.question,
    number,
    write: setNumber,
    shut,
    open: (name, number = "") => {
      store.clearNotice();
      setNumber(number);
      setPanel({
        name,
        ref: store.ticket?.ref ?? null,
        question: store.asks(name) ? questionOf(name, store, number) : null,
      });
    },
    /** The number is written: now one of the choices is to be named, and none of them is the first. */
    confirm: (written) => {
      const doubt = panel && store.doubt(panel.name, written);
      if (doubt) store.explain(doubt);
      else document.getElementById("question-title")?.focus();
    },
    /** True for a key that comes so soon after a question went away by itself that it was meant for it. */
    astray: () => {
      const now = performance.now();
      const astray = now - gone_at.current < STRAY_KEY_MS;
      if (astray) gone_at.current = now;
      return astray;
    },
  };
}
