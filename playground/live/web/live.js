// The Live page: controls, the recipe that they say, and the picture of it.

import { onDeparture } from "./departure.js";
import { History } from "./history.js";
import { make } from "./elements.js";
import { loadModel } from "./model.js";
import { Painter } from "./painter.js";
import { Panel } from "./panel.js";
import { addressesOf, sharedEngine } from "./shared_engine.js";
import { Stage } from "./stage.js";
import { carriedOver, recipeOf, startState, stateOf } from "./state.js";
import { Walk } from "./walk.js";

const COMMIT_AFTER_MS = 250; // so that a held arrow key commits once
const DEPARTURE_MS = 10_000; // within which a page that was asked for has surely come
const MAX_HELD = 12;

// Shows the live page in `root`. Called again at every change of data or theme.
export function show(root, data, commit) {
  root.view ??= new LiveView(root, sharedEngine(data));
  root.view.commit = commit;
  root.view.take(data);
}

// The page was left: the engine rests when nobody needs it any more.
export function leave(root) {
  root.view?.leave();
}

class LiveView {
  constructor(root, engine) {
    this.root = root;
    this.engine = engine;
    this.held = [];
    this.stage = new Stage({
      undo: () => this.#adopt(this.history.undo()),
      redo: () => this.#adopt(this.history.redo()),
      reset: () => this.#adopt(startState(this.model)),
      hold: () => this.#hold(),
      play: () => (this.walk ? this.#pause() : this.#play()),
      restore: (index) => this.#adopt(this.held[index].state),
      forget: (index) => this.#pin(this.held.filter((_, place) => place !== index)),
      choose: (wish) => this.engine.choose(wish),
    });
    this.below = make("div", "below");
    this.beside = make("div", "beside");
    this.frame = make("div", "frame", [make("div", "left", [this.stage.node, this.below]), this.beside]);
    root.replaceChildren(this.frame);
    this.frame.addEventListener("keydown", (event) => this.#shortcut(event));
    this.silentUntil = 0;
    this.stopListening = onDeparture(
      () => this.#commit(),
      () => (this.silentUntil = performance.now() + DEPARTURE_MS),
    );
    this.join();
  }

  join() {
    this.leaveEngine = this.engine.join((news) => this.#hear(news));
  }

  leave() {
    this.#pause();
    clearTimeout(this.committing);
    this.stopListening();
    this.leaveEngine();
    this.root.view = null;
  }

  // Takes what the server says: another model, or a recipe that arrived by link.
  async take(data) {
    const asked = `${data.model}/${data.fingerprint}`;
    const isForgotten = data.session !== this.session; // a server that restarted knows at most the address
    this.session = data.session;
    if (asked !== this.asked) {
      this.asked = asked;
      const model = await loadModel(addressesOf(data).models, data.model, data.fingerprint).catch((error) => this.#fail(error));
      if (model && this.asked === asked) this.#use(model, data);
    } else if (data.arrival !== this.arrival && this.model) {
      this.arrival = data.arrival;
      if (!isForgotten) this.#adopt(stateOf(JSON.parse(data.recipe), this.model));
    }
  }

  #use(model, data) {
    this.#pause();
    const before = this.state;
    const hasArrived = data.arrival !== this.arrival;
    this.arrival = data.arrival;
    this.model = model;
    this.painter = new Painter(this.engine, model, (pixels, recipes) => this.#paint(pixels, recipes[0]), (error) => this.#fail(error));
    this.panel = new Panel(model, (state) => this.#change(state), () => this.#release());
    this.below.replaceChildren(this.panel.below);
    this.beside.replaceChildren(this.panel.beside);
    this.#pin([]);
    this.state = before && !hasArrived ? carriedOver(before, model) : stateOf(JSON.parse(data.recipe), model);
    this.committed = before ? "" : JSON.stringify(recipeOf(this.state, model));
    this.history = new History(this.state);
    this.panel.set(this.state);
    this.#paintSoon();
    this.#after();
  }

  // A step of a control: paint, and nothing else; what was released before waits with it.
  #change(state) {
    this.#pause();
    clearTimeout(this.committing);
    this.state = state;
    this.#paintSoon();
  }

  // The end of a drag, or a key: remember it, and tell the server when it stays.
  #release() {
    this.history.push(this.state);
    this.#after();
  }

  // A state from undo, hold, reset or a link.
  #adopt(state) {
    this.#pause();
    this.state = state;
    this.history.push(state);
    this.panel.set(state);
    this.#paintSoon();
    this.#after();
  }

  #paintSoon() {
    this.painter.show([recipeOf(this.state, this.model)]);
  }

  #after() {
    this.stage.buttons.undo.disabled = !this.history.canUndo;
    this.stage.buttons.redo.disabled = !this.history.canRedo;
    this.stage.buttons.play.disabled = Boolean(this.state.base.code);
    clearTimeout(this.committing);
    const quiet = Math.max(COMMIT_AFTER_MS, this.silentUntil - performance.now());
    this.committing = setTimeout(() => {
      this.#commit();
      this.#paintMap();
    }, quiet);
  }

  // Tells the server what is painted. Returns whether it is news.
  #commit() {
    clearTimeout(this.committing);
    const recipe = this.model ? JSON.stringify(recipeOf(this.state, this.model)) : this.committed;
    const isNews = recipe !== this.committed;
    this.committed = recipe;
    if (isNews) this.commit(recipe);
    return isNews;
  }

  // The pad's map, once the hand is still: one picture after the other, so that a
  // live one never waits for more than one of them.
  async #paintMap() {
    const { model, panel, state } = this;
    const { side, places } = panel.padPlaces();
    const size = model.imageShape.reduce((product, length) => product * length);
    const map = new Uint8Array(places.length * size);
    try {
      for (const [index, place] of places.entries()) {
        map.set(await this.painter.still([recipeOf(place, model)]), index * size);
        if (this.state !== state || this.panel !== panel) return; // the hand moves again, and another map follows
      }
      panel.pad.paint(map, side, model.imageShape);
    } catch (error) {
      this.#fail(error);
    }
  }

  #paint(pixels, recipe) {
    this.pixels = pixels;
    this.stage.paint(pixels, this.model.imageShape, inWords(recipe));
    if (this.failing && !this.engine.trouble.server) this.#say("");
    this.failing = false;
  }

  #hold() {
    if (!this.pixels) return;
    const text = inWords(recipeOf(this.state, this.model));
    this.#pin([...this.held, { state: this.state, pixels: this.pixels.slice(), text }].slice(-MAX_HELD));
  }

  #pin(held) {
    this.held = held;
    this.stage.pin(held);
  }

  #play() {
    const first = this.state;
    const others = [1, 2].map(() => String(Math.floor(Math.random() * 1e6)));
    const ofMixture = first.prior === "fitted" && this.model.hasMixture;
    const start = recipeOf(first, this.model).seeds;
    this.walk = new Walk(start, others, ofMixture, (seeds) => {
      this.state = { ...first, base: { seeds }, lattice: [0, 0] };
      this.#paintSoon();
    });
    this.stage.playing(true);
  }

  #pause() {
    if (!this.walk) return;
    this.walk.stop();
    this.walk = null;
    this.stage.playing(false);
    this.panel.set(this.state);
    this.#release();
  }

  // What the engine tells: who draws now, and whether the server came or went.
  #hear({ painter, trouble, wish, isBack }) {
    this.stage.wish.value = wish;
    this.stage.report(painter, trouble, () => this.painter?.framesPerSecond ?? 0);
    if (isBack) this.#say("The server is back.");
    else if (trouble.server && painter) this.#say("The server cannot be reached: your browser draws on. Trying again.");
    else if (trouble.server) this.#say("The server cannot be reached. Trying again.");
    else if (painter) this.#say("");
    if (this.failing && painter) this.#paintSoon();
  }

  #fail(error) {
    this.failing = true;
    if (!this.engine.trouble.server) this.#say(error.message);
  }

  #say(text) {
    this.stage.say.textContent = text;
  }

  #shortcut(event) {
    if (event.target.matches("input:not([type=range]), select") || event.altKey) return;
    const key = event.key.toLowerCase();
    const { undo, redo, reset, hold, play } = this.stage.does;
    const does = { z: event.shiftKey ? redo : undo, y: redo, r: reset, h: hold, p: play, f: () => this.stage.toggleFull(), d: () => this.panel.throwDice() };
    if ((event.ctrlKey || event.metaKey) && !"zy".includes(key)) return;
    if (!(key in does)) return;
    event.preventDefault();
    does[key]();
  }
}

// One line that says what a recipe's picture is.
function inWords(recipe) {
  const parts = [recipe.model];
  if (recipe.code) parts.push("an encoded picture");
  else parts.push(recipe.seeds.length === 1 ? `seed ${recipe.seeds[0][0]}` : `a blend of ${recipe.seeds.length} seeds`);
  const classes = Object.keys(recipe.classes ?? {});
  if (classes.length) parts.push(classes.length === 1 ? `class ${classes[0]}` : `a blend of classes ${classes.join(", ")}`);
  if (recipe.psi !== undefined) parts.push(`psi ${recipe.psi}`);
  if (recipe.styles) parts.push(`with the style of ${recipe.styles.length === 1 ? `seed ${recipe.styles[0].seed}` : `${recipe.styles.length} seeds`}`);
  if (recipe.moves) parts.push(`moved along ${recipe.moves.length} direction${recipe.moves.length > 1 ? "s" : ""}`);
  return parts.join(", ");
}
