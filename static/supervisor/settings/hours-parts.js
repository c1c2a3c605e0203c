/** The parts of the calendar's form: a season, a week within it, days of their own, a shift. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { NEW_RULE, NEW_SHIFT } from "./hours-draft.js";
import { Boxes, Switch, TextField } from "./settings.js";

const SHIFTS_MOST = 3;
const EDGES = ["opens", "closes", "issues_from", "issues_to"];

/** A field of a part, at its path in the file, so that a refusal finds it. */
function text(part, at, name, saver, put, extra = {}) {
  return html`<${TextField} label=${t(`settings.hours_${name}`)} name=${`${at}.${name}`} saver=${saver} value=${part[name]}
    change=${(value) => put({ ...part, [name]: value })} ...${extra} />`;
}

function Drop({ words, acts, drop }) {
  return acts && html`<button type="button" class="button" onClick=${drop}><${Glyph} name="trash" />${words}</button>`;
}

export function Season({ at, season, services, saver, acts, put, drop }) {
  const rules = (changed) => put({ ...season, rules: changed });
  return html`<section class="hours-part" aria-label=${season.name || t("settings.add_season")}>
    <div class="three">${text(season, at, "name", saver, put)}
      ${text(season, at, "first", saver, put, { numeric: true, hint: t("settings.hours_day_month") })}${text(season, at, "last", saver, put, { numeric: true })}</div>
    ${season.rules.map(
      (
        rule,
        n,
      ) => html`<${Rule} key=${n} at=${`${at}.rules.${n}`} rule=${rule} services=${services} saver=${saver} acts=${acts}
      put=${(part) => rules(season.rules.map((each, m) => (m === n ? part : each)))}
      drop=${season.rules.length > 1 ? () => rules(season.rules.filter((_, m) => m !== n)) : null} />`,
    )}
    ${
      acts &&
      html`<div class="row-keys"><button type="button" class="button" onClick=${() => rules([...season.rules, NEW_RULE])}>
      <${Glyph} name="plus" />${t("settings.add_week")}</button><${Drop} words=${t("settings.drop_season")} acts=${acts} drop=${drop} /></div>`
    }
  </section>`;
}

function Rule({ at, rule, services, saver, acts, put, drop }) {
  const weekdays = [1, 2, 3, 4, 5, 6, 7].map((day) => [day, t(`settings.weekday_${day}`)]);
  return html`<div class="hours-rule">
    <${Boxes} label=${t("settings.weekdays")} name=${`${at}.weekdays`} saver=${saver} all=${weekdays} marked=${rule.weekdays}
      change=${(marked) => put({ ...rule, weekdays: [...marked].sort() })} />
    <${Shifts} at=${at} part=${rule} saver=${saver} acts=${acts} put=${put} least=${1} />
    <${Services} at=${at} part=${rule} services=${services} saver=${saver} put=${put} />
    ${drop && html`<${Drop} words=${t("settings.drop_week")} acts=${acts} drop=${drop} />`}
  </div>`;
}

export function SpecialDays({ at, days, services, saver, acts, put, drop }) {
  const work = (off) => put({ ...days, off, shifts: off || days.shifts.length ? days.shifts : [NEW_SHIFT] });
  return html`<section class="hours-part" aria-label=${days.name || t("settings.add_days")}>
    <div class="three">${text(days, at, "name", saver, put)}
      ${text(days, at, "first", saver, put, { numeric: true, hint: t("settings.hours_day_year") })}${text(days, at, "last", saver, put, { numeric: true })}</div>
    <${Switch} label=${t("settings.hours_off")} on=${days.off} change=${work} />
    ${
      !days.off &&
      html`<${Shifts} at=${at} part=${days} saver=${saver} acts=${acts} put=${put} least=${1} />
      <${Services} at=${at} part=${days} services=${services} saver=${saver} put=${put} />`
    }
    <div class="row-keys"><${Drop} words=${t("settings.drop_days")} acts=${acts} drop=${drop} /></div>
  </section>`;
}

function Shifts({ at, part, saver, acts, put, least }) {
  const shifts = (changed) => put({ ...part, shifts: changed });
  return html`${part.shifts.map(
    (shift, n) => html`<div class="hours-shift" key=${n}>${EDGES.map((edge) =>
      text(
        shift,
        `${at}.shifts.${n}`,
        edge,
        saver,
        (changed) => shifts(part.shifts.map((each, m) => (m === n ? changed : each))),
        { numeric: true, size: 5 },
      ),
    )}
    ${part.shifts.length > least && html`<${Drop} words=${t("settings.drop_shift")} acts=${acts} drop=${() => shifts(part.shifts.filter((_, m) => m !== n))} />`}</div>`,
  )}
    ${
      acts &&
      part.shifts.length < SHIFTS_MOST &&
      html`<div class="row-keys"><button type="button" class="button"
      onClick=${() => shifts([...part.shifts, NEW_SHIFT])}><${Glyph} name="plus" />${t("settings.add_shift")}</button></div>`
    }`;
}

/** All services, or those that are marked. */
function Services({ at, part, services, saver, put }) {
  const all = part.services === null;
  return html`<${Switch} label=${t("settings.hours_all_services")} on=${all}
      change=${(on) => put({ ...part, services: on ? null : services.map(([code]) => code) })} />
    ${
      !all &&
      html`<${Boxes} label=${t("settings.hours_services")} name=${`${at}.services`} saver=${saver} all=${services} marked=${part.services}
      change=${(marked) => put({ ...part, services: marked })} />`
    }`;
}
