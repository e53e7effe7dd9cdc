// One engine a tab: it outlives pages, its sessions and its socket with it.

import { Engine } from "./engine.js";

let engine = null;

export function sharedEngine(data) {
  engine ??= new Engine(addressesOf(data));
  return engine;
}

// Where everything lies; `base` is the path that the app is served under.
export function addressesOf({ base, version, runtime }) {
  const here = `${location.origin}${base}/live`;
  return {
    socket: `${here.replace(/^http/, "ws")}/socket`,
    worker: `${here}/web/${version}/worker.js`,
    runtime: `${here}/runtime/${runtime}/`,
    network: (model) => `${here}/models/${encodeURIComponent(model.name)}/${model.fingerprint}.onnx`,
    models: `${here}/models/`,
  };
}
