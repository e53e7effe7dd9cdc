"""The queue on the command line: `python -m playground.jobs submit digits-cgan --set batch_size=128`."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from playground.command import command
from playground.errors import PlaygroundError
from playground.jobs.cluster import Cluster
from playground.jobs.going_back import WayBack
from playground.jobs.job import Job
from playground.jobs.processes import Processes
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.jobs.trainer import trainer_command


@command
def main(arguments: Sequence[str] | None) -> None:
    """Does one thing with the queue."""
    options = parser().parse_args(arguments)
    options.run(Queue(), options)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground.jobs",
        description="Queue trainings that outlive whoever started them. Runs are kept under PLAYGROUND_RUNS, or runs/. "
        "With PLAYGROUND_CLUSTER=http://HOST:8265 they run on that Ray cluster.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("list", help="all jobs and how far they are").set_defaults(run=show)

    new = commands.add_parser("submit", help="queue a new training")
    new.add_argument("preset", help="a preset of python -m playground.training")
    new.add_argument("--name", help="the run's name (default: the preset's, with a number)")
    new.add_argument("--processes", type=int, default=1, metavar="N", help="on each machine, one a GPU")
    new.add_argument("--nodes", type=int, default=1, metavar="N", help="machines; the others are started by hand")
    new.add_argument("--rendezvous", default="", metavar="HOST:PORT", help="where several machines meet")
    new.set_defaults(run=submit)

    branch = commands.add_parser("branch", help="go on from a saved state of a run, as a new run")
    branch.add_argument("job", help="the run to go on from")
    branch.add_argument("--name", help="the new run's name")
    branch.add_argument("--at", type=int, metavar="IMAGES", help="its snapshot to go on from (default: where it is)")
    branch.set_defaults(
        run=lambda queue, options: tell(queue.branch(_id(queue, options), options.set, options.name, options.at))
    )
    for either in (new, branch):
        either.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting")

    for verb, meaning in {
        "pause": "save and stop, so that no memory is held; or take it out of the queue",
        "resume": "queue it again; it goes on where it was",
        "cancel": "give it up, and keep its folder",
        "rerun": "queue the same training once more, as a new run",
    }.items():
        command = commands.add_parser(verb, help=meaning)
        command.add_argument("job", help="its name or number")
        command.set_defaults(run=lambda queue, options, verb=verb: tell(getattr(queue, verb)(_id(queue, options))))

    move = commands.add_parser("move", help="give a queued job another place")
    move.add_argument("job", help="its name or number")
    move.add_argument("place", type=int, help="among the queued ones: 0 is next")
    move.set_defaults(run=lambda queue, options: tell(queue.move(_id(queue, options), options.place)))

    delete = commands.add_parser("delete", help="remove a job, its run folder and its log for ever")
    delete.add_argument("job", help="its name or number")
    delete.set_defaults(run=remove)
    return parser


def submit(queue: Queue, options: argparse.Namespace) -> None:
    """Queues a new training, and says how other machines join it."""
    processes = Processes.checked(options.processes, options.nodes, options.rendezvous)
    job = queue.submit(options.preset, options.set, options.name, processes)
    tell(job)
    if processes.num_nodes > 1:
        print(f"On each other machine: {shlex.join(trainer_command(job))}")


def show(queue: Queue, options: argparse.Namespace) -> None:
    """One line a job, those that wait in the order in which they start, and what goes wrong in each."""
    queue.tend()
    jobs = queue.jobs()
    others = [job for job in jobs if job.state is not State.QUEUED]
    for job in [*others, *queue.waiting()]:
        run = Run(job.run_dir)
        progress = run.progress()
        total = f" of {progress.total_images:,}" if progress.total_images else ""
        print(
            f"{job.id:4}  {job.name:28} {job.state:12} {progress.images_seen:,}{total} images  {job.sentence}".rstrip()
        )
        troubles = run.troubles()
        for trouble in troubles:
            print(f"      {trouble.sentence}")
        if troubles:
            print(f"      A way out: {in_a_command(job, run.way_back(troubles))}")
    if (cluster := Cluster.chosen()) and (problem := cluster.problem()):
        print(problem)


def in_a_command(job: Job, way: WayBack) -> str:
    """The command line of a way out of trouble."""
    if way.at is None:
        parts = ["submit", job.preset, *(part for change in (*job.changes, way.change) for part in ("--set", change))]
    else:
        parts = ["branch", job.name, "--at", str(way.at), "--set", way.change]
    return shlex.join(["python", "-m", "playground.jobs", *parts])


def tell(job: Job) -> None:
    """What has become of a job, in a line."""
    asked = f", asked to {job.asked}" if job.asked else ""
    print(f"{job.name} (job {job.id}) is {job.state}{asked}.")


def remove(queue: Queue, options: argparse.Namespace) -> None:
    """Deletes, and says what that freed."""
    job = queue.job(_id(queue, options))
    print(f"{job.name} is deleted; that freed {queue.delete(job.id) / 1e6:,.1f} MB.")


def _id(queue: Queue, options: argparse.Namespace) -> int:
    """The id of the job that is meant by a name or a number."""
    for job in queue.jobs():
        if options.job in (job.name, str(job.id)):
            return job.id
    raise PlaygroundError(f"There is no job {options.job!r}: python -m playground.jobs list shows them all.")


if __name__ == "__main__":
    sys.exit(main())
