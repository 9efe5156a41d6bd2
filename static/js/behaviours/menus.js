// Popovers open beside their button, inside the window.
const MARGIN = 8;

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const right = window.innerWidth - MARGIN - size.width;
  const below = at.bottom + 4;
  const above = at.top - 4 - size.height;
  const top = below + size.height <= window.innerHeight - MARGIN || above < MARGIN ? below : above;
  const beside = menu.dataset.beside !== undefined && window.innerWidth >= 900;
  menu.style.left = `${Math.max(MARGIN, Math.min(right, beside ? at.right + 6 : at.left))}px`;
  menu.style.top = `${Math.max(MARGIN, Math.min(window.innerHeight - MARGIN - size.height, beside ? at.bottom - size.height : top))}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open" || !button) return;
    place(menu, button);
    menu.querySelector("[data-first], .menu-item")?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(".menu-item")];
  const at = items.indexOf(document.activeElement);
  items.at((at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length)?.focus();
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu .menu-item:not([data-stay])")?.closest("[popover]");
  if (menu) setTimeout(() => menu.hidePopover()); // after the form has gone out: a button that lost focus is not sent with it
});

window.addEventListener("resize", () => document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover()));
