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

// A long menu is narrowed by typing; Enter takes the first that is left.
const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const left = (menu) => [...menu.querySelectorAll(".menu-item")].filter((item) => !item.hidden);

function filter(field) {
  const wanted = plain(field.value).split(/\s+/).filter(Boolean);
  for (const item of field.closest(".menu").querySelectorAll(".menu-item")) {
    const words = plain(item.textContent);
    item.hidden = !wanted.every((part) => words.includes(part));
  }
}

document.addEventListener("input", (event) => event.target.matches("[data-filter]") && filter(event.target));

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-filter]") || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault(); // Enter in a form would press its first button, hidden or not
  const first = left(event.target.closest(".menu"))[0];
  if (event.key === "Enter" && event.target.value.trim()) first?.click();
  else first?.focus();
});

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open" || !button) return;
    const field = menu.querySelector("[data-filter]");
    if (field) {
      field.value = "";
      filter(field);
    }
    place(menu, button);
    menu.querySelector("[data-first], .menu-item")?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const items = left(menu);
  const at = items.indexOf(document.activeElement);
  items.at((at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length)?.focus();
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu .menu-item:not([data-stay])")?.closest("[popover]");
  if (menu) setTimeout(() => menu.hidePopover()); // after the form has gone out: a button that lost focus is not sent with it
});

window.addEventListener("resize", () => document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover()));
