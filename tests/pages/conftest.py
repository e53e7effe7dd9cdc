"""The pages as Streamlit's own test harness runs them: no browser, the pictures as the data sent to one."""

from __future__ import annotations

import base64
import functools
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from playground import checkpoints
from playground.jobs.queue import Queue

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
TIMEOUT_SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def packages_scanned_once() -> Iterator[None]:
    """Each AppTest looks through all installed packages for components, which takes far longer than a page."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture
def open_page(checkpoint_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page by its file's name, with a query string as keywords; it sees the test's checkpoints alone."""
    monkeypatch.setattr(checkpoints, "folders", lambda: [checkpoint_folder, checkpoints.opened_folder()])

    def opened(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(NAVIGATION), default_timeout=TIMEOUT_SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(f"{page}.py")
        return app.run()

    return opened


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue that the Train page sees, in a runs folder of its own."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("playground.jobs.queue.start_detached", lambda *_: None)
    return Queue()


@pytest.fixture
def train(queue: Queue, open_page: Callable[..., AppTest], tiny_checkpoint: Path) -> Callable[[], AppTest]:
    """Opens the Train page."""
    return lambda: open_page("train", model="tiny")


def sheets(app: AppTest) -> list[dict]:
    """What each picture component on the page was sent, in the page's order."""
    mounted = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in mounted if proto.component_name == "playground_pictures"]


def sheet(app: AppTest, label: str) -> dict:
    """The picture component whose label contains these words."""
    [found] = [sent for sent in sheets(app) if label in sent["label"]]
    return found


def history(app: AppTest) -> dict:
    """What the film of a run's sample sheets was sent."""
    return sent_to(app, "playground_sample_history")


def chart(app: AppTest) -> dict:
    """The figure of a run's curves, as sent."""
    return json.loads(sent_to(app, "playground_curves")["figure"])


def sent_to(app: AppTest, component: str) -> dict:
    """What the one component of this name was sent."""
    mounted = [element.proto for element in app.get("bidi_component")]
    [sent] = [proto.json for proto in mounted if proto.component_name == component]
    return json.loads(sent)


def pixels(picture: dict) -> np.ndarray:
    """A sent picture as grey levels [height, width]."""
    kind, _, content = picture["src"].partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def problems(app: AppTest) -> list[str]:
    """Every error box; a traceback fails at once."""
    assert not app.exception, app.exception
    return [box.value for box in app.error]
