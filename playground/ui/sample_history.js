// The sample sheets of a run through time: the same seeds in every sheet, so that
// what changes is what was learned. Streamlit calls the default export again at
// every new sheet; all state lives on the root node, and what the reader does
// with the slider is the reader's: only who stands at the end follows the run.

const FRAME_MS = 90; // of the film at usual speed
const SPEEDS = [1, 2, 4, 0.5];
const EXACT = 4; // screen pixels a picture pixel from which only whole numbers are taken

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".history");
  root.history ??= mount(root);
  root.history.tell = (frame) => setStateValue("images_seen", frame);
  receive(root, data);
  return () => stop(root);
}

function mount(root) {
  const picture = document.createElement("img");
  picture.draggable = false;
  const play = document.createElement("button");
  play.type = "button";
  play.className = "play";
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 0;
  slider.setAttribute("aria-label", "Samples through time");
  const place = document.createElement("output");
  const speed = document.createElement("button");
  speed.type = "button";
  speed.className = "speed";
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(play, speed, slider, place);
  root.append(picture, bar);
  new ResizeObserver(() => arrange(root)).observe(root);
  play.onclick = () => (root.history.playing ? stop(root) : start(root));
  slider.oninput = () => {
    stop(root);
    fetchAll(root);
    go(root, Number(slider.value));
  };
  slider.onchange = () => commit(root);
  speed.onclick = () => {
    root.history.speed = SPEEDS[(SPEEDS.indexOf(root.history.speed) + 1) % SPEEDS.length];
    face(root);
  };
  const parts = { picture, buttons: { play, speed }, slider, place };
  const nowhere = { frames: [], index: 0, run: "", received: null, committed: null, painted: "" };
  return { ...parts, ...nowhere, fetched: new Map(), speed: SPEEDS[0], wanted: 0, playing: 0, turn: 0 };
}

function receive(root, data) {
  const history = root.history;
  const frames = JSON.parse(data.frames);
  const chosen = data.chosen ?? null;
  // News from the address; an echo of this slider, or of what it was before, moves nothing.
  const sent = data.run !== history.run || (chosen !== history.received && chosen !== history.committed);
  const follows = sent ? chosen === null : history.index >= history.frames.length - 1;
  if (data.run !== history.run) stop(root);
  Object.assign(history, { frames, received: chosen, run: data.run, label: data.label, largest: data.largest });
  history.slider.max = Math.max(0, frames.length - 1);
  history.slider.disabled = history.buttons.play.disabled = frames.length < 2;
  if (history.playing) go(root, Math.min(history.index, frames.length - 1));
  else if (follows) go(root, frames.length - 1);
  else if (sent) go(root, Math.max(0, frames.findLastIndex((frame) => frame.images_seen <= chosen)));
  else go(root, Math.min(history.index, frames.length - 1));
  face(root);
}

// Shows a sheet once it can be painted whole; of several asked for, the last.
async function go(root, index) {
  const history = root.history;
  const frame = history.frames[index];
  history.index = index;
  history.slider.value = index;
  history.wanted += 1;
  const { wanted } = history;
  history.place.value = `${frame.images_seen.toLocaleString("en")} images`;
  history.slider.setAttribute("aria-valuetext", history.place.value);
  try {
    const image = fetchOne(root, frame.address);
    await image.decode();
  } catch {
    return; // the run was deleted under the page: what is shown stays
  }
  if (wanted !== history.wanted || frame.address === history.painted) return;
  history.painted = frame.address;
  history.picture.src = frame.address;
  history.picture.alt = `${history.label} after ${history.place.value}`;
  history.picture.dataset.imagesSeen = frame.images_seen;
  arrange(root);
}

function fetchOne(root, address) {
  const { fetched } = root.history;
  if (!fetched.has(address)) {
    const image = new Image();
    image.src = address;
    fetched.set(address, image);
  }
  return fetched.get(address);
}

function fetchAll(root) {
  for (const frame of root.history.frames) fetchOne(root, frame.address);
}

// The film: from here to the end, from the beginning where this is the end.
async function start(root) {
  const history = root.history;
  history.turn += 1;
  const playing = (history.playing = history.turn);
  face(root);
  fetchAll(root);
  if (history.index >= history.frames.length - 1) await go(root, 0);
  while (history.playing === playing && history.index < history.frames.length - 1) {
    await new Promise((done) => setTimeout(done, FRAME_MS / history.speed));
    if (history.playing === playing) await go(root, history.index + 1);
  }
  if (history.playing !== playing) return;
  stop(root);
  commit(root);
}

function stop(root) {
  root.history.playing = 0;
  face(root);
}

function face(root) {
  const { playing, speed } = root.history;
  const { play, speed: times } = root.history.buttons;
  play.textContent = playing ? "❚❚" : "▶";
  play.setAttribute("aria-label", playing ? "Stop the film" : "Play the film");
  times.textContent = `${speed}×`;
  times.setAttribute("aria-label", `Speed of the film: ${speed} times`);
}

// Says which sheet is looked at, and nothing at the end: there the run is followed.
function commit(root) {
  const { frames, index, tell } = root.history;
  root.history.committed = index >= frames.length - 1 ? null : frames[index].images_seen;
  tell(root.history.committed);
}

function arrange(root) {
  const { picture, largest } = root.history;
  const available = Math.min(largest ?? Infinity, root.clientWidth);
  if (!picture.naturalWidth || available <= 0) return;
  const dense = window.devicePixelRatio || 1;
  const fitting = (available * dense) / picture.naturalWidth;
  const scale = (fitting < EXACT ? Math.floor(2 * fitting) / 2 : Math.floor(fitting)) / dense;
  picture.style.width = scale ? `${picture.naturalWidth * scale}px` : "100%";
}
