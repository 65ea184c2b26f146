// The three guided steps. They do what a person would: type into the box, find a button by its words, press it.

import { announce, h } from "./dom.js";
import { ANSWER, LABELS, QUESTION } from "./labels.js";

/** A step that cannot go on, and why, in words. */
class Stuck extends Error {}

const WAIT = 15_000;
const LOOK = 80;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const pause = (ms) => new Promise((done) => setTimeout(done, calm() ? Math.min(ms, LOOK) : ms));

/** Waits until `look()` finds something; Stuck with these words when it does not within 15 seconds. */
async function until(look, otherwise) {
  const end = performance.now() + WAIT;
  while (performance.now() < end) {
    const found = look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, LOOK));
  }
  throw new Stuck(otherwise);
}

/** The newest button with this label, in a message that was not yet there (or has changed since). */
function button(pane, label, before = new Set()) {
  const fresh = [...pane.list.querySelectorAll("article")].filter((one) => !before.has(one));
  const all = fresh.flatMap((one) => [...one.querySelectorAll(".said-body button")]);
  return all.filter((one) => one.textContent.trim() === label && !one.closest("[hidden]")).at(-1);
}

const drawn = (pane) => new Set(pane.list.querySelectorAll("article"));

/** Shows the button for a moment, then presses it. */
async function press(found) {
  found.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  found.classList.add("pointed-at");
  await pause(700);
  found.classList.remove("pointed-at");
  found.click();
}

/** Types into a box as a person does, quickly. */
async function type(box, text) {
  box.scrollIntoView({ block: "nearest" });
  box.classList.add("pointed-at");
  for (let end = 6; end < text.length && !calm(); end += 6) {
    box.value = text.slice(0, end);
    await pause(25);
  }
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await pause(300);
  box.classList.remove("pointed-at");
}

async function ask({ slack, teams }, tell) {
  await Promise.all([slack.show("amira"), teams.show("gareth")]);
  const before = drawn(slack);
  const waiting = drawn(teams);
  tell("Amira, a content designer at HMRC, types a question in Slack.");
  await type(slack.writer.box, `/signpost ask ${QUESTION}`);
  await slack.writer.send(slack.writer.box.value);
  const send = await until(() => button(slack, LABELS.send, before), "Signpost did not show Amira who will see her question.");
  tell("Signpost shows Amira who will see it. She presses Send.");
  await press(send);
  await until(() => button(teams, LABELS.answer, waiting), "The question did not reach Gareth. Reload the page and try again.");
  tell("The question has reached Gareth, an operations lead at DWP, in Teams. Next: step 2.");
}

/** The form that Answer opened: a text box in a message of Signpost's, and the button under it. */
function openForm(pane) {
  const box = [...pane.list.querySelectorAll(".said-body textarea, .said-body input[type=text]")].filter((one) => !one.closest("[hidden]")).at(-1);
  const around = box?.closest(".container.emphasis, .adaptive-card");
  const send = around && [...around.querySelectorAll("button.action")].at(-1);
  return send ? { box, send } : null;
}

async function answer({ teams }, tell) {
  await teams.show("gareth");
  const found = openForm(teams) || button(teams, LABELS.answer);
  if (!found) throw new Stuck("No question is waiting for Gareth. Do step 1 first.");
  if (found instanceof HTMLElement) {
    tell("Gareth reads who asks and why he was chosen. He presses Answer.");
    await press(found);
  }
  const form = await until(() => openForm(teams), "Answer did not open a form.");
  const before = drawn(teams);
  tell("He writes his answer, without leaving Teams.");
  await type(form.box, ANSWER);
  await press(form.send);
  await until(() => [...drawn(teams)].some((one) => !before.has(one)), "Gareth’s answer was not taken.");
  tell("Gareth’s answer is on its way to Amira’s Slack. Next: step 3.");
}

async function accept({ slack }, tell) {
  await slack.show("amira");
  tell("Amira finds Gareth’s answer in the thread of her own question.");
  const found = await until(() => button(slack, LABELS.accept), "No answer is waiting for Amira. Do steps 1 and 2 first.");
  const before = drawn(slack);
  await press(found);
  await until(() => [...drawn(slack)].some((one) => !before.has(one)), "Signpost did not confirm that this answers it.");
  tell("The crossing is complete: asked in Slack, answered in Teams, and neither changed tool.");
}

const STEPS = [ask, answer, accept];

/** Ties the three buttons to their steps; one runs at a time. `panes` is {slack, teams}. */
export function guide(buttons, status, panes) {
  let running = false;
  const tell = (text) => {
    status.textContent = text;
    announce(text);
  };
  const mark = (index, state) => {
    buttons[index].dataset.state = state;
    buttons[index].querySelector(".state").textContent = { running: "running", done: "done", stuck: "not done" }[state] || "";
  };
  const run = async (index) => {
    if (running) return tell("A step is still running. Wait for it to end.");
    running = true;
    mark(index, "running");
    try {
      await STEPS[index](panes, tell);
      mark(index, "done");
    } catch (problem) {
      mark(index, "stuck");
      tell(problem.message);
    }
    running = false;
    return null;
  };
  buttons.forEach((one, index) => {
    one.append(h("span", { class: "state" }));
    one.addEventListener("click", () => run(index));
  });
}
