// Makes a sheet of pictures follow the page's own sliders while they are dragged.
// Streamlit hears of a slider when it is let go; until then canvases over the
// pictures show what its recipe will be. Nothing of it is needed for the page to work.

import { bound } from "./bindings.js";
import { loadModel } from "./model.js";
import { Painter } from "./painter.js";
import { Picture } from "./picture.js";
import { addressesOf, sharedEngine } from "./shared_engine.js";

const MOST_AT_ONCE = 64; // pictures in one question

// Called at every change of the sheet's data. `cells` hold one picture each.
export function follow(root, cells, data) {
  root.following ??= new LiveSheet();
  root.following.take(cells, data);
}

export function leave(root) {
  root.following?.leave();
  root.following = null;
}

class LiveSheet {
  constructor() {
    this.observer = new MutationObserver(() => this.#look());
    this.observer.observe(document.body, { attributes: true, attributeFilter: ["aria-valuetext"], subtree: true });
  }

  take(cells, data) {
    this.cells = cells.slice(0, MOST_AT_ONCE);
    this.data = data;
    this.recipes = data.recipes.slice(0, MOST_AT_ONCE);
    this.bindings = data.bindings;
    this.#look();
  }

  leave() {
    this.observer.disconnect();
    this.leaveEngine?.();
    this.#uncover();
  }

  // Where a slider stands elsewhere than in the pictures, paints over them.
  #look() {
    const values = Object.fromEntries(this.bindings.map(({ slider }) => [slider, standing(slider)]));
    const known = Object.values(values).every(Number.isFinite);
    const moved = this.bindings.some(({ slider, value }) => Math.abs(values[slider] - value) > 1e-6);
    if (!known || !moved) this.#uncover();
    else this.#paint(values);
  }

  async #paint(values) {
    this.covered = true;
    const { data } = this;
    const painter = await this.#painter();
    if (!this.covered || data !== this.data) return;
    painter.show(this.recipes.map((recipe, index) => bound(recipe, index, this.bindings, values, painter.model)));
  }

  // The painter of the sheet's model, made when a slider is first touched.
  #painter() {
    const { data } = this;
    if (this.paintsFor !== data.fingerprint) {
      this.paintsFor = data.fingerprint;
      const engine = sharedEngine(data);
      this.leaveEngine ??= engine.join(() => {});
      this.painter = loadModel(addressesOf(data).models, data.model, data.fingerprint).then(
        (model) => new Painter(engine, model, (pixels) => this.#cover(pixels, model.imageShape), () => this.#uncover()),
      );
    }
    return this.painter;
  }

  #cover(pixels, shape) {
    if (!this.covered) return;
    const size = shape[0] * shape[1] * shape[2];
    this.cells.forEach((cell, index) => {
      cell.cover ??= coverOf(cell);
      cell.cover.paint(pixels.subarray(index * size, (index + 1) * size), shape);
      cell.cover.canvas.hidden = false;
    });
  }

  #uncover() {
    this.covered = false;
    for (const cell of this.cells ?? []) if (cell.cover) cell.cover.canvas.hidden = true;
  }
}

// Where a slider of the page stands right now, while it is dragged too.
function standing(key) {
  return document.querySelector(`.st-key-${CSS.escape(key)} input[type="range"]`)?.valueAsNumber ?? NaN;
}

// A canvas that lies exactly over a cell's picture.
function coverOf(cell) {
  const picture = new Picture(document, "");
  picture.canvas.className = "cover";
  picture.canvas.setAttribute("aria-hidden", "true");
  cell.querySelector(".frame").append(picture.canvas);
  return picture;
}
