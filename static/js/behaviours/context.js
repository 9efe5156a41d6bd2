// The customer beside the case: always there on a wide screen, called over the case on a narrow one.
function turn(open) {
  const workspace = document.querySelector(".workspace");
  if (!workspace) return;
  workspace.dataset.context = open ? "open" : "";
  document.querySelector(".case-context-turn")?.setAttribute("aria-expanded", String(open));
  (open ? workspace.querySelector(".context [data-context-close]") : workspace.querySelector(".case-context-turn"))?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-context-open]")) turn(document.querySelector(".workspace")?.dataset.context !== "open");
  else if (event.target.closest("[data-context-close]")) turn(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector('.workspace[data-context="open"]')) turn(false);
});
