// What a slider of the page moves in a recipe. A binding names the slider by its
// key; its value times `factor` plus `offset` goes to one part of the recipe.

import { along } from "./paths.js";

const PARTS = {
  psi: (recipe, psi) => ({ ...recipe, psi }),
  class: (recipe, weight, { name }) => ({ ...recipe, classes: { ...recipe.classes, [name]: weight } }),
  move: (recipe, amount, { name }) => ({
    ...recipe,
    moves: [...(recipe.moves ?? []).filter(({ direction }) => direction !== name), { direction: name, amount }],
  }),
  walk: (_, place, { stops, path }, model) => along(stops, path, place, model),
};

// The recipe of picture `index` with every bound slider's value in it; `values` by
// the sliders' keys.
export function bound(recipe, index, bindings, values, model) {
  const own = bindings.filter(({ pictures }) => !pictures.length || pictures.includes(index));
  const made = own.reduce((former, binding) => {
    const value = values[binding.slider] * binding.factor + binding.offset;
    return PARTS[binding.part](former, value, binding, model);
  }, recipe);
  return withSomeClass(made);
}

// Without any weight above 0 the chosen classes count alike, as on the page.
function withSomeClass(recipe) {
  const classes = Object.entries(recipe.classes ?? {});
  const heavy = classes.filter(([, weight]) => weight > 0);
  const kept = heavy.length ? heavy : classes.map(([name]) => [name, 1]);
  return { ...recipe, classes: Object.fromEntries(kept) };
}
