// Draws one message: who, when, the marks on it, its words or card, and what can be done with it.

import { drawBlocks } from "./blocks.js";
import { drawCard } from "./cards.js";
import { moment } from "./clock.js";
import { h, symbol } from "./dom.js";
import { slackText, teamsText } from "./words.js";
import { xrayOf } from "./xray.js";

function initials(name) {
  const words = name.split(/[\s-]+/).filter(Boolean);
  return words.map((word) => word[0]).slice(0, 2).join("").toUpperCase();
}

function avatar(message) {
  return h("span", { class: message.bot ? "avatar bot" : "avatar", "aria-hidden": "true" }, message.bot ? symbol("signpost") : initials(message.from));
}

function headline(message, now) {
  return h(
    "div",
    { class: "headline" },
    h("h3", {}, message.from),
    message.bot && h("span", { class: "tag" }, "App"),
    h("time", { datetime: message.at }, moment(message.at, now)),
    message.edited && h("span", { class: "quiet" }, "(edited)"),
  );
}

function body(message, around) {
  const press = (action, inputs, button) => around.press(message, action, inputs, button);
  if (message.card) return [h("div", { class: "card" }, drawCard(message.card, press))];
  if (message.blocks?.length) {
    const fields = new Map();
    const all = () => Object.fromEntries([...fields].map(([id, one]) => [id, one.read()]));
    const keyed = (block) => block.element.action_id;
    const draw = { names: around.names, fields, keyed, press: (action, own, button) => press(action, { ...all(), ...own }, button) };
    return [h("div", { class: "card" }, ...drawBlocks(message.blocks, draw))];
  }
  const words = around.platform === "slack" ? slackText({ type: "mrkdwn", text: message.text }, around.names) : teamsText(message.text);
  return [h("div", { class: "prose" }, ...words)];
}

/** `around` is {platform, now, names, where(), opened, press(message, action, inputs, button), reply or null}. */
export function drawMessage(message, around) {
  const xray = xrayOf(message, around.where, around.opened);
  const error = h("p", { class: "field-error", role: "alert" });
  const notice = h("p", { class: "notice", role: "status" });
  const kinds = ["message", message.mine && "mine", message.private && "private", message.bot && "from-bot"];
  const node = h(
    "article",
    { class: kinds.filter(Boolean).join(" "), tabindex: "-1" },
    avatar(message),
    h(
      "div",
      { class: "said" },
      message.private && h("p", { class: "only" }, symbol("eye"), "Only visible to you"),
      headline(message, around.now),
      h("div", { class: "said-body" }, ...body(message, around)),
      error,
      notice,
      h("div", { class: "minors" }, around.reply && h("button", { type: "button", class: "minor", on: { click: around.reply } }, "Reply in thread"), xray.button),
      xray.panel,
    ),
  );
  return node;
}
