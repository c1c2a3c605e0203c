/** When a poster of the notice board is shown: its days, weekdays and hours, at the hall. */

import { localDay } from "./local-day.js";

/**
 * The day, the weekday (1 is Monday) and the time of an instant at the hall.
 * @param {Date} now
 * @param {string} timeZone  of the hall
 */
export function momentAt(now, timeZone) {
  const day = localDay(now, timeZone);
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return { day, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7, time: clock.format(now) };
}

/**
 * Whether it is shown at that moment; the last day and the last minute belong to it.
 * @param {Pick<Api.PosterView, "first_day" | "last_day" | "weekdays" | "from_time" | "to_time">} poster
 * @param {ReturnType<typeof momentAt>} moment
 */
export function isDue({ first_day, last_day, weekdays, from_time, to_time }, { day, weekday, time }) {
  return (
    day >= (first_day ?? day) &&
    day <= (last_day ?? day) &&
    (!weekdays.length || weekdays.includes(weekday)) &&
    time >= (from_time ?? time) &&
    time <= (to_time ?? time)
  );
}
