// One line that says what just happened, read out by screen readers, gone after six seconds.
const SECONDS = 6;

// Above the composer of an open case, else below the screen: the innermost place that is seen.
function placeFor() {
  const places = [...document.querySelectorAll("[data-toasts]")];
  return places.find((place) => place.closest(".case") && !place.closest("[data-context=open]")) || places.at(-1);
}

export function toast(words) {
  const place = placeFor();
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
