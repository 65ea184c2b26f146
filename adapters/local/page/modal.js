// Slack's modal as a dialog: Escape and Cancel close it, a refused form keeps what was typed.

import * as api from "./api.js";
import { drawBlocks } from "./blocks.js";
import { freshId, h } from "./dom.js";
import { allComplete } from "./fields.js";

export class Modal {
  /** `where()` is {person, place}; `after()` is called when something was done, so that the pane looks again. */
  constructor(names, where, after) {
    Object.assign(this, { names, where, after, json: "null", dialog: null, fields: new Map() });
  }

  /** Shows this view, redraws it when it has changed, or takes it away when there is none. Errors keep what was typed. */
  show(view) {
    const { errors = {}, ...drawn } = view || {};
    const json = view ? JSON.stringify(drawn) : "null";
    if (json !== this.json) this.redraw(view, json);
    if (Object.keys(errors).length) this.complain(errors);
  }

  redraw(view, json) {
    this.remove();
    if (!view) return;
    this.json = json;
    this.opener = document.activeElement;
    this.dialog = this.draw(view);
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  remove() {
    this.json = "null";
    if (!this.dialog) return;
    this.dialog.close();
    this.dialog.remove();
    this.dialog = null;
    if (this.opener?.isConnected) this.opener.focus();
  }

  draw(view) {
    const title = freshId("modal");
    this.fields = new Map();
    this.error = h("p", { class: "field-error", role: "alert" });
    const draw = { names: this.names, fields: this.fields, keyed: (block) => block.block_id, press: (...pressed) => this.press(view, ...pressed) };
    const cancel = h("button", { type: "button", class: "action", on: { click: () => this.close() } }, view.close?.text || "Cancel");
    const form = h(
      "form",
      { novalidate: true },
      h("h2", { id: title }, view.title.text),
      h("div", { class: "modal-body" }, this.error, ...drawBlocks(view.blocks, draw)),
      h("div", { class: "buttons" }, view.submit && h("button", { type: "submit", class: "action primary" }, view.submit.text), cancel),
    );
    form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    const dialog = h("dialog", { class: "modal", "aria-labelledby": title }, form);
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    return dialog;
  }

  async submit() {
    if (!allComplete([...this.fields.values()])) return;
    const answers = Object.fromEntries([...this.fields].map(([block, one]) => [block, one.read()]));
    await this.attempt(() => api.submit(this.where().person, answers));
  }

  async press(view, action, inputs) {
    const { person, place } = this.where();
    await this.attempt(() => api.press(person, place, view.id, action, inputs));
  }

  async close() {
    await this.attempt(() => api.close(this.where().person));
  }

  async attempt(act) {
    this.error.textContent = "";
    try {
      await act();
      await this.after();
    } catch (refused) {
      this.complain(refused.fields || {}, refused.message);
    }
  }

  /** Errors beside their fields, by block id; where there are none, these words above them all. */
  complain(errors, otherwise = "") {
    const beside = Object.entries(errors).filter(([block]) => this.fields.has(block));
    for (const [block, text] of beside) this.fields.get(block).complain(text);
    if (beside.length) this.fields.get(beside[0][0]).focus();
    else this.error.textContent = otherwise || Object.values(errors).join(" ");
  }
}
