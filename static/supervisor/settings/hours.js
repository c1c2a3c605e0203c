/**
 * The working calendar: seasons with their weeks, days of their own, how many numbers a day, and appointments.
 * For the first set-up only the seasons, and one of the whole year stands there already.
 */

import { html, useState } from "/static/vendor/preact.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { drafted, hallOf, newSeason } from "./hours-draft.js";
import { Quotas } from "./hours-quotas.js";
import { Season, SpecialDays } from "./hours-parts.js";
import { useProposed, useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { SaveBar, WithSettings, submits, useDraft, useSave } from "./settings.js";

export function HoursPage({ acts, only = false }) {
  return html`<${WithSettings} show=${(settings, read) => html`<${HoursForm} settings=${settings} read=${read} acts=${acts} only=${only} />`} />`;
}

/** @param {Props<{settings: Api.SettingsView}>} props */
function HoursForm({ settings, read, acts, only }) {
  const saver = useSave(read);
  // What the set-up proposes is nothing that was typed: only who goes on with it saves it.
  const [proposes, setProposes] = useState(only && settings.hall.hours.seasons.length === 0);
  const made = () => ({ ...drafted(settings.hall), ...(proposes ? { seasons: [newSeason(0)] } : {}) });
  const { draft, typed, put, discard, save } = useDraft(made, saver);
  const services = settings.services.filter((each) => each.active).map((each) => [each.code, own(each.names)]);
  /** Changes of one list: a part replaced, added or taken away. */
  const list = (name) => ({
    put: (n, part) => put({ [name]: draft[name].map((each, at) => (at === n ? part : each)) }),
    add: (part) => put({ [name]: [...draft[name], part] }),
    drop: (n) => put({ [name]: draft[name].filter((_, at) => at !== n) }),
  });
  const seasons = list("seasons");
  const days = list("days");
  const send = async () => {
    const done = await save("/settings/hall", hallOf(draft));
    if (done?.settings) setProposes(false);
    return done;
  };
  useUnsaved(typed ? send : null);
  useProposed(proposes ? send : null);
  const add = (words, go) =>
    html`<button type="button" class="button" onClick=${go}><${Glyph} name="plus" />${t(`settings.${words}`)}</button>`;

  return html`<div class="page-bar"><p>${t(proposes ? "settings.hours_proposed" : draft.seasons.length ? "settings.hours_about" : "settings.hours_none")}</p></div>
  <form class="card form settings-form hours" onSubmit=${submits(send)} aria-label=${t("supervisor.hours_title")} noValidate>
    <fieldset class="plain" disabled=${!acts}>
      <div class="hours-bar"><h2 class="form-part">${t("settings.seasons")}</h2>
        ${acts && add("add_season", () => seasons.add(newSeason(draft.seasons.length)))}</div>
      ${draft.seasons.map(
        (
          season,
          n,
        ) => html`<${Season} key=${n} at=${`seasons.${n}`} season=${season} services=${services} saver=${saver} acts=${acts}
        put=${(part) => seasons.put(n, part)} drop=${() => seasons.drop(n)} />`,
      )}
      ${
        !only &&
        html`<div class="hours-bar"><h2 class="form-part">${t("settings.special_days")}</h2>
        ${acts && add("add_days", () => days.add({ first: "", last: "", name: t("settings.days_off"), off: true, shifts: [], services: null }))}</div>
      <p class="hint">${t("settings.special_days_hint")}</p>
      ${draft.days.map(
        (
          each,
          n,
        ) => html`<${SpecialDays} key=${n} at=${`days.${n}`} days=${each} services=${services} saver=${saver} acts=${acts}
        put=${(part) => days.put(n, part)} drop=${() => days.drop(n)} />`,
      )}
      <h2 class="form-part">${t("settings.quotas")}</h2>
      <p class="hint">${t("settings.quotas_hint")}</p>
      <${Quotas} quotas=${draft.quotas} services=${services} saver=${saver} put=${(quotas) => put({ quotas })} />`
      }
    </fieldset>
    <${SaveBar} saver=${saver} fields=${saver.field ? [saver.field.replace(/^hall\.(hours\.)?/, "")] : []} acts=${acts} discard=${discard} />
  </form>`;
}
