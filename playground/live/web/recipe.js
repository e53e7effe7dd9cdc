// From a recipe to what a model decodes: playground/latents/sample.py once more,
// kept equal by tests/browser/mathematics.
//
// A recipe here is what Recipe.to_json writes, defaults left out, but for its
// seeds: one above 2^53 is a string of digits, because a JavaScript number would
// round it (see random.js). Python reads either.

const NUMBERED = /^(axis|principal):(\d{1,4})$/;

// The latent code that a recipe describes, a Float32Array of the model's
// codeLength numbers: latentDim for each of its layers, one layer after the other.
// Throws an Error of one sentence where there is none. Products are rounded to
// float32 one by one, as torch does.
export function codeOf(recipe, model) {
  const code = new Float32Array(model.codeLength);
  const psi = recipe.psi ?? 1;
  const prior = model.priors[recipe.prior ?? "fitted"];
  if (recipe.code) add(code, psi, explicit(recipe.code, model));
  for (const [seed, weight] of recipe.seeds ?? []) add(code, weight, prior.draw(seed, psi));
  for (const style of recipe.styles ?? []) {
    const part = rows(code, style, model).fill(0);
    add(part, 1, prior.draw(style.seed, psi));
  }
  for (const { direction, amount, layers } of recipe.moves ?? []) {
    add(rows(code, layers, model), amount, stepAlong(direction, model));
  }
  if (!code.every(Number.isFinite)) {
    throw new Error("This recipe's latent code is not finite: use smaller weights, moves or psi.");
  }
  return code;
}

function explicit(code, { name, latentDim, codeLength }) {
  if (code.length !== latentDim && code.length !== codeLength) {
    const takes = latentDim === codeLength ? latentDim : `${latentDim} or ${codeLength}`;
    throw new Error(`This recipe's code has ${code.length} numbers, ${name} takes ${takes}.`);
  }
  return Float32Array.from(code);
}

// The part of a code that belongs to some layers, all without `layers`; writing to it writes to the code.
function rows(code, layers, { name, latentDim, codeLength }) {
  if (!layers) return code;
  if (latentDim === codeLength) throw new Error(`${name} takes one code for all of its layers: leave styles and layers out.`);
  const end = (layers.last + 1) * latentDim;
  if (end > codeLength) throw new Error(`There is no layer ${layers.last}: ${name} has 0 to ${codeLength / latentDim - 1}.`);
  return code.subarray(layers.first * latentDim, end);
}

// What a move of amount 1 adds to a code: `constant`, `axis:K`, `principal:K` or `label:NAME`.
export function stepAlong(name, model) {
  const step = new Float32Array(model.latentDim);
  if (name === "constant") return step.fill(model.latentDim ** -0.5);
  const [, kind, digits] = NUMBERED.exec(name) ?? [];
  const index = Number(digits);
  if (kind === "axis" && index < model.latentDim) {
    step[index] = 1;
    return step;
  }
  if (kind === "principal" && index < model.numPrincipal) return scaled(model.principal, index, step);
  const label = name.startsWith("label:") ? model.labelNames.indexOf(name.slice("label:".length)) : -1;
  if (label >= 0) return scaled(model.labelled, label, step);
  throw new Error(`There is no direction ${name}: ${model.name} does not have it.`);
}

function scaled({ directions, scales }, index, step) {
  const start = index * step.length;
  return step.map((_, i) => scales[index] * directions[start + i]);
}

// Class weights that sum to 1, as a Float32Array in the order of classNames; null
// for a model without classes. `classes` maps names to weights; empty is all alike.
export function classWeightsOf(classes, classNames) {
  const unknown = Object.keys(classes).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no class ${unknown}: this model knows ${classNames.join(", ") || "none"}.`);
  }
  if (!classNames.length) return null;
  const named = Object.keys(classes).length > 0;
  const weights = classNames.map((name) => (Object.hasOwn(classes, name) ? classes[name] : Number(!named)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

// code += amount * step, once for each layer that the code holds.
function add(code, amount, step) {
  const factor = Math.fround(amount);
  for (let i = 0; i < code.length; i++) code[i] += Math.fround(factor * step[i % step.length]);
}
