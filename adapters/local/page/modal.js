// Slack's modal as a dialog: Escape and Cancel close it, a refused form keeps what was typed.

import * as api from "./api.js";
import { drawBlocks } from "./blocks.js";
import { freshId, h } from "./dom.js";
import { allComplete } from "./fields.js";

export class Modal {
  /** `after()` is called when the person has sent or closed it, so that the pane looks again. */
  constructor(names, after) {
    this.names = names;
    this.after = after;
    this.json = "null";
    this.dialog = null;
  }

  /** Shows this view for this person, redraws it when it has changed, or takes it away when there is none. */
  show(view, person) {
    const json = JSON.stringify(view ?? null);
    if (json === this.json) return;
    this.json = json;
    this.remove();
    if (!view) return;
    this.dialog = this.draw(view, person);
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  remove() {
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = null;
  }

  draw(view, person) {
    const title = freshId("modal");
    const fields = new Map();
    const draw = { names: this.names, fields, press: () => {} };
    const error = h("p", { class: "field-error", role: "alert" });
    const cancel = h("button", { type: "button", class: "action", on: { click: () => this.close(person) } }, view.close?.text || "Cancel");
    const form = h(
      "form",
      { novalidate: true },
      h("h2", { id: title }, view.title.text),
      h("div", { class: "modal-body" }, error, ...drawBlocks(view.blocks, draw)),
      h("div", { class: "buttons" }, view.submit && h("button", { type: "submit", class: "action primary" }, view.submit.text), cancel),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(person, fields, error);
    });
    const dialog = h("dialog", { class: "modal", "aria-labelledby": title }, form);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close(person);
    });
    return dialog;
  }

  async submit(person, fields, error) {
    error.textContent = "";
    if (!allComplete([...fields.values()])) return;
    try {
      await api.submit(person, Object.fromEntries([...fields].map(([block, one]) => [block, one.read()])));
      await this.after();
    } catch (refused) {
      this.complain(fields, refused, error);
    }
  }

  complain(fields, refused, error) {
    const beside = Object.entries(refused.fields || {}).filter(([block]) => fields.has(block));
    for (const [block, text] of beside) fields.get(block).complain(text);
    if (beside.length) fields.get(beside[0][0]).focus();
    else error.textContent = refused.message;
  }

  async close(person) {
    this.json = "null";
    this.remove();
    await api.close(person);
    await this.after();
  }
}
