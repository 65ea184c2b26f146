// Draws Adaptive Cards as Teams does. https://adaptivecards.microsoft.com/

import { freshId, h, link } from "./dom.js";
import { allComplete, field } from "./fields.js";
import { teamsText } from "./words.js";

const INPUTS = {
  "Input.Text": (input) => ({ kind: input.isMultiline ? "lines" : "line", most: input.maxLength || null }),
  "Input.Date": () => ({ kind: "date" }),
  "Input.Time": () => ({ kind: "time" }),
  "Input.Number": () => ({ kind: "line" }),
  "Input.ChoiceSet": (input) => ({
    kind: input.isMultiSelect ? "checks" : input.style === "expanded" ? "radio" : "select",
    options: (input.choices || []).map((one) => ({ value: one.value, label: one.title })),
  }),
  "Input.Toggle": (input) => ({ kind: "toggle", title: input.title, on: input.valueOn || "true", off: input.valueOff || "false" }),
};

function drawInput(input, draw) {
  const drawn = field({
    label: input.label,
    value: input.value || "",
    optional: !input.isRequired,
    unmarked: true,
    placeholder: input.placeholder || null,
    missing: input.errorMessage,
    ...INPUTS[input.type](input),
  });
  draw.fields.set(input.id, drawn);
  return drawn.node;
}

const LARGE = new Set(["Medium", "Large", "ExtraLarge"].flatMap((one) => [one, one.toLowerCase(), one[0].toLowerCase() + one.slice(1)]));

function textBlock(block) {
  const is = (value, wanted) => String(value || "").toLowerCase() === wanted;
  if (is(block.style, "heading") || LARGE.has(block.size)) return h("h4", { class: "card-title" }, block.text);
  const looks = ["prose", is(block.weight, "bolder") && "bold", (block.isSubtle || is(block.size, "small")) && "quiet"];
  if (is(block.color, "attention")) looks.push("warning");
  return h("div", { class: looks.filter(Boolean).join(" ") }, teamsText(block.text));
}

function factSet(block) {
  return h("dl", { class: "facts" }, ...block.facts.map((one) => h("div", {}, h("dt", {}, one.title), h("dd", {}, teamsText(one.value)))));
}

function columns(block, draw) {
  return h("div", { class: "columns" }, ...block.columns.map((one) => h("div", { class: one.width === "auto" ? "narrow" : "wide" }, drawElements(one.items || [], draw))));
}

/** An element's drawing, or undefined where the page has none for its type. */
function drawElement(element, draw) {
  if (INPUTS[element.type]) return drawInput(element, draw);
  if (element.type === "TextBlock") return textBlock(element);
  if (element.type === "FactSet") return factSet(element);
  if (element.type === "ColumnSet") return columns(element, draw);
  if (element.type === "Container") return h("div", { class: `container ${element.style || ""}` }, drawElements(element.items || [], draw));
  if (element.type === "ActionSet") return drawActions(element.actions || [], draw);
  if (element.type === "RichTextBlock") return h("p", {}, ...element.inlines.map((one) => one.text ?? one));
  if (element.type === "Image") return h("p", { class: "quiet" }, `Picture: ${element.altText || "not described"}`);
  return undefined;
}

function drawElements(elements, draw) {
  return elements.map((element) => {
    const node = drawElement(element, draw) ?? h("p", { class: "quiet" }, `An element of type “${element.type}”, which this page does not draw.`);
    if (element.separator) node.classList.add("separated");
    if (element.isVisible === false) node.hidden = true;
    if (element.id && !INPUTS[element.type]) draw.named.set(element.id, node);
    return node;
  });
}

/** Every question of this card and of the cards it is inside of, answered. */
function answers(draw) {
  const own = Object.fromEntries([...draw.fields].map(([id, one]) => [id, one.read()]));
  return draw.parent ? { ...answers(draw.parent), ...own } : own;
}

function send(action, draw, button) {
  const asks = action.associatedInputs !== "none" && action.associatedInputs !== "None";
  if (asks && !allComplete([...draw.fields.values()])) return;
  draw.press(draw.nameOf(action), asks ? answers(draw) : {}, button);
}

/** The button that opens a card inside this one, and that card, folded. */
function showCard(action, draw) {
  const inner = { ...draw, fields: new Map(), named: new Map(), parent: draw };
  const id = freshId("more");
  const panel = h("div", { class: "container emphasis", id, hidden: true }, drawCardBody(action.card, inner));
  const open = (event) => {
    panel.hidden = !panel.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) panel.scrollIntoView({ block: "nearest" });
    if (!panel.hidden) [...inner.fields.values()][0]?.focus();
  };
  return { button: h("button", { type: "button", class: "action", "aria-expanded": "false", "aria-controls": id, on: { click: open } }, action.title), panel };
}

function toggleVisibility(action, draw) {
  for (const target of action.targetElements || []) {
    const node = draw.named.get(target.elementId || target);
    if (node) node.hidden = target.isVisible === undefined ? !node.hidden : !target.isVisible;
  }
}

function drawAction(action, draw, panels) {
  if (action.type === "Action.OpenUrl") return link(action.url, action.title);
  if (action.type === "Action.ShowCard") {
    const { button, panel } = showCard(action, draw);
    panels.push(panel);
    return button;
  }
  const looks = { positive: " primary", destructive: " danger" }[action.style] || "";
  const act = action.type === "Action.ToggleVisibility" ? () => toggleVisibility(action, draw) : (event) => send(action, draw, event.currentTarget);
  return h("button", { type: "button", class: `action${looks}`, on: { click: act } }, action.title);
}

function drawActions(actions, draw) {
  const panels = [];
  const buttons = actions.map((action) => drawAction(action, draw, panels));
  return h("div", { class: "stack" }, h("div", { class: "buttons" }, ...buttons), ...panels);
}

function drawCardBody(card, draw) {
  const body = drawElements(card.body || [], draw);
  return card.actions?.length ? [...body, drawActions(card.actions, draw)] : body;
}

/** Each action of the card with the place it stands at, in reading order, for those without an id of their own. */
function paths(card) {
  const found = new Map();
  const visit = (value, path) => {
    if (value === null || typeof value !== "object") return;
    if (typeof value.type === "string" && value.type.startsWith("Action.")) found.set(value, value.id || path);
    for (const [key, inside] of Object.entries(value)) if (key !== "data") visit(inside, path ? `${path}.${key}` : key);
  };
  visit(card, "");
  return found;
}

/** The card as one node. `press(action, inputs, button)` is called with the action's id, or its path in the card. */
export function drawCard(card, press) {
  const named = paths(card);
  const draw = { fields: new Map(), named: new Map(), parent: null, press, nameOf: (action) => named.get(action) };
  return h("div", { class: "adaptive-card", lang: card.lang }, drawCardBody(card, draw));
}
