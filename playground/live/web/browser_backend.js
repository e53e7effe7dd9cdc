// The back end in the visitor's own tab: onnxruntime-web in a worker, one
// question at a time, so that a slow frame never holds up the page.

const LONGEST_WAIT_MS = 120000;

export class BrowserBackend {
  name = "browser";

  constructor(address) {
    this.worker = new Worker(address, { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = (event) => this.#take({ problem: event.message ?? "The browser's own runtime did not start." });
  }

  // Begins the session of a model; the runtime is fetched with the first one.
  async open(addresses, model) {
    const network = await fetchNetwork(addresses.network(model));
    this.device = await this.#ask({ open: network, runtime: addresses.runtime, numCodes: model.latentDim, numClasses: model.classNames.length }, [network]);
    this.model = model;
  }

  pixels(model, z, y, count) {
    const codes = z.slice();
    const weights = y?.slice() ?? null;
    return this.#ask({ z: codes, y: weights, count }, weights ? [codes.buffer, weights.buffer] : [codes.buffer]);
  }

  close() {
    this.worker.terminate();
    this.#take({ problem: "The page was left." });
  }

  #ask(message, transferred) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(message, transferred);
    });
  }

  #take(answer) {
    const waiting = this.waiting;
    this.waiting = null;
    if (answer.problem) waiting?.reject(new Error(answer.problem));
    else waiting?.resolve(answer.result);
  }
}

// The exported generator. The first visitor of a model waits for its export.
async function fetchNetwork(address) {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const answer = await fetch(address);
    if (answer.status === 200) return answer.arrayBuffer();
    if (answer.status !== 202) throw new Error((await answer.text()).trim());
    if (performance.now() > deadline) throw new Error("The export of this model takes too long.");
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get("Retry-After") ?? 1)));
  }
}
