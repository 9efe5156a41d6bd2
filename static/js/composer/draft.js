// A draft is on the server one second after the last key. Its version number finds a second tab that writes the same draft.
const PAUSE = 1000;
const RETRY = 5000;

export class Draft {
  constructor(form, bodyOf, tell) {
    this.form = form;
    this.bodyOf = bodyOf;
    this.tell = tell;
    this.touched = new Set();
    this.timer = 0;
    this.stopped = false;
    this.busy = null; // the saving under way
  }

  touch(kind) {
    this.touched.add(kind);
    this.plan(PAUSE);
  }

  plan(pause) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.flush(), pause);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  resume() {
    this.stopped = false;
    if (this.touched.size) this.plan(PAUSE);
  }

  async flush({ leaving = false } = {}) {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (this.stopped || !this.touched.size) return;
    const kinds = [...this.touched];
    this.touched.clear();
    this.busy = (async () => {
      for (const kind of kinds) await this.save(kind, leaving);
    })();
    try {
      await this.busy;
    } finally {
      this.busy = null;
    }
    if (this.touched.size) this.plan(PAUSE);
  }

  async save(kind, leaving) {
    const body = new URLSearchParams({ html: this.bodyOf(kind), version: this.form.elements[`${kind}_version`].value });
    if (kind === "reply") {
      body.set("to", this.form.elements.to?.value ?? "");
      body.set("cc", this.form.elements.cc?.value ?? "");
      body.set("bcc", this.form.elements.bcc?.value ?? "");
    }
    try {
      const answer = await fetch(this.form.dataset[`${kind}Draft`], {
        method: "POST",
        body,
        keepalive: leaving && body.toString().length < 60_000,
        headers: { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
      });
      if (answer.status === 409) {
        this.stop();
        this.tell({ words: "Changed in another tab. Reload to see that text; yours is still here.", danger: true });
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const { version, draft } = await answer.json();
      this.form.elements[`${kind}_version`].value = version; // what is sent says from which draft it comes
      this.form.elements[`${kind}_draft`].value = draft;
      this.tell({ words: "Draft saved" });
    } catch {
      this.touched.add(kind);
      this.tell({ words: "Draft not saved yet, trying again", danger: true });
      if (!leaving) this.plan(RETRY);
    }
  }
}
