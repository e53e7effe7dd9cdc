// What a model's codes are drawn from: playground/models/prior.py and mapping.py
// once more, kept equal by tests/browser/mathematics.

import { Generator, lowerBitsOf } from "./random.js";

const MAX_KEPT = 1024; // draws; a pad and its neighbours need a few dozen
const LEAK = 0.2; // of the rectifier in playground/models/blocks.py

export class Prior {
  // `draw` gives, of a generator, {centre, offset}: where truncation leads, and how far from there.
  constructor(draw) {
    this.drawOf = draw;
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
    const draw = this.kept.get(key) ?? this.drawOf(new Generator(seed));
    this.kept.delete(key);
    this.kept.set(key, draw);
    if (this.kept.size > MAX_KEPT) this.kept.delete(this.kept.keys().next().value);
    return draw;
  }
}

// N(0, I).
export function standardNormal(size) {
  const centre = new Float32Array(size);
  return new Prior((generator) => ({ centre, offset: generator.randn(size) }));
}

// A mixture of Gaussians: weights [M], means [M, D], factors [M, D (D + 1) / 2],
// the rows of lower triangles, one after the other in Float32Arrays.
export function gaussianMixture(size, { weights, means, factors }) {
  let sum = 0;
  const cumulative = weights.map((weight) => (sum += weight));
  return new Prior((generator) => {
    const noise = generator.randn(size);
    const component = componentAt(generator.rand(), cumulative);
    const start = (component * size * (size + 1)) / 2;
    return {
      centre: means.subarray(component * size, (component + 1) * size),
      offset: noise.map((_, row) => dot(factors, start + (row * (row + 1)) / 2, noise.subarray(0, row + 1))),
    };
  });
}

// A network's codes of noise, itself drawn from a prior: layers of {weight [D, D], bias [D]} with a rectifier between them.
export function mapping(size, noisePrior, layers) {
  const centre = new Float32Array(size);
  return new Prior((generator) => {
    const drawn = noisePrior.drawOf(generator);
    const noise = drawn.offset.map((number, i) => drawn.centre[i] + number);
    const length = Math.sqrt(dot(noise, 0, noise) / size + 1e-8);
    let code = noise.map((number) => number / length);
    layers.forEach(({ weight, bias }, depth) => {
      const inputs = depth ? code.map((number) => (number < 0 ? LEAK * number : number)) : code;
      code = bias.map((number, row) => number + dot(weight, row * size, inputs));
    });
    return { centre, offset: code };
  });
}

// How many cumulated weights lie below the quantile; rounded as float32, so that
// a quantile on the border falls to the same side as in torch.
function componentAt(quantile, cumulative) {
  const wanted = Math.fround(quantile * cumulative[cumulative.length - 1]);
  return cumulative.filter((reached) => wanted > reached).length;
}

// A row of a matrix, from `start` on, times a vector.
function dot(matrix, start, vector) {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[start + i] * vector[i];
  return sum;
}
