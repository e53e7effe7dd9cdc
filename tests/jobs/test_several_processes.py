"""One job in two processes, under torchrun."""

import signal
import threading

import psutil
import pytest
from processes import wait_for
from small_jobs import SETTINGS, reach, saved, trainer_past

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.jobs.__main__ import main
from playground.jobs.devices import devices
from playground.jobs.job import Job
from playground.jobs.processes import Processes
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.jobs.worker import Worker

TWO = Processes.checked(2)


def at_work(queue: Queue, job: Job) -> list[psutil.Process]:
    """The two processes that train, once they have written a snapshot, standing still."""
    trainer = trainer_past(queue, job, len(Run(job.run_dir).snapshots) + 1)
    ranks = psutil.Process(trainer.pid).children()
    assert len(ranks) == 2
    for rank in ranks:
        rank.suspend()
    return ranks


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_two_processes_are_one_job_that_pauses_is_interrupted_and_finishes(queue):
    total = 6400
    job = queue.submit("digits-cgan", [*SETTINGS, f"total_images={total}"], processes=TWO)
    ranks = at_work(queue, job)
    queue.pause(job.id)
    for rank in ranks:
        rank.resume()
    job = reach(queue, job, State.PAUSED)
    assert gone(ranks)
    assert job.exit_code in (0, -signal.SIGTERM)  # a late signal may find it saved, and about to leave
    seen = saved(job.run_dir)["progress"]["images_seen"]
    assert 0 < seen < total
    assert seen % 32 == 0  # both have stopped at the same step

    queue.resume(job.id)
    ranks = at_work(queue, job)
    ranks[1].kill()
    ranks[0].resume()
    job = reach(queue, job, State.INTERRUPTED)
    assert (job.exit_code, "SIGKILL" in job.sentence) == (-signal.SIGKILL, True)
    wait_for(lambda: gone(ranks))

    queue.resume(job.id)
    job = reach(queue, job, State.FINISHED)
    assert checkpoints.load(Run(job.run_dir).checkpoint).card.images_seen == total


@pytest.fixture
def four_gpus(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2,3")
    devices.cache_clear()


def test_each_process_gets_a_gpu_of_its_own_and_what_must_wait_for_them_keeps_its_turn(idle, runs, four_gpus, tmp_path):
    """Four GPUs: the first job holds three, the second wants two and waits, the third would fit and stays behind it."""
    seen = tmp_path / "seen"
    script = f'echo "$0 $CUDA_VISIBLE_DEVICES" >> {seen}; sleep 60'

    def command(job: Job) -> list[str]:
        return ["sh", "-c", script, job.name]

    for name, num_processes in (("three", 3), ("two", 2), ("one", 1)):
        idle.submit("digits-gan", name=name, processes=Processes.checked(num_processes))
    first, second = (Worker(runs, device, command) for device in ("cuda:1", "cuda:3"))
    at_it = threading.Thread(target=first._start, args=(idle.job(1),))
    at_it.start()
    wait_for(lambda: seen.is_file() and seen.read_text() == "three 1,0,2\n")
    running = idle.job(1)
    assert (running.device, running.more_devices) == ("cuda:1", ("cuda:0", "cuda:2"))
    assert second._next() is None
    running.process.signal_group(signal.SIGKILL)
    at_it.join()
    assert idle.job(1).more_devices == ()
    assert second._next().name == "two"


def test_more_gpus_than_there_are_keep_nobody_waiting(idle, runs, four_gpus, monkeypatch):
    with pytest.raises(PlaygroundError, match="5 processes need a GPU each, and there are 4"):
        idle.submit("digits-gan", processes=Processes.checked(5))
    for name, num_processes in (("four", 4), ("one", 1)):
        idle.submit("digits-gan", name=name, processes=Processes.checked(num_processes))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")  # as after a restart with two of them gone
    devices.cache_clear()
    assert Worker(runs, "cuda:0")._next().name == "one"


def test_several_machines_meet_where_they_are_told_to(idle):
    job = idle.submit("digits-gan", name="mine", processes=Processes.checked(2, 3, "node1:29400"))
    command = job.processes.command(job.name, ["--run-dir", "mine"], python="python")
    assert command == [
        *("python", "-m", "playground.training.torchrun", "--nproc-per-node=2", "--nnodes=3", "--rdzv-backend=c10d"),
        *("--rdzv-endpoint=node1:29400", "--rdzv-id=mine", "-m", "playground.training", "--run-dir", "mine"),
    ]
    assert idle.rerun(job.id).processes == job.processes


@pytest.mark.parametrize(
    ("asked", "said"), [((0, 1, ""), "1 to"), ((1, 2, ""), "place to meet"), ((1, 2, "a:b"), "meet")]
)
def test_processes_that_cannot_be_are_refused_in_a_sentence(asked, said):
    with pytest.raises(PlaygroundError, match=said):
        Processes.checked(*asked)


def test_the_command_line_asks_for_processes(idle, monkeypatch, capsys):
    monkeypatch.setattr("playground.jobs.__main__.Queue", lambda: idle)
    assert main(["submit", "digits-gan", "--processes", "2", "--nodes", "2", "--rendezvous", "node1:29400"]) == 0
    assert idle.job(1).processes == Processes(num_processes=2, num_nodes=2, rendezvous="node1:29400")
    assert main(["submit", "digits-gan", "--nodes", "2"]) == 2
    assert "place to meet" in capsys.readouterr().err
