// What the controls say, and the recipe that this is. A state is plain data, so
// that undo, hold and a link are copies of it.

const LARGEST_SEED = 2n ** 63n - 1n;
export const LATTICE_SIDE = 4; // seeds in a row of the pad's lattice

// What somebody sees first of a model: playground/ui/start.py once more.
export function startState(model) {
  return {
    base: { seeds: [["14", 1]] },
    lattice: [0, 0],
    classes: model.classNames.length ? { [model.classNames[Math.min(3, model.classNames.length - 1)]]: 1 } : {},
    psi: 1,
    prior: "fitted",
    styles: [],
    moves: {}, // amounts by the name of the direction, with its layers where it does not reach all: see moveName
  };
}

// The controls' values that make this recipe. A blend of seeds becomes the corner
// of the lattice, so that moving on starts from the picture as it is.
export function stateOf(recipe, model) {
  const largest = Math.max(0, ...Object.values(recipe.classes ?? {}));
  const shares = Object.entries(recipe.classes ?? {}).map(([name, weight]) => [name, weight / largest]);
  return {
    base: recipe.code ? { code: recipe.code } : { seeds: recipe.seeds.map(([seed, weight]) => [String(seed), weight]) },
    lattice: [0, 0],
    classes: Object.fromEntries(shares.filter(([name, share]) => share > 0 && model.classNames.includes(name))),
    psi: recipe.psi ?? 1,
    prior: recipe.prior ?? "fitted",
    styles: recipe.styles ?? [],
    moves: Object.fromEntries(summed(recipe.moves ?? []).filter(([, amount]) => amount)),
  };
}

export function recipeOf(state, model) {
  const recipe = { model: model.name };
  if (state.base.code) recipe.code = state.base.code;
  else recipe.seeds = blend(corners(state), state.prior === "fitted" && model.hasMixture);
  const classes = Object.fromEntries(Object.entries(state.classes).filter(([, weight]) => weight > 0));
  if (Object.keys(classes).length) recipe.classes = classes;
  if (state.psi !== 1) recipe.psi = state.psi;
  if (state.prior !== "fitted") recipe.prior = state.prior;
  if (state.styles.length) recipe.styles = state.styles;
  const moves = Object.entries(state.moves).filter(([, amount]) => amount);
  if (moves.length) recipe.moves = moves.map(([name, amount]) => ({ ...moveNamed(name), amount }));
  return recipe;
}

// A direction and the layers that it reaches as one name, such as "principal:0" or
// "principal:0@0-3"; and back.
export function moveName({ direction, layers }) {
  return layers ? `${direction}@${layers.first}-${layers.last}` : direction;
}

export function moveNamed(name) {
  const [, direction, first, last] = /^(.*)@(\d+)-(\d+)$/.exec(name) ?? [];
  return last ? { direction, layers: { first: Number(first), last: Number(last) } } : { direction: name };
}

// The same state for another model: what it does not have is left behind.
export function carriedOver(state, model) {
  const start = startState(model);
  const kept = Object.entries(state.classes).filter(([name]) => model.classNames.includes(name));
  return {
    ...state,
    base: state.base.code ? start.base : state.base,
    classes: kept.length ? Object.fromEntries(kept) : start.classes,
    styles: state.styles.filter(({ last }) => last < model.numLayers),
    moves: Object.fromEntries(Object.entries(state.moves).filter(([name]) => hasMove(model, name))),
  };
}

export function seedOf(state) {
  return state.base.seeds?.[0][0] ?? "";
}

export function withSeed(state, seed) {
  return { ...state, base: { seeds: [[seed, 1]] }, lattice: [0, 0] };
}

// A seed as text that people may have typed, or null where it is none.
export function readSeed(text) {
  const digits = text.trim();
  if (!/^\d{1,19}$/.test(digits) || BigInt(digits) > LARGEST_SEED) return null;
  return String(BigInt(digits));
}

export function neighbourSeed(seed, step) {
  const span = LARGEST_SEED + 1n;
  return String((((BigInt(seed) + BigInt(step)) % span) + span) % span);
}

// The weighted seeds at a place of the lattice; the first place is the base itself.
export function latticeSeeds(state, column, row) {
  if (!column && !row) return state.base.seeds;
  return [[neighbourSeed(seedOf(state), row * LATTICE_SIDE + column), 1]];
}

// Convex shares of weighted seeds, as the weights of one recipe. Codes from N(0, I)
// keep their usual length when the shares' squares sum to 1; codes of a mixture
// stay where it has mass when the shares themselves do.
export function blend(parts, ofMixture) {
  const present = parts.filter(([share]) => share > 0);
  const length = ofMixture ? 1 : Math.hypot(...present.map(([share]) => share));
  const weights = new Map();
  for (const [share, seeds] of present) {
    for (const [seed, weight] of seeds) weights.set(seed, (weights.get(seed) ?? 0) + (share / length) * weight);
  }
  return [...weights].map(([seed, weight]) => [seed, Math.round(weight * 1e4) / 1e4]);
}

// The up to four lattice places around the pad's point, with bilinear shares.
function corners(state) {
  const [across, down] = state.lattice;
  const parts = [];
  for (const [row, rowShare] of ends(down)) {
    for (const [column, columnShare] of ends(across)) {
      if (rowShare * columnShare > 0) parts.push([rowShare * columnShare, latticeSeeds(state, column, row)]);
    }
  }
  return parts;
}

function ends(place) {
  const low = Math.min(LATTICE_SIDE - 1, Math.floor(place));
  return [[low, 1 - (place - low)], [low + 1, place - low]];
}

function summed(moves) {
  const amounts = new Map();
  for (const move of moves) amounts.set(moveName(move), (amounts.get(moveName(move)) ?? 0) + move.amount);
  return [...amounts];
}

function hasMove(model, name) {
  const { direction, layers } = moveNamed(name);
  if (layers && (model.numLayers === 1 || layers.last >= model.numLayers)) return false;
  const [kind, number] = direction.split(":");
  if (kind === "label") return model.labelNames.includes(direction.slice("label:".length));
  if (kind === "principal") return Number(number) < model.numPrincipal;
  return kind === "constant" || Number(number) < model.latentDim;
}
