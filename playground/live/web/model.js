// A model as the canvas knows it: what its mathematics needs, and its pictures' shape.

import { readModel } from "./latent_model.js";

const known = new Map(); // a model stays the same object on every page, and so do its session and its draws

export function loadModel(models, name, fingerprint) {
  const address = `${models}${encodeURIComponent(name)}/${fingerprint}`;
  if (!known.has(address)) {
    known.set(address, load(address, fingerprint));
    known.get(address).catch(() => known.delete(address));
  }
  return known.get(address);
}

async function load(address, fingerprint) {
  const answers = await Promise.all([fetch(`${address}.json`), fetch(`${address}.latent`)]);
  for (const answer of answers) if (!answer.ok) throw new Error((await answer.text()).trim());
  const description = await answers[0].json();
  const model = readModel(description, await answers[1].arrayBuffer());
  return { ...model, fingerprint, imageShape: description.image_shape, hasMixture: description.has_prior };
}
