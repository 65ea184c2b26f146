// Keeps the drawn messages in step with what the platform holds. What has not changed is left alone,
// so a half-written answer and the keyboard's place survive a new message.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { drawMessage } from "./message.js";

export class Conversation {
  /** `around` is what a message's drawing needs, and `say(text, thread)`; threads are drawn where `threads` is true. */
  constructor(list, around, threads) {
    this.list = list;
    this.around = around;
    this.threads = threads;
    this.clear();
  }

  clear() {
    this.rows = new Map();
    this.list.replaceChildren();
  }

  /** Draws the messages, oldest first, replies under their root; gives those that are new or have changed. */
  update(messages) {
    const ids = new Set(messages.map((one) => one.id));
    for (const [id, row] of this.rows) if (!ids.has(id)) this.forget(id, row);
    const changed = messages.filter((one) => this.rows.get(one.id)?.json !== JSON.stringify(one));
    const roots = messages.filter((one) => !this.rootOf(one, ids));
    for (const message of changed) this.draw(message);
    place(this.list, roots.map((one) => this.rows.get(one.id).item));
    for (const root of roots) this.drawReplies(root, messages.filter((one) => this.rootOf(one, ids) === root.id));
    return changed;
  }

  forget(id, row) {
    row.item.remove();
    this.rows.delete(id);
  }

  rootOf(message, ids) {
    const { id, thread } = message;
    return this.threads && thread && thread !== id && ids.has(thread) ? thread : null;
  }

  draw(message) {
    const row = this.rows.get(message.id) || { item: h("li") };
    const root = this.threads && (!message.thread || message.thread === message.id);
    const reply = root && !message.private ? () => this.writer(row, message).box.focus() : null;
    const node = drawMessage(message, { ...this.around, now: this.around.now(), reply });
    const held = row.node?.contains(document.activeElement);
    if (row.node) row.node.replaceWith(node);
    else row.item.prepend(node);
    if (held) node.focus();
    Object.assign(row, { node, json: JSON.stringify(message) });
    this.rows.set(message.id, row);
  }

  drawReplies(root, replies) {
    const row = this.rows.get(root.id);
    if (!replies.length && !row.replies) return;
    if (!row.replies) {
      row.replies = h("ol", { class: "replies", "aria-label": `Replies to ${root.from}` });
      row.node.after(row.replies);
    }
    place(row.replies, replies.map((one) => this.rows.get(one.id).item));
    if (replies.length) this.writer(row, root);
  }

  /** A message's words as drawn, for reading out. */
  wordsOf(id) {
    return this.rows.get(id)?.node.querySelector(".said-body").textContent.replace(/\s+/g, " ").trim() || "";
  }

  /** Shows under a message why what was pressed on it was refused. */
  complain(id, text) {
    const error = this.rows.get(id)?.node.querySelector(".said > .field-error");
    if (error) error.textContent = text;
  }

  /** Shows under a message the words that Teams shows for a moment after a press. */
  notice(id, text) {
    const notice = this.rows.get(id)?.node.querySelector(".said > .notice");
    if (notice) notice.textContent = text;
  }

  /** The reply box under a root, made when it is first needed. */
  writer(row, message) {
    if (!row.writer) {
      row.writer = composer({
        label: `Reply to ${message.from} in thread`,
        small: true,
        where: this.around.where,
        send: (text) => this.around.say(text, message.id),
      });
      row.item.append(row.writer.form);
    }
    return row.writer;
  }
}

/** Puts the items in this order, moving none that already stands right. */
function place(list, items) {
  items.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] || null);
  });
}
