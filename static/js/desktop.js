// Every page of the desktop: htmx with morphing, and behaviours that attach to attributes. No page has a script of its own.
import "./behaviours/requests.js";
import "./behaviours/clocks.js";
import "./behaviours/context.js";
import "./behaviours/editing.js";
import "./behaviours/frames.js";
import "./behaviours/hotkeys.js";
import "./behaviours/list.js";
import "./behaviours/live.js";
import "./behaviours/menus.js";
import "./behaviours/offers.js";
import "./behaviours/timeline.js";
import "./behaviours/toasts.js";
