"""Faults around the worker, with real processes and trainers that take no time."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from processes import QUICK_WORKER, wait_for

from playground.errors import PlaygroundError
from playground.jobs.job import Job
from playground.jobs.local import FoundTrainer
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.queue import Queue
from playground.jobs.states import Request, State
from playground.jobs.worker import GRACE_SECONDS, Worker


def starts(queue: Queue) -> Counter[str]:
    """How often each run's trainer was started."""
    file = queue.runs / "starts.txt"
    return Counter(file.read_text().split()) if file.is_file() else Counter()


def reach(queue: Queue, job: Job, *states: State) -> Job:
    """The job once it is in one of these states."""
    wait_for(lambda: queue.job(job.id).state in states)
    return queue.job(job.id)


def trainer_at_work(queue: Queue, job: Job) -> Process:
    """The job's trainer, once it has begun."""
    wait_for(lambda: starts(queue)[job.name] and queue.job(job.id).process)
    return queue.job(job.id).process


def worker(queue: Queue) -> Process:
    return wait_for(WorkerLock(queue.runs, "cpu").holder)


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


def test_two_workers_started_at_once_are_one(quick, runs):
    command = [*QUICK_WORKER, "--runs", str(runs), "--device", "cpu"]
    both = [subprocess.Popen(command) for _ in range(2)]
    wait_for(lambda: any(process.poll() is not None for process in both))
    assert [process.poll() for process in both].count(None) == 1
    holder = worker(quick)
    assert holder.pid == next(process.pid for process in both if process.poll() is None)
    job = quick.submit("finish")
    reach(quick, job, State.FINISHED)
    assert [process.wait(60) for process in both] == [0, 0]
    assert starts(quick) == {"finish-1": 1}
    assert WorkerLock(runs, "cpu").holder() is None


def test_a_job_cancelled_while_its_trainer_is_started_never_runs(idle, runs, tmp_path):
    ran = tmp_path / "ran"
    job = idle.submit("wait")

    def command(job: Job) -> list[str]:
        idle.cancel(job.id)
        return ["touch", str(ran)]

    Worker(runs, "cpu", command, idle_seconds=0.3).run()
    assert idle.job(job.id) == job.to(State.CANCELLED)
    assert not ran.exists()


def test_workers_that_race_for_one_job_start_it_once(idle, runs, monkeypatch):
    """Two workers that hold locks of their own, as on two devices, with one book."""
    for _ in range(5):
        idle.submit("finish")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    options = [["--runs", str(runs), "--device", f"cuda:{index}"] for index in range(2)]
    both = [subprocess.Popen([*QUICK_WORKER, *more]) for more in options]
    assert [process.wait(60) for process in both] == [0, 0]
    assert {job.state for job in idle.jobs()} == {State.FINISHED}
    assert starts(idle) == {f"finish-{number}": 1 for number in range(1, 6)}


def test_a_stranger_with_a_recycled_id_is_never_taken_for_the_trainer(quick, runs):
    """As after a reboot: the book names a process whose id now belongs to another."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        now = datetime.now(UTC)
        before = Process(pid=stranger.pid, started="another-boot 123")
        with quick.store.changing() as book:
            job = book.add(
                lambda job_id: Job(
                    id=job_id,
                    name="wait-1",
                    preset="wait",
                    run_dir=runs / "wait-1",
                    state=State.RUNNING,
                    asked=Request.CANCEL,
                    position=1,
                    device="cpu",
                    process=before,
                    submitted_at=now,
                    started_at=now,
                )
            )
        quick.tend()
        reach(quick, job, State.CANCELLED)
        assert stranger.poll() is None
        stranger.kill()


def test_after_a_reboot_what_ran_is_interrupted_what_waited_runs_and_nobody_else_is_touched(idle, quick, runs):
    """The book and the lock name processes whose ids belong to others now: the same boot id, another start."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        living = Process.of(stranger.pid)
        before = Process(pid=living.pid, started=living.started + "0")
        ran, waited = idle.submit("finish", name="ran"), idle.submit("finish", name="waited")
        with idle.store.changing() as book:
            book.put(ran.to(State.RUNNING, device="cpu", process=before, started_at=datetime.now(UTC)))
        WorkerLock(runs, "cpu").file.write_text(before.model_dump_json())
        quick.tend()
        reach(quick, waited, State.FINISHED)
        assert quick.job(ran.id).state is State.INTERRUPTED
        quick.resume(ran.id)
        reach(quick, ran, State.FINISHED)
        assert starts(quick) == {"ran": 1, "waited": 1}
        assert stranger.poll() is None
        stranger.kill()


def test_two_servers_that_open_one_new_store_at_once_lose_nothing_and_run_nothing_twice(quick, runs):
    script = (
        "import sys; from pathlib import Path; from playground.jobs.queue import Queue\n"
        "queue = Queue(Path(sys.argv[1]), sys.argv[2:]); input()\n"
        "for _ in range(5): queue.submit('finish')"
    )
    command = [sys.executable, "-c", script, str(runs), *QUICK_WORKER]
    servers = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for server in servers:
        server.stdin.write(b"go\n")
        server.stdin.close()
    assert [server.wait(60) for server in servers] == [0, 0]
    wait_for(lambda: all(job.state is State.FINISHED for job in quick.jobs()))
    assert starts(quick) == {f"finish-{number}": 1 for number in range(1, 11)}


def test_a_lock_that_names_a_stranger_does_not_keep_workers_away(quick, runs):
    stranger = Process(pid=os.getpid(), started="another-boot 123")
    WorkerLock(runs, "cpu").file.write_text(stranger.model_dump_json())
    reach(quick, quick.submit("finish"), State.FINISHED)


def test_fifty_jobs_submitted_and_cancelled_in_random_order(quick):
    """Three submit, one cancels: nothing is lost, nothing runs twice, no process is left."""
    order = random.Random(0)
    numbers = list(range(50))
    order.shuffle(numbers)
    doomed = set(order.sample(numbers, 40))

    def submit(mine: list[int]) -> None:
        for number in mine:
            quick.submit("wait" if number in doomed else "finish", name=f"job-{number}")

    submitters = [threading.Thread(target=submit, args=(numbers[part::3],)) for part in range(3)]
    for thread in submitters:
        thread.start()
    cancelled = set()
    while len(cancelled) < len(doomed):
        ready = [job for job in quick.jobs() if int(job.name[4:]) in doomed - cancelled]
        for job in order.sample(ready, len(ready)):
            quick.cancel(job.id)
            cancelled.add(int(job.name[4:]))
    for thread in submitters:
        thread.join()

    over = (State.FINISHED, State.CANCELLED)
    wait_for(lambda: all(job.state in over for job in quick.jobs()))
    jobs = quick.jobs()
    assert sorted(int(job.name[4:]) for job in jobs) == list(range(50))
    assert {int(job.name[4:]) for job in jobs if job.state is State.CANCELLED} == doomed
    assert all(job.process is None for job in jobs)
    assert max(starts(quick).values()) == 1
    assert {name for name in starts(quick) if int(name[4:]) not in doomed} == {
        job.name for job in jobs if job.state is State.FINISHED
    }
