/** What is typed on this page and not saved yet: what leads away from it saves it, or asks. */

import { html, useLayoutEffect, useRef, useState } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Leave } from "./confirm.js";

/** @type {Map<object, () => Promise<unknown>>} each form that holds something, and its way to save it */
const forms = new Map();

/**
 * Note that a form holds what is not saved, and how it is saved: `save()` answers undefined when it was refused.
 * Null while it holds nothing.
 * @param {?(() => Promise<unknown>)} save
 */
export function useUnsaved(save) {
  const key = useRef({}).current;
  useLayoutEffect(() => {
    if (save) forms.set(key, save);
    else forms.delete(key);
  });
  useLayoutEffect(() => () => void forms.delete(key), []);
}

/** What a step of the set-up proposes, and the way to save it: at most one at a time. */
const proposed = { save: /** @type {?(() => Promise<unknown>)} */ (null) };

/**
 * Note what a form proposes that nobody has typed: it is saved by going on, and by nothing else.
 * @param {?(() => Promise<unknown>)} save
 */
export function useProposed(save) {
  useLayoutEffect(() => {
    proposed.save = save;
  });
  useLayoutEffect(() => () => void (proposed.save = null), []);
}

/** Save what is typed and what is proposed; answers whether all of it was saved. */
export async function saveStep() {
  if (!(await saveTyped())) return false;
  return proposed.save === null || (await proposed.save()) !== undefined;
}

export const anyUnsaved = () => forms.size > 0;

/** Save all that is typed; answers whether all of it was saved. What was refused says so beside its field. */
export async function saveTyped() {
  for (const save of [...forms.values()]) if ((await save()) === undefined) return false;
  return true;
}

/**
 * `leave(go)` goes at once where nothing is typed, else after a question: save it, drop it, or stay. `question` draws it.
 */
export function useLeave() {
  const [going, setGoing] = useState(/** @type {?{go: () => void}} */ (null));
  const leave = (/** @type {() => void} */ go) => (anyUnsaved() ? setGoing({ go }) : go());
  const stay = () => setGoing(null);

  async function keep() {
    stay();
    if (await saveTyped()) going?.go();
  }
  function drop() {
    forms.clear();
    stay();
    going?.go();
  }
  const question =
    going &&
    html`<${Leave} title=${t("settings.unsaved")} text=${t("settings.unsaved_means")} onSave=${keep} onDrop=${drop} onStay=${stay} />`;
  return { leave, question };
}
