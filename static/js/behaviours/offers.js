// An offer makes itself noticed once: a short sound, the title flashes until it is answered. Keys A and D are data-hotkey on its buttons.
let rung = new Set(JSON.parse(sessionStorage.getItem("offers-rung") || "[]"));
let flashing = 0;
let sound = null;

function ring() {
  if (document.body.dataset.sound === "off") return;
  sound ||= new AudioContext();
  if (sound.state !== "running") {
    sound.resume().catch(() => {}); // before the first click a browser keeps silent; the title still flashes
    if (sound.state !== "running") return;
  }
  [660, 880].forEach((frequency, index) => {
    const start = sound.currentTime + index * 0.14;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.type = "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.26);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.28);
  });
}

// A sound needs one gesture before it may be heard, so the first click or key prepares it.
for (const name of ["pointerdown", "keydown"]) {
  document.addEventListener(name, () => (sound ||= new AudioContext()).resume().catch(() => {}), { once: true });
}

function flash(on) {
  if (on && !flashing) {
    const plain = document.title;
    flashing = setInterval(() => {
      document.title = document.title === plain ? "● Offer waiting" : plain;
    }, 1000);
    document.title = "● Offer waiting";
    document.addEventListener("offers-gone", () => (document.title = plain), { once: true });
  } else if (!on && flashing) {
    clearInterval(flashing);
    flashing = 0;
    document.dispatchEvent(new Event("offers-gone"));
  }
}

function look() {
  const offers = [...document.querySelectorAll(".offer:not([hidden])")].map((offer) => offer.id);
  flash(offers.length > 0);
  const fresh = offers.filter((id) => !rung.has(id));
  if (!fresh.length) return;
  rung = new Set([...rung, ...fresh].slice(-50));
  sessionStorage.setItem("offers-rung", JSON.stringify([...rung]));
  ring();
}

document.addEventListener("htmx:afterSettle", look);
document.addEventListener("gone", look);
look();
