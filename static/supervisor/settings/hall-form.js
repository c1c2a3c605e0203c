/** A form over the hall's own choices: drafted, saved, discarded. What it asks for, its page says. */

import { html } from "/static/vendor/preact.js";
import { LANGUAGES } from "/static/lib/choices.js";
import { t } from "/static/lib/text.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";
import { SaveBar, TextField, minutes, submits, useDraft, useSave } from "./settings.js";

function drafted({ hall }) {
  return {
    ...hall,
    target_min: minutes(hall.target_s),
    seat: String(hall.last_seat_m),
    inches: String(hall.wall_inches),
    volume: String(hall.voice.volume),
  };
}

/** "8,5" -> 8.5. What is no number is sent as one that is refused with its reason. */
export const seat = (text) => Number(text.replace(",", ".")) || 0;
export const volume = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : -1);
export const inches = (text) => Math.max(0, volume(text));

/**
 * `children({draft, put, text, saver})` draws the fields, `preview(draft)` what they come to, `sent(draft)`
 * picks what is saved; `fields` are those that show their own refusal.
 * @param {Props<{settings: Api.SettingsView}>} props
 */
export function HallForm({ settings, read, acts, about, title, fields, sent, preview, children }) {
  const saver = useSave(read);
  const { draft, typed, put, discard, save } = useDraft(() => drafted(settings), saver);
  const text = (name, value, { as, language, ...extra }) =>
    html`<${TextField} label=${t(`settings.${name}`, { language: LANGUAGES[language]?.name })} name=${as} saver=${saver} value=${value} ...${extra} />`;

  const send = () => save("/settings/hall", sent(draft));
  useUnsaved(typed ? send : null);

  return html`<div class="page-bar"><p>${about}</p></div>
  <div class="settings-two">
    <form class="card form settings-form" onSubmit=${submits(send)} aria-label=${title} noValidate>
      <fieldset class="plain" disabled=${!acts}>${children({ draft, put, text, saver })}</fieldset>
      <${SaveBar} saver=${saver} fields=${fields} acts=${acts} discard=${discard} />
    </form>
    <div class="previews">${preview(draft)}</div>
  </div>`;
}
