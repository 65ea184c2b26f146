// One of the two halves: a platform as one of its people sees it, in one place at a time.

import * as api from "./api.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { announce, freshId, h, symbol } from "./dom.js";
import { start } from "./hints.js";
import { Modal } from "./modal.js";

const DIRECT = { id: "direct", name: "Signpost, direct chat" };

export class Pane {
  /** `world` is the API's answer; `first` the key of the person shown at first. */
  constructor({ platform, title, node, world, first }) {
    Object.assign(this, { platform, title, node, world, place: DIRECT.id, version: 0, now: world.now });
    this.people = world.people.filter((one) => one.platform === platform);
    this.person = this.people.find((one) => one.key === first) || this.people[0];
    this.unread = new Set();
    this.read = new Map();
    this.asked = 0;
    this.fresh = true;
    const after = () => this.refresh();
    this.modal = new Modal(this.names(), this.where, after);
    this.build();
  }

  names() {
    return new Map(this.world.people.filter((one) => one.user).map((one) => [one.user, one.name]));
  }

  where = () => ({ platform: this.platform, person: this.person.key, place: this.place });

  build() {
    this.list = h("ol", { class: "messages" });
    const around = {
      platform: this.platform,
      names: this.names(),
      where: this.where,
      opened: new Set(),
      now: () => this.now,
      say: (text, thread) => this.say(text, thread),
      press: (message, action, inputs, button) => this.press(message, action, inputs, button),
    };
    this.around = around;
    this.conversation = new Conversation(this.list, around, this.platform === "slack");
    this.empty = h("p", { class: "empty" }, "");
    this.scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": `Messages in ${this.title}` }, this.empty, this.list);
    this.writer = composer({ label: "Message", where: this.where, send: (text) => this.say(text) });
    this.drawHead();
    this.node.append(this.head, this.scroller, this.writer.form);
  }

  drawHead() {
    this.personChooser = h("select", { id: freshId("person"), on: { change: (event) => this.show(event.target.value, DIRECT.id) } });
    this.placeChooser = h("select", { id: freshId("place"), on: { change: (event) => this.show(this.person.key, event.target.value) } });
    this.elsewhere = h("p", { class: "elsewhere", hidden: true });
    const heading = h("h2", { id: freshId("pane") }, symbol(this.platform === "slack" ? "rows" : "bubbles"), this.title);
    this.node.setAttribute("aria-labelledby", heading.id);
    this.head = h(
      "header",
      { class: "pane-head" },
      heading,
      h("div", { class: "chooser" }, h("label", { for: this.personChooser.id }, "You are"), this.personChooser),
      h("div", { class: "chooser" }, h("label", { for: this.placeChooser.id }, "You are in"), this.placeChooser),
      this.elsewhere,
    );
  }

  places() {
    const own = this.world.places.filter((one) => one.platform === this.platform && one.id !== DIRECT.id);
    return [DIRECT, ...own.filter((one) => !this.person.tenant || one.tenant === this.person.tenant)];
  }

  redrawHead() {
    const people = this.people.map((one) => h("option", { value: one.key, selected: one === this.person }, this.nameIn(one)));
    this.personChooser.replaceChildren(...people);
    const places = this.places().map((one) => h("option", { value: one.id, selected: one.id === this.place }, this.placeName(one)));
    this.placeChooser.replaceChildren(...places);
    const waiting = this.people.filter((one) => this.unread.has(one.key));
    const buttons = waiting.map((one) =>
      h("button", { type: "button", class: "chip", on: { click: () => this.show(one.key, DIRECT.id) } }, symbol("dot"), `New for ${one.name}`),
    );
    this.elsewhere.replaceChildren(...buttons);
    this.elsewhere.hidden = buttons.length === 0;
    const prefix = start(this.platform, this.place);
    this.writer.caption.textContent = `Message as ${this.person.name}`;
    this.writer.box.placeholder = prefix ? `${prefix}ask …` : "ask …, or anything you want to say";
  }

  nameIn(person) {
    return `${person.name}, ${person.organisation}: ${person.title}${this.unread.has(person.key) ? " (new)" : ""}`;
  }

  placeName(place) {
    return this.platform === "slack" && place !== DIRECT ? `#${place.name.replace(/^#/, "")}` : place.name;
  }

  /** Shows this person's view of this place, from its newest message. */
  async show(person, place = DIRECT.id) {
    this.person = this.people.find((one) => one.key === person);
    this.place = place;
    this.unread.delete(person);
    this.fresh = true;
    this.around.opened.clear();
    this.conversation.clear();
    this.modal.remove();
    this.redrawHead();
    await this.refresh();
  }

  /** Something has changed for these people: shows it, and marks those whose direct chat has a message they have not seen. */
  async notice(keys) {
    const others = this.people.filter((one) => keys.includes(one.key) && one !== this.person);
    await Promise.all([keys.includes(this.person.key) && this.refresh(), ...others.map((one) => this.look(one))]);
    if (others.length) this.redrawHead();
  }

  async look(person) {
    const { messages } = await api.chat(person.key, DIRECT.id);
    const read = this.read.get(person.key) || new Set();
    if (person !== this.person && messages.some((one) => !one.mine && !read.has(one.id))) this.unread.add(person.key);
  }

  /** Asks again and draws; done when the newest answer asked for has been drawn, whoever asked for it. */
  refresh() {
    this.asked += 1;
    this.newest = this.draw(this.asked);
    return this.newest;
  }

  async draw(turn) {
    const found = await api.chat(this.person.key, this.place);
    if (turn !== this.asked) return this.newest;
    this.version = found.version;
    this.now = found.now;
    const low = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 80;
    if (this.place === DIRECT.id) this.read.set(this.person.key, new Set(found.messages.map((one) => one.id)));
    const changed = this.conversation.update(found.messages);
    this.sayEmpty(found.messages);
    if (changed.length && (this.fresh || this.said || low)) this.scroller.scrollTop = this.scroller.scrollHeight;
    if (!this.fresh) this.tell(changed);
    this.fresh = false;
    if (changed.length) this.said = false;
    this.modal.show(found.modal);
    return turn;
  }

  sayEmpty(messages) {
    const place = this.places().find((one) => one.id === this.place);
    this.empty.textContent = messages.length ? "" : `Nothing has been said in “${this.placeName(place)}” yet. Type “${start(this.platform, this.place)}help” to see what you can do.`;
    this.empty.hidden = messages.length > 0;
  }

  tell(changed) {
    for (const message of changed.filter((one) => !one.mine)) {
      const words = this.conversation.wordsOf(message.id).slice(0, 300);
      announce(`${this.title}, ${this.person.name}: ${message.edited ? "changed message" : "new message"} from ${message.from}. ${words}`);
    }
  }

  async say(text, thread = undefined) {
    this.said = !thread;
    await api.say(this.person.key, this.place, text, thread);
    await this.refresh();
  }

  async press(message, action, inputs, button) {
    button?.setAttribute("aria-busy", "true");
    try {
      const { notice } = await api.press(this.person.key, this.place, message.id, action, inputs);
      await this.refresh();
      if (notice) this.conversation.notice(message.id, notice);
    } catch (refused) {
      this.conversation.complain(message.id, refused.message);
    } finally {
      button?.removeAttribute("aria-busy");
    }
  }
}
