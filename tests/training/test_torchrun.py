"""The launcher of several processes ends as they do, and never leaves them behind."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from small import REPOSITORY

RANK = """
import os, signal, sys, time
from playground.errors import PlaygroundError
from playground.training.rank import end_with_launcher, tell_launcher
end_with_launcher()
behaviour, rank = sys.argv[1], os.environ["RANK"]
if behaviour == "save":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
open(sys.argv[2] + rank, "w").close()
if behaviour == "refuse" and rank == "1":
    tell_launcher(PlaygroundError("The disk is full: make room."))
    sys.exit(2)
if behaviour == "crash" and rank == "0":
    os.kill(os.getpid(), signal.SIGSEGV)
if behaviour != "finish":
    time.sleep(300)
"""


@pytest.fixture
def launched(tmp_path):
    """Starts two processes that do as they are told, and returns their launcher once both are at it."""
    started = []

    def launch(behaviour: str) -> subprocess.Popen[str]:
        (tmp_path / "rank.py").write_text(RANK)
        command = [sys.executable, "-m", "playground.training.torchrun", "--standalone", "--nproc-per-node=2"]
        launcher = subprocess.Popen(
            [*command, str(tmp_path / "rank.py"), behaviour, str(tmp_path / "rank")],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(launcher)
        end = time.monotonic() + 120
        while not all((tmp_path / f"rank{rank}").exists() for rank in (0, 1)):
            assert time.monotonic() < end, "they do not start"
            time.sleep(0.01)
        return launcher

    yield launch
    for launcher in started:
        launcher.kill()
        launcher.communicate()


@pytest.mark.parametrize(("behaviour", "exit_code"), [("finish", 0), ("refuse", 2), ("crash", -signal.SIGSEGV)])
def test_it_ends_as_its_processes_do(behaviour, exit_code, launched):
    launcher = launched(behaviour)
    _, said = launcher.communicate(timeout=120)
    assert launcher.returncode == exit_code, said
    if behaviour == "refuse":
        assert said.strip().splitlines()[-1] == "The disk is full: make room."


def test_it_passes_a_polite_kill_on_and_waits_for_what_comes_of_it(launched):
    launcher = launched("save")
    launcher.terminate()
    _, said = launcher.communicate(timeout=120)
    assert launcher.returncode == 0, said


def test_machines_that_do_not_meet_give_a_sentence():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "playground.training.torchrun", "--nnodes=2", "--rdzv-backend=c10d"]
    command += [f"--rdzv-endpoint={place}", "--rdzv-id=alone", "--rdzv-conf=join_timeout=1", "rank.py"]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 2
    assert finished.stderr.strip().splitlines()[-1].startswith(f"The machines did not meet at {place}")


def test_killed_it_takes_its_processes_along(launched):
    launcher = launched("wait")
    ranks = psutil.Process(launcher.pid).children()
    assert len(ranks) == 2
    launcher.kill()
    assert psutil.wait_procs(ranks, timeout=120)[1] == []
