// A generator's layers in three groups, as people speak of them: playground/latents/layers.py
// once more, kept equal by tests/browser/mathematics.

export function layerGroups(numLayers) {
  const borders = [0, Math.round(numLayers / 3), Math.round((2 * numLayers) / 3), numLayers];
  return ["coarse", "middle", "fine"].map((name, index) => ({ name, layers: { first: borders[index], last: borders[index + 1] - 1 } }));
}
