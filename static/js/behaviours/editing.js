// Editing in place: the first field takes the focus, Escape gives up, a region being edited waits with its refresh (see live.js).
document.addEventListener("htmx:afterSettle", (event) => {
  const field = event.target.querySelector?.("[data-editing] [data-first]") || null;
  if (field && !document.activeElement?.closest("[data-editing]")) {
    field.focus();
    field.select?.();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = event.target.closest?.("[data-editing]");
  form?.querySelector("[data-cancel]")?.click();
});

// A form that saves as soon as something is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-at-once]");
  form?.requestSubmit();
});

// Giving up on something that was not there before: its form goes.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (button) button.closest(button.dataset.remove)?.remove();
});
