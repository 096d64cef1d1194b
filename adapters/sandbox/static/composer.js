// Writing: Enter sends, Shift+Enter breaks the line, a slash brings completions.

import { act, kept, me, once, place, problem } from "./act.js";

const within = (node) => node.closest?.(".composer");
const draft = (form) => `draft/${place}/${form.dataset.thread}`;
let asked = 0;

export function fit(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 220)}px`;
}

export function restore(form) {
  const area = form.querySelector("textarea");
  if (!area.value) area.value = kept.get(draft(form));
  fit(area);
}

async function post(form, answered) {
  const area = form.querySelector("textarea");
  const menu = form.querySelector("select");
  const kind = menu.value;
  const text = area.value;
  if (!text.trim() && kind === "text") return;
  const command = kind === "text" && text.startsWith("/");
  await once(form, async () => {
    area.readOnly = true;
    const result = await act({
      do: command ? "command" : "say",
      place,
      thread: form.dataset.thread || null,
      text: command ? text : text.trim(),
      kind,
    });
    area.readOnly = false;
    const wrong = result.errors?.[""];
    problem(form.querySelector(".problem"), wrong);
    if (!wrong && area.value === text) write(form, "");
    if (!wrong) menu.value = "text";
    form.querySelector(".offers").hidden = true;
    if (!wrong) answered(result);
  });
}

function write(form, text) {
  const area = form.querySelector("textarea");
  area.value = text;
  kept.set(draft(form), text);
  fit(area);
  offer(form);
}

// The list of completions. Names of commands are preselected; what one typed oneself never gives way to Enter.
async function offer(form) {
  const area = form.querySelector("textarea");
  const list = form.querySelector(".offers");
  const turn = ++asked;
  let found = [];
  if (area.value.startsWith("/") && !area.value.includes("\n")) {
    const query = new URLSearchParams({ as: me, place, text: area.value });
    try {
      const answer = await fetch(`/api/v1/complete?${query}`);
      found = answer.ok ? await answer.json() : [];
    } catch {
      found = []; // one can type without completions
    }
  }
  if (turn !== asked) return;
  list.replaceChildren(
    ...found.map((one, n) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `${list.id}-${n}`;
      item.dataset.insert = one.insert;
      const label = document.createElement("b");
      label.textContent = one.label;
      const hint = document.createElement("span");
      hint.textContent = one.hint;
      item.append(label, hint);
      return item;
    }),
  );
  list.hidden = !found.length;
  list.dataset.text = area.value;
  mark(form, found[0]?.name && found[0].insert.trim() !== area.value.trim() ? 0 : -1);
}

function mark(form, index) {
  const area = form.querySelector("textarea");
  const items = [...form.querySelectorAll(".offers li")];
  items.forEach((item, n) => item.setAttribute("aria-selected", String(n === index)));
  items[index]?.scrollIntoView({ block: "nearest" });
  items[index] ? area.setAttribute("aria-activedescendant", items[index].id) : area.removeAttribute("aria-activedescendant");
}

function keyInOffers(event, form) {
  const items = [...form.querySelectorAll(".offers li")];
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(form, (at + 1) % items.length);
  else if (event.key === "ArrowUp") mark(form, (at < 1 ? items.length : at) - 1);
  else if (event.key === "Escape") form.querySelector(".offers").hidden = true;
  else if (event.key === "Tab" && !event.shiftKey) write(form, items[Math.max(at, 0)].dataset.insert);
  else if (event.key === "Enter" && !event.shiftKey && at >= 0) write(form, items[at].dataset.insert);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

export function listen(answered) {
  document.addEventListener("submit", (event) => {
    const form = within(event.target);
    if (!form) return;
    event.preventDefault();
    post(form, answered);
    form.querySelector("textarea").focus();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.tagName === "TEXTAREA" && within(event.target);
    if (!form || event.isComposing) return;
    const list = form.querySelector(".offers");
    // Who types faster than completions come is not held up by those of a moment ago.
    if (!list.hidden && list.dataset.text === event.target.value && keyInOffers(event, form)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) post(form, answered);
    }
  });
  document.addEventListener("input", (event) => {
    const form = within(event.target);
    if (!form) return;
    if (event.target.tagName !== "TEXTAREA") return;
    kept.set(draft(form), event.target.value);
    problem(form.querySelector(".problem"), "");
    fit(event.target);
    offer(form);
  });
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest?.(".offers li");
    if (!item) return;
    event.preventDefault(); // the text keeps the focus
    write(within(item), item.dataset.insert);
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.tagName === "TEXTAREA" && within(event.target);
    if (form) form.querySelector(".offers").hidden = true;
  });
  document.querySelectorAll(".composer").forEach(restore);
}

