"""Faults around the worker, with real processes and trainers that take no time."""

import os
import signal
import subprocess
import sys

import pytest
from processes import QUICK_WORKER, reach, starts, trainer_at_work, wait_for, worker

from playground.errors import PlaygroundError
from playground.jobs.local import FoundTrainer
from playground.jobs.process import Process
from playground.jobs.states import Request, State
from playground.jobs.worker import GRACE_SECONDS


def test_a_job_runs_to_its_end(quick):
    job = reach(quick, quick.submit("finish"), State.FINISHED)
    assert (job.exit_code, job.process, job.sentence, job.device) == (0, None, "", "cpu")
    assert job.submitted_at <= job.started_at <= job.ended_at
    assert starts(quick) == {"finish-1": 1}


def test_a_failed_job_says_why(quick):
    job = reach(quick, quick.submit("fail"), State.FAILED)
    assert (job.exit_code, job.sentence) == (1, "The data set is missing: fetch it.")
    quick.resume(job.id)
    assert wait_for(lambda: starts(quick)["fail-1"] == 2)


def test_a_killed_trainer_is_interrupted_and_resumes(quick):
    job = quick.submit("wait")
    os.kill(trainer_at_work(quick, job).pid, signal.SIGKILL)
    job = reach(quick, job, State.INTERRUPTED)
    assert (job.exit_code, job.process) == (-9, None)
    assert "SIGKILL" in job.sentence
    assert quick.resume(job.id).sentence == ""
    wait_for(lambda: starts(quick)["wait-1"] == 2)


def test_what_a_killed_trainer_started_does_not_outlive_it(quick):
    job = quick.submit("brood")
    trainer = trainer_at_work(quick, job)
    started = Process.of(int((job.run_dir / "started").read_text()))
    os.kill(trainer.pid, signal.SIGKILL)
    reach(quick, job, State.INTERRUPTED)
    wait_for(lambda: not started.alive())


def test_a_trainer_that_somebody_else_stopped_is_interrupted(quick):
    job = quick.submit("wait")
    os.kill(trainer_at_work(quick, job).pid, signal.SIGTERM)
    job = reach(quick, job, State.INTERRUPTED)
    assert (job.exit_code, "from outside" in job.sentence) == (0, True)


def test_a_paused_job_holds_no_process_and_the_next_one_runs(quick):
    first, second = quick.submit("wait"), quick.submit("finish")
    trainer = trainer_at_work(quick, first)
    assert quick.pause(first.id).asked is Request.PAUSE
    first = reach(quick, first, State.PAUSED)
    assert (first.asked, first.process, trainer.alive()) == (None, None, False)
    reach(quick, second, State.FINISHED)
    quick.resume(first.id)
    wait_for(lambda: starts(quick)["wait-1"] == 2)


def test_a_cancelled_trainer_that_will_not_stop_is_killed(quick):
    job = quick.submit("stubborn")
    trainer = trainer_at_work(quick, job)
    quick.cancel(job.id)
    job = reach(quick, job, State.CANCELLED)
    assert (job.exit_code, trainer.alive()) == (-9, False)
    assert job.run_dir.is_dir()
    # Noticed at one look, killed at the first one after the grace, written at the next.
    assert GRACE_SECONDS[Request.CANCEL] + 3 * FoundTrainer.poll_seconds < 5


def test_a_running_job_is_not_deleted_and_not_resumed(quick):
    job = quick.submit("wait")
    trainer = trainer_at_work(quick, job)
    for verb in (quick.delete, quick.resume):
        with pytest.raises(PlaygroundError, match="wait-1 is running"):
            verb(job.id)
    assert trainer.alive()
    quick.cancel(job.id)
    quick.delete(reach(quick, job, State.CANCELLED).id)
    assert quick.jobs() == []
    assert not job.run_dir.exists()


def test_a_trainer_goes_on_without_its_worker_and_is_found_again(quick):
    job = quick.submit("wait")
    trainer = trainer_at_work(quick, job)
    former = worker(quick)
    os.kill(former.pid, signal.SIGKILL)
    wait_for(lambda: not former.alive())
    assert trainer.alive()
    assert quick.job(job.id).process == trainer

    quick.tend()
    assert worker(quick) != former
    quick.pause(job.id)
    job = reach(quick, job, State.PAUSED)
    assert not trainer.alive()
    assert starts(quick) == {"wait-1": 1}


def test_a_job_outlives_whoever_submitted_it(quick, runs):
    script = (
        "import sys, time; from pathlib import Path; from playground.jobs.queue import Queue\n"
        "Queue(Path(sys.argv[1]), sys.argv[2:]).submit('wait'); time.sleep(60)"
    )
    server = subprocess.Popen([sys.executable, "-c", script, str(runs), *QUICK_WORKER], start_new_session=True)
    wait_for(quick.jobs)
    trainer = trainer_at_work(quick, quick.job(1))
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    assert trainer.alive()
    assert worker(quick).alive()
    quick.cancel(1)  # as another server would
    reach(quick, quick.job(1), State.CANCELLED)
    assert not trainer.alive()


def test_a_trainer_that_ended_without_its_worker_is_settled(quick):
    job = quick.submit("wait")
    trainer, former = trainer_at_work(quick, job), worker(quick)
    for process in (former, trainer):
        os.kill(process.pid, signal.SIGKILL)
        wait_for(lambda: not process.alive())  # noqa: B023 - called at once
    assert quick.job(job.id).state is State.RUNNING
    quick.tend()
    job = reach(quick, job, State.INTERRUPTED)
    assert "its worker had died" in job.sentence
    assert starts(quick) == {"wait-1": 1}


def test_a_trainer_whose_worker_dies_before_it_is_written_down_never_runs(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path; from playground.jobs.launch import GatedProcess\n"
        "gated = GatedProcess(['touch', sys.argv[1]], os.environ, Path(sys.argv[2]))\n"
        "print(gated.process.model_dump_json(), flush=True); time.sleep(60)"
    )
    ran = tmp_path / "ran"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(ran), str(tmp_path / "log")], stdout=subprocess.PIPE
    ) as starter:
        trainer = Process.model_validate_json(starter.stdout.readline())
        assert trainer.alive()
        starter.kill()
    wait_for(lambda: not trainer.alive())
    assert not ran.exists()
