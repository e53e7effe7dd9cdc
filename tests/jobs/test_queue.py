"""The verbs, with jobs that stay where they are."""

import json
import os
import sqlite3
import threading

import pytest

from playground.errors import PlaygroundError
from playground.jobs.__main__ import main
from playground.jobs.branching import resolved
from playground.jobs.devices import devices
from playground.jobs.queue import Queue, runs_folder
from playground.jobs.run_files import OPENED, RESERVED
from playground.jobs.states import State


def names(queue: Queue) -> list[str]:
    return [job.name for job in queue.waiting()]


def test_jobs_wait_in_the_order_they_came(idle):
    for _ in range(3):
        idle.submit("digits-gan", ["batch_size=8"])
    assert names(idle) == ["digits-gan-1", "digits-gan-2", "digits-gan-3"]
    job = idle.job(2)
    assert (job.preset, job.changes, job.run_dir) == ("digits-gan", ("batch_size=8",), idle.runs / "digits-gan-2")


def test_a_job_moves_to_any_place(idle):
    for name in "abcd":
        idle.submit("digits-gan", name=name)
    for job_id, place, order in [(4, 0, "dabc"), (4, 2, "abdc"), (1, 99, "bdca"), (3, -5, "cbda"), (2, 1, "cbda")]:
        idle.move(job_id, place)
        assert names(idle) == list(order)
    idle.submit("digits-gan", name="e")
    assert names(idle) == list("cbdae")


def test_queued_jobs_pause_resume_and_cancel_without_a_worker(idle):
    for name in "abc":
        idle.submit("digits-gan", name=name)
    assert idle.pause(1).state is State.PAUSED
    assert names(idle) == ["b", "c"]
    idle.resume(1)
    assert names(idle) == ["b", "c", "a"]
    assert idle.cancel(2).state is State.CANCELLED
    assert names(idle) == ["c", "a"]
    assert [job.state for job in idle.jobs()] == [State.QUEUED, State.CANCELLED, State.QUEUED]
    with pytest.raises(PlaygroundError, match="b is cancelled: it cannot be paused"):
        idle.pause(2)
    with pytest.raises(PlaygroundError, match="only a queued job"):
        idle.move(2, 0)
    with pytest.raises(PlaygroundError, match="a is queued: it cannot be queued"):
        idle.resume(1)


def test_names_are_checked_and_never_shared(idle):
    idle.submit("digits-gan", name="mine")
    (idle.runs / "by-hand").mkdir()
    for taken in ("mine", "by-hand"):
        with pytest.raises(PlaygroundError, match="already"):
            idle.submit("digits-gan", name=taken)
    for impossible in ("", ".", "..", "../up", "a/b", "with space", "-n", "x" * 81):
        with pytest.raises(PlaygroundError, match="cannot be a run's name"):
            idle.submit("digits-gan", name=impossible)
    with pytest.raises(PlaygroundError, match="cannot be a run's name"):
        idle.submit("../up")
    assert [job.name for job in idle.jobs()] == ["mine"]


def test_a_rerun_is_the_same_training_as_a_new_run(idle):
    first = idle.submit("digits-gan", ["seed=3"], name="mine")
    again = idle.rerun(first.id)
    assert (again.preset, again.changes, again.name) == ("digits-gan", ("seed=3",), "digits-gan-1")


def test_deleting_frees_what_it_says_and_touches_nothing_else(idle, tmp_path):
    job, other = idle.submit("digits-gan", name="mine"), idle.submit("digits-gan", name="other")
    (tmp_path / "elsewhere").write_bytes(bytes(5000))
    for run in (job.run_dir, other.run_dir):
        (run / "samples").mkdir(parents=True)
        (run / "samples" / "000000100.png").write_bytes(bytes(1000))
    (job.run_dir / "link").symlink_to(tmp_path / "elsewhere")
    idle.log_file(job).parent.mkdir()
    idle.log_file(job).write_bytes(bytes(234))
    link = (job.run_dir / "link").lstat().st_size
    assert idle.frees(job.id) == 1234 + link
    assert idle.delete(job.id) == 1234 + link
    assert [left.name for left in idle.jobs()] == ["other"]
    assert not job.run_dir.exists()
    assert (tmp_path / "elsewhere").stat().st_size == 5000
    assert (other.run_dir / "samples" / "000000100.png").is_file()
    assert not list(idle.runs.glob(".deleted-*"))
    assert idle.submit("digits-gan", name="mine").id == 3  # an id is never used twice
    with pytest.raises(PlaygroundError, match="no job 1"):
        idle.job(job.id)


def test_what_pages_have_opened_of_a_run_goes_with_it(idle):
    job = idle.submit("digits-gan", name="mine")
    for name in ("mine@2000", "mine-2@2000"):
        (idle.runs / OPENED / name).mkdir(parents=True)
        (idle.runs / OPENED / name / "model.safetensors").write_bytes(bytes(700))
    assert idle.frees(job.id) == idle.delete(job.id) == 700
    assert [left.name for left in (idle.runs / OPENED).iterdir()] == ["mine-2@2000"]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_run_is_not_named_like_a_folder_beside_the_runs(name, idle):
    with pytest.raises(PlaygroundError, match="cannot be a run's name"):
        idle.submit("digits-gan", name=name)


def test_a_run_whose_folder_was_removed_by_hand_can_be_deleted(idle):
    job = idle.submit("digits-gan")
    assert idle.delete(job.id) == 0
    assert idle.jobs() == []


def test_what_cannot_branch_leaves_nothing_behind(idle):
    job = idle.submit("digits-gan", name="mine")
    with pytest.raises(PlaygroundError, match="mine has no saved state"):
        idle.branch(job.id, ["seed=1"])
    (job.run_dir / "state").mkdir(parents=True)
    (job.run_dir / "state" / "resume.pt").touch()
    with pytest.raises(PlaygroundError, match="batch_size"):
        idle.branch(job.id, ["batch_size=none"])
    assert [left.name for left in idle.jobs()] == ["mine"]
    assert sorted(path.name for path in idle.runs.iterdir() if path.is_dir()) == ["mine"]


def test_a_branch_keeps_only_what_was_drawn_before_the_saved_state(idle):
    origin = idle.submit("digits-gan", ["seed=3"], name="mine")
    drawn = {"state/resume.pt": 200, "metrics.jsonl": 300, "samples/000000100.png": 100, "samples/000000300.png": 300}
    origin.run_dir.mkdir()
    (origin.run_dir / "config.json").write_bytes(resolved("digits-gan", []))
    for name, seconds in drawn.items():
        file = origin.run_dir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        os.utime(file, (seconds, seconds))
    job = idle.branch(origin.id, ["total_images=99"], name="branch")
    assert (job.state, job.branched_from, job.changes) == (State.QUEUED, "mine", ("seed=3", "total_images=99"))
    config = json.loads((job.run_dir / "config.json").read_text())
    assert (config["seed"], config["total_images"]) == (3, 99)
    assert [file.name for file in (job.run_dir / "samples").iterdir()] == ["000000100.png"]
    assert (job.run_dir / "state" / "resume.pt").read_text() == "state/resume.pt"


def test_a_runs_folder_can_be_moved(idle, tmp_path):
    idle.submit("digits-gan", name="mine")
    idle.runs.rename(tmp_path / "moved")
    (job,) = Queue(tmp_path / "moved", ("true",)).jobs()
    assert job.run_dir == tmp_path / "moved" / "mine"


def test_many_at_once_lose_nothing(idle):
    def submit() -> None:
        for _ in range(10):
            idle.submit("digits-gan")

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {job.name for job in idle.jobs()} == {f"digits-gan-{number}" for number in range(1, 41)}
    assert len({job.position for job in idle.jobs()}) == 40


def test_a_change_that_fails_changes_nothing(idle):
    job = idle.submit("digits-gan")
    with pytest.raises(RuntimeError), idle.store.changing() as book:
        book.remove(job)
        raise RuntimeError
    assert idle.jobs() == [job]


def test_a_damaged_or_foreign_store_gives_one_sentence(tmp_path):
    idle = Queue(tmp_path, ("true",))
    file = idle.store.file
    file.write_bytes(b"no database at all, but long enough to be read" * 50)
    with pytest.raises(PlaygroundError, match=r"jobs\.sqlite3 cannot be used"):
        idle.jobs()
    file.unlink()
    idle.submit("digits-gan")
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("UPDATE jobs SET job = '{}'")
    with pytest.raises(PlaygroundError, match=r"Job 1 in .* is damaged"):
        idle.jobs()
    with connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(PlaygroundError, match="has format 99"):
        idle.jobs()


@pytest.mark.parametrize(
    ("visible", "found"), [("", ("cpu",)), ("-1", ("cpu",)), ("0", ("cuda:0",)), ("1, 3", ("cuda:1", "cuda:3"))]
)
def test_the_devices_are_those_one_may_see(monkeypatch, visible, found):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    devices.cache_clear()
    assert devices() == found


def test_the_runs_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    assert runs_folder() == tmp_path
    monkeypatch.delenv("PLAYGROUND_RUNS")
    assert runs_folder().name == "runs"


def test_the_command_line(idle, monkeypatch, capsys):
    monkeypatch.setattr("playground.jobs.__main__.Queue", lambda: idle)
    assert main(["submit", "digits-gan", "--set", "seed=1", "--name", "mine"]) == 0
    assert main(["submit", "digits-vae"]) == 0
    assert main(["move", "digits-vae-1", "0"]) == 0
    assert main(["pause", "mine"]) == 0
    assert main(["list"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "mine (job 1) is queued."
    assert said[3] == "mine (job 1) is paused."
    assert [line.split()[:3] for line in said[4:]] == [["1", "mine", "paused"], ["2", "digits-vae-1", "queued"]]
    assert main(["delete", "1"]) == 0
    assert "freed 0.0 MB" in capsys.readouterr().out
    assert main(["resume", "mine"]) == 2
    assert capsys.readouterr().err.strip() == ("There is no job 'mine': python -m playground.jobs list shows them all.")
