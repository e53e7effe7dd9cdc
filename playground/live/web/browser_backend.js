// The back end in the visitor's own tab. A session opens in a worker, where it holds
// up nothing; if a frame is short enough it then moves into the page itself, which
// saves the two messages that each frame would cost.

import { Session } from "./session.js";
import { WorkerSession } from "./worker_session.js";

const LONGEST_WAIT_MS = 120000;
const SHORT_FRAME_MS = 4; // a quarter of the screen's frame: the page does not notice

export class BrowserBackend {
  name = "browser";

  // Begins the session of a model; the runtime is fetched with the first one.
  async open(addresses, model) {
    const network = await fetchNetwork(addresses.network(model));
    const source = { network, runtime: addresses.runtime, codeLength: model.codeLength, numClasses: model.classNames.length };
    const session = await WorkerSession.open(addresses.worker, source);
    if (this.closed) return session.close();
    this.session = session;
    this.model = model;
    if (session.milliseconds < SHORT_FRAME_MS) this.#moveIntoPage(source);
  }

  get device() {
    return this.session.device;
  }

  pixels(model, z, y, count) {
    return this.session.pixels(z, y, count);
  }

  close() {
    if (this.closed) return; // a session can be released once
    this.closed = true;
    this.session?.close();
  }

  // In a moment when nothing else goes on; where it fails the worker stays.
  async #moveIntoPage(source) {
    await new Promise((resolve) => idly(resolve));
    if (this.closed) return;
    const inWorker = this.session;
    const inPage = await Session.on(inWorker.device, source).catch((error) => console.warn(`The session stays in its worker: ${error.message}`));
    if (!inPage) return;
    if (this.closed) return inPage.close();
    this.session = inPage;
    await inWorker.finished?.catch(() => {}); // whoever asked hears of it
    inWorker.close();
  }
}

// Safari has no idle callbacks.
const idly = (task) => (window.requestIdleCallback ?? setTimeout)(task);

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
