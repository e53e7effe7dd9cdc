// The page's end of a session in a worker: one question at a time.

export class WorkerSession {
  static async open(address, source) {
    const session = new WorkerSession(address);
    try {
      return Object.assign(session, await session.#ask({ open: source }));
    } catch (error) {
      session.close();
      throw error;
    }
  }

  constructor(address) {
    this.worker = new Worker(address, { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = (event) => this.#take({ problem: event.message ?? "The browser's own runtime did not start." });
  }

  pixels(z, y, count) {
    const codes = z.slice();
    const weights = y?.slice() ?? null;
    return this.#ask({ z: codes, y: weights, count }, weights ? [codes.buffer, weights.buffer] : [codes.buffer]);
  }

  // When the question under way has its answer.
  get finished() {
    return this.waiting?.answered;
  }

  close() {
    this.worker.terminate();
    this.#take({ problem: "The page was left." });
  }

  #ask(message, transferred = []) {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.waiting = { resolve, reject, answered: promise };
    this.worker.postMessage(message, transferred);
    return promise;
  }

  #take(answer) {
    const waiting = this.waiting;
    this.waiting = null;
    if (answer.problem) waiting?.reject(new Error(answer.problem));
    else waiting?.resolve(answer.result);
  }
}
