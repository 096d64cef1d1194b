// The form that stands open before a person. Nothing typed is lost by closing it, by an error, or by a reload.

import { act, kept, me, once, problem, send } from "./act.js";
import { chosenAgain, forgetFiles, remove, take, tooLarge, uploads } from "./files.js";

const sheet = document.getElementById("sheet");
const bar = document.getElementById("unfinished");

const form = () => sheet.querySelector("form");
const name = () => `form/${form().dataset.action}/${form().dataset.draft}`;

function typed() {
  const values = {};
  for (const field of form().elements) if (field.name) values[field.name] ??= "";
  for (const [key, value] of new FormData(form())) values[key] = value;
  return values;
}

function fill(values) {
  for (const field of form().elements) {
    if (!(field.name in values)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
}

export async function open(errors = {}) {
  const answer = await fetch(`/parts/${me}/form`);
  const html = answer.ok ? await answer.text() : "";
  if (!html) {
    sheet.replaceChildren();
    return putAway();
  }
  sheet.innerHTML = html;
  const before = kept.get(name());
  if (before) fill(JSON.parse(before));
  chosenAgain(form());
  if (!sheet.open) sheet.showModal();
  show(errors);
}

function show(errors) {
  for (const box of sheet.querySelectorAll(".problem")) {
    problem(box, errors[box.dataset.for]);
    for (const field of form().elements)
      if (meant(field) && meant(field) === box.dataset.for) field.setAttribute("aria-invalid", String(!box.hidden));
  }
  const first = [...form().elements].find((field) => meant(field) && (!Object.keys(errors).length || errors[meant(field)]));
  first?.focus();
}

// The name of the field that a control is for; a file's text stands in a field of its own.
const meant = (control) => control.dataset.file || control.dataset.upload || control.name;

function putAway() {
  bar.hidden = true;
  sheet.close();
}

async function submit(answered) {
  const { action, draft } = form().dataset;
  const send = async () =>
    act({ do: "submit", action, draft: draft || null, values: typed(), files: await uploads(form()) });
  const result = await once(form(), send);
  if (!result) return;
  const wrong = Object.keys(result.errors ?? {}).length > 0;
  if (wrong && !result.form) return show(result.errors);
  kept.set(name(), "");
  if (wrong) return open(result.errors);
  forgetFiles(form());
  if (!result.form) {
    sheet.replaceChildren();
    putAway();
  }
  answered(result);
}

export function listen(answered) {
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(answered);
  });
  const keep = () => kept.set(name(), JSON.stringify(typed()));
  sheet.addEventListener("input", keep);
  sheet.addEventListener("change", async (event) => {
    if (event.target.dataset.upload) tooLarge(event.target);
    if (!event.target.dataset.file) return;
    // Nothing is sent before it is read.
    await once(form(), () => take(event.target));
    keep();
  });
  sheet.addEventListener("click", (event) => {
    if (!event.target.closest("[data-remove]")) return;
    remove(event.target.closest(".field"));
    keep();
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form().requestSubmit();
  });
  sheet.addEventListener("close", () => {
    if (!form()) return;
    bar.querySelector("b").textContent = sheet.querySelector("h2").textContent;
    bar.hidden = false;
  });
  bar.addEventListener("click", async (event) => {
    if (event.target.closest("[data-continue]")) open();
    if (!event.target.closest("[data-discard]")) return;
    await send("/api/v1/close", { as: me });
    if (form()) {
      kept.set(name(), "");
      forgetFiles(form());
    }
    sheet.replaceChildren();
    bar.hidden = true;
  });
}
