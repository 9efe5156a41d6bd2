// One websocket a browser tab. It carries signals only, "this stream is now at this sequence"; regions fetch what changed themselves.
//   <section data-stream="case.1 customer.2" hx-get="..." hx-trigger="refresh" hx-swap="morph" hx-ext="morph">
// A region may name several streams. Where the socket is cut, all regions are fetched every ten seconds and the page says so.
import htmx from "./htmx.js";

const POLL = 10_000;
const SILENCE = 40_000; // two heartbeats missed: the connection is dead even if nobody told us
const GAP = 250; // at most so often per region; the first signal is answered at once
const LONGEST_WAIT = 20_000;
const MOST_STREAMS = 200; // what one socket may listen to
const SIGNED_OUT = 4401;
const OPEN = 1; // WebSocket.OPEN, also where there is no WebSocket

const known = new Map(); // stream -> last sequence whose content is on the page
const due = new Map(); // region -> time of its last refresh, or a timer
let socket = null;
let attempts = 0;
let heard = 0;
let asked = new Set();
let poller = 0;

const regions = () => [...document.querySelectorAll("[data-stream]")];
const streamsOf = (region) => region.dataset.stream.split(/\s+/).filter(Boolean);

function say(state) {
  const place = document.querySelector("[data-connection]");
  if (place) place.hidden = state === "live";
  document.documentElement.dataset.live = state;
}

function refresh(region) {
  if (!region.isConnected) return;
  if (region.querySelector("[data-editing]") && !region.hasAttribute("data-refresh-while-editing")) {
    region.dataset.stale = "yes";
    return;
  }
  delete region.dataset.stale;
  const last = due.get(region) || 0;
  const wait = last + GAP - performance.now();
  if (wait > 0) {
    if (!region.dataset.waiting) {
      region.dataset.waiting = "yes";
      setTimeout(() => {
        delete region.dataset.waiting;
        refresh(region);
      }, wait);
    }
    return;
  }
  due.set(region, performance.now());
  htmx.trigger(region, "refresh");
}

function refreshAll() {
  regions().forEach(refresh);
}

function hear(stream, sequence) {
  if (sequence <= (known.get(stream) ?? -1)) return;
  known.set(stream, sequence);
  regions()
    .filter((region) => streamsOf(region).includes(stream))
    .forEach(refresh);
}

// Each page says how far the streams were when it was made, so what happened until one listens is not missed.
function readKnown() {
  for (const element of document.querySelectorAll("[data-known]")) {
    for (const [stream, sequence] of Object.entries(JSON.parse(element.dataset.known))) {
      if (!known.has(stream)) known.set(stream, sequence);
    }
    element.removeAttribute("data-known");
  }
}

function subscribe() {
  const wanted = new Set(regions().flatMap(streamsOf).slice(0, MOST_STREAMS));
  if (!socket || socket.readyState !== OPEN) return;
  readKnown();
  const fresh = [...wanted].filter((stream) => !asked.has(stream));
  const gone = [...asked].filter((stream) => !wanted.has(stream));
  if (fresh.length) socket.send(JSON.stringify({ type: "subscribe", streams: fresh }));
  if (gone.length) socket.send(JSON.stringify({ type: "unsubscribe", streams: gone }));
  gone.forEach((stream) => known.delete(stream));
  asked = wanted;
}

function address() {
  const { socketPort, socketPath } = document.body.dataset;
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const host = Number(socketPort) ? `${window.location.hostname}:${socketPort}` : window.location.host;
  return `${scheme}://${host}${socketPath}`;
}

function read(event) {
  heard = performance.now();
  const told = JSON.parse(event.data);
  if (told.type === "signal") hear(told.stream, told.sequence);
  // Answers to a subscription and heartbeats carry the last sequences.
  for (const [stream, sequence] of Object.entries(told.sequences || {})) {
    if (known.has(stream)) hear(stream, sequence);
    else known.set(stream, sequence);
  }
}

function connect() {
  const was = attempts;
  try {
    socket = new WebSocket(address());
  } catch {
    later();
    return;
  }
  socket.onopen = () => {
    attempts = 0;
    heard = performance.now();
    asked = new Set();
    clearInterval(poller);
    poller = 0;
    say("live");
    subscribe();
    if (was) refreshAll(); // whatever was missed meanwhile
  };
  socket.onmessage = read;
  socket.onclose = ({ code }) => (code === SIGNED_OUT ? window.location.reload() : later());
}

function later() {
  socket = null;
  attempts += 1;
  if (attempts > 1) say("cut"); // one quick reconnect is nobody's business
  if (!poller) poller = setInterval(refreshAll, POLL);
  const wait = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempts, 6));
  setTimeout(connect, wait / 2 + Math.random() * (wait / 2));
}

export function startLive() {
  if (!document.body.dataset.socketPath) return;
  connect();
  setInterval(() => {
    if (socket?.readyState === OPEN && performance.now() - heard > SILENCE) socket.close();
  }, 5000);
  document.addEventListener("htmx:afterSettle", () => {
    subscribe();
    for (const region of document.querySelectorAll("[data-stale]")) if (!region.querySelector("[data-editing]")) refresh(region);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshAll());
  document.addEventListener("changed", (event) => {
    // An act of one's own is seen at once, not when the signal comes round: HX-Trigger {"changed": "case.1"}.
    const streams = new Set(String(event.detail.value).split(/\s+/));
    regions()
      .filter((region) => streamsOf(region).some((stream) => streams.has(stream)))
      .forEach(refresh);
  });
}

startLive();
