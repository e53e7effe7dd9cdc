// What the mathematics of recipes needs to know of a model, read from the two
// files that the app serves of it.

import { gaussianMixture, mapping, standardNormal } from "./prior.js";

// `description` is the parsed .json, `numbers` the .latent file as an ArrayBuffer:
// little-endian float32, principal directions [K, D] and their scales [K], labelled
// ones [L, D] and theirs [L], then of a mixture of codes or of a mapping network's noise,
// where there is one, weights [M], means [M, D] and factors [M, D (D + 1) / 2], and of
// a mapping network each layer's weight [D, D] and bias [D].
export function readModel(description, numbers) {
  const { latent_dim: size, num_principal: numPrincipal } = description;
  const take = makeReader(description.name, numbers);
  const principal = takeDirections(take, numPrincipal, size);
  const labelled = takeDirections(take, description.label_names.length, size);
  return {
    name: description.name,
    latentDim: size,
    numLayers: description.num_layers,
    codeLength: description.num_layers * size, // a code for each layer, where the model takes that
    classNames: description.class_names,
    numPrincipal,
    principal,
    labelNames: description.label_names,
    labelled,
    priors: readPriors(description, take),
  };
}

function takeDirections(take, count, size) {
  return { directions: take(count * size), scales: take(count) };
}

// Where a mixture was fitted to codes, N(0, I) can be drawn from in its place; elsewhere there is one choice.
function readPriors({ latent_dim: size, num_components: numComponents, num_mapping_layers: numLayers }, take) {
  const normal = standardNormal(size);
  const drawn = numComponents ? gaussianMixture(size, takeMixture(take, numComponents, size)) : normal;
  if (!numLayers) return { normal, fitted: drawn };
  const layers = Array.from({ length: numLayers }, () => ({ weight: take(size * size), bias: take(size) }));
  const only = mapping(size, drawn, layers);
  return { normal: only, fitted: only };
}

function takeMixture(take, count, size) {
  return { weights: take(count), means: take(count * size), factors: take((count * size * (size + 1)) / 2) };
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
