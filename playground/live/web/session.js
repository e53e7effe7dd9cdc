// One model in onnxruntime-web, wherever this module runs: in a worker or in the page.

const NUM_PROBES = 5;
const RUNTIMES = {
  wasm: { bundle: "ort.wasm.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.wasm" },
  webgpu: { bundle: "ort.webgpu.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.asyncify.wasm" },
};

export class Session {
  // On the device that draws a frame sooner: WASM, or WebGPU where an adapter exists.
  static async onQuickestDevice(source) {
    const inWasm = await Session.on("wasm", source);
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    const isSoftware = adapter?.info?.isFallbackAdapter ?? adapter?.isFallbackAdapter;
    if (!adapter || isSoftware) return inWasm;
    const onGPU = await Session.on("webgpu", source).catch(() => null);
    const [quicker, slower] = onGPU && onGPU.milliseconds < inWasm.milliseconds ? [onGPU, inWasm] : [inWasm, onGPU];
    await slower?.close();
    return quicker;
  }

  // `source` is the exported network with what it takes: its bytes, the address of
  // the runtime, the length of a code and the number of classes.
  static async on(device, { network, runtime, codeLength, numClasses }) {
    const files = RUNTIMES[device];
    const ort = await import(runtime + files.bundle);
    ort.env.wasm.wasmPaths = { wasm: runtime + files.wasm };
    ort.env.wasm.numThreads = 1;
    const session = new Session();
    const started = await ort.InferenceSession.create(new Uint8Array(network), { executionProviders: [device] });
    Object.assign(session, { device, ort, started, codeLength, numClasses });
    session.milliseconds = await session.#probe();
    return session;
  }

  // uint8 pixels [count, height, width, channels], a copy that may be given away.
  async pixels(z, y, count) {
    const inputs = { z: new this.ort.Tensor("float32", z, [count, this.codeLength]) };
    if (y) inputs.y = new this.ort.Tensor("float32", y, [count, this.numClasses]);
    const { images } = await this.started.run(inputs);
    return new Uint8Array(images.data);
  }

  close() {
    return this.started.release();
  }

  // How long a frame takes here, at its best.
  async #probe() {
    const z = new Float32Array(this.codeLength);
    const y = this.numClasses ? new Float32Array(this.numClasses).fill(1 / this.numClasses) : null;
    const times = [];
    for (let probe = 0; probe < NUM_PROBES; probe += 1) {
      const began = performance.now();
      await this.pixels(z, y, 1);
      times.push(performance.now() - began);
    }
    return Math.min(...times);
  }
}
