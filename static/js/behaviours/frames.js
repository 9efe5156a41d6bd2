// Strangers' HTML lies in a frame that may run no script. It keeps our origin so that its height can be read from here.
const TALLEST = 3000; // pixels; a longer mail scrolls within its frame, so that none pushes the others out of reach

function measure(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const needed = Math.max(24, Math.ceil(page.documentElement.getBoundingClientRect().height));
  const height = Math.min(needed, TALLEST);
  page.documentElement.toggleAttribute("data-tall", needed > TALLEST);
  if (frame.dataset.measured !== String(height)) {
    frame.dataset.measured = String(height);
    frame.style.height = `${height}px`;
  }
}

function watch(frame) {
  const page = frame.contentDocument;
  if (!page?.documentElement || page.documentElement.dataset.watched) return;
  page.documentElement.dataset.watched = "yes";
  new ResizeObserver(() => measure(frame)).observe(page.documentElement);
  page.addEventListener("toggle", () => measure(frame), true);
  // Keys pressed after a click into a message still belong to the desktop.
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    frame.ownerDocument.body.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true }));
  });
  measure(frame);
}

// A frame's load does not bubble, so it is caught on the way down; one loaded before this script came is found at once.
document.addEventListener("load", (event) => event.target instanceof HTMLIFrameElement && watch(event.target), true);
document.querySelectorAll("iframe[data-message]").forEach((frame) => {
  if (frame.contentDocument?.readyState === "complete") watch(frame);
});

// Pictures from the web tell their sender who reads when, so they load only when asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pictures]");
  if (!button) return;
  document.getElementById(button.dataset.frame).src = button.dataset.pictures;
  button.remove();
});
