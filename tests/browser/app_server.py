"""A running app of its own process, which can be stopped and started again at the same address."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_SECONDS = 60


class AppServer:
    """The app on a free port, below the path `base`, such as `/play`; what it says goes to `log`."""

    def __init__(self, log: Path, base: str = "") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}{base}"
        self._log = log
        self._command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        self._command += [f"--server.port={port}", *([f"--server.baseUrlPath={base}"] if base else [])]

    def start(self) -> None:
        """Return when it answers; fail the test when it does not."""
        with self._log.open("a") as output:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text()
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"The app did not start: {self._log.read_text()}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    def kill(self) -> None:
        """As when the machine has no memory left: it cannot tidy up."""
        self._process.kill()
        self._process.wait(timeout=20)

    def assert_nothing_went_wrong(self) -> None:
        assert "Traceback" not in self._log.read_text(), self._log.read_text()
