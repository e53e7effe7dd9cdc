// A place on the walk between recipes: playground/latents/paths.py once more, kept
// equal by tests/browser/mathematics.

import { codeOf } from "./recipe.js";

const STRAIGHT_BELOW = 1e-4; // of the angle's sine: there is no single great circle

// The recipe at `place` legs along the stops, which are single recipes of seeds.
export function along(stops, path, place, model) {
  const leg = Math.min(Math.floor(place), stops.length - 2);
  const [start, end] = [stops[leg], stops[leg + 1]];
  const t = place - leg;
  const straight = [1 - t, t];
  const weights = path === "straight" ? straight : spherical(codeOf(start, model), codeOf(end, model), t);
  const seeds = mixed([start.seeds, end.seeds], weights);
  return { ...start, seeds, classes: Object.fromEntries(mixed([shares(start), shares(end)], straight)) };
}

function spherical(start, end, t) {
  const cosine = dot(start, end) / Math.sqrt(dot(start, start) * dot(end, end));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine >= STRAIGHT_BELOW)) return [1 - t, t];
  return [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
}

function mixed(parts, weights) {
  const sums = new Map();
  parts.forEach((pairs, part) => {
    for (const [key, weight] of pairs) sums.set(key, (sums.get(key) ?? 0) + weights[part] * weight);
  });
  const kept = [...sums].filter(([, weight]) => weight);
  return kept.length ? kept : [...sums];
}

function shares({ classes = {} }) {
  const sum = Object.values(classes).reduce((total, weight) => total + weight, 0);
  return Object.entries(classes).map(([name, weight]) => [name, weight / sum]);
}

function dot(one, other) {
  return one.reduce((sum, number, index) => sum + number * other[index], 0);
}
