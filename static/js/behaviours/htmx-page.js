// The page's one htmx, for scripts that are loaded beside desktop.js: a second copy would listen to everything twice.
export default window.htmx;
