// What every htmx request has in common: the CSRF token, morphing that leaves the reader's own state alone, errors in words.
import htmx from "./htmx.js";
import { Idiomorph } from "idiomorph/htmx";
import { toast } from "./toasts.js";

// What the reader or a behaviour did to an element is no business of the server's next rendering.
const OWN = new Set(["style", "open", "data-urgency", "data-measured"]);
const WRITTEN_IN = "input, textarea, select, [contenteditable]";

// What somebody writes in stays; a focused button or row is shown anew like the rest. Read at each morph.
Object.defineProperty(Idiomorph.defaults, "ignoreActiveValue", {
  enumerable: true,
  get: () => Boolean(document.activeElement?.matches(WRITTEN_IN)),
});
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name) => !OWN.has(name);
Idiomorph.defaults.callbacks.beforeNodeMorphed = (old, fresh) =>
  !(old instanceof HTMLElement && fresh instanceof HTMLElement && old.dataset.keep && old.dataset.keep === fresh.dataset.keep);

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  const counted = event.detail.elt.dataset.counts; // a refreshed list keeps as many rows as were loaded
  if (counted) event.detail.parameters.shown = event.detail.elt.querySelectorAll(counted).length;
});

// 422 is a form with its mistakes, 409 what was overtaken: both answers are made to be shown.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.status === 401 || (xhr.status === 403 && xhr.getResponseHeader("X-Signed-Out"))) return window.location.reload();
  if (elt.dataset.stream) return undefined; // a background refresh tries again by itself
  return toast(
    { 403: "You may not do this. Nothing was changed.", 404: "This is no longer here.", 429: "Too many requests. Wait a moment." }[
      xhr.status
    ] || "That did not work, nothing was changed. Please try again.",
  );
});

document.addEventListener("htmx:sendError", (event) => {
  if (!event.detail.elt.dataset.stream) toast("The server cannot be reached. What you wrote is still here.");
});

export default htmx;
