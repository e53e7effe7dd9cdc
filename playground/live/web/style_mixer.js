// Layers that take another seed's code: style mixing. One seed, and a group of layers.

import { make, makeButton, makeChoice } from "./elements.js";
import { layerGroups } from "./layers.js";
import { readSeed } from "./state.js";

const DICE_SIDES = 1000000;

export class StyleMixer {
  // `change(styles)` hears every step, `release()` its end.
  constructor(numLayers, change, release) {
    Object.assign(this, { change, release });
    this.groups = layerGroups(numLayers);
    this.layers = null; // none mixed
    this.seed = make("input", "seed");
    Object.assign(this.seed, { type: "text", inputMode: "numeric", maxLength: 19, autocomplete: "off", value: "1" });
    this.seed.setAttribute("aria-label", "Seed of the other style, a whole number from 0 to 2^63 - 1");
    this.seed.oninput = () => this.#tell();
    const dice = makeButton("casino", "Another seed for the style", () => {
      this.seed.value = String(Math.floor(Math.random() * DICE_SIDES));
      if (!this.layers) this.#choose(this.groups[1].name);
      this.#tell();
      this.release();
    });
    const names = [["none", "no layers"], ...this.groups.map(({ name }) => [name, `${name} layers`])];
    this.choice = makeChoice("Which layers take the other seed's style", names, (chosen) => {
      this.#choose(chosen);
      this.#tell();
    });
    this.choice.className = "plain";
    this.node = make("div", "row", [this.choice, this.seed, dice]);
  }

  // Shows the styles of a state; several, as a recipe may have, are left as they are until something is changed here.
  set(styles) {
    const group = styles.length === 1 ? this.groups.find(({ layers }) => layers.first === styles[0].first && layers.last === styles[0].last) : null;
    this.layers = group?.layers ?? null;
    this.choice.value = group?.name ?? "none";
    if (group && readSeed(this.seed.value) !== String(styles[0].seed)) this.seed.value = String(styles[0].seed);
    this.seed.setAttribute("aria-invalid", "false");
  }

  #choose(name) {
    this.layers = this.groups.find((group) => group.name === name)?.layers ?? null;
  }

  #tell() {
    const seed = readSeed(this.seed.value);
    this.seed.setAttribute("aria-invalid", String(seed === null));
    if (seed !== null) this.change(this.layers ? [{ ...this.layers, seed }] : []);
  }
}
