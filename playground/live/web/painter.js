// Recipes -> pixels for one canvas. At most one question in flight; the latest
// wins, and what was overtaken is never asked.

import { classWeightsOf, codeOf } from "./recipe.js";

const RECENT_MS = 1000;

export class Painter {
  // `onPaint(pixels, recipes)` hears every frame, `onTrouble(error)` what went wrong.
  constructor(engine, model, onPaint, onTrouble) {
    Object.assign(this, { engine, model, onPaint, onTrouble });
    this.next = null;
    this.busy = false;
    this.frames = [];
  }

  // Draws these recipes as soon as may be, instead of any that still wait.
  show(recipes) {
    this.next = recipes;
    if (!this.busy) this.#run();
  }

  // The frames painted in the last second.
  get framesPerSecond() {
    const now = performance.now();
    this.frames = this.frames.filter((time) => now - time < RECENT_MS);
    return this.frames.length;
  }

  // Pixels beside the live ones, such as thumbnails.
  async still(recipes) {
    return this.engine.pixels(this.model, ...inputs(recipes, this.model), recipes.length);
  }

  async #run() {
    this.busy = true;
    while (this.next) {
      const recipes = this.next;
      this.next = null;
      try {
        const pixels = await this.still(recipes);
        this.frames.push(performance.now());
        this.onPaint(pixels, recipes);
      } catch (error) {
        this.onTrouble(error, recipes);
      }
    }
    this.busy = false;
  }
}

// The codes and class weights of recipes, one after the other.
function inputs(recipes, model) {
  const z = new Float32Array(recipes.length * model.codeLength);
  const y = model.classNames.length ? new Float32Array(recipes.length * model.classNames.length) : null;
  recipes.forEach((recipe, index) => {
    z.set(codeOf(recipe, model), index * model.codeLength);
    y?.set(classWeightsOf(recipe.classes ?? {}, model.classNames), index * model.classNames.length);
  });
  return [z, y];
}
