// The distribution that a model's codes are drawn from: playground/models/prior.py
// once more, kept equal by tests/browser/test_latent_mathematics.py.

import { Generator, lowerBitsOf } from "./random.js";

const MAX_KEPT = 1024; // draws; a pad and its neighbours need a few dozen

export class Prior {
  // N(0, I) where `mixture` is null; else {weights [M], means [M, D], factors
  // [M, D (D + 1) / 2]}, the rows of lower triangles, one after the other in Float32Arrays.
  constructor(latentDim, mixture) {
    this.latentDim = latentDim;
    this.mixture = mixture;
    this.kept = new Map(); // the seed's lower bits -> its draw, the one used last at the end
  }

  // The code of a seed, pulled towards the centre by truncation: centre + psi * offset.
  draw(seed, psi) {
    const { centre, offset } = this.drawn(seed);
    const pull = Math.fround(psi);
    return offset.map((number, i) => centre[i] + Math.fround(pull * number));
  }

  drawn(seed) {
    const key = lowerBitsOf(seed);
    const draw = this.kept.get(key) ?? this.drawAnew(seed);
    this.kept.delete(key);
    this.kept.set(key, draw);
    if (this.kept.size > MAX_KEPT) this.kept.delete(this.kept.keys().next().value);
    return draw;
  }

  drawAnew(seed) {
    const generator = new Generator(seed);
    const noise = generator.randn(this.latentDim);
    if (!this.mixture) return { centre: new Float32Array(this.latentDim), offset: noise };
    const component = this.componentAt(generator.rand());
    const { means, factors } = this.mixture;
    const size = this.latentDim;
    const start = (component * size * (size + 1)) / 2;
    return {
      centre: means.subarray(component * size, (component + 1) * size),
      offset: noise.map((_, row) => dot(factors, start + (row * (row + 1)) / 2, noise.subarray(0, row + 1))),
    };
  }

  // How many cumulated weights lie below the quantile; rounded as float32, so that
  // a quantile on the border falls to the same side as in torch.
  componentAt(quantile) {
    let sum = 0;
    const cumulative = this.mixture.weights.map((weight) => (sum += weight));
    const wanted = Math.fround(quantile * cumulative[cumulative.length - 1]);
    return cumulative.filter((reached) => wanted > reached).length;
  }
}

// A row of a matrix, from `start` on, times a vector.
function dot(matrix, start, vector) {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[start + i] * vector[i];
  return sum;
}
