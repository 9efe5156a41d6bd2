// Single keys for what has data-hotkey, while nobody is typing; Ctrl+Enter sends what is being written.
const TYPING = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';

export const isTyping = (target) => Boolean(target.closest?.(TYPING));

function visible(element) {
  return !element.disabled && element.checkVisibility({ visibilityProperty: true });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const button = [...(event.target.closest?.("form")?.querySelectorAll("[data-send]") || [])].find(visible);
    if (button) {
      event.preventDefault();
      button.click();
    }
    return;
  }
  if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("[data-editing]")) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const element = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`)].find(visible);
  if (!element) return;
  event.preventDefault();
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else element.click();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches("dialog")) event.target.close(); // a click beside it
});
