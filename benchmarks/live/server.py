"""The two servers that are compared: the app, and a plain page of the same model."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_SECONDS = 120


class Server:
    """A Streamlit server on a port of its own, running inside the `with`."""

    def __init__(self, command: Sequence[str], folder: Path, base: str = "") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}{base}"
        self._folder = folder
        self._command = [sys.executable, "-m", "streamlit", "run", *command]
        self._command[4:4] = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait_until_healthy()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        sys.exit(f"{' '.join(self._command)} did not start.")


def app(base: str = "") -> Server:
    """The app, below the path `base`, such as `/play`."""
    return Server([*([f"--server.baseUrlPath={base}"] if base else []), "app.py"], ROOT, base)


def plain_page(model: str) -> Server:
    """The plain page, on stock settings: in a folder without any."""
    return Server([str(ROOT / "benchmarks" / "plain_page.py"), "--", model], Path(tempfile.gettempdir()))
