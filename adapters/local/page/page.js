// Starts the page: the two panes, the guided steps, the clock, and the wait for what arrives.

import * as api from "./api.js";
import { day, hour } from "./clock.js";
import { announce } from "./dom.js";
import { guide } from "./guide.js";
import { Pane } from "./pane.js";

const AGAIN = 2_000;
const TICK = 5_000;
const part = (id) => document.getElementById(id);

/** Shows the demo's time, which then runs on as the browser's does. */
function showClock(now) {
  clock.ahead = new Date(now).getTime() - Date.now();
  tick();
}

const clock = { ahead: 0 };

function tick() {
  const now = new Date(Date.now() + clock.ahead).toISOString();
  part("clock").textContent = `${hour(now)}, ${day(now)}`;
  part("clock").dateTime = now;
}

function connected(is) {
  part("connection").hidden = is;
}

/** Waits for changes for as long as the page is open, and hands each to the panes. */
async function follow(panes, gone) {
  let after = Math.min(...panes.map((one) => one.version));
  while (!gone.aborted) {
    try {
      const { version, people } = await api.changes(after, gone);
      const restarted = version < after;
      after = version;
      connected(true);
      const everyone = panes.map((one) => one.person.key);
      await Promise.all(panes.map((one) => one.notice(restarted ? everyone : people)));
      showClock(panes[0].now);
    } catch {
      if (gone.aborted) return;
      connected(false);
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  }
}

async function move(step, panes) {
  try {
    await api.time(step);
    await Promise.all(panes.map((one) => one.refresh()));
    showClock(panes[0].now);
    announce(`The clock says ${part("clock").textContent}.`);
  } catch (refused) {
    part("guide-status").textContent = refused.message;
  }
}

async function begin() {
  const world = await api.world();
  const slack = new Pane({ platform: "slack", title: "Slack", node: part("slack"), world, first: "amira" });
  const teams = new Pane({ platform: "teams", title: "Microsoft Teams", node: part("teams"), world, first: "gareth" });
  const panes = [slack, teams];
  await Promise.all(panes.map((one) => one.show(one.person.key)));
  showClock(world.now);
  guide([...document.querySelectorAll("#guide button")], part("guide-status"), { slack, teams });
  part("hour").addEventListener("click", () => move({ hours: 1 }, panes));
  part("tomorrow").addEventListener("click", () => move({ to: "tomorrow-9am" }, panes));
  setInterval(tick, TICK);
  document.body.dataset.ready = "true";
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort());
  await follow(panes, leaving.signal);
}

begin().catch((problem) => {
  part("guide-status").textContent = `The demo did not start: ${problem.message}`;
});
