"""Jobs on a real Ray cluster of this machine alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from processes import wait_for
from small_jobs import SETTINGS, reach, saved

from playground.jobs.__main__ import main
from playground.jobs.cluster import Cluster
from playground.jobs.devices import devices
from playground.jobs.job import Job
from playground.jobs.lock import WorkerLock
from playground.jobs.queue import Queue
from playground.jobs.ray_place import RayTrainer
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.jobs.submission import Submission

pytest.importorskip("ray", reason="Ray is not installed")


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of its job API. All of its processes end with the tests."""
    place = tempfile.mkdtemp(prefix="ray-")  # under pytest's own folders the names of its sockets would be too long
    head, dashboard, agent, client = free_ports(4)
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats"]
    command += [f"--port={head}", f"--dashboard-port={dashboard}", f"--dashboard-agent-listen-port={agent}"]
    command += [f"--ray-client-server-port={client}", "--node-ip-address=127.0.0.1", "--dashboard-host=127.0.0.1"]
    command += [f"--temp-dir={place}", "--num-cpus=2", "--num-gpus=0", "--object-store-memory=80000000"]
    with (Path(place) / "said.txt").open("w") as said:
        started = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
        )
    address = f"http://127.0.0.1:{dashboard}"
    try:
        wait_for(lambda: started.poll() is not None or not Cluster(address, 1, 0).problem())
        assert started.poll() is None, (Path(place) / "said.txt").read_text()
        yield address
    finally:
        tree = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
        for process in tree:
            if process.is_running():
                process.kill()
        started.wait()
        psutil.wait_procs(tree)
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def on_cluster(cluster: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two jobs at once on the cluster."""
    choose(monkeypatch, cluster, num_jobs=2)
    return cluster


def choose(monkeypatch: pytest.MonkeyPatch, address: str, num_jobs: int = 1) -> None:
    monkeypatch.setenv("PLAYGROUND_CLUSTER", address)
    monkeypatch.setenv("PLAYGROUND_CLUSTER_JOBS", str(num_jobs))
    devices.cache_clear()


def client(address: str):
    from ray.job_submission import JobSubmissionClient

    return JobSubmissionClient(address)


def processes_of(job: Job) -> list[psutil.Process]:
    """Those that train: they name the run folder, and are no shell that a cluster started."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if str(job.run_dir) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def test_a_training_on_a_cluster_is_watched_paused_resumed_and_finishes(on_cluster, queue):
    job = queue.submit("digits-cgan", [*SETTINGS, "total_images=3200"])
    wait_for(lambda: Run(job.run_dir).files.state.is_file())
    [trainer] = processes_of(job)
    trainer.suspend()  # so that it does not end before it is paused
    running = queue.job(job.id)
    assert (running.state, running.device.partition(":")[0]) == (State.RUNNING, "ray")
    assert running.process.cluster == on_cluster
    assert running.process.submission in {told.submission_id for told in client(on_cluster).list_jobs()}

    former = WorkerLock(queue.runs, running.device).holder()
    os.kill(former.pid, signal.SIGKILL)  # the next one finds the job again
    wait_for(lambda: not former.alive())
    queue.pause(job.id)
    trainer.resume()
    job = reach(queue, job, State.PAUSED)
    assert processes_of(job) == []
    seen = saved(job.run_dir)["progress"]["images_seen"]
    assert 0 < seen < 3200
    first_leg = queue.log_file(job).read_text()
    assert f"Stopped after {seen:,} images" in first_leg

    queue.resume(job.id)
    job = reach(queue, job, State.FINISHED)
    assert job.exit_code == 0
    log = queue.log_file(job).read_text()
    assert log.startswith(first_leg)
    assert log.count("The checkpoint is in") == 1


def test_each_end_on_a_cluster_is_the_state_that_it_is_on_this_machine(on_cluster, quick):
    """Two at a time: one fails, one is killed, one is cancelled here, one is stopped by others there."""
    failed, killed = quick.submit("fail"), quick.submit("wait", name="killed")
    reach(quick, failed, State.FAILED)
    assert quick.job(failed.id).sentence == "The data set is missing: fetch it."
    wait_for(lambda: (killed.run_dir / "state" / "resume.pt").is_file())
    [trainer] = processes_of(killed)
    trainer.kill()
    killed = reach(quick, killed, State.INTERRUPTED)
    assert (killed.exit_code, "SIGKILL" in killed.sentence) == (-signal.SIGKILL, True)

    cancelled, stopped = quick.submit("wait", name="cancelled"), quick.submit("wait", name="stopped")
    for job in (cancelled, stopped):
        wait_for(lambda: (job.run_dir / "state" / "resume.pt").is_file())  # noqa: B023 - called at once
    quick.cancel(cancelled.id)
    client(on_cluster).stop_job(quick.job(stopped.id).process.submission)
    reach(quick, cancelled, State.CANCELLED)
    stopped = reach(quick, stopped, State.INTERRUPTED)
    assert "stopped on the cluster" in stopped.sentence
    assert processes_of(cancelled) == processes_of(stopped) == []


def test_what_a_cluster_has_never_heard_of_has_ended(cluster, tmp_path):
    """As when a worker dies between writing a submission down and handing it over, or a cluster is started anew."""
    never = RayTrainer(Submission(cluster=cluster, submission="never-submitted", log_offset=0), tmp_path / "log")
    standing = never.look()
    assert (standing.ended, standing.exit_code) == (True, None)
    assert "does not know this training" in standing.sentence


def test_while_a_cluster_does_not_answer_nothing_is_lost(runs, monkeypatch, tmp_path, capsys):
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
    choose(monkeypatch, nobody)
    queue = Queue(runs)
    job = queue.submit("digits-gan")
    holder = wait_for(WorkerLock(runs, "ray:0").holder)
    assert "does not answer" in Cluster.chosen().problem()
    monkeypatch.setattr("playground.jobs.__main__.Queue", lambda: queue)
    assert main(["list"]) == 0
    assert "does not answer" in capsys.readouterr().out
    assert holder.alive()
    assert queue.job(job.id).state is State.QUEUED

    trainer = RayTrainer(Submission(cluster=nobody, submission="some", log_offset=0), tmp_path / "log")
    assert not trainer.look().ended
    assert "cannot be asked" in trainer.look().sentence
    assert not trainer.stop()


def test_ray_is_asked_for_only_where_it_is_chosen(idle, monkeypatch):
    monkeypatch.setattr("playground.jobs.cluster.find_spec", lambda name: None)
    assert Cluster.chosen() is None
    assert devices() == ("cpu",)
    choose(monkeypatch, "http://127.0.0.1:8265")
    assert "Ray is not installed: pip install" in Cluster.chosen().problem()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PLAYGROUND_CLUSTER", "node1:8265"), ("PLAYGROUND_CLUSTER_JOBS", "0"), ("PLAYGROUND_CLUSTER_GPUS", "some")],
)
def test_a_setting_that_makes_no_sense_is_named(name, value, monkeypatch, capsys):
    monkeypatch.setenv("PLAYGROUND_CLUSTER", "http://127.0.0.1:8265")
    monkeypatch.setenv(name, value)
    assert main(["submit", "digits-gan"]) == 2
    assert name in capsys.readouterr().err
