// A smooth closed walk: away from the picture towards one seed, and back from another.

import { blend } from "./state.js";

const PERIOD_SECONDS = 14;
const STILL_SECONDS = 1; // between pictures, for people who asked for less motion

export class Walk {
  // `start`: weighted seeds; `others`: two seeds; `onStep` hears the weighted seeds
  // of each frame; `ofMixture` as in `blend`.
  constructor(start, others, ofMixture, onStep) {
    this.parts = [start, ...others.map((seed) => [[seed, 1]])];
    this.ofMixture = ofMixture;
    this.onStep = onStep;
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.began = performance.now();
    this.frame = requestAnimationFrame(this.#step);
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }

  #step = (now) => {
    const seconds = Math.max(0, now - this.began) / 1000;
    const shown = this.still ? Math.floor(seconds / STILL_SECONDS) * STILL_SECONDS : seconds;
    this.onStep(blend(this.#shares(shown / PERIOD_SECONDS), this.ofMixture));
    this.frame = requestAnimationFrame(this.#step);
  };

  // Squares of a point on the sphere: they sum to 1. It comes to rest at the start.
  #shares(turns) {
    const away = (Math.PI / 4) * (1 - Math.cos(2 * Math.PI * turns));
    const sideways = (turns % 1) * (Math.PI / 2);
    const point = [Math.cos(away), Math.sin(away) * Math.cos(sideways), Math.sin(away) * Math.sin(sideways)];
    return point.map((share, index) => [share ** 2, this.parts[index]]);
  }
}
