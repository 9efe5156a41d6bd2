// Files go up as soon as they are chosen, dropped or pasted, and belong to the draft until it is sent.
export class Files {
  constructor(root, { ready, inline }) {
    this.root = root;
    this.list = root.querySelector("[data-files]");
    this.input = root.querySelector("input[type=file]");
    this.ready = ready;
    this.inline = inline;
    this.input.addEventListener("change", () => {
      this.upload([...this.input.files]);
      this.input.value = "";
    });
    this.root.addEventListener("click", (event) => {
      if (event.target.closest("[data-attach]")) this.input.click();
      const remove = event.target.closest("[data-remove-file]");
      if (remove) this.remove(remove.closest("li"), remove.dataset.removeFile);
    });
  }

  // Pictures pasted or dropped into the text stand in it; chosen by the clip they hang below.
  upload(files, { intoText = false } = {}) {
    files.forEach((file) => this.send(file, intoText && file.type.startsWith("image/")));
  }

  send(file, inline) {
    const line = document.createElement("li");
    line.className = "file-chip";
    const name = Object.assign(document.createElement("span"), { className: "truncate", textContent: file.name || "Picture" });
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Uploading ${file.name}`);
    line.append(name, bar);
    this.list.append(line);
    const body = new FormData();
    body.append("file", file);
    if (inline) body.append("inline", "1");
    body.append("kind", this.root.querySelector(".composer-box").dataset.kind);
    const request = new XMLHttpRequest(); // fetch tells no upload progress
    request.open("POST", this.list.dataset.files);
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.onprogress = ({ loaded, total }) => (bar.value = total ? loaded / total : 0);
    request.onload = () => (request.status === 200 ? this.done(line, request, file.name) : this.fail(line, bar, request));
    request.onerror = () => this.fail(line, bar, request);
    request.send(body);
  }

  // The server renders the chip, here as on the next visit.
  done(line, request, name) {
    const picture = request.getResponseHeader("X-Picture");
    if (picture) {
      line.remove();
      this.inline(picture, name);
    } else {
      const place = document.createElement("template");
      place.innerHTML = request.responseText;
      line.replaceWith(place.content);
    }
    this.ready();
  }

  fail(line, bar, request) {
    const words = request.status === 422 ? request.responseText : "not uploaded";
    bar.replaceWith(Object.assign(document.createElement("span"), { className: "tone-danger", textContent: words }));
    setTimeout(() => line.remove(), 8000);
  }

  async remove(line, url) {
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    const answer = await fetch(url, { method: "DELETE", headers }).catch(() => null);
    if (answer?.ok) line.remove();
  }
}
