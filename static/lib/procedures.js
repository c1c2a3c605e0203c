/** The procedures of the centre as a page finds them: fetched once, and again when they or their services have changed. */

import { get } from "/static/lib/api.js";
import { Finder } from "/static/lib/find.js";

export class Procedures {
  #known = ""; // what the finder was made of
  /** @type {?Finder<Api.ProcedureView>} */
  #finder = null;
  /** @type {Map<string, Api.ProcedureView>} */
  #by_code = new Map();
  #changed;

  /** @param {() => void} changed  called when they can be found, or no longer */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Whether anything can be found. */
  get any() {
    return this.#finder !== null;
  }

  /** @param {string} code */
  of(code) {
    return this.#by_code.get(code);
  }

  /**
   * The best answers first; what is typed stays in the page.
   * @param {string} typed
   * @param {number} most
   */
  find(typed, most) {
    return this.#finder?.find(typed, most) ?? [];
  }

  /**
   * Take in which version the hall has. Without an answer the next call asks again.
   * @param {?string} version
   * @param {Api.ServiceView[]} services
   */
  async learn(version, services) {
    const names = new Map(services.map((service) => [service.code, Object.values(service.names)]));
    const known = version === null ? "" : JSON.stringify([version, ...names]);
    if (known === this.#known) return;
    this.#known = known;
    try {
      const procedures = version === null ? [] : (await get("/procedures")).procedures;
      if (known !== this.#known) return; // a newer one is on its way
      this.#finder = procedures.length ? new Finder(procedures, ({ service }) => names.get(service) ?? []) : null;
      this.#by_code = new Map(procedures.map((procedure) => [procedure.code, procedure]));
      this.#changed();
    } catch {
      if (known === this.#known) this.#known = "?";
    }
  }
}

/** Whether all of it can be done without coming here. @param {Api.ProcedureView} procedure */
export function atHome({ online, link }) {
  return online === "full" && link !== "";
}

/** Whether there is anything to say before the number is given. @param {Api.ProcedureView} procedure */
export function isWorthTelling({ checklist, fee, time, link, online }) {
  return checklist.length > 0 || Boolean(fee || time || link) || online === "full";
}
