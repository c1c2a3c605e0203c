/** What a person must look at or decide, with the key that settles it. */

import { html } from "/static/vendor/preact.js";
import { clock, longDate, spaced, t } from "/static/text.js";
import { useAct } from "./act.js";
import { Glyph } from "./glyph.js";

const WORDED = ["clock_leapt", "clock_went_back", "speaker_off"];

/** What the machine's own clock shows, from the hall's time and how far it jumped. */
function machineTime({ code, params }, now) {
  const ahead_s = code === "clock_leapt" ? params.jump_s : -params.jump_s;
  const machine = new Date(now.getTime() + ahead_s * 1000);
  return { time: clock(machine), date: longDate(machine) };
}

/** Title and advice of an alarm, and what fills them. */
function wordsOf(alarm, now) {
  const { code, params } = alarm;
  const cause = /^printer_(.+)$/.exec(code)?.[1];
  if (cause) {
    const told = { ...params, number: spaced(params.number) };
    const spare = params.spare ? ` ${t("printer.spare")}` : "";
    return [t(`printer.${cause}_title`, told), `${t("printer.kept")} ${t(`printer.${cause}`, told)}${spare}`];
  }
  const words = WORDED.includes(code) ? code : "other";
  const told = "jump_s" in params ? machineTime(alarm, now) : { code };
  return [t(`supervisor.alarm_${words}`, told), t(`supervisor.alarm_${words}_text`, told)];
}

function Alarm({ alarm, now, acts }) {
  const { busy, refusal, act } = useAct();
  const { code, params } = alarm;
  const [title, words] = wordsOf(alarm, now);
  return html`<li class="notice notice-alarm" data-alarm=${code}>
    <${Glyph} name="alert-triangle" />
    <div>
      <strong>${title}</strong>
      <p>${words}</p>
      ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
    </div>
    ${
      acts &&
      params.can_follow &&
      html`<button type="button" class="button button--main" disabled=${busy}
      onClick=${() => act("/clock/follow")}><${Glyph} name="check" />${t("supervisor.clock_follow")}</button>`
    }
  </li>`;
}

export function Alarms({ alarms, now, acts }) {
  return html`<div class="alarms-now" role="alert">${
    alarms.length > 0 &&
    html`<ul class="alarms">
    ${alarms.map((alarm) => html`<${Alarm} key=${`${alarm.code} ${alarm.params.printer ?? ""}`} alarm=${alarm} now=${now} acts=${acts} />`)}
  </ul>`
  }</div>`;
}
