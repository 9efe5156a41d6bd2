// The list of cases: j and k walk, Enter opens, the open one is marked.
import { isTyping } from "./hotkeys.js";

const lines = () => [...document.querySelectorAll(".case-line")];

function mark() {
  const path = window.location.pathname;
  const open = /^\/cases\/[0-9a-f-]{36}\//.test(path);
  document.querySelector('.desk:is([data-screen="case"], [data-screen="list"])')?.setAttribute("data-screen", open ? "case" : "list");
  for (const line of lines()) {
    const is = open && new URL(line.href).pathname === path;
    if (is) {
      line.setAttribute("aria-current", "true");
      line.removeAttribute("data-unread");
    } else line.removeAttribute("aria-current");
  }
}

function walk(step) {
  const all = lines();
  if (!all.length) return;
  const at = all.findIndex((line) => line === document.activeElement);
  const from = at >= 0 ? at : all.findIndex((line) => line.getAttribute("aria-current") === "true");
  const next = all[Math.min(all.length - 1, Math.max(0, from + step))] || all[0];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    walk(event.key === "j" ? 1 : -1);
  }
});

for (const name of ["htmx:afterSettle", "htmx:pushedIntoHistory", "htmx:historyRestore"]) document.addEventListener(name, mark);
mark();
