// Times in words, as on GOV.UK: "9am", "2:30pm", "Thursday 3 December". The demo's clock, never the browser's.

const ZONE = "Europe/London";

function parts(instant, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...options }).format(new Date(instant));
}

/** "2:30pm" */
export function hour(instant) {
  return parts(instant, { hour: "numeric", minute: "2-digit", hour12: true }).replace(":00", "").replace(/\s/g, "").toLowerCase();
}

/** "Thursday 3 December" */
export function day(instant) {
  return parts(instant, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** When a message came, seen from now: the hour alone for today. */
export function moment(instant, now) {
  return day(instant) === day(now) ? hour(instant) : `${hour(instant)}, ${day(instant)}`;
}
