// A case opens at its newest entry or at the first unread one, and stays where the reader is unless they are at the end.
const END = 80; // pixels from the end that still count as the end
let seen = null; // the timeline that was placed already
let atEnd = true;

const scroller = () => document.querySelector(".timeline-scroll");

function open() {
  const box = scroller();
  if (!box || box === seen) return;
  seen = box;
  const fresh = box.querySelector("[data-first-unread]");
  if (fresh) fresh.scrollIntoView({ block: "start" });
  else box.scrollTop = box.scrollHeight;
  atEnd = !fresh;
  box.addEventListener("scroll", () => (atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END), { passive: true });
  // Frames grow after they have loaded; a reader at the end stays there.
  const stay = new ResizeObserver(() => atEnd && !fresh && (box.scrollTop = box.scrollHeight));
  stay.observe(box.firstElementChild);
  stay.observe(box); // it shrinks when the composer grows
}

document.addEventListener("htmx:afterSettle", () => {
  open();
  const box = scroller();
  if (box && atEnd) box.scrollTop = box.scrollHeight;
});

document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (jump) document.getElementById(jump.dataset.jump)?.scrollIntoView({ block: "start" });
});

open();
