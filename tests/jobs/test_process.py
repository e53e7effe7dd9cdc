"""A process is one by its id and its start."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from playground.jobs import process as process_file
from playground.jobs.process import Process, start_of


@pytest.fixture
def child():
    with subprocess.Popen(
        [sys.executable, "-ISc", "input()"], stdin=subprocess.PIPE, start_new_session=True
    ) as started:
        yield started
        started.kill()


@pytest.fixture(params=["proc", "ps"])
def told_by(request, monkeypatch, tmp_path):
    """Once as on Linux, once as elsewhere."""
    if request.param == "ps":
        if shutil.which("ps") is None:
            pytest.skip("there is no ps")
        monkeypatch.setattr(process_file, "PROC", tmp_path)
    return request.param


def test_a_process_lives_until_it_ends_and_a_zombie_does_not(told_by, child):
    process = Process.of(child.pid)
    assert process.alive()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and nobody has asked for its exit code
    assert not process.alive()
    assert Process.of(child.pid) is None
    child.wait()
    assert not process.alive()


def test_another_start_is_another_process(told_by, child):
    real = Process.of(child.pid)
    other = Process(pid=child.pid, started=real.started[:-1] + "x")
    assert not other.alive()
    other.signal_group(signal.SIGKILL)
    child.communicate(b"\n")
    assert child.returncode == 0  # it ended by itself


def test_a_signal_reaches_the_process_and_its_children(child):
    Process.of(child.pid).signal_group(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux tells it so")
def test_a_start_is_of_this_boot_and_survives_odd_names():
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    script = "open('/proc/self/comm', 'w').write('x) Z 1 (y'); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-ISc", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        before = start_of(started.pid)
        started.stdout.readline()
        assert start_of(started.pid) == before
        assert before.startswith(boot)
        assert before.split()[-1].isdigit()
        started.kill()
