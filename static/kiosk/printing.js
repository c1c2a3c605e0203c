/** What becomes of a ticket's paper, as the log has it. */

export const PAPER = {
  NONE: "none", // there is no printer: the glass shows the number, and the picture
  COMING: "coming",
  THERE: "there",
  MISSING: "missing",
};

/**
 * The part of the visit that an event changes, or null: another printer may take a ticket over.
 * @param {Pick<Live.KioskEvent, "kind" | "data">} event
 */
export function outcomeOf({ kind, data }) {
  if (kind === "print.printed" || (kind === "print.sent" && data?.cause === null))
    return { paper: PAPER.THERE, cause: null };
  const missing = (kind === "print.failed" || kind === "print.sent") && !data?.again;
  return missing ? { paper: PAPER.MISSING, cause: data?.cause } : null;
}
