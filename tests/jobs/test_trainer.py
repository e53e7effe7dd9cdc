"""With what a job's training starts."""

import pytest

from playground.jobs.devices import environment
from playground.jobs.trainer import clear_false_start, own_environment, trainer_command


@pytest.fixture
def job(idle):
    return idle.submit("digits-gan", ["seed=1"], name="mine")


def snapshots(job, *numbers):
    for number in numbers:
        (job.run_dir / "snapshots" / f"{number:09d}").mkdir(parents=True)
        (job.run_dir / "snapshots" / f"{number:09d}" / "model.safetensors").touch()


def test_a_new_run_starts_from_its_preset(job):
    command = trainer_command(job)
    assert command[1:3] == ["-m", "playground.training"]
    assert command[3:] == [
        *("--run-dir", str(job.run_dir), "--name", "mine", "--preset", "digits-gan", "--set", "seed=1")
    ]


def test_a_saved_state_is_resumed_and_kept(job):
    snapshots(job, 100)
    (job.run_dir / "state").mkdir()
    (job.run_dir / "state" / "resume.pt").touch()
    clear_false_start(job.run_dir)
    assert trainer_command(job)[-1] == "--resume"
    assert (job.run_dir / "state" / "resume.pt").is_file()
    assert (job.run_dir / "snapshots" / "000000100" / "model.safetensors").is_file()


def test_a_start_that_saved_nothing_is_cleared_and_what_a_person_put_there_is_not(job):
    snapshots(job, 100)
    (job.run_dir / "config.json").touch()
    (job.run_dir / "diary.txt").touch()
    clear_false_start(job.run_dir)
    assert [path.name for path in job.run_dir.iterdir()] == ["diary.txt"]
    assert "--resume" not in trainer_command(job)


def test_work_whose_state_is_lost_is_never_cleared(job):
    snapshots(job, 100, 200)
    clear_false_start(job.run_dir)
    assert len(list((job.run_dir / "snapshots").iterdir())) == 2
    assert trainer_command(job)[-1] == "--resume"  # which the training refuses in one sentence


def test_a_trainer_keeps_its_checkpoint_in_its_run_and_sees_its_devices_alone(job):
    assert own_environment(job) == {"PLAYGROUND_CHECKPOINTS": str(job.run_dir / "checkpoint")}
    assert environment(["cuda:1", "cuda:3"])["CUDA_VISIBLE_DEVICES"] == "1,3"
    assert environment(["cpu"]) == {}
