"""A worker whose trainers are quick ones; a job's preset is what its trainer does."""

import argparse
import sys
from pathlib import Path

from playground.jobs.job import Job
from playground.jobs.worker import Worker

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=Path)
parser.add_argument("--device")
options = parser.parse_args()


def command(job: Job) -> list[str]:
    trainer = Path(__file__).with_name("quick_trainer.py")
    return [sys.executable, "-IS", str(trainer), job.preset, str(job.run_dir), str(options.runs / "starts.txt")]


Worker(options.runs, options.device, command, idle_seconds=1).run()
