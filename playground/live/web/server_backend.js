// The back end on the server: one WebSocket a tab, one question at a time.

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;
const PATIENCE_MS = 10000;
const HEADER_BYTES = 20;

export class ServerBackend {
  name = "server";

  // `onConnection` hears whether the server can be reached, at every change.
  constructor(address, onConnection) {
    this.address = address;
    this.onConnection = onConnection;
    this.number = 0;
    this.waiting = null;
    this.pause = FIRST_PAUSE_MS;
    this.settled = new Promise((resolve) => (this.settle = resolve)); // once the first try has come to something
    this.#connect();
  }

  get ready() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  // uint8 pixels [count, height, width, channels] of codes z and class weights y.
  async pixels(model, z, y, count) {
    if (!this.ready) throw new Error("The server cannot be reached.");
    if (this.model !== model) await this.#open(model);
    this.number += 1;
    return this.#ask(questionOf(this.number, count, z, y), this.number);
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    this.socket?.close();
    this.#lose("The page was left.");
  }

  async #open(model) {
    this.model = null;
    await this.#ask(JSON.stringify({ model: model.name, fingerprint: model.fingerprint }), "ready");
    this.model = model;
  }

  // The answer that bears `number`, or the server's own sentence as an error.
  #ask(message, number) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.socket.close(), PATIENCE_MS);
      const settle = (way) => (value) => {
        clearTimeout(timer);
        this.waiting = null;
        way(value);
      };
      this.waiting = { number, resolve: settle(resolve), reject: settle(reject) };
      this.socket.send(message);
    });
  }

  #connect() {
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.onConnection(true);
      this.settle();
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#read(JSON.parse(data)) : this.#take(data));
    socket.onclose = () => {
      this.model = null;
      this.#lose("The server cannot be reached.");
      if (this.closed) return;
      this.onConnection(false);
      this.settle();
      this.retry = setTimeout(() => this.#connect(), this.pause);
      this.pause = Math.min(LONGEST_PAUSE_MS, this.pause * 2);
    };
    this.socket = socket;
  }

  #read(message) {
    if (message.ready && this.waiting?.number === "ready") this.waiting.resolve();
    if (message.problem) this.waiting?.reject(new Error(message.problem));
  }

  #take(buffer) {
    const [number] = new Uint32Array(buffer, 0, 1);
    if (this.waiting?.number === number) this.waiting.resolve(new Uint8Array(buffer, HEADER_BYTES));
  }

  #lose(reason) {
    this.waiting?.reject(new Error(reason));
  }
}

// One buffer, since a Blob is read in another process before it is sent.
function questionOf(number, count, z, y) {
  const question = new ArrayBuffer(8 + z.byteLength + (y?.byteLength ?? 0));
  new Uint32Array(question, 0, 2).set([number, count]);
  new Float32Array(question, 8, z.length).set(z);
  if (y) new Float32Array(question, 8 + z.byteLength).set(y);
  return question;
}
