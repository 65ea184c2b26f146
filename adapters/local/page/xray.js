// What stands behind a message: the signed requests that carried it, and the rows that were stored.

import * as api from "./api.js";
import { freshId, h } from "./dom.js";

const KNOWN = new Set(["method", "url", "path", "status", "headers", "body", "answer", "response", "title", "name", "at", "direction", "from", "to"]);

const LONG = 40;

function pretty(value) {
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

function asHttp(request) {
  const first = [request.method, request.url || request.path].filter(Boolean).join(" ");
  const headers = Object.entries(request.headers || {}).map(([name, value]) => `${name}: ${value}`);
  const rest = Object.entries(request).filter(([name]) => !KNOWN.has(name));
  const parts = [[first, ...headers].filter(Boolean).join("\n")];
  if (request.body) parts.push(pretty(request.body));
  if (rest.length) parts.push(pretty(Object.fromEntries(rest)));
  return parts.filter(Boolean).join("\n\n");
}

function code(text, label) {
  return h("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
}

function drawRequest(request, index) {
  const flow = request.from && request.to ? `${request.from} to ${request.to}` : request.direction;
  const title = request.title || request.name || [flow, request.method, request.path || request.url].filter(Boolean).join(" ") || "Request";
  const answer = request.answer ?? request.response;
  const status = request.status ? `Answered ${request.status}` : "Answer";
  return h(
    "details",
    { open: index === 0 },
    h("summary", {}, `${index + 1}. ${title}`),
    code(asHttp(request), `Request ${index + 1}`),
    (answer !== undefined && answer !== null) || request.status
      ? [h("p", { class: "quiet" }, `${status}:`), answer ? code(pretty(answer), `Answer to request ${index + 1}`) : null]
      : null,
  );
}

function cell(value) {
  if (value === null || value === undefined || value === "") return h("td", { class: "quiet" }, "empty");
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return h("td", { class: text.length > LONG ? "long" : null }, text);
}

function drawTable(name, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column))));
  const body = h("tbody", {}, ...rows.map((row) => h("tr", {}, ...columns.map((column) => cell(row[column])))));
  const caption = h("caption", {}, `${name}: ${rows.length === 1 ? "1 row" : `${rows.length} rows`}`);
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": `Rows of ${name}` }, h("table", {}, caption, head, body));
}

function drawXray(found) {
  const tables = Object.entries(found.rows || {}).filter(([, rows]) => rows.length);
  const requests = found.requests || [];
  return [
    h("h4", {}, "Requests"),
    ...(requests.length ? requests.map(drawRequest) : [h("p", {}, "No request carried this message.")]),
    h("h4", {}, "Stored rows"),
    ...(tables.length ? tables.map(([name, rows]) => drawTable(name, rows)) : [h("p", {}, "Nothing was stored for this message.")]),
  ];
}

/** A button and the panel it opens. `opened` remembers which are open, so that a redrawn message stays open. */
export function xrayOf(message, where, opened) {
  const id = freshId("xray");
  const panel = h("div", { class: "xray", id, hidden: true });
  const button = h("button", { type: "button", class: "minor", "aria-expanded": "false", "aria-controls": id }, "X-ray");
  const show = async () => {
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.replaceChildren(h("p", {}, "Looking behind this message."));
    try {
      panel.replaceChildren(...drawXray(await api.xray(where().person, where().place, message.id)));
      panel.scrollIntoView({ block: "nearest" });
    } catch (refused) {
      panel.replaceChildren(h("p", { class: "field-error" }, refused.message));
    }
  };
  const hide = () => {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  button.addEventListener("click", () => {
    if (opened.delete(message.id)) return hide();
    opened.add(message.id);
    return show();
  });
  if (opened.has(message.id)) show();
  return { button, panel };
}
