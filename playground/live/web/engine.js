// Who draws: the server at first, the browser once its session is ready and a
// measured frame says that it wins. One engine a tab, shared by all canvases.

import { BrowserBackend } from "./browser_backend.js";
import { ServerBackend } from "./server_backend.js";

const NUM_PROBES = 9; // frames whose median counts, at first and ever after
const QUICK_MS = 8; // half a frame: below it the browser draws even where the server is quicker, to leave the server free
const IDLE_MS = 10000; // after the last canvas has gone

export class Engine {
  // `addresses`: see `live.js`. `wish` is "auto", "server" or "browser".
  constructor(addresses) {
    this.addresses = addresses;
    this.listeners = new Set();
    this.queue = Promise.resolve();
    this.wish = "auto";
    this.connected = null;
    this.times = { browser: [], server: [] };
    this.trouble = {};
  }

  // Takes part in the engine until the returned function is called.
  join(listener) {
    clearTimeout(this.idle);
    this.server ??= new ServerBackend(this.addresses.socket, (connected) => this.#hear(connected));
    this.listeners.add(listener);
    listener(this.#news());
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.idle = setTimeout(() => this.#rest(), IDLE_MS);
    };
  }

  // Pixels of codes z and class weights y, one question after the other.
  pixels(model, z, y, count) {
    this.#prepare(model);
    const answer = this.queue.then(() => this.#draw(model, z, y, count));
    this.queue = answer.catch(() => {});
    return answer;
  }

  // Who draws now: "server", "browser", or null while nobody can.
  get painter() {
    const browserReady = Boolean(this.browser) && this.browser.model === this.model;
    if (this.wish === "browser" && browserReady) return "browser";
    if (this.wish === "server" && this.connected) return "server";
    if (this.connected && !(browserReady && this.#browserWins)) return "server";
    return browserReady ? "browser" : null;
  }

  // Every frame of one picture counts, so one busy moment decides nothing for good.
  get #browserWins() {
    return median(this.times.browser) < Math.max(median(this.times.server), QUICK_MS);
  }

  choose(wish) {
    this.wish = wish;
    this.#tell();
  }

  async #draw(model, z, y, count) {
    await this.server.settled;
    if (this.painter === "browser") {
      try {
        return await this.#timed(this.browser, model, z, y, count);
      } catch (error) {
        this.#dropBrowser(error);
      }
    }
    return this.#timed(this.server, model, z, y, count);
  }

  async #timed(backend, model, z, y, count) {
    const began = performance.now();
    const pixels = await backend.pixels(model, z, y, count);
    if (count === 1) this.times[backend.name] = [...this.times[backend.name], performance.now() - began].slice(-NUM_PROBES);
    if (this.painter !== this.told) this.#tell();
    return pixels;
  }

  // Begins the browser's session of a model, beside whatever else goes on.
  #prepare(model) {
    if (this.model === model) return;
    this.model = model;
    this.times = { browser: [], server: [] };
    this.trouble.browser = "";
    this.opening?.close();
    this.browser?.close();
    this.browser = null;
    this.#openBrowser(model);
  }

  async #openBrowser(model) {
    const browser = new BrowserBackend();
    this.opening = browser;
    try {
      await browser.open(this.addresses, model);
      await this.#measure(model, browser);
    } catch (error) {
      browser.close();
      if (this.model === model) this.#dropBrowser(error);
    }
  }

  // A first round of frames of the real model, with nothing else in between.
  #measure(model, browser) {
    const z = new Float32Array(model.codeLength);
    const y = model.classNames.length ? new Float32Array(model.classNames.length).fill(1 / model.classNames.length) : null;
    const measured = this.queue.then(async () => {
      for (let probe = 0; probe < NUM_PROBES && this.model === model; probe += 1) {
        await this.#timed(browser, model, z, y, 1);
        if (this.connected) await this.#timed(this.server, model, z, y, 1).catch(() => {});
      }
      if (this.model !== model) return browser.close();
      this.browser = browser;
      return this.#tell();
    });
    this.queue = measured.catch(() => {});
    return measured;
  }

  #dropBrowser(error) {
    this.browser?.close();
    this.browser = null;
    this.trouble.browser = error.message;
    this.#tell();
  }

  #hear(connected) {
    const before = this.connected;
    this.connected = connected;
    this.trouble.server = connected ? "" : "The server cannot be reached.";
    this.#tell(connected && before === false);
  }

  #tell(isBack = false) {
    this.told = this.painter;
    for (const listener of this.listeners) listener(this.#news(isBack));
  }

  #news(isBack = false) {
    return { painter: this.painter, trouble: this.trouble, wish: this.wish, isBack };
  }

  #rest() {
    this.server?.close();
    this.opening?.close();
    this.browser?.close();
    this.server = this.browser = this.model = null;
    this.connected = null;
  }
}

// Of the times in milliseconds; endless where there are none.
function median(times) {
  return times.length ? [...times].sort((a, b) => a - b)[times.length >> 1] : Infinity;
}
