// One line at the bottom that says what just happened, read out by screen readers, gone after six seconds.
const SECONDS = 6;

export function toast(words) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const line = document.createElement("div");
  line.className = "toast-line";
  line.textContent = words;
  place.replaceChildren(line);
  fade(line);
}

function fade(line) {
  setTimeout(() => line.remove(), SECONDS * 1000);
}

// The server says it with a response header: HX-Trigger {"toast": "..."}.
document.addEventListener("toast", (event) => toast(event.detail.value));
document.querySelectorAll("[data-toasts] > *").forEach(fade);
