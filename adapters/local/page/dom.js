// Builds the page's nodes. Text only ever goes in as text: nothing that a message says can become markup.

let count = 0;

/** An id that no other node on the page has. */
export function freshId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/**
 * A node: attributes by name, `on` for listeners by event, then its children (nodes, strings, or nothing).
 * An attribute that is false, null or undefined is left out; one that is true is written empty.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "value" && "value" in node) {
      node.value = value;
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Words for screen readers alone. */
export function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

/** A drawing from the page's own set of symbols; it says nothing to a screen reader. */
export function symbol(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#symbol-${name}`);
  drawing.setAttribute("class", "symbol");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

/** A link that leaves the page, or just its words when the address is not one that a browser should open. */
export function link(address, words) {
  let target = null;
  try {
    target = new URL(address);
  } catch {
    return document.createTextNode(words);
  }
  if (!["https:", "http:", "mailto:"].includes(target.protocol)) return document.createTextNode(words);
  return h("a", { href: target.href, target: "_blank", rel: "noopener noreferrer" }, words, unseen(" (opens in a new tab)"));
}

/** Says something to people who use a screen reader, without moving them. */
export function announce(text) {
  const region = document.getElementById("announcements");
  region.append(h("p", {}, text));
  while (region.childElementCount > 5) region.firstElementChild.remove();
}
