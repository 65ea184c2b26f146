// The box that a person types in: Enter sends, Shift and Enter starts a new line.

import { freshId, h, symbol, unseen } from "./dom.js";
import { hintsFor } from "./hints.js";

/**
 * {label, small, where, send(text)}: `send` may refuse, and then its words stand under the box with the text kept.
 * The result's `send(text)` does what a person does who types the text and presses the button.
 */
export function composer({ label, small = false, where, send }) {
  const id = freshId("write");
  const error = h("p", { class: "field-error", role: "alert", id: `${id}-error` });
  const placeholder = small ? "Reply in thread" : null;
  const box = h("textarea", { id, rows: small ? 1 : 2, placeholder, "aria-describedby": error.id, autocomplete: "off" });
  const caption = h("label", { for: id, class: small ? "unseen" : "caption" }, label);
  const button = h("button", { type: "submit", class: "send" }, symbol("send"), "Send", unseen(` (${label})`));
  const hints = hintsFor(box, where);
  const form = h("form", { class: small ? "composer small" : "composer", novalidate: true }, caption, hints.list, h("div", { class: "write" }, box, button), error);
  const post = async () => {
    const text = box.value.trim();
    if (!text) return complain(error, box, "Type a message first.");
    complain(error, box, "");
    hints.close();
    box.value = "";
    try {
      await send(text);
    } catch (refused) {
      box.value = box.value || text;
      complain(error, box, refused.message);
    }
  };
  form.addEventListener("submit", (event) => (event.preventDefault(), post()));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    post();
  });
  return { form, box, caption, button, send: (text) => ((box.value = text), post()) };
}

function complain(error, box, text) {
  error.textContent = text;
  box.setAttribute("aria-invalid", text ? "true" : "false");
}
