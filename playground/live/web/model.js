// A model as the canvas knows it: what its mathematics needs, and its pictures' shape.

import { readModel } from "./latent_model.js";

export async function loadModel(models, name, fingerprint) {
  const address = `${models}${encodeURIComponent(name)}/${fingerprint}`;
  const answers = await Promise.all([fetch(`${address}.json`), fetch(`${address}.latent`)]);
  for (const answer of answers) if (!answer.ok) throw new Error((await answer.text()).trim());
  const description = await answers[0].json();
  const model = readModel(description, await answers[1].arrayBuffer());
  return { ...model, fingerprint, imageShape: description.image_shape, hasMixture: description.has_prior };
}
