// The controls around the stage. Each change is told as a part of the state; the
// panel shows what state it is given and keeps none of its own.

import { make, makeButton, makeChoice, makeSlider } from "./elements.js";
import { Pad } from "./pad.js";
import { layerGroups } from "./layers.js";
import { StyleMixer } from "./style_mixer.js";
import { LATTICE_SIDE, moveName, neighbourSeed, readSeed, seedOf, withSeed } from "./state.js";

const SHOWN_DIRECTIONS = 8;
const REACH = 3; // standard deviations, to either side
const DICE_SIDES = 1000000; // a thrown seed stays short enough to be read aloud

export class Panel {
  // `change(state)` hears every step of a control, `release()` its end.
  constructor(model, change, release) {
    Object.assign(this, { model, change, release });
    this.sliders = new Map();
    this.padMode = "seeds";
    this.reached = undefined; // the layers that the directions reach; undefined is all
    this.below = make("div", "panel", [this.#classes(), this.#truncation()]);
    this.beside = make("div", "panel", [this.#seeds(), this.#pad(), ...this.#styles(), this.#directions(), this.#coordinates()]);
    for (const part of [this.below, this.beside]) part.addEventListener("change", release);
  }

  set(state) {
    this.state = state;
    this.seed.value = state.base.code ? "" : seedOf(state);
    this.seed.removeAttribute("aria-invalid");
    for (const [direction, slider] of this.sliders) slider.set(state.moves[this.#move(direction)] ?? 0);
    this.mixer?.set(state.styles);
    for (const [name, { slider, solo }] of this.faders) {
      slider.set(state.classes[name] ?? 0);
      solo.setAttribute("aria-pressed", String(state.classes[name] > 0));
    }
    this.psi.set(state.psi);
    if (this.prior) this.prior.value = state.prior;
    this.#placeKnob();
  }

  throwDice() {
    const seed = String(Math.floor(Math.random() * DICE_SIDES));
    this.#tell(withSeed(this.state, seed));
    this.release();
  }

  // What the pad's map shows: a state a place, in rows.
  padPlaces() {
    const side = this.padMode === "seeds" ? LATTICE_SIDE : 5;
    const places = [];
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) places.push(this.#padState((column + 0.5) / side, (row + 0.5) / side));
    }
    return { side, places };
  }

  #tell(state) {
    this.set(state);
    this.change(state);
  }

  #seeds() {
    this.seed = make("input", "seed");
    Object.assign(this.seed, { type: "text", inputMode: "numeric", maxLength: 19, autocomplete: "off" });
    this.seed.setAttribute("aria-label", "Seed, a whole number from 0 to 2^63 - 1");
    this.seed.oninput = () => {
      const seed = readSeed(this.seed.value);
      this.seed.setAttribute("aria-invalid", String(seed === null));
      if (seed !== null) this.#newSeed(seed);
    };
    this.seed.onkeydown = (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (step && readSeed(this.seed.value) !== null) {
        event.preventDefault();
        this.#newSeed(neighbourSeed(this.seed.value, step));
        this.release();
      }
    };
    const dice = makeButton("casino", "Throw the dice for a new seed (D)", () => this.throwDice());
    return group("Seed", [make("div", "row", [this.seed, dice])]);
  }

  #newSeed(seed) {
    const text = this.seed.value;
    this.#tell(withSeed(this.state, seed));
    if (readSeed(text) === seed) this.seed.value = text;
  }

  #pad() {
    this.pad = new Pad(([across, down]) => this.#tell(this.#padState(across, down)), () => this.release());
    const modes = [["seeds", "neighbouring seeds"]];
    if (this.model.numPrincipal > 1) modes.push(["directions", "two directions"]);
    const mode = makeChoice("What the pad moves between", modes, (chosen) => {
      this.padMode = chosen;
      this.axes.classList.toggle("gone", chosen !== "directions");
      this.#placeKnob();
      this.release();
    });
    mode.className = "plain rest";
    const names = Array.from({ length: this.model.numPrincipal }, (_, index) => [`principal:${index}`, `direction ${index + 1}`]);
    const axis = (place) => {
      const choice = makeChoice(place ? "Down" : "Across", names, (name) => {
        this.padAxes[place] = name;
        this.#placeKnob();
        this.release();
      });
      choice.className = "plain";
      choice.selectedIndex = place;
      return choice;
    };
    this.padAxes = ["principal:0", "principal:1"];
    this.axes = make("div", "row gone", names.length > 1 ? ["across", axis(0), "down", axis(1)] : []);
    return group("Pad", [this.axes, this.pad.node], mode);
  }

  // The state with the pad's point somewhere; the first lattice seed is the base.
  #padState(across, down) {
    if (this.padMode === "directions") {
      const amounts = [across, down].map((share) => Math.round((2 * share - 1) * REACH * 100) / 100);
      return { ...this.state, moves: { ...this.state.moves, [this.padAxes[0]]: amounts[0], [this.padAxes[1]]: amounts[1] } };
    }
    if (this.state.base.code) return this.state;
    const place = (share) => Math.min(LATTICE_SIDE - 1, Math.max(0, Math.round((share * LATTICE_SIDE - 0.5) * 1000) / 1000));
    return { ...this.state, lattice: [place(across), place(down)] };
  }

  #placeKnob() {
    if (this.padMode === "directions") {
      const amounts = this.padAxes.map((name) => this.state.moves[name] ?? 0);
      this.pad.set(amounts.map((amount) => (amount / REACH + 1) / 2), `${amounts[0]} across, ${amounts[1]} down`);
      return;
    }
    const [across, down] = this.state.lattice;
    const text = this.state.base.code ? "an encoded picture has no neighbouring seeds" : `${across} across, ${down} down`;
    this.pad.set([(across + 0.5) / LATTICE_SIDE, (down + 0.5) / LATTICE_SIDE], text);
  }

  #classes() {
    this.faders = new Map();
    if (!this.model.classNames.length) {
      return group("Class", [make("div", "note", ["This model was told no classes: the code alone decides what it draws."])]);
    }
    const faders = this.model.classNames.map((name) => {
      const slider = makeSlider({
        label: "", title: `Weight of class ${name}`, min: 0, max: 1, step: 0.01, home: 0, className: "fader",
        onInput: (weight) => this.#tell({ ...this.state, classes: { ...this.state.classes, [name]: weight } }),
      });
      const solo = make("button", "solo", [name]);
      solo.type = "button";
      solo.title = `Class ${name} alone`;
      solo.onclick = () => {
        this.#tell({ ...this.state, classes: { [name]: 1 } });
        this.release();
      };
      this.faders.set(name, { slider, solo });
      slider.node.append(solo);
      return slider.node;
    });
    const note = make("div", "note", ["Push several up to blend them; a number below takes that class alone."]);
    return group("Class", [make("div", "mixer", faders), note]);
  }

  #directions() {
    const labels = this.model.labelNames.map((name) =>
      this.#mover(`label:${name}`, name.replaceAll("_", " "), `More or less of ${name}, in standard deviations of the code`, "slider named"),
    );
    if (!this.model.numPrincipal) {
      return group("Directions", [make("div", "note", ["This checkpoint was saved without directions: train or save it anew to get them."])]);
    }
    const count = Math.min(SHOWN_DIRECTIONS, this.model.numPrincipal);
    const numbered = Array.from({ length: count }, (_, index) => this.#mover(`principal:${index}`, String(index + 1), `Direction ${index + 1}, in standard deviations`));
    const sliders = [...labels, ...numbered];
    const home = makeButton("restart_alt", "All directions back to 0", () => {
      this.#tell({ ...this.state, moves: {} });
      this.release();
    });
    const rest = make("div", "row rest", [...this.#reach(), home]);
    return group("Directions", sliders, rest);
  }

  // Which layers the directions move, where the model has layers.
  #reach() {
    if (this.model.numLayers === 1) return [];
    const groups = layerGroups(this.model.numLayers);
    const names = [["all", "all layers"], ...groups.map(({ name }) => [name, `${name} layers`])];
    const choice = makeChoice("Which layers the directions move", names, (chosen) => {
      this.reached = groups.find(({ name }) => name === chosen)?.layers;
      this.set(this.state);
    });
    choice.className = "plain";
    return [choice];
  }

  // The name of a direction's move on the layers that are chosen now.
  #move(direction) {
    return moveName({ direction, layers: this.reached });
  }

  #styles() {
    if (this.model.numLayers === 1) return [];
    this.mixer = new StyleMixer(this.model.numLayers, (styles) => this.#tell({ ...this.state, styles }), () => this.release());
    return [group("Style from another seed", [this.mixer.node])];
  }

  #mover(direction, label, title, className = "slider") {
    const slider = makeSlider({
      label, title, className, min: -REACH, max: REACH, step: 0.05, home: 0,
      onInput: (amount) => this.#tell({ ...this.state, moves: { ...this.state.moves, [this.#move(direction)]: amount } }),
    });
    this.sliders.set(direction, slider);
    return slider.node;
  }

  #truncation() {
    this.psi = makeSlider({
      label: "psi", title: "Truncation psi: 0 is the centre, 1 leaves codes as they are drawn, above 1 exaggerates",
      min: 0, max: 2, step: 0.01, home: 1, onInput: (psi) => this.#tell({ ...this.state, psi }),
    });
    const parts = [this.psi.node];
    if (this.model.hasMixture) {
      const priors = [["fitted", "codes from the fitted mixture"], ["normal", "codes from N(0, I)"]];
      this.prior = makeChoice("What seeds are drawn from", priors, (prior) => this.#tell({ ...this.state, prior }));
      this.prior.className = "plain";
      parts.push(this.prior);
    }
    return group("Truncation", parts);
  }

  // A slider for each number of the code, made when the fold is first opened.
  #coordinates() {
    const summary = make("summary", "", [`All ${this.model.latentDim} coordinates`]);
    const many = make("div", "many");
    const fold = make("details", "", [summary, many]);
    fold.ontoggle = () => {
      if (!fold.open || many.children.length) return;
      for (let axis = 0; axis < this.model.latentDim; axis += 1) many.append(this.#mover(`axis:${axis}`, `z${axis}`, `Coordinate ${axis} of the code`));
      this.set(this.state);
    };
    return fold;
  }
}

function group(title, parts, rest = "") {
  return make("div", "group", [make("div", "heading", [title, rest]), ...parts]);
}
