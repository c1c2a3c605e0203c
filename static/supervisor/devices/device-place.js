/** Where a screen stands: its room; of a wall the farthest seat and its television too. */

import { html } from "/static/vendor/preact.js";
import { own, t } from "/static/lib/text.js";
import { Glyph } from "/static/lib/glyph.js";
import { inches, seat } from "/static/supervisor/settings/hall-form.js";
import { Reach, metresOf, tooSmall } from "/static/supervisor/settings/reach.js";
import { Field, SaveBar, TextField, submits, useDraft, useSave } from "/static/supervisor/settings/settings.js";
import { useUnsaved } from "/static/supervisor/parts/unsaved.js";

const FIELDS = ["room", "last_seat_m", "inches"];
const WALL = "display";

/** What is set for a screen, in words; empty where it is as the hall has it. */
function placeOf({ id }, { hall }) {
  const { room, last_seat_m, inches: diagonal } = hall.screens[id] ?? {};
  return [
    room && own(hall.rooms[room].names),
    last_seat_m && t("supervisor.place_seat", { metres: metresOf(last_seat_m) }),
    diagonal && t("supervisor.place_inches", { inches: diagonal }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Where a screen stands, and of a wall that its television is too small for the farthest seat. */
export function Placed({ device, settings: { hall } }) {
  const set = hall.screens[device.id];
  const small = device.kind === WALL && tooSmall(set?.last_seat_m ?? hall.last_seat_m, set?.inches ?? hall.wall_inches);
  const words = placeOf(device, { hall });
  return html`${words && html`<span class="row-more">${words}</span>`}
    ${small && html`<span class="row-small"><${Glyph} name="alert-triangle" />${small}</span>`}`;
}

/** The key that opens the form: of a kiosk a room alone can be set, where the centre has any. */
export function PlaceKey({ device, settings, placing, toggle }) {
  if (!settings || (device.kind !== WALL && !Object.keys(settings.hall.rooms).length)) return null;
  return html`<button type="button" class="button" aria-expanded=${placing} onClick=${toggle}>
    <${Glyph} name="pencil" />${t("supervisor.place")}<span class="visually-hidden"> ${device.name}</span></button>`;
}

function drafted({ id }, { hall }) {
  const { room = null, last_seat_m, inches: diagonal } = hall.screens[id] ?? {};
  return { room, seat: last_seat_m ? String(last_seat_m) : "", inches: diagonal ? String(diagonal) : "" };
}

/** @param {Props<{device: Api.DeviceView, settings: Api.SettingsView}>} props */
export function DevicePlace({ device, settings, read }) {
  const saver = useSave(read);
  const { draft, typed, put, discard, save } = useDraft(() => drafted(device, settings), saver);
  const { hall } = settings;
  const rooms = Object.entries(hall.rooms);
  const own_seat = draft.seat.trim() ? seat(draft.seat) : null;
  const own_inches = draft.inches.trim() ? inches(draft.inches) : null;
  const send = () =>
    save(`/settings/screens/${device.id}`, { room: draft.room, last_seat_m: own_seat, inches: own_inches });
  useUnsaved(typed ? send : null);

  return html`<form class="row-form settings-form" onSubmit=${submits(send)} aria-label=${t("supervisor.place_of", { name: device.name })} noValidate>
    ${
      rooms.length > 0 &&
      html`<${Field} label=${t("supervisor.place_room")} name="room" saver=${saver} hint=${t(`supervisor.place_room_${device.kind}`)}>${(
        about,
      ) => html`<select ...${about} value=${draft.room ?? ""} onChange=${(event) => put({ room: event.target.value || null })}>
      <option value="">${t("supervisor.place_everywhere")}</option>
      ${rooms.map(([code, { names }]) => html`<option key=${code} value=${code}>${own(names)}</option>`)}</select>`}<//>`
    }
    ${
      device.kind === WALL &&
      html`<div class="two">
      <${TextField} label=${t("settings.hall_last_seat")} name="last_seat_m" saver=${saver} numeric value=${draft.seat}
        hint=${t("supervisor.place_as_hall", { value: metresOf(hall.last_seat_m) })} change=${(value) => put({ seat: value })} />
      <${TextField} label=${t("settings.hall_wall_inches")} name="inches" saver=${saver} numeric value=${draft.inches}
        hint=${t("supervisor.place_as_hall", { value: hall.wall_inches })} change=${(value) => put({ inches: value })} /></div>
      <${Reach} metres=${own_seat ?? hall.last_seat_m} diagonal=${own_inches ?? hall.wall_inches} />`
    }
    <${SaveBar} saver=${saver} fields=${FIELDS} acts=${true} discard=${discard} />
  </form>`;
}
