// Times that stay true while the page is open: <time data-clock="ago|for|left">, and rings that empty between two moments.
const SOON = 0.25; // the share of a target left at which its ring warns

export function brief(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m`;
  if (s < 86400) return `${Math.floor(s / 3600)} h${s < 36000 && s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)} m` : ""}`;
  return `${Math.floor(s / 86400)} d`;
}

const rows = {
  ago: (now, moment) => (now - moment < 60_000 ? "now" : brief((now - moment) / 1000)),
  for: (now, moment) => brief((now - moment) / 1000),
  left: (now, moment) => brief((moment - now) / 1000),
  due: (now, moment) => (moment >= now ? `${brief((moment - now) / 1000)} left` : `${brief((now - moment) / 1000)} late`),
  seconds: (now, moment) => String(Math.max(0, Math.ceil((moment - now) / 1000))),
};

function tick() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-clock]")) {
    const moment = Date.parse(element.dateTime);
    if (now - moment > 7 * 86_400_000 && element.dataset.clock === "ago") continue; // the server's date says more
    const words = rows[element.dataset.clock]?.(now, moment);
    if (words !== undefined && element.textContent !== words) element.textContent = words;
  }
  for (const ring of document.querySelectorAll(".ring[data-until]")) {
    const since = Date.parse(ring.dataset.since);
    const until = Date.parse(ring.dataset.until);
    const left = Math.min(1, Math.max(0, (until - now) / Math.max(1, until - since)));
    ring.style.setProperty("--left", left.toFixed(3));
    const urgency = left <= 0 ? "late" : left <= SOON ? "soon" : "calm";
    if (ring.dataset.urgency !== urgency) ring.dataset.urgency = urgency;
  }
  for (const element of document.querySelectorAll("[data-gone-at]")) {
    if (Date.parse(element.dataset.goneAt) <= now) {
      element.removeAttribute("data-gone-at");
      element.hidden = true;
      element.dispatchEvent(new CustomEvent("gone", { bubbles: true }));
    }
  }
}

setInterval(tick, 500);
document.addEventListener("htmx:afterSettle", tick);
tick();
