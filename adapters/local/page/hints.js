// What can be typed, offered while a person types a command.

import { announce, h } from "./dom.js";

const COMMANDS = [
  ["ask", "Ask a question of people in other departments"],
  ["answer", "Answer a question by its number"],
  ["whoknows", "Find who knows about something"],
  ["questions", "See the questions that wait"],
  ["communities", "See all communities"],
  ["join", "Join a community"],
  ["leave", "Leave a community"],
  ["members", "See who is in a community"],
  ["create", "Start a community"],
  ["showcase", "See the next showcases"],
  ["showcase new", "Schedule a showcase"],
  ["me", "See yourself as others see you"],
  ["help", "See what you can do"],
];

const STARTS = { slack: "/signpost ", direct: "", channel: "@Signpost " };

/** How a command starts on this platform and in this place. */
export function start(platform, place) {
  return platform === "slack" ? STARTS.slack : place === "direct" ? STARTS.direct : STARTS.channel;
}

/** The commands that begin as the person began; none unless they are typing a command. */
function matching(text, prefix) {
  const typed = text.trimStart().toLowerCase();
  const marked = typed.startsWith("/") || typed.startsWith("@");
  if (!marked) return prefix || !typed ? [] : COMMANDS.filter(([name]) => name !== typed && name.startsWith(typed));
  const whole = COMMANDS.map((one) => [`${prefix || "/"}${one[0]}`, one]);
  const short = COMMANDS.map((one) => [`/${one[0]}`, one]);
  return [...whole, ...short].filter(([form]) => form.startsWith(typed) && form !== typed).map(([, one]) => one).slice(0, COMMANDS.length);
}

/**
 * A list of buttons that fill in the text box; it follows the box, so Tab and the down arrow lead into it.
 * `where()` is {platform, place}.
 */
export function hintsFor(box, where) {
  const list = h("ul", { class: "hints", "aria-label": "Commands", hidden: true });
  let shown = "";
  const choose = (name) => {
    box.value = `${start(where().platform, where().place)}${name} `;
    close();
    box.focus();
  };
  const close = () => {
    list.hidden = true;
    shown = "";
  };
  const refresh = () => {
    const prefix = start(where().platform, where().place);
    const found = matching(box.value, prefix);
    const key = found.map(([name]) => name).join();
    if (key && key !== shown) announce(`${found.length} commands. Press Tab or the down arrow to choose one.`);
    shown = key;
    list.replaceChildren(...found.map(([name, says]) => row(prefix, name, says, choose)));
    list.hidden = found.length === 0;
  };
  box.addEventListener("input", refresh);
  box.addEventListener("keydown", (event) => event.key === "ArrowDown" && !list.hidden && (event.preventDefault(), list.querySelector("button").focus()));
  list.addEventListener("keydown", (event) => walk(event, list, box, close));
  return { list, close };
}

function row(prefix, name, says, choose) {
  const words = [h("span", { class: "command" }, `${prefix}${name}`), h("span", { class: "quiet" }, says)];
  return h("li", {}, h("button", { type: "button", on: { click: () => choose(name) } }, ...words));
}

function walk(event, list, box, close) {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)].focus();
  else if (event.key === "ArrowUp") (at > 0 ? buttons[at - 1] : box).focus();
  else if (event.key === "Escape") {
    close();
    box.focus();
  } else return;
  event.preventDefault();
}
