// onnxruntime-web in a worker: one session of one model. Takes WebGPU where an
// adapter exists and a measured frame says that it is quicker than WASM.

const NUM_PROBES = 5;
const RUNTIMES = {
  wasm: { bundle: "ort.wasm.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.wasm" },
  webgpu: { bundle: "ort.webgpu.bundle.min.mjs", wasm: "ort-wasm-simd-threaded.asyncify.wasm" },
};
let runner = null;

onmessage = async ({ data }) => {
  try {
    if (data.open) postMessage({ result: await open(data) });
    else await draw(data);
  } catch (error) {
    postMessage({ problem: `The browser's own runtime failed: ${error.message}` });
  }
};

async function open({ open: network, runtime, numCodes, numClasses }) {
  const shape = { numCodes, numClasses };
  runner = await begin("wasm", runtime, network, shape);
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  const isSoftware = adapter?.info?.isFallbackAdapter ?? adapter?.isFallbackAdapter;
  if (adapter && !isSoftware) {
    const rival = await begin("webgpu", runtime, network, shape).catch(() => null);
    if (rival && rival.milliseconds < runner.milliseconds) runner = rival;
  }
  return runner.device;
}

// A session on a device, and how long a frame takes there.
async function begin(device, runtime, network, shape) {
  const files = RUNTIMES[device];
  const ort = await import(runtime + files.bundle);
  ort.env.wasm.wasmPaths = { wasm: runtime + files.wasm };
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(network), { executionProviders: [device] });
  const started = { device, ort, session, shape };
  const z = new Float32Array(shape.numCodes);
  const y = shape.numClasses ? new Float32Array(shape.numClasses).fill(1 / shape.numClasses) : null;
  const times = [];
  for (let probe = 0; probe < NUM_PROBES; probe += 1) {
    const began = performance.now();
    await run(started, z, y, 1);
    times.push(performance.now() - began);
  }
  return { ...started, milliseconds: Math.min(...times) };
}

async function draw({ z, y, count }) {
  const pixels = await run(runner, z, y, count);
  postMessage({ result: pixels }, [pixels.buffer]);
}

// uint8 pixels [count, height, width, channels], a copy that may be given away.
async function run({ ort, session, shape }, z, y, count) {
  const inputs = { z: new ort.Tensor("float32", z, [count, shape.numCodes]) };
  if (y) inputs.y = new ort.Tensor("float32", y, [count, shape.numClasses]);
  const { images } = await session.run(inputs);
  return new Uint8Array(images.data);
}
