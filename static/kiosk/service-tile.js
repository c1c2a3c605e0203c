/** One service to choose: icon, name, what it is for, how many wait and how long. */

import { icon } from "/static/lib/icon.js";
import { part, write } from "./part.js";
import { badge, hintOf, nameOf, spokenWaitOf, waitOf } from "./service.js";

/**
 * A tile and the way to show newer figures on it, in place: a finger may lie on it.
 * @param {Api.ServiceView} service
 */
export function serviceTile(service) {
  const el = part("button", "key tile");
  const go = icon("chevron-right");
  const wait = part("span", "tile-wait-words");
  el.type = "button";
  el.dataset.press = `service:${service.code}`;
  el.append(
    badge(service),
    part("span", "tile-name", nameOf(service)),
    part("span", "tile-hint", hintOf(service)),
    part("span", "tile-wait", icon("users"), wait),
    go,
  );
  go.classList.add("tile-go");
  return {
    el,
    /** @param {Api.ServiceView} newer */
    show(newer) {
      el.classList.toggle("is-closed", !newer.open);
      write(wait, waitOf(newer));
      wait.dataset.spoken = spokenWaitOf(newer);
    },
  };
}
