// The chat page: gestures on messages, the clock, the drawer, and what arrives while one looks.

import { act, me, once, place, say, send, tell } from "./act.js";
import * as composer from "./composer.js";
import * as posts from "./posts.js";
import * as sheet from "./sheet.js";

const $ = (id) => document.getElementById(id);

function answered(result) {
  if (!result) return;
  const wrong = result.errors?.[""];
  if (wrong) return tell(wrong);
  if (result.form) sheet.open(result.errors);
  // The answer itself arrives with everything else; this only turns the eyes to it.
  if (result.reply) setTimeout(() => posts.reveal(result.reply.id), 250);
}

// Gestures on a message

const post = (node) => node.closest(".post");
const id = (node) => Number(post(node).dataset.id);

async function press(control, value) {
  const body = { do: "press", message: id(control), action: control.dataset.action };
  answered(await once(control, () => act(value === undefined ? body : { ...body, values: { value } })));
}

async function react(control) {
  const emoji = control.dataset.emoji;
  const mine = post(control).querySelector(`.reactions [data-emoji="${emoji}"]`)?.getAttribute("aria-pressed") === "true";
  answered(await once(control, () => act({ do: mine ? "unreact" : "react", message: id(control), emoji })));
}

async function choose(control) {
  control.closest("details").open = false;
  const body = { do: "shortcut", message: id(control), action: control.dataset.shortcut };
  answered(await once(control, () => act(body)));
}

function edit(control) {
  const article = post(control);
  const body = article.querySelector(".body");
  const before = article.querySelector(".source").content.textContent;
  const area = Object.assign(document.createElement("textarea"), { value: before, className: "editing", dir: "auto" });
  area.setAttribute("aria-label", say("editing"));
  const old = [...body.childNodes];
  body.replaceChildren(area);
  composer.fit(area);
  area.focus();
  const done = () => {
    body.replaceChildren(...old);
    if (article.pending) article.replaceWith(article.pending);
    document.querySelector(`.post[data-id="${article.dataset.id}"]`)?.focus();
  };
  area.addEventListener("input", () => composer.fit(area));
  area.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      done();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.repeat) {
      event.preventDefault();
      const result = await once(area, () => act({ do: "edit", message: id(area), text: area.value.trim() }));
      if (!result) return;
      if (result.errors?.[""]) return tell(result.errors[""]);
      done();
    }
  });
}

async function remove(control) {
  if (!control.dataset.sure) {
    control.dataset.sure = "yes";
    control.textContent = say("sure");
    setTimeout(() => (delete control.dataset.sure, (control.textContent = say("delete"))), 4000);
    return;
  }
  answered(await once(control, () => act({ do: "delete", message: id(control) })));
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const link = on("a[data-thread], a[data-jump]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    if (link.dataset.thread) posts.openThread(link.dataset.thread, link);
    if (link.dataset.thread || posts.reveal(link.dataset.jump)) event.preventDefault();
    return;
  }
  const button = on("button");
  if (!button) return;
  // The second click of a double one is no second gesture, also where the first has changed what lies under it.
  if (event.detail > 1 && button.closest(".post")) return;
  const { action, emoji, thread, before } = button.dataset;
  if (button.matches("[data-close]")) button.closest("#panel") ? posts.closeThread() : button.closest("dialog").close();
  else if (before) once(button, () => posts.showEarlier(button));
  else if (!button.closest(".post")) return;
  else if (action) press(button);
  else if (emoji) react(button);
  else if (thread) posts.openThread(thread, post(button));
  else if (button.dataset.shortcut) choose(button);
  else if ("edit" in button.dataset) edit(button);
  else if ("delete" in button.dataset) remove(button);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".select")) return;
  event.preventDefault();
  press(event.target, event.target.querySelector("select").value);
});

// By keyboard: arrows walk along the messages, Escape closes what lies on top

document.addEventListener("keydown", (event) => {
  if (event.target.matches(".post") && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const all = [...event.target.closest(".posts").querySelectorAll(".post")];
    const next = all[all.indexOf(event.target) + (event.key === "ArrowUp" ? -1 : 1)];
    if (next) {
      all.forEach((one) => (one.tabIndex = one === next ? 0 : -1));
      next.focus();
      event.preventDefault();
    }
  }
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("drawn")) drawer(false);
  else if (!$("panel").hidden) posts.closeThread();
});

window.addEventListener("popstate", () => {
  const root = new URLSearchParams(location.search).get("thread");
  root ? posts.openThread(root) : posts.closeThread(true);
});

function drawer(open) {
  document.body.classList.toggle("drawn", open);
  $("drawer").setAttribute("aria-expanded", String(open));
  $("shade").hidden = !open;
  (open ? $("side").querySelector("a") : $("drawer")).focus();
}
$("drawer").addEventListener("click", () => drawer(true));
$("shade").addEventListener("click", () => drawer(false));

// The clock

const clock = document.querySelector(".clock");

function summary(text) {
  $("wound").textContent = text;
  $("wound").hidden = !text;
}

function shut(opener) {
  clock.classList.remove("open");
  clock.querySelector(".now").setAttribute("aria-expanded", "false");
  if (opener) clock.querySelector(".now").focus();
}
document.addEventListener("click", (event) => clock.contains(event.target) || shut());
clock.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && clock.matches(".open")) {
    event.stopPropagation();
    shut(true);
  }
});

async function wind(to) {
  await once(clock, async () => {
    shut();
    summary(say("winding"));
    // Sent once: over a cut line nobody knows whether the clock has moved, and it must not move twice.
    const result = await send("/api/v1/wind", { as: me, to }, 1);
    if (result.errors) {
      summary("");
      return tell(result.errors[""]);
    }
    clock.querySelector("b").textContent = result.local;
    summary(say("wound", { time: result.local, summary: result.summary }));
    setTimeout(() => summary(""), 15000);
  });
}

clock.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches(".now")) {
    button.setAttribute("aria-expanded", String(clock.classList.toggle("open")));
  } else if (button?.dataset.to) {
    if (event.detail < 2) wind(button.dataset.to);
  } else if (button) {
    shut();
    $("wall").value = clock.dataset.wall;
    $("moment").returnValue = "";
    $("moment").showModal();
  }
});
$("moment").addEventListener("close", () => $("moment").returnValue === "go" && wind($("wall").value));

// What arrives while one looks

let last = document.body.dataset.changed;
let source;
let late;
let giveBack; // what ends this page's turn at a lasting line

function away(yes, patience = 700) {
  clearTimeout(late);
  if (yes) late = setTimeout(() => ($("line").hidden = false), patience);
  else $("line").hidden = true;
}

// A browser holds six connections to one address, for all its pages together. Four pages may keep one; any further
// page is answered briefly and asks again each second, so that there is always one left for what people do.
async function mayStay() {
  if (giveBack || !navigator.locks) return true;
  for (const turn of [1, 2, 3, 4]) {
    const got = await new Promise((say) =>
      navigator.locks.request(`live/${turn}`, { ifAvailable: true }, (lock) => {
        say(Boolean(lock));
        return lock && new Promise((end) => (giveBack = end));
      }),
    );
    if (got) return true;
  }
  return false;
}

function hangUp() {
  source?.close();
  source = undefined;
  giveBack?.();
  giveBack = undefined;
}

async function connect() {
  const stays = await mayStay();
  source?.close();
  source = new EventSource(`/live/${me}/${place}?after=${last}${stays ? "" : "&brief=1"}`);
  const on = (name, run) =>
    source.addEventListener(name, (event) => {
      last = event.lastEventId || last;
      run(JSON.parse(event.data));
    });
  source.onopen = () => away(false);
  source.onerror = () => {
    away(true, stays ? 700 : 4000);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1500);
    else if (!stays) mayStay().then((yes) => yes && connect());
  };
  on("post", posts.put);
  on("clock", (now) => {
    clock.querySelector("b").textContent = now.local;
    clock.dataset.wall = now.wall;
    clock.classList.toggle("going", now.going);
  });
  on("unread", (counts) => {
    for (const link of document.querySelectorAll("#side a[data-place]")) {
      const count = link.dataset.place === place ? 0 : counts[link.dataset.place] || 0;
      link.classList.toggle("fresh", count > 0);
      link.querySelector(".count").textContent = count > 99 ? "99+" : count || "";
    }
  });
}

// Pages out of sight give their line back.
let idle;
document.addEventListener("visibilitychange", () => {
  clearTimeout(idle);
  if (document.hidden) idle = setTimeout(hangUp, 20000);
  else {
    if (!source) connect();
    posts.seen();
  }
});
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
$("panel").addEventListener("opened", () => composer.restore($("panel").querySelector(".composer")));

composer.listen(answered);
sheet.listen(answered);
posts.ready();
connect();
if (matchMedia("(min-width: 45rem)").matches) $("write").querySelector("textarea").focus({ preventScroll: true });
