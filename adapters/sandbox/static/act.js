// What a person does goes to the server from here.

export const me = document.body.dataset.me;
export const place = document.body.dataset.place;

// The words of the scripts come with the page, in its language.
const words = JSON.parse(document.body.dataset.words);
export const say = (name, parts = {}) => words[name].replace(/{(\w+)}/g, (_, part) => parts[part]);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const cut = { errors: { "": say("cut") } };

export async function send(url, body, tries = 30) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  for (let n = 1; ; n++) {
    try {
      const answer = await fetch(url, request);
      // 503: nothing was saved, and the same request may come again.
      if (answer.status !== 503 || n >= Math.min(tries, 4)) {
        if (n > 1) tell("");
        return await answer.json();
      }
    } catch {
      if (n >= tries) return cut;
    }
    tell(say("again"), true);
    await pause(1000);
  }
}

// One gesture has one delivery id: sent again over a cut line it is the same act, not a second one.
export function act(body) {
  return send("/api/v1/act", { as: me, delivery: crypto.randomUUID(), ...body });
}

// Runs once at a time for a control, which shows that it is busy meanwhile.
export async function once(control, run) {
  if (control.getAttribute("aria-busy") === "true") return undefined;
  control.setAttribute("aria-busy", "true");
  try {
    return await run();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

let hiding;

export function tell(text, stays = false) {
  const toast = document.getElementById("toast");
  clearTimeout(hiding);
  toast.textContent = text;
  toast.hidden = !text;
  if (!stays) hiding = setTimeout(() => (toast.hidden = true), 7000);
}

export function problem(box, text) {
  box.textContent = text || "";
  box.hidden = !text;
}

// What was typed and not sent yet outlives a reload of this tab.
export const kept = {
  get: (name) => sessionStorage.getItem(`${me}/${name}`) || "",
  set: (name, text) => {
    try {
      if (text) sessionStorage.setItem(`${me}/${name}`, text);
      else sessionStorage.removeItem(`${me}/${name}`);
    } catch {
      // There is no room for it (large files); it still stands on the page.
    }
  },
};
