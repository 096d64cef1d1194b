// Search within the page. What there is to find is read from the page itself, so it works from a file, too.
"use strict";

const STOP = new Set("a an and are as at be by can do does for from has have how i if in is it my of on or so that the this to was we what when where which who why will with you your".split(" "));
const TITLE = 3, WHOLE = 2, BEGINS = 1, ASKED_FOR = 2;

const form = document.getElementById("find");
const field = document.getElementById("words");
const found = document.getElementById("found");
const main = document.getElementById("answers");
const listed = new Map([...document.querySelectorAll("[data-of]")].map((item) => [item.dataset.of, item]));

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const stem = (word) => (word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word);
const words = (text) => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);

const entries = [...main.querySelectorAll("article")].map((article, place) => {
  const facts = article.querySelector(".facts");
  const title = new Set(words(article.querySelector("h2").textContent));
  const body = new Set(words(article.textContent.replace(facts.textContent, "")));
  // What the question asks for without naming it: 'length' for 'How long …'.
  const also = new Set(words(article.dataset.also ?? ""));
  return { article, place, title, body, also, number: article.id.replace("faq-", "") };
});

function fits(word, set) {
  if (set.has(word)) return WHOLE;
  if (word.length < 2) return 0;
  for (const known of set) if (known.startsWith(word)) return BEGINS;
  return 0;
}

function search(text) {
  const asked = [...new Set(words(text))];
  const telling = asked.filter((word) => !STOP.has(word));
  const wanted = telling.length ? telling : asked;
  const hits = entries.map((entry) => {
    const each = wanted.map((word) => TITLE * fits(word, entry.title) + fits(word, entry.body) + (entry.also.has(word) ? ASKED_FOR : 0));
    return { entry, score: each.reduce((sum, one) => sum + one, 0), held: each.filter(Boolean).length };
  });
  const most = Math.max(0, ...hits.map((hit) => hit.held));
  // Those that hold most of the words; with many words one may be missing.
  const enough = most < wanted.length || wanted.length < 3 ? most : most - 1;
  const number = /^(?:faq[ -]?)?(\d+)$/.exec(text.trim().toLowerCase())?.[1];
  return hits
    .filter((hit) => hit.entry.number === number || (most && hit.held >= enough))
    .sort((a, b) => b.score - a.score || a.entry.place - b.entry.place)
    .map((hit) => hit.entry);
}

function show(text) {
  const asked = text.trim();
  const hits = asked ? search(asked) : entries;
  const shown = new Set(hits);
  for (const entry of entries) {
    entry.article.hidden = !shown.has(entry);
    const item = listed.get(entry.article.id);
    if (item) item.hidden = !shown.has(entry);
  }
  // In the order of the page they are read by screen readers, too.
  main.append(...hits.map((entry) => entry.article));
  const words = document.getElementById("find").dataset;
  const parts = { hits: hits.length, all: entries.length, asked };
  say(asked ? (hits.length ? words.found : words.none).replace(/{(\w+)}/g, (_, part) => parts[part]) : "");
  highlight(asked ? hits : [], asked);
}

let later;
function say(text) {
  // Not at every letter: a screen reader would read each of them.
  clearTimeout(later);
  later = setTimeout(() => { found.textContent = text; }, 250);
}

function highlight(hits, asked) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.clear();
  const wanted = words(asked).filter((word) => word.length > 1 && !STOP.has(word));
  const ranges = [];
  for (const { article } of hits.slice(0, 30)) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const match of node.data.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
        if (!wanted.some((word) => words(match[0]).some((known) => known.startsWith(word)))) continue;
        const range = new Range();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        ranges.push(range);
      }
    }
  }
  if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
}

function remember(text) {
  const address = new URL(location.href);
  if (text.trim()) address.searchParams.set("q", text.trim());
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}

form.hidden = entries.length < 2;
if (matchMedia("(min-width: 56rem)").matches) document.querySelector("nav details").open = true;
field.addEventListener("input", () => { show(field.value); remember(field.value); });
form.addEventListener("submit", (event) => { event.preventDefault(); main.focus(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && field.value) {
    field.value = "";
    show("");
    remember("");
  }
});
// A link to an answer that the search hides shows it all the same.
addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.closest("[hidden]")) { field.value = ""; show(""); remember(""); target.scrollIntoView(); }
});
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) show(field.value);
