// The page's side of the local API: everything a person does here goes through these calls.

/** What the API refused, in words for the person. */
export class Refused extends Error {}

async function get(path, query = {}, signal = undefined) {
  const answer = await fetch(`/local/api/${path}?${new URLSearchParams(query)}`, { cache: "no-store", signal });
  if (!answer.ok) throw new Refused(`The demo answered ${answer.status}. Reload the page to try again.`);
  return answer.json();
}

async function post(path, body) {
  const answer = await fetch(`/local/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({ ok: false }));
  if (told.ok) return told;
  const refused = new Refused(told.error || `The demo answered ${answer.status}. Try again.`);
  refused.fields = told.errors || {};
  throw refused;
}

export const world = () => get("world");
export const chat = (person, place) => get("chat", { person, place });
export const changes = (after, signal) => get("changes", { after }, signal);
export const xray = (person, place, message) => get("xray", { person, place, message });
export const say = (person, place, text, thread) => post("say", { person, place, text, ...(thread ? { thread } : {}) });
export const press = (person, place, message, action, inputs) => post("press", { person, place, message, action, inputs });
export const submit = (person, answers) => post("submit", { person, answers });
export const close = (person) => post("close", { person });
export const time = (step) => post("time", step);
