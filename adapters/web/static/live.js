// Everything works without this script: it only spares a press.

const LATER = 3000;

// A page whose work goes on is shown again, but not while somebody types on it.
const again = async () => {
  const main = document.querySelector("main[data-again]");
  if (!main) return;
  try {
    const answer = await fetch(location.pathname + location.search);
    const shown = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (shown && !main.contains(document.activeElement)) main.replaceWith(shown);
  } catch { /* offline: the next time, perhaps */ }
  setTimeout(again, LATER);
};
setTimeout(again, LATER);
