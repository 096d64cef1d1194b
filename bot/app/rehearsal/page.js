"use strict";
// Everything that was said is put in as text, never as markup.
const { people, lines } = JSON.parse(document.getElementById("data").textContent);
const form = document.querySelector(".filters");
const list = document.getElementById("lines");
const more = document.getElementById("more");
const PAGE = 200;
const ACTS = { command: "", pressed: "presses a button", submitted: "sends a form", reacted: "reacts", unreacted: "takes a reaction back", deleted: "deletes a message" };
let found = [];
let shown = 0;

function option(select, value, label) {
  const one = document.createElement("option");
  one.value = value;
  one.textContent = label;
  select.append(one);
}

function make(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

function nameOf(id) {
  return people[id] ? people[id][0] : id;
}

const places = [...new Set(lines.map((l) => l[2]).filter(Boolean))].sort();
option(form.person, "", "everybody");
for (const [id, [name, role, habit, zone]] of Object.entries(people)) {
  option(form.person, id, `${name} (${role === "learner" ? habit : role}, ${zone})`);
}
option(form.place, "", "all");
option(form.place, "direct", "direct messages");
for (const place of places) option(form.place, place, `#${place}`);
const last = Math.max(...[...form.week.options].map((o) => (o.value === "99" ? 0 : Number(o.value))));

function fits([week, , place, by, to, kind, , unasked, text], wanted) {
  if (wanted.person && by !== wanted.person && to !== wanted.person) return false;
  if (wanted.week !== "") {
    const number = Number(wanted.week);
    if (number === 0 ? week > 0 : number === 99 ? week <= last : week !== number) return false;
  }
  if (wanted.place && (wanted.place === "direct" ? place !== "" : place !== wanted.place)) return false;
  if (wanted.unasked && !unasked) return false;
  if (!wanted.edits && (kind === "updated" || kind === "edited" || kind === "withdrawn")) return false;
  return !wanted.words || text.toLowerCase().includes(wanted.words);
}

function body(text, fromBot) {
  const box = make("div", "text");
  text.split("\n").forEach((row, number) => {
    if (fromBot && /^(\[[^\]]+\] ?)+$/.test(row)) {
      const chips = make("div");
      for (const [, label] of row.matchAll(/\[([^\]]+)\]/g)) chips.append(make("span", "chip", label));
      box.append(chips);
    } else if (row.startsWith("> ")) {
      box.append(make("span", "quoted", row.slice(2)));
    } else {
      box.append(make("span", number === 0 && fromBot && text.includes("\n") ? "head" : "", row), "\n");
    }
  });
  return box;
}

function draw([, when, place, by, to, kind, below, unasked, text, fromBot]) {
  const act = kind in ACTS;
  const item = make("li", ["line", fromBot ? "bot" : "person", act && "act", below && "below", unasked && "unasked"].filter(Boolean).join(" "));
  const meta = make("div", "meta");
  meta.append(make("b", "", fromBot ? "Pacekeeper" : nameOf(by)));
  const where = place ? `#${place}${below ? ", in a thread" : ""}` : fromBot ? `to ${nameOf(to)}` : "to Pacekeeper";
  meta.append(make("span", "", where), make("span", "", when));
  if (unasked) meta.append(make("span", "mark", "unasked"));
  if (fromBot && (kind === "replied" || kind === "whispered")) meta.append(make("span", "", `only ${nameOf(to)} sees this`));
  if (kind === "updated" || kind === "edited") meta.append(make("span", "", "changed to"));
  if (kind === "withdrawn") meta.append(make("span", "", "taken away"));
  if (ACTS[kind]) meta.append(make("span", "", ACTS[kind]));
  item.append(meta);
  if (text) item.append(body(text, fromBot));
  return item;
}

function showMore() {
  for (const line of found.slice(shown, shown + PAGE)) {
    const day = line[1].split(",")[0];
    if (day !== list.dataset.day) {
      list.dataset.day = day;
      list.append(make("li", "day", day));
    }
    list.append(draw(line));
  }
  shown += PAGE;
  more.hidden = shown >= found.length;
}

function look() {
  const wanted = {
    person: form.person.value,
    week: form.week.value,
    place: form.place.value,
    words: form.words.value.trim().toLowerCase(),
    unasked: form.unasked.checked,
    edits: form.edits.checked,
  };
  found = lines.filter((line) => fits(line, wanted));
  document.getElementById("count").textContent = `${found.length.toLocaleString("en")} ${found.length === 1 ? "line" : "lines"}. Times are the reader's own; in channels, the cohort's.`;
  list.replaceChildren();
  delete list.dataset.day;
  shown = 0;
  showMore();
}

form.addEventListener("input", look);
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", showMore);
document.addEventListener("click", (event) => {
  const id = event.target.dataset?.person;
  if (!id) return;
  form.person.value = id in people ? id : "";
  form.place.value = id.startsWith("#") && places.includes(id.slice(1)) ? id.slice(1) : "";
  look();
  document.getElementById("talk").scrollIntoView({ behavior: "smooth" });
});
form.person.value = Object.entries(people).find(([, p]) => p[1] === "learner")?.[0] ?? "";
look();
