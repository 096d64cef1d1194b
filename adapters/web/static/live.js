// Everything works without this script: it only spares a press.

const SOON = 600, LATER = 3000;

// A page whose work goes on is shown again, but not while somebody types on it.
const again = async () => {
  const main = document.querySelector("main[data-again]");
  if (!main) return;
  try {
    const answer = await fetch(location.pathname + location.search);
    const shown = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (shown && !main.contains(document.activeElement)) {
      main.replaceWith(shown);
      const done = document.querySelector("[data-done]");
      if (done && !("again" in shown.dataset)) done.textContent = done.dataset.done;
    }
  } catch { /* offline: the next time, perhaps */ }
  setTimeout(again, LATER);
};
setTimeout(again, LATER);

// What a form would make stands beside it while somebody types.
const form = document.querySelector("form[data-try]"), beside = document.querySelector("aside");
let asked = 0, waits;
const look = async () => {
  const mine = ++asked, values = new FormData(form);
  values.set("form", form.querySelector("button[name=form]").value);
  values.set("try", "1");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: values });
    const shown = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body : null;
    if (shown && mine === asked) beside.replaceChildren(...shown.childNodes);
  } catch { /* offline: the form itself says so */ }
};
if (form) {
  form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(look, SOON); });
  look();
}
