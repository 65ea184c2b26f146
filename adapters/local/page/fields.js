// One question of a form, the same whichever platform drew it: label, hint, the control and its error.

import { freshId, h } from "./dom.js";

function control(asked, id, describedby) {
  const shared = { id, name: id, "aria-describedby": describedby || null, required: !asked.optional };
  const { kind, value = "", options = [], most, placeholder } = asked;
  if (kind === "lines") return h("textarea", { ...shared, rows: 4, maxlength: most, placeholder, value });
  if (kind === "select") return select(shared, options, value, placeholder);
  if (kind === "date" || kind === "time") return h("input", { ...shared, type: kind, value });
  return h("input", { ...shared, type: "text", maxlength: most, placeholder, value });
}

function select(shared, options, value, placeholder) {
  const empty = h("option", { value: "" }, placeholder || "Choose one");
  const choices = options.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label));
  return h("select", shared, empty, ...choices);
}

/** Slack writes beside a question that it may be left out; a card of Teams says so in its own words. */
function mark(asked) {
  return asked.optional && !asked.unmarked && h("span", { class: "quiet" }, " (optional)");
}

function single(asked) {
  const id = freshId("field");
  const notes = { hint: `${id}-hint`, error: `${id}-error` };
  const input = control(asked, id, [asked.hint && notes.hint, notes.error].filter(Boolean).join(" "));
  const error = h("p", { class: "field-error", id: notes.error });
  const node = h(
    "div",
    { class: "field" },
    asked.label && h("label", { for: id }, asked.label, mark(asked)),
    asked.hint && h("p", { class: "hint", id: notes.hint }, asked.hint),
    error,
    input,
  );
  if (!asked.label) input.setAttribute("aria-label", asked.placeholder || "Your answer");
  return { node, error, inputs: [input], read: () => input.value.trim() };
}

/** Several boxes or radio buttons under one question; read gives the values, comma separated as the platforms do. */
function group(asked) {
  const name = freshId("group");
  const chosen = new Set(String(asked.value || "").split(","));
  const type = asked.kind === "radio" ? "radio" : "checkbox";
  const inputs = asked.options.map((one) => h("input", { type, name, id: freshId("choice"), value: one.value, checked: chosen.has(one.value) }));
  const rows = asked.options.map((one, index) => h("div", { class: "choice" }, inputs[index], h("label", { for: inputs[index].id }, one.label)));
  const error = h("p", { class: "field-error", id: `${name}-error` });
  const legend = h("legend", {}, asked.label || "Choose", mark(asked));
  const node = h("fieldset", { class: "field", "aria-describedby": error.id }, legend, asked.hint && h("p", { class: "hint" }, asked.hint), error, ...rows);
  const read = () => inputs.filter((one) => one.checked).map((one) => one.value).join(",");
  return { node, error, inputs, read };
}

/** A single box that is on or off, as Teams draws a toggle. */
function toggle(asked) {
  const id = freshId("field");
  const input = h("input", { type: "checkbox", id, checked: asked.value === asked.on });
  const error = h("p", { class: "field-error", id: `${id}-error` });
  const node = h("div", { class: "field" }, asked.label && h("p", {}, asked.label), error, h("div", { class: "choice" }, input, h("label", { for: id }, asked.title)));
  return { node, error, inputs: [input], read: () => (input.checked ? asked.on : asked.off) };
}

/**
 * A question: {kind, label, hint, value, options: [{value, label}], optional, unmarked, most, placeholder, error, missing}.
 * Kinds: line, lines, select, radio, checks, date, time, toggle. `read()` is the answer as text;
 * `complain(text)` shows an error beside it, "" takes it away; `complete()` is false, with an error, when it is still needed.
 */
export function field(asked) {
  const drawn = asked.kind === "toggle" ? toggle(asked) : asked.kind === "radio" || asked.kind === "checks" ? group(asked) : single(asked);
  const complain = (text) => {
    drawn.error.replaceChildren(...(text ? [h("span", { class: "unseen" }, "Error: "), text] : []));
    for (const input of drawn.inputs) input.setAttribute("aria-invalid", text ? "true" : "false");
  };
  const complete = () => {
    const lacking = !asked.optional && asked.kind !== "toggle" && drawn.read() === "";
    complain(lacking ? asked.missing || "Fill this in." : "");
    return !lacking;
  };
  if (asked.error) complain(asked.error);
  return { node: drawn.node, read: drawn.read, focus: () => drawn.inputs[0]?.focus(), complain, complete };
}

/** Checks every question; puts the keyboard on the first that is still needed. */
export function allComplete(fields) {
  const lacking = fields.filter((one) => !one.complete());
  lacking[0]?.focus();
  return lacking.length === 0;
}
