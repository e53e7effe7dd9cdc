// What the mathematics of recipes needs to know of a model, read from the two
// files that the app serves of it.

import { gaussianMixture, mapping, standardNormal } from "./prior.js";

// `description` is the parsed .json, `numbers` the .latent file as an ArrayBuffer:
// little-endian float32, principal directions [K, D] and their scales [K], then
// of a fitted mixture, where there is one, weights [M], means [M, D] and factors
// [M, D (D + 1) / 2], or of a mapping network each layer's weight [D, D] and bias [D].
export function readModel(description, numbers) {
  const { latent_dim: size, num_principal: numPrincipal } = description;
  const take = makeReader(description.name, numbers);
  const directions = take(numPrincipal * size);
  const scales = take(numPrincipal);
  return {
    name: description.name,
    latentDim: size,
    classNames: description.class_names,
    numPrincipal,
    directions,
    scales,
    priors: readPriors(description, take),
  };
}

// Where a mixture was fitted, N(0, I) can be drawn from in its place; elsewhere there is one choice.
function readPriors({ latent_dim: size, num_components: numComponents, num_mapping_layers: numLayers }, take) {
  if (numComponents) {
    const mixture = { weights: take(numComponents), means: take(numComponents * size), factors: take((numComponents * size * (size + 1)) / 2) };
    return { normal: standardNormal(size), fitted: gaussianMixture(size, mixture) };
  }
  const layers = Array.from({ length: numLayers }, () => ({ weight: take(size * size), bias: take(size) }));
  const only = numLayers ? mapping(size, layers) : standardNormal(size);
  return { normal: only, fitted: only };
}

// Gives the next `length` numbers at each call; through a DataView, because the
// file is little-endian on every machine.
function makeReader(name, numbers) {
  const view = new DataView(numbers);
  let position = 0;
  return (length) => {
    if (position + 4 * length > numbers.byteLength) throw new Error(`What came of ${name} is cut off: load the page again.`);
    const start = position;
    position += 4 * length;
    return Float32Array.from({ length }, (_, i) => view.getFloat32(start + 4 * i, true));
  };
}
