// The messages on the page: put in, replaced, grouped, brought into view.

import { me, place, send } from "./act.js";

const box = document.getElementById("posts");
const main = box.querySelector(".list");
const panel = document.getElementById("panel");
const below = document.getElementById("below");

const posts = (list) => list.querySelectorAll(":scope > .post");
const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 120;
const toEnd = (box) => box.scrollTo({ top: box.scrollHeight });

function made(html) {
  const shape = document.createElement("template");
  shape.innerHTML = html; // the server's own rendering, all text in it escaped
  return shape.content.firstElementChild;
}

// Runs of one author's messages close up; a new day is said once.
export function group(list) {
  let last = null;
  for (const post of posts(list)) {
    const { by, day, at } = post.dataset;
    const near = last && last.by === by && last.day === day && at - last.at < 300;
    post.classList.toggle("close", Boolean(near) && !post.matches(".bot, .only, .gone"));
    post.classList.toggle("newday", !last || last.day !== day);
    last = post.dataset;
  }
  const all = [...posts(list)];
  // One stop for the Tab key: the newest, or the one that the reader stands on.
  if (all.length && !list.contains(document.activeElement)) all.forEach((p) => (p.tabIndex = p === all.at(-1) ? 0 : -1));
}

// A message is exchanged under the reader's hands: what they hold must stay in their hands.
function replace(old, fresh) {
  const held = document.activeElement;
  if (old.querySelector(".editing")) return void (old.pending = fresh);
  if (old.contains(held) && held.tagName === "SELECT") {
    held.addEventListener("blur", () => setTimeout(() => replace(old, fresh), 300), { once: true });
    return;
  }
  fresh.tabIndex = old.tabIndex;
  fresh.classList.toggle("close", old.classList.contains("close"));
  fresh.classList.toggle("newday", old.classList.contains("newday"));
  if (old.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
  const inside = old.contains(held);
  const box = inside && held.parentElement?.className;
  old.replaceWith(fresh);
  if (!inside) return;
  const same = ["action", "emoji", "thread", "jump"].find((name) => held.dataset[name]);
  const all = same ? [...fresh.querySelectorAll(`[data-${same}="${CSS.escape(held.dataset[same])}"]`)] : [];
  (all.find((one) => one.parentElement.className === box) || all[0] || fresh).focus({ preventScroll: true });
}

export function put({ id, thread, html }) {
  const there = document.querySelectorAll(`.post[data-id="${id}"]`);
  there.forEach((old) => replace(old, made(html)));
  const open = panel.querySelector(".thread");
  const list = thread ? open?.dataset.root === String(thread) && open.querySelector(".list") : main;
  if (!list || list.querySelector(`:scope > .post[data-id="${id}"]`)) return;
  const all = [...posts(list)];
  const before = all.findLast((post) => Number(post.dataset.id) < id);
  if (!before && all.length) return; // older than what is shown
  const fresh = made(html);
  const scroller = list.closest(".posts");
  const follow = atEnd(scroller) || fresh.dataset.by === me;
  before ? before.after(fresh) : list.prepend(fresh);
  group(list);
  if (follow) toEnd(scroller);
  else if (list === main) below.hidden = false;
  if (fresh.dataset.by !== me) speak(fresh);
  seen();
}

function speak(post) {
  const line = document.createElement("p");
  line.textContent = `${post.querySelector(".by").textContent}: ${post.querySelector(".body")?.textContent.trim() ?? ""}`;
  const log = document.getElementById("spoken");
  log.append(line);
  while (log.children.length > 5) log.firstChild.remove();
}

let telling;

export function seen() {
  if (document.hidden || telling) return;
  telling = setTimeout(() => {
    telling = undefined;
    if (!document.hidden) send("/api/v1/seen", { as: me, place }, 1);
  }, 400);
}

// Brings a message into view and lights it up; false where it is not on this page.
export function reveal(id) {
  const post = panel.querySelector(`.list > .post[data-id="${id}"]`) || main.querySelector(`.post[data-id="${id}"]`);
  if (!post) return false;
  post.scrollIntoView({ block: "nearest" });
  post.classList.add("lit");
  setTimeout(() => post.classList.remove("lit"), 2500);
  return true;
}

export async function openThread(root, opener) {
  const answer = await fetch(`/parts/${me}/thread/${root}`);
  const html = answer.ok ? await answer.text() : "";
  if (!html) return;
  panel.innerHTML = html;
  panel.hidden = false;
  panel.opener = opener;
  if (new URLSearchParams(location.search).get("thread") !== String(root)) history.pushState({}, "", `?thread=${root}`);
  readyThread();
  panel.querySelector("textarea").focus();
}

export function readyThread() {
  if (panel.hidden) return;
  group(panel.querySelector(".list"));
  toEnd(panel.querySelector(".posts"));
  panel.dispatchEvent(new CustomEvent("opened", { bubbles: true }));
}

export function closeThread(keepAddress = false) {
  panel.hidden = true;
  panel.replaceChildren();
  if (!keepAddress) history.pushState({}, "", location.pathname);
  if (panel.opener?.isConnected) panel.opener.focus();
}

export async function showEarlier(button) {
  const answer = await fetch(`/parts/${me}/earlier/${place}?before=${button.dataset.before}`);
  if (!answer.ok) return;
  const height = box.scrollHeight;
  const first = main.querySelector(".post");
  button.outerHTML = await answer.text();
  group(main);
  box.scrollTop += box.scrollHeight - height;
  first?.focus({ preventScroll: true });
}

box.addEventListener("scroll", () => atEnd(box) && (below.hidden = true), { passive: true });
below.addEventListener("click", () => toEnd(box));

export function ready() {
  group(main);
  toEnd(box);
  readyThread();
  const wanted = location.hash.match(/^#m(\d+)$/);
  if (wanted) reveal(wanted[1]);
  seen();
}
