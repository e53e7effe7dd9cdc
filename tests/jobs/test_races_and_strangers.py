"""Many at once, and processes that are not who the book says: with real processes and trainers that take no time."""

import os
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime

from processes import QUICK_WORKER, reach, starts, wait_for, worker

from playground.jobs.job import Job
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.states import Request, State
from playground.jobs.worker import Worker


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
