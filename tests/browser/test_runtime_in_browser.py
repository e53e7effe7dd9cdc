"""Exported generators run in the visitor's own browser, by the runtime that the app ships."""

from __future__ import annotations

import time
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import Page

import playground
from playground.live.files import runtime_version

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 60
NUM_CODES = 24
DRAW = """async ({runtime, model, z, y, expected}) => {
  const ort = await import(`${runtime}/ort.wasm.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = { wasm: `${runtime}/ort-wasm-simd-threaded.wasm` };
  ort.env.wasm.numThreads = 1;
  const file = await (await fetch(model)).arrayBuffer();
  const session = await ort.InferenceSession.create(new Uint8Array(file), { executionProviders: ["wasm"] });
  const pixels = [];
  for (let row = 0; row < z.length; row += 1) {
    const { images } = await session.run({
      z: new ort.Tensor("float32", new Float32Array(z[row]), [1, z[row].length]),
      y: new ort.Tensor("float32", new Float32Array(y[row]), [1, y[row].length]),
    });
    const found = `${images.type} ${images.dims}`;
    if (found !== expected) throw new Error(found);
    pixels.push(...images.data);
  }
  const fetched = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/live/"));
  return { pixels, fetched: Object.fromEntries(fetched.map((entry) => [entry.name, entry.transferSize])) };
}"""


def wait_for_export(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with urllib.request.urlopen(address) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"{address} was not exported in {PATIENCE_SECONDS} seconds")


@pytest.mark.parametrize("name", ["digits-cgan", "test-cgan"])
def test_the_browser_draws_what_the_server_draws_and_fetches_nothing_twice(name: str, address: str, tab: Page):
    model = playground.load(name)
    file = f"{address}/live/models/{name}/{model.fingerprint}.onnx"
    wait_for_export(file)
    random = np.random.default_rng(0)
    z = random.standard_normal((NUM_CODES, model.latent_dim), dtype=np.float32)
    y = random.dirichlet(np.full(10, 0.3), NUM_CODES).astype(np.float32)
    y[::2] = np.eye(10, dtype=np.float32)[np.arange(0, NUM_CODES, 2) % 10]
    question = {"runtime": f"{address}/live/runtime/{runtime_version()}", "model": file, "expected": "uint8 1,32,32,1"}
    question |= {"z": z.tolist(), "y": y.tolist()}

    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}/_stcore/health")
    first = tab.evaluate(DRAW, question)
    expected = model.decode(z, [dict(zip(model.class_names, row.tolist(), strict=True)) for row in y])
    pixels = np.array(first["pixels"], dtype=int).reshape(expected.shape)
    assert abs(pixels - expected).max() <= 1
    assert expected.std() > 10
    assert len(first["fetched"]) == 3 and min(first["fetched"].values()) > 10_000

    again = tab.context.new_page()
    again.goto(f"{address}/_stcore/health")
    second = again.evaluate(DRAW, question)
    assert second == {"pixels": first["pixels"], "fetched": dict.fromkeys(first["fetched"], 0)}
    assert all(url.startswith((address, "blob:")) for url in asked)
