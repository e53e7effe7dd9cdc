// A walk from the picture at hand past others and back, round and round until it
// is stopped. Every moment of it is weighted seeds, so that each is a recipe.

import { blend } from "./state.js";

const LEG_SECONDS = 4;

export class Walk {
  // `start` are weighted seeds, `others` seeds; `show` takes the weighted seeds of
  // each frame, blended as of a mixture or of N(0, I).
  constructor(start, others, ofMixture, show) {
    this.stops = [start, ...others.map((seed) => [[seed, 1]])];
    this.ofMixture = ofMixture;
    this.show = show;
    this.frame = requestAnimationFrame((now) => this.#step(now, now));
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }

  #step(began, now) {
    this.show(this.#at((now - began) / (1000 * LEG_SECONDS)));
    this.frame = requestAnimationFrame((next) => this.#step(began, next));
  }

  // The weighted seeds after so many legs; slow at each stop, so that no corner shows.
  #at(legs) {
    const { stops } = this;
    const leg = Math.floor(legs);
    const share = (1 - Math.cos(Math.PI * (legs - leg))) / 2;
    const ends = [
      [1 - share, stops[leg % stops.length]],
      [share, stops[(leg + 1) % stops.length]],
    ];
    return blend(ends, this.ofMixture);
  }
}
