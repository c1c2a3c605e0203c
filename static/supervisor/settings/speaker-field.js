/** Which of several walls speaks: never two of them, because one would be the echo of the other. */

import { html } from "/static/vendor/preact.js";
import { t } from "/static/lib/text.js";
import { Field } from "./settings.js";

/** @param {Props<{speaker: ?number, walls: Pick<Api.DeviceView, "id" | "name">[]}>} props */
export function SpeakerField({ speaker, walls, name, saver, change }) {
  return html`<${Field} label=${t("settings.speaker")} name=${name} saver=${saver} hint=${t("settings.speaker_hint")}>${(
    about,
  ) => html`<select ...${about}
      value=${speaker ?? ""} onChange=${(event) => change(Number(event.target.value) || null)}>
      <option value="">${t("settings.speaker_first")}</option>
      ${walls.map(({ id, name: called }) => html`<option key=${id} value=${id}>${called}</option>`)}
      ${speaker !== null && !walls.some(({ id }) => id === speaker) && html`<option value=${speaker}>${t("settings.speaker_gone")}</option>`}</select>`}<//>`;
}
