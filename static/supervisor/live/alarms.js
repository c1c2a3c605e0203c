/** What a person must look at or decide, with the key that does so. */

import { html, useState } from "/static/vendor/preact.js";
import { clock, longDate, spaced, t } from "/static/lib/text.js";
import { address } from "/static/supervisor/parts/address.js";
import { useAct } from "/static/supervisor/parts/act.js";
import { Confirm } from "/static/supervisor/parts/confirm.js";
import { Glyph } from "/static/lib/glyph.js";
import { Fold } from "./fold.js";

const WORDED = [
  "device_away",
  "wait_warn",
  "wait_alarm",
  "wait_breach",
  "clock_leapt",
  "clock_went_back",
  "clock_leap_wrong",
  "speaker_off",
  "help_asked",
  "ticket_flood",
  "kiosk_rhythm",
  "backup_old",
  "backup_second_old",
  "second_place_away",
  "second_place_foreign",
  "second_place_same_disk",
  "put_aside",
  "daily_file_failing",
  "disk_low",
  "drill_faults",
  "forecasts_away",
];
/** The key that ends an alarm: its words, what it sends, when it stands there, and whether it asks before. */
const REMEDIES = {
  clock_leapt: {
    words: "clock_follow",
    path: "/clock/follow",
    body: () => ({}),
    when: ({ can_follow }) => can_follow,
    asks: true,
  },
  clock_leap_wrong: {
    words: "clock_take_back",
    path: "/clock/take-back",
    body: () => ({}),
    when: () => true,
    asks: true,
  },
  help_asked: { words: "help_given", path: "/help/given", body: ({ asked }) => ({ asked }), when: () => true },
};

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
    const shown = { ...params, number: spaced(params.number) };
    const spare = params.spare ? ` ${t("printer.spare")}` : "";
    return [t(`printer.${cause}_title`, shown), `${t("printer.kept")} ${t(`printer.${cause}`, shown)}${spare}`];
  }
  const words = WORDED.includes(code) ? code : "other";
  const shown = "jump_s" in params ? machineTime(alarm, now) : { ...params, code, time: clock(alarm.at) };
  if (code.startsWith("wait_")) shown.number = spaced(params.number);
  return [t(`supervisor.alarm_${words}`, shown), t(`supervisor.alarm_${words}_text`, shown)];
}

/** The most urgent first: who waits for a person, who waits for paper, what must be decided, then waits, then the rest. */
const URGENCY = [
  "help_asked",
  "printer_",
  "clock_",
  "wait_breach",
  "disk_low",
  "ticket_flood",
  "wait_alarm",
  "speaker_off",
];

/** How urgent an alarm is: 0 is the most. */
export function urgencyOf({ code }) {
  const at = URGENCY.findIndex((head) => code.startsWith(head));
  return at < 0 ? URGENCY.length : at;
}

/** Does somebody wait for the key of this alarm, or for paper? */
export function isUrgent({ code, params }) {
  return code.startsWith("printer_") || (REMEDIES[code]?.when(params) ?? false);
}

/** What distinguishes one alarm from another of its kind. */
export function keyOf({ code, params }) {
  return `${code} ${params.printer ?? params.asked ?? params.device ?? params.folder ?? ""}`;
}

/** @param {Props<{alarm: Api.AlarmView}>} props */
export function Alarm({ alarm, now, acts }) {
  const { busy, refusal, act } = useAct();
  const [asking, setAsking] = useState(false);
  const { code, params } = alarm;
  const [title, words] = wordsOf(alarm, now);
  const remedy = REMEDIES[code];

  function press() {
    setAsking(false);
    act(remedy.path, remedy.body(params));
  }

  const urgent = isUrgent(alarm);
  return html`<div class="notice notice-alarm ${urgent ? "is-urgent" : ""}" data-alarm=${code}>
    <${Fold} glyph=${urgent ? "alert-octagon" : "alert-triangle"} title=${title}><p>${words}</p><//>
    ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
    ${
      acts &&
      remedy?.when(params) &&
      html`<button type="button" class="button button--main" disabled=${busy}
      onClick=${remedy.asks ? () => setAsking(true) : press}><${Glyph} name="check" />${t(`supervisor.${remedy.words}`)}</button>`
    }
    ${
      acts &&
      code === "kiosk_rhythm" &&
      html`<a class="button button--main" href=${address("ghosts", { by: params.by })}><${Glyph} name="list-search" />${t("supervisor.ghosts_look")}</a>`
    }
    ${
      asking &&
      html`<${Confirm} title=${t(`supervisor.${remedy.words}_title`, machineTime(alarm, now))}
      text=${t(`supervisor.${remedy.words}_text`)} yes=${t(`supervisor.${remedy.words}`)}
      no=${t("supervisor.clock_ask_no")} onYes=${press} onNo=${() => setAsking(false)} />`
    }
  </div>`;
}
