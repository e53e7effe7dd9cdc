"""Real trainings through the queue: what breaks them off leaves no trace in their weights."""

import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path

import pytest
import torch
from processes import wait_for
from small_jobs import SETTINGS, reach, saved, trainer_past

from playground import checkpoints
from playground.jobs.job import Job
from playground.jobs.lock import WorkerLock
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.jobs.trainer import trainer_command
from playground.jobs.worker import Worker
from playground.training.__main__ import main

OF_THE_MACHINE = {"images_per_second", "memory_megabytes", "device"}


@pytest.fixture(autouse=True)
def threads_as_before():
    """A training sets torch's thread count for its whole process."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def lines(run_dir: Path) -> list[dict]:
    """The measurements, without those of the clock and the memory."""
    measured = [json.loads(line) for line in (run_dir / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name not in OF_THE_MACHINE} for line in measured]


def seen_in(run_dir: Path) -> list[int]:
    return [line["images_seen"] for line in lines(run_dir)]


def test_killed_orphaned_and_paused_ends_in_the_weights_of_an_unbroken_run(queue, tmp_path, monkeypatch):
    total = 3200
    changes = [*SETTINGS, f"total_images={total}"]
    job = queue.submit("digits-cgan", changes)

    os.kill(trainer_past(queue, job, 2).pid, signal.SIGKILL)
    job = reach(queue, job, State.INTERRUPTED)
    seen = saved(job.run_dir)["progress"]["images_seen"]
    assert 0 < seen < total

    queue.resume(job.id)
    trainer = trainer_past(queue, job, len(Run(job.run_dir).snapshots) + 1)
    os.kill(trainer.pid, signal.SIGSTOP)  # so that it cannot end before the next worker finds it
    worker = WorkerLock(queue.runs, "cpu").holder()
    os.kill(worker.pid, signal.SIGKILL)
    wait_for(lambda: not worker.alive())
    queue.pause(job.id)
    wait_for(WorkerLock(queue.runs, "cpu").holder)
    os.kill(trainer.pid, signal.SIGCONT)
    job = reach(queue, job, State.PAUSED)
    assert not trainer.alive()
    assert job.exit_code is None  # its worker was not its parent
    assert seen < saved(job.run_dir)["progress"]["images_seen"] < total

    queue.resume(job.id)
    job = reach(queue, job, State.FINISHED)
    assert checkpoints.load(Run(job.run_dir).checkpoint).card.images_seen == total

    monkeypatch.setenv("PLAYGROUND_CHECKPOINTS", str(tmp_path / "checkpoints"))
    unbroken = tmp_path / "unbroken"
    command = ["--preset", "digits-cgan", "--run-dir", str(unbroken)]
    assert main([*command, *(part for change in changes for part in ("--set", change))]) == 0
    one, other = saved(unbroken), saved(job.run_dir)
    for part in ("model", "averaged", "extra"):
        assert all(torch.equal(tensor, other[part][name]) for name, tensor in one[part].items())
    assert one["progress"]["images_seen"] == other["progress"]["images_seen"] == total
    assert seen_in(job.run_dir) == seen_in(unbroken) == list(range(64, total + 1, 64))


def test_after_a_start_that_saved_nothing_it_starts_anew_and_then_branches(idle, queue):
    origin = idle.submit("digits-cgan", [*SETTINGS, "total_images=320"])
    (origin.run_dir / "samples").mkdir(parents=True)
    (origin.run_dir / "config.json").write_text("{}")
    queue.tend()
    origin = reach(queue, origin, State.FINISHED)

    changes = ["total_images=640", "optimizer.learning_rate=1e-4", "optimizer.betas=[0.5, 0.9]"]
    job = queue.branch(origin.id, changes, name="longer")
    assert job.branched_from == origin.name
    job = reach(queue, job, State.FINISHED)
    assert Run(job.run_dir).config["total_images"] == 640
    assert lines(job.run_dir)[:5] == lines(origin.run_dir)
    assert seen_in(job.run_dir)[5:] == [384, 448, 512, 576, 640]
    assert lines(job.run_dir)[5]["learning_rate"] < 1e-4
    optimizer = saved(job.run_dir)["optimizers"]["generator"]
    assert optimizer["param_groups"][0]["betas"] == (0.5, 0.9)
    assert optimizer["state"][0]["step"] == 640 / 16  # and its moments are those of the whole way
    assert checkpoints.load(Run(job.run_dir).checkpoint).name == "longer"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="a running process's limits are Linux's")
def test_where_no_more_can_be_written_it_says_so_and_what_was_saved_is_whole(queue):
    """A limit on the size of files stands for the full disk: it takes the same way, and needs no disk of its own."""
    job = queue.submit("digits-cgan", [*SETTINGS, "total_images=100000", "report_every_images=1600"])
    for written, sentence in (("model.safetensors", "cannot be written"), ("state.pt", "state.pt cannot be written")):
        if queue.job(job.id).state is State.FAILED:
            queue.resume(job.id)
        num_snapshots = len(Run(job.run_dir).snapshots)
        trainer = trainer_past(queue, job, num_snapshots + 1)
        too_small = (job.run_dir / "snapshots" / "000000320" / written).stat().st_size - 1
        resource.prlimit(trainer.pid, resource.RLIMIT_FSIZE, (too_small, too_small))
        wait_for(lambda: queue.job(job.id).state is not State.RUNNING)
        failed = queue.job(job.id)
        assert failed.state is State.FAILED
        assert str(job.run_dir / "snapshots") in failed.sentence
        assert sentence in failed.sentence
        assert saved(job.run_dir)["progress"]["images_seen"] % 320 == 0
        for images_seen, state in Run(job.run_dir).files.states_there().items():
            assert torch.load(state, weights_only=True)["progress"]["images_seen"] == images_seen
        for snapshot in Run(job.run_dir).snapshots.values():
            checkpoints.load(snapshot)
        assert not [file for file in job.run_dir.rglob("*") if "partial" in file.name]


def test_what_is_done_once_the_weights_are_final_holds_no_pause_up(idle, queue, runs, tmp_path):
    """Fitting may take minutes: it is given up at once, nothing is left in memory, and it is done again later."""
    job = idle.submit("digits-cgan", [*SETTINGS, "total_images=64"])
    fits = tmp_path / "fits"

    def command(job: Job) -> list[str]:
        script = Path(__file__).with_name("fitting_trainer.py")
        return [sys.executable, str(script), str(fits), *trainer_command(job)[3:]]

    worker = threading.Thread(target=Worker(runs, "cpu", command, idle_seconds=0.5).run)
    worker.start()
    wait_for(fits.is_file)
    trainer = queue.job(job.id).process
    idle.pause(job.id)
    job = reach(queue, job, State.PAUSED)
    assert not trainer.alive()
    assert job.process is None
    worker.join()
    queue.resume(job.id)
    job = reach(queue, job, State.FINISHED)
    assert checkpoints.load(Run(job.run_dir).checkpoint).card.images_seen == 64


def test_a_run_folder_edited_by_hand_is_refused_in_a_sentence(idle, queue):
    job = idle.submit("digits-cgan", [*SETTINGS, "total_images=320"])
    (job.run_dir / "state").mkdir(parents=True)
    (job.run_dir / "state" / "resume.pt").touch()
    (job.run_dir / "config.json").write_text('{"total_images": "many"}')
    queue.tend()
    wait_for(lambda: queue.job(job.id).state is State.FAILED)
    assert "The training config is wrong" in queue.job(job.id).sentence
    assert "config.json" in Run(job.run_dir).problems[0]
