// The composer of case pages: Tiptap over the plain form that works without it. Loaded on these pages only.
import htmx from "./behaviours/htmx-page.js";
import { makeEditor } from "./composer/editor.js";
import { Draft } from "./composer/draft.js";
import { Files } from "./composer/files.js";

const KINDS = ["reply", "note"];

class Composer {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("form");
    this.box = root.querySelector(".composer-box");
    this.areas = Object.fromEntries(KINDS.map((kind) => [kind, root.querySelector(`textarea[data-body="${kind}"]`)]));
    this.draft = new Draft(this.form, (kind) => this.areas[kind].value, (state) => this.tellSaved(state));
    this.editor = makeEditor(root.querySelector("[data-editor]"), {
      placeholder: () => this.areas[this.kind].placeholder,
      label: () => this.areas[this.kind].getAttribute("aria-label"),
      onChange: (html, isEmpty) => this.changed(html, isEmpty),
      onFiles: (files) => this.files.upload(files, { intoText: true }),
    });
    this.files = new Files(root, {
      ready: () => this.draft.flush(),
      inline: (url, name) => this.editor.chain().focus().setImage({ src: url, alt: name }).run(),
    });
    this.said = this.lastSaid();
    root.querySelector("[data-editor]").hidden = false;
    this.turn(this.kind, { focus: root.hasAttribute("data-focus") });
    this.listen();
  }

  get kind() {
    return this.box.dataset.kind;
  }

  listen() {
    this.root.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-kind-tab]");
      if (tab) this.turn(tab.dataset.kindTab, { focus: true });
      const format = event.target.closest("[data-format]");
      if (format) this.format(format.dataset.format);
      if (event.target.closest("[data-addresses]")) this.showAddresses();
      if (event.target.closest("[data-overtaken-read]")) this.acceptOvertaken();
    });
    this.root.addEventListener("input", (event) => {
      if (event.target.matches("input[name=to], input[name=cc], input[name=bcc]")) this.draft.touch("reply");
    });
    // Before it is sent, all of it is a draft: the server then sends that draft, once, however often the button is pressed.
    this.root.addEventListener("htmx:confirm", async (event) => {
      if (!event.target.closest("[data-send], .menu-item")) return;
      event.preventDefault();
      if (event.target.closest("[data-send-anyway]")) this.acceptOvertaken();
      await this.draft.flush();
      event.detail.issueRequest(true);
    });
    this.form.addEventListener("htmx:beforeRequest", () => this.draft.stop());
    this.form.addEventListener("htmx:sendError", () => this.draft.resume());
    this.form.addEventListener("htmx:responseError", () => this.draft.resume());
  }

  turn(kind, { focus = false } = {}) {
    this.box.dataset.kind = kind;
    this.form.elements.kind.value = kind;
    for (const tab of this.root.querySelectorAll("[data-kind-tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.kindTab === kind));
    }
    for (const part of this.root.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== kind;
    for (const area of Object.values(this.areas)) area.hidden = true;
    this.editor.commands.setContent(this.areas[kind].value || "", { emitUpdate: false });
    this.editor.refresh();
    if (!focus) return;
    this.editor.commands.focus("end");
    this.editor.view.focus(); // at once: the command waits for a frame, and keys pressed until then would be lost
  }

  changed(html, isEmpty) {
    this.areas[this.kind].value = isEmpty ? "" : html;
    this.draft.touch(this.kind);
  }

  format(name) {
    const chain = this.editor.chain().focus();
    const acts = {
      bold: () => chain.toggleBold(),
      italic: () => chain.toggleItalic(),
      list: () => chain.toggleBulletList(),
      numbers: () => chain.toggleOrderedList(),
      quote: () => chain.toggleBlockquote(),
    };
    acts[name]?.().run();
  }

  showAddresses() {
    const part = this.root.querySelector("[data-address-fields]");
    part.hidden = !part.hidden;
    this.root.querySelector("[data-addresses]").setAttribute("aria-expanded", String(!part.hidden));
    if (!part.hidden) part.querySelector("input").focus();
  }

  tellSaved({ words, danger = false }) {
    const place = this.root.querySelector("[data-saved]");
    place.textContent = words;
    place.classList.toggle("tone-danger", danger);
  }

  // What the customer or a colleague said last, as the timeline shows it now.
  lastSaid() {
    return { ...document.querySelector("[data-last-said]")?.dataset };
  }

  look() {
    const { lastSaid, lastSaidWords } = this.lastSaid();
    if (!lastSaid || lastSaid === this.said.lastSaid) return;
    this.said = { lastSaid };
    if (lastSaid <= this.form.elements.seen.value) return; // the notice from the server is about this one
    const writing = KINDS.some((kind) => this.areas[kind].value) || this.root.contains(document.activeElement);
    if (!writing) {
      this.acceptOvertaken();
      return;
    }
    const bar = this.root.querySelector("[data-overtaken]");
    bar.querySelector("[data-overtaken-words]").textContent = `${lastSaidWords} while you were typing.`;
    bar.querySelector("[data-jump]").dataset.jump = `message-${lastSaid}`;
    bar.hidden = false;
  }

  acceptOvertaken() {
    this.root.querySelector("[data-overtaken]").hidden = true;
    this.sawUpTo(this.said.lastSaid);
  }

  // Keys sort by age: a timeline that is not fresh yet takes nothing back.
  sawUpTo(message = "") {
    const seen = this.form.elements.seen;
    if (message > seen.value) seen.value = message;
  }

  leave() {
    this.draft.flush({ leaving: true });
    this.editor.destroy();
  }
}

let current = null;

function mount() {
  const root = document.querySelector("[data-composer]");
  if (current && current.root !== root) {
    if (current.root.isConnected) return;
    current.editor.destroy();
    current = null;
  }
  if (root && !current) current = new Composer(root);
  current?.look();
}

document.addEventListener("htmx:afterSettle", mount);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (current && event.detail.target !== current.root && event.detail.target.contains(current.root)) current.draft.flush({ leaving: true });
});
window.addEventListener("pagehide", () => current?.draft.flush({ leaving: true }));
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && current?.draft.flush({ leaving: true }));
htmx.onLoad(mount);
mount();
