// Files in a form: the text is read here and sent as the field's value. The name stays in this tab.

import { kept, problem, say } from "./act.js";

const inputs = (form) => [...form.querySelectorAll("[data-file]")];
const key = (input) => `file/${input.form.dataset.action}/${input.dataset.file}`;
const text = (input) => input.closest(".field").querySelector("textarea");
const size = (bytes) => (bytes < 1000 ? say("bytes", { n: bytes }) : `${Math.round(bytes / 1000).toLocaleString("en")} kB`);

function show(input) {
  const line = input.closest(".field").querySelector(".chosen");
  const value = text(input).value;
  line.hidden = !value;
  // The browser's own "No file chosen" would speak against the line below it.
  input.classList.toggle("has", Boolean(value));
  line.querySelector("span").textContent = `${kept.get(key(input)) || say("file")}, ${size(new Blob([value]).size)}`;
}

// What was chosen before is here again: after an error, or a reload.
export function chosenAgain(form) {
  for (const input of inputs(form)) show(input);
}

export function forgetFiles(form) {
  for (const input of inputs(form)) kept.set(key(input), "");
}

// Takes the file that was just chosen; one that does not do leaves the one before in place.
export async function take(input) {
  const [file] = input.files;
  if (!file) return;
  const wrong = await read(input, file);
  problem(input.closest(".field").querySelector(".problem"), wrong);
  // So that the same file can be chosen again once it is corrected.
  input.value = "";
  show(input);
}

async function read(input, file) {
  const limit = Number(input.dataset.limit);
  if (file.size > limit) {
    const [is, fit] = [file.size, limit].map((bytes) => bytes.toLocaleString("en"));
    return say("large", { file: file.name, is, fit });
  }
  try {
    text(input).value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return say("unreadable", { file: file.name });
  }
  kept.set(key(input), file.name);
  return "";
}

// Any other file goes along with the form, as it is.
export async function uploads(form) {
  const files = {};
  for (const input of form.querySelectorAll("[data-upload]")) {
    const [file] = input.files;
    if (!file) continue;
    const url = await new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = () => failed(reader.error);
      reader.readAsDataURL(file);
    });
    files[input.dataset.upload] = { name: file.name, base64: url.slice(url.indexOf(",") + 1) };
  }
  return files;
}

export function tooLarge(input) {
  const [file] = input.files;
  const wrong = file && file.size > Number(input.dataset.limit);
  const fit = Math.floor(Number(input.dataset.limit) / 1e6);
  problem(input.closest(".field").querySelector(".problem"), wrong ? say("upload", { file: file.name, fit }) : "");
  if (wrong) input.value = "";
}

export function remove(field) {
  const input = field.querySelector("[data-file]");
  text(input).value = "";
  kept.set(key(input), "");
  show(input);
}
