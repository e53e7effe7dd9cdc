"""Exported generators run in the visitor's own browser, by the runtime that the app ships."""

from __future__ import annotations

import time
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import Page

import playground
from playground.live.files import runtime_version, web_version

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 60
NUM_CODES = 24
DRAW = """async ({ web, runtime, model, z, y }) => {
  const { Session } = await import(`${web}/session.js`);
  const { WorkerSession } = await import(`${web}/worker_session.js`);
  const network = await (await fetch(model)).arrayBuffer();
  const source = { network, runtime: `${runtime}/`, codeLength: z[0].length, numClasses: y[0].length };
  const draw = async (session) => {
    const pixels = [];
    for (let row = 0; row < z.length; row += 1) {
      pixels.push(...(await session.pixels(new Float32Array(z[row]), new Float32Array(y[row]), 1)));
    }
    await session.close();
    return pixels;
  };
  const inWorker = await draw(await WorkerSession.open(`${web}/worker.js`, source));
  const inPage = await draw(await Session.on("wasm", source));
  const fetched = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/live/"));
  return { inPage, inWorker, fetched: Object.fromEntries(fetched.map((entry) => [entry.name, entry.transferSize])) };
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
    question = {"web": f"{address}/live/web/{web_version()}", "runtime": f"{address}/live/runtime/{runtime_version()}"}
    question |= {"model": file, "z": z.tolist(), "y": y.tolist()}

    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}/_stcore/health")
    first = tab.evaluate(DRAW, question)
    expected = model.decode(z, [dict(zip(model.class_names, row.tolist(), strict=True)) for row in y])
    assert first["inPage"] == first["inWorker"]
    pixels = np.array(first["inPage"], dtype=int).reshape(expected.shape)
    assert abs(pixels - expected).max() <= 1
    assert expected.std() > 10
    files = {url.rsplit("/", 1)[-1] for url in first["fetched"]}
    bundle = {"ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"}
    assert files == bundle | {f"{model.fingerprint}.onnx", "session.js", "worker_session.js", "worker.js"}

    again = tab.context.new_page()
    again.goto(f"{address}/_stcore/health")
    second = again.evaluate(DRAW, question)
    assert second == first | {"fetched": dict.fromkeys(first["fetched"], 0)}
    assert all(url.startswith((address, "blob:")) for url in asked)
