// A session in a worker, so that a slow frame never holds up the page.

import { Session } from "./session.js";

let session = null;

onmessage = async ({ data }) => {
  try {
    if (data.open) await open(data.open);
    else await draw(data);
  } catch (error) {
    postMessage({ problem: `The browser's own runtime failed: ${error.message}` });
  }
};

async function open(source) {
  session = await Session.onQuickestDevice(source);
  postMessage({ result: { device: session.device, milliseconds: session.milliseconds } });
}

async function draw({ z, y, count }) {
  const pixels = await session.pixels(z, y, count);
  postMessage({ result: pixels }, [pixels.buffer]);
}
