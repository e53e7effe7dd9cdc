"""The pages as Streamlit's own test harness runs them: no browser, the pictures as the data sent to one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground import checkpoints

NAVIGATION = Path(__file__).resolve().parents[2] / "pages" / "navigation.py"
TIMEOUT_SECONDS = 60


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


def sheets(app: AppTest) -> list[dict]:
    """What each picture component on the page was sent, in the page's order."""
    mounted = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in mounted if proto.component_name == "playground_pictures"]


def sheet(app: AppTest, label: str) -> dict:
    """The picture component whose label contains these words."""
    [found] = [sent for sent in sheets(app) if label in sent["label"]]
    return found


def pixels(picture: dict) -> np.ndarray:
    """A sent picture as grey levels [height, width]."""
    kind, _, content = picture["src"].partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def problems(app: AppTest) -> list[str]:
    """Every error box; a traceback fails at once."""
    assert not app.exception, app.exception
    return [box.value for box in app.error]
