// The pad: a plane through latent space with small pictures of what lies where.
// It holds a point in [0, 1] x [0, 1]; what the point means is its owner's affair.

import { make } from "./elements.js";
import { Picture } from "./picture.js";

const KEY_STEP = 0.02;
const LEAPS = 5; // key steps with shift held

export class Pad {
  // `onMove([across, down])` hears every step, `onRelease()` its end.
  constructor(onMove, onRelease) {
    this.point = [0, 0];
    this.onMove = onMove;
    this.onRelease = onRelease;
    this.map = new Picture(document, "");
    this.map.canvas.setAttribute("aria-hidden", "true");
    this.knob = make("div", "knob");
    this.node = make("div", "pad", [this.map.canvas, this.knob]);
    this.node.tabIndex = 0;
    this.node.setAttribute("role", "slider");
    this.node.setAttribute("aria-label", "Pad: arrow keys move the point, with shift in leaps");
    this.node.onpointerdown = (event) => this.#grab(event);
    this.node.onpointermove = (event) => this.grabbed && this.#follow(event);
    this.node.onpointerup = this.node.onpointercancel = () => this.#release();
    this.node.onkeydown = (event) => this.#key(event);
  }

  // Where the point is, without telling anyone.
  set(point, text) {
    this.point = point;
    this.knob.style.left = `${100 * point[0]}%`;
    this.knob.style.top = `${100 * point[1]}%`;
    this.node.setAttribute("aria-valuenow", point[0].toFixed(2));
    this.node.setAttribute("aria-valuetext", text);
  }

  // A map of side x side pictures, uint8 pixels one after the other, on one canvas:
  // a canvas each would be composed anew with every frame of the live picture.
  paint(pixels, side, [channels, height, width]) {
    const length = width * channels; // of a picture's line
    const map = new Uint8Array(pixels.length);
    for (let line = 0; line < side * side * height; line += 1) {
      const place = Math.floor(line / height);
      const down = Math.floor(place / side) * height + (line % height);
      map.set(pixels.subarray(line * length, (line + 1) * length), (down * side + (place % side)) * length);
    }
    this.map.paint(map, [channels, side * height, side * width]);
  }

  #grab(event) {
    if (event.button) return;
    this.node.setPointerCapture(event.pointerId);
    this.grabbed = true;
    this.#follow(event);
  }

  #follow(event) {
    const box = this.node.getBoundingClientRect();
    this.#go((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  #release() {
    if (!this.grabbed) return;
    this.grabbed = false;
    this.onRelease();
  }

  #key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const length = KEY_STEP * (event.shiftKey ? LEAPS : 1);
    const [across, down] = steps[event.key];
    this.#go(this.point[0] + across * length, this.point[1] + down * length);
    this.onRelease();
  }

  #go(across, down) {
    const inside = (value) => Math.min(1, Math.max(0, value));
    this.onMove([inside(across), inside(down)]);
  }
}
