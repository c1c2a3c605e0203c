/** What a change of the settings changed, in the words of the forms in which they are set. */

import { LANGUAGES, SPOKEN_LANGUAGES } from "/static/lib/choices.js";
import { nameOfClass } from "/static/lib/priority-class.js";
import { t } from "/static/lib/text.js";
import { nameOf } from "/static/supervisor/parts/service-name.js";

const SHOWN = 2;
const VALUE_LONGEST = 40;

/** The label of a field in its form, by section and path; a star stands for a language or a class. */
const LABELS = {
  hall: {
    name: "hall_name",
    office: "hall_office",
    hotline: "hall_hotline",
    target_s: "hall_target",
    advice_service: "hall_advice",
    theme: "theme",
    last_seat_m: "hall_last_seat",
    wall_inches: "hall_wall_inches",
    blink: "blink",
    clerk_figures: "clerk_figures",
    ratings: "ratings",
    ratings_public: "ratings_public",
    most_dossiers: "hall_most_dossiers",
    dossier_codes_days: "hall_dossier_codes_days",
    no_show_calls: "hall_no_show_calls",
    no_show_gap_s: "hall_no_show_gap_s",
    "wall_note.*": "wall_note",
    "ticket_note.*": "ticket_note",
    colour: "colour",
    logo: "logo",
    "voice.on": "voice_on",
    "voice.repeat": "voice_repeat",
    "voice.volume": "hall_volume",
    "voice.variant": "variant",
    "voice.quiet_from": "quiet_from",
    "voice.quiet_to": "quiet_to",
    "voice.speaker": "speaker",
    "voice.packs.*": "voice_packs",
  },
  policy: {
    cap: "cap",
    question: "question",
    by_hand: "by_hand",
    groups: "groups",
    elder_age: "elder_age",
    "head_starts_s.*": "head_start_of",
  },
  services: {
    "names.*": "name_in",
    "hints.*": "hint_in",
    prefix: "letter",
    icon: "icon",
    service_time_s: "service_minutes",
    target_s: "target_minutes",
  },
  counters: { name: "name", services: "services_served" },
  procedures: {},
};
/** Fields of which a form has many: what changed is named as a whole, by the heading of the form. */
const WHOLE = {
  hall: {
    hours: "supervisor.hours_title",
    appointments: "settings.quotas",
    printers: "supervisor.printers_title",
    rooms: "settings.rooms",
    screens: "settings.screens",
    media: "posters.files",
    posters: "supervisor.posters_title",
  },
  policy: { classes: "settings.classes" },
};
const ALL = { ...LANGUAGES, ...SPOKEN_LANGUAGES };
const OF_MANY = ["services", "counters", "procedures"]; // sections in which the path names one of several
const CHOSEN = ["theme", "variant"]; // values with words of their own
const IN_MINUTES = ["target_s", "service_time_s", "head_starts_s"];

/** {section, of, field, last}: "services.HO_TICH.names.vi" is of HO_TICH, field "names.*", last "vi". */
function partsOf(path) {
  const [section, ...parts] = path.split(".");
  const of = OF_MANY.includes(section) ? parts.shift() : null;
  const last = parts[parts.length - 1] ?? "";
  const starred = parts.length > 1 && (last in LANGUAGES || parts[0] === "head_starts_s" || parts[1] === "packs");
  return { section, of, first: parts[0] ?? "", last, field: [...parts.slice(0, -1), starred ? "*" : last].join(".") };
}

function named(code, view) {
  const service = view.services.find((each) => each.code === code);
  return service ? nameOf(service) : String(code);
}

function labelOf(path, view) {
  const { section, of, last, field } = partsOf(path);
  const words = LABELS[section]?.[field];
  if (!words) return path;
  const name = section === "policy" ? nameOfClass(view.hall.classes, last) : "";
  const label = t(`settings.${words}`, { language: ALL[last]?.name ?? last, name });
  if (of === null) return label;
  return `${section === "counters" ? `${t("supervisor.counter")} ${of}` : named(of, view)}, ${label}`;
}

function shortened(words) {
  return words.length > VALUE_LONGEST ? `${words.slice(0, VALUE_LONGEST)}…` : words;
}

function valueOf(path, value, view) {
  const { first, last } = partsOf(path);
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return t(value ? "supervisor.log_on" : "supervisor.log_off");
  if (CHOSEN.includes(last)) return t(`settings.${last}_${value}`);
  if (typeof value === "number" && IN_MINUTES.includes(first)) return String(value / 60);
  if (Array.isArray(value)) return shortened(value.map((each) => named(each, view)).join(", "));
  return shortened(typeof value === "object" ? JSON.stringify(value) : named(value, view));
}

/** The heading of a procedure's field, as its table has it. */
function procedureField(name) {
  return t(`procedures.column_${name === "names" ? "name" : name}`);
}

/** "Đường dây nóng: 1022 → 19001022"; a service or a counter that is new or gone is named. */
function changeInWords({ path, old, new: now }, view) {
  const { section, of, first, last } = partsOf(path);
  const one = of !== null && last === "" ? (now ?? old) : null;
  if (section === "procedures" && !one) return `${of.replaceAll("_", ".")}: ${procedureField(first)}`;
  if (one) return section === "counters" ? `${t("supervisor.counter")} ${of}` : nameOf(one);
  return `${labelOf(path, view)}: ${valueOf(path, old, view)} → ${valueOf(path, now, view)}`;
}

/**
 * The first changes, and how many more there are.
 * @param {{changes?: {path: string, old: any, new: any}[]}} data
 */
export function changesOf({ changes = [] }, view) {
  const whole = new Set();
  const others = [];
  for (const change of changes) {
    const { section, first } = partsOf(change.path);
    const heading = WHOLE[section]?.[first];
    if (heading) whole.add(t(heading));
    else others.push(change);
  }
  const more = others.length - SHOWN;
  return [
    ...whole,
    ...others.slice(0, SHOWN).map((change) => changeInWords(change, view)),
    ...(more > 0 ? [t("supervisor.log_more_changes", { n: more })] : []),
  ];
}
