// Draws Block Kit: messages and modals. https://docs.slack.dev/reference/block-kit

import { h, link } from "./dom.js";
import { field } from "./fields.js";
import { slackLine, slackText } from "./words.js";

const KINDS = {
  static_select: "select",
  external_select: "select",
  radio_buttons: "radio",
  checkboxes: "checks",
  datepicker: "date",
  timepicker: "time",
};

function optionsOf(element) {
  const flat = element.options || (element.option_groups || []).flatMap((one) => one.options);
  return flat.map((one) => ({ value: one.value, label: one.text.text }));
}

function startOf(element) {
  if (element.initial_options) return element.initial_options.map((one) => one.value).join(",");
  return element.initial_value || element.initial_option?.value || element.initial_date || element.initial_time || "";
}

/** What a Block Kit element asks, as a question of our own. */
function asked(element, extra = {}) {
  const kind = KINDS[element.type] || (element.multiline ? "lines" : "line");
  return {
    kind,
    options: optionsOf(element),
    value: startOf(element),
    most: element.max_length || null,
    placeholder: element.placeholder?.text || null,
    ...extra,
  };
}

function button(element, draw) {
  if (element.url) return link(element.url, element.text.text);
  const style = element.style ? ` ${element.style}` : "";
  const press = (event) => draw.press(element.action_id, {}, event.currentTarget);
  return h("button", { type: "button", class: `action${style}`, on: { click: press } }, element.text.text);
}

/** A chooser in a message acts as soon as something is chosen, as in Slack. */
function chooser(element, draw) {
  const drawn = field(asked(element, { optional: true, label: "" }));
  drawn.node.addEventListener("change", () => draw.press(element.action_id, { [element.action_id]: drawn.read() }));
  return drawn.node;
}

function overflow(element, draw) {
  return optionsOf(element).map((one) =>
    h("button", { type: "button", class: "action", on: { click: () => draw.press(element.action_id, { [element.action_id]: one.value }) } }, one.label),
  );
}

function interactive(element, draw) {
  if (element.type === "button") return button(element, draw);
  if (element.type === "overflow") return overflow(element, draw);
  if (element.type === "image") return picture(element);
  return chooser(element, draw);
}

/** Pictures come from outside, so the page shows their words only. */
function picture(element) {
  return h("p", { class: "quiet" }, `Picture: ${element.alt_text}`);
}

/** Every row at once, under the caption: Slack shows a page of them at a time. */
function dataTable(block) {
  const [heads, ...rows] = block.rows;
  const cells = (row) => row.map((one, at) => (at === block.row_header_column_index ? h("th", { scope: "row" }, one.text) : h("td", {}, one.text)));
  return h(
    "div",
    { class: "scrolled" },
    h(
      "table",
      {},
      h("caption", { class: "quiet" }, block.caption),
      h("thead", {}, h("tr", {}, ...heads.map((one) => h("th", { scope: "col" }, one.text)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...cells(row)))),
    ),
  );
}

const DRAWN = {
  data_table: dataTable,
  header: (block) => h("h4", { class: "card-title" }, block.text.text),
  divider: () => h("hr"),
  image: picture,
  section: (block, draw) =>
    h(
      "div",
      { class: block.accessory ? "row" : null },
      h(
        "div",
        { class: "prose" },
        slackText(block.text, draw.names),
        block.fields && h("div", { class: "pairs" }, ...block.fields.map((one) => h("div", {}, slackText(one, draw.names)))),
      ),
      block.accessory && h("div", { class: "buttons" }, interactive(block.accessory, draw)),
    ),
  context: (block, draw) =>
    h("div", { class: "small-print" }, ...block.elements.map((one) => (one.type === "image" ? picture(one) : h("p", {}, slackLine(one, draw.names))))),
  actions: (block, draw) => h("div", { class: "buttons" }, ...block.elements.flatMap((one) => interactive(one, draw))),
  input: (block, draw) => {
    const drawn = field(asked(block.element, { label: block.label.text, hint: block.hint?.text, optional: Boolean(block.optional) }));
    draw.fields.set(draw.keyed(block), drawn);
    return drawn.node;
  },
  rich_text: (block, draw) => block.elements.map((one) => richText(one, draw)),
  markdown: (block, draw) => h("div", { class: "prose" }, slackText({ type: "mrkdwn", text: block.text }, draw.names)),
};

function richText(element, draw) {
  const inside = (element.elements || []).map((one) => {
    if (one.type === "text") return one.style?.bold ? h("strong", {}, one.text) : one.text;
    if (one.type === "link") return link(one.url, one.text || one.url);
    if (one.type === "user") return h("span", { class: "mention" }, `@${draw.names.get(one.user_id) || "a colleague"}`);
    return richText(one, draw);
  });
  if (element.type === "rich_text_quote") return h("blockquote", {}, inside);
  if (element.type === "rich_text_list") return h(element.style === "ordered" ? "ol" : "ul", {}, ...inside.map((one) => h("li", {}, one)));
  return h("p", {}, inside);
}

/**
 * The blocks as nodes. `draw` is {press(action, inputs, button), names: user id -> name, fields: Map of questions,
 * keyed(block): the key of an input block's question in it}.
 * A block of a kind that Signpost never sends is named in words, so that nothing is lost in silence.
 */
export function drawBlocks(blocks, draw) {
  return blocks.flatMap((block) => {
    const drawn = DRAWN[block.type];
    return drawn ? drawn(block, draw) : h("p", { class: "quiet" }, `A block of type “${block.type}”, which this page does not draw.`);
  });
}
