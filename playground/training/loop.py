"""The training loop: read a batch, step, average, report, sample, snapshot, stop when asked."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import torch
from jaxtyping import Float, Int64
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from playground.data import ImageSet
from playground.training.averaging import AveragedWeights
from playground.training.config import TrainingConfig
from playground.training.footprint import Footprint
from playground.training.likeness import Likeness
from playground.training.numbers import refuse_losses, refuse_weights
from playground.training.order import Order
from playground.training.resume import Progress, load_state, save_state
from playground.training.run_folder import RunFolder
from playground.training.sheets import write_sheet
from playground.training.snapshot import write_snapshot
from playground.training.steps import Batch, Phase, Step


def train(
    fabric: Fabric,
    config: TrainingConfig,
    data: ImageSet,
    step: Step,
    run: RunFolder,
    resume: bool,
) -> tuple[AveragedWeights, Progress, bool]:
    """Trains until `config.total_images` or until asked to stop (Ctrl-C).

    Returns the averaged weights, where the run stands, and whether it is finished.
    """
    move_to_device(fabric, step)
    averaged = AveragedWeights(step.model, config.average_images)
    progress = load_state(run.state, step, averaged) if resume else Progress()
    if resume and fabric.is_global_zero:
        run.forget_after(progress.images_seen)
    reader = Reader(fabric, config, data)
    report = Report(run, progress.images_seen, Footprint(fabric.device))
    likeness = Likeness(averaged.model, data)
    images_each_step = config.batch_size * fabric.world_size
    started = Clock(progress)
    with stop_on_signal() as stop, progress_bar(fabric, config, progress) as bar:
        while progress.images_seen < config.total_images and not asked(fabric, stop):
            batch = reader.read(progress.images_seen)
            rate = config.learning_rate_at(progress.images_seen)
            for phase in [phase for phase in step.phases if phase.starts <= batch.progress]:
                report.add(phase.name, run_phase(fabric, step, phase, batch, rate))

            before, progress.images_seen = progress.images_seen, progress.images_seen + images_each_step
            averaged.update(step.model, images_each_step, progress.images_seen)
            bar.update(images_each_step)

            if not fabric.is_global_zero:
                continue
            if crossed(before, progress.images_seen, config.sample_every_images):
                write_sheet(run, averaged.model, data, progress.images_seen)
                report.add("samples", likeness.measure(averaged.model))
            if crossed(before, progress.images_seen, config.report_every_images):
                bar.set_postfix(report.write(progress.images_seen, rate))
            if crossed(before, progress.images_seen, config.snapshot_every_images):
                refuse_weights(run, step, progress.images_seen)
                started.read_into(progress)
                write_snapshot(run, step, averaged, config, progress)
        # Still deaf to signals: whoever asks twice must not keep it from saving.
        started.read_into(progress)
        if fabric.is_global_zero:
            refuse_weights(run, step, progress.images_seen)
            save_state(run.state, step, averaged, progress)
        fabric.barrier()  # the others' signals may be on their way until then
    return averaged, progress, progress.images_seen >= config.total_images


def run_phase(fabric: Fabric, step: Step, phase: Phase, batch: Batch, rate: float) -> dict[str, Tensor]:
    """One optimizer step of one phase, gradients averaged over all processes."""
    for module in (step.model, step.extra):
        module.requires_grad_(False)
    phase.trains.requires_grad_(True)
    phase.optimizer.zero_grad(set_to_none=True)
    with fabric.autocast():
        loss, measurements = phase.loss(batch)
    loss.backward()
    if fabric.world_size > 1:
        average_gradients(fabric, phase.trains)
    for group in phase.optimizer.param_groups:
        group["lr"] = phase.rate_share * rate
    phase.optimizer.step()
    return measurements


def average_gradients(fabric: Fabric, module: nn.Module) -> None:
    """Replaces each gradient by its mean over the processes, in one message."""
    gradients = [weight.grad for weight in module.parameters() if weight.grad is not None]
    flat = fabric.all_reduce(torch.cat([gradient.flatten() for gradient in gradients]), reduce_op="mean")
    for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))


def move_to_device(fabric: Fabric, step: Step) -> None:
    """Weights on the device, channels last, which is what bf16 convolutions are fast in."""
    for module in (step.model, step.extra):
        module.to(fabric.device, memory_format=torch.channels_last)


class Reader:
    """Batches off the device's uint8 tensor; each process reads its own share."""

    def __init__(self, fabric: Fabric, config: TrainingConfig, data: ImageSet) -> None:
        self.order = Order(len(data), config.seed)
        self.batch_size = config.batch_size
        self.total_images = config.total_images
        self.seed = config.seed
        self.rank = fabric.global_rank
        self.device = fabric.device
        self.images = data.images.to(fabric.device)
        self.labels = data.labels.to(fabric.device)
        self.num_classes = len(data.class_names)
        self.noise = torch.Generator(fabric.device)

    def read(self, position: int) -> Batch:
        """The batch at `position` of the run. Its noise follows from seed, process and position alone."""
        rows = self.order.at(position + self.rank * self.batch_size, self.batch_size).to(self.device)
        images = self.images[rows].float().div_(127.5).sub_(1).contiguous(memory_format=torch.channels_last)
        y = one_hot(self.labels[rows], self.num_classes) if self.num_classes else None
        self.noise.manual_seed((self.seed << 32) + position + self.rank * self.batch_size)
        return Batch(images, y, self.noise, progress=position / self.total_images)


def one_hot(labels: Int64[Tensor, " batch"], num_classes: int) -> Float[Tensor, "batch num_classes"]:
    """Class weights that are all on one class."""
    return functional.one_hot(labels, num_classes).float()


class Report:
    """Means of the measurements since the last line, kept on the device until it is written."""

    def __init__(self, run: RunFolder, images_seen: int, footprint: Footprint) -> None:
        self.run = run
        self.footprint = footprint
        self.first = {"device": footprint.device_name()}  # told once a start, in its first line
        self.sums: dict[str, Tensor] = {}
        self.num_steps: dict[str, int] = {}
        self.last = (images_seen, time.perf_counter())

    def add(self, phase: str, measurements: dict[str, Tensor]) -> None:
        for name, value in measurements.items():
            key = f"{phase}/{name}"
            self.sums[key] = self.sums[key] + value if key in self.sums else value
            self.num_steps[key] = self.num_steps.get(key, 0) + 1

    def write(self, images_seen: int, rate: float) -> dict[str, str]:
        """Writes the line and returns what the progress bar shows. Raises `PlaygroundError` for a loss of no number."""
        means = {key: float(value) / self.num_steps[key] for key, value in self.sums.items()}
        now = time.perf_counter()
        speed = (images_seen - self.last[0]) / (now - self.last[1])
        line = {"images_seen": images_seen, "images_per_second": round(speed, 1), "learning_rate": rate}
        self.run.report(line | means | self.footprint.megabytes() | self.first)
        self.first = {}
        refuse_losses(means, images_seen)
        self.sums, self.num_steps, self.last = {}, {}, (images_seen, now)
        return {key: f"{value:.3g}" for key, value in means.items() if key.endswith("/loss")}


class Clock:
    """Adds the time since it was made, or last read, to a run's progress."""

    def __init__(self, progress: Progress) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read_into(self, progress: Progress) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        progress.seconds += wall - self.wall
        progress.cpu_seconds += cpu - self.cpu
        self.wall, self.cpu = wall, cpu


def crossed(before: int, after: int, every: int) -> bool:
    """Whether a multiple of `every` lies in (before, after]."""
    return before // every != after // every


@contextmanager
def stop_on_signal() -> Iterator[list[int]]:
    """A list that Ctrl-C, or a polite kill, puts its signal into: the step at hand is finished first."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def asked(fabric: Fabric, stop: list[int]) -> bool:
    """Whether any process was asked to stop, so that all stop at the same step."""
    if fabric.world_size == 1:
        return bool(stop)
    return bool(fabric.all_reduce(torch.tensor(float(bool(stop))), reduce_op="sum"))


def progress_bar(fabric: Fabric, config: TrainingConfig, progress: Progress) -> tqdm:
    return tqdm(
        desc=config.preset,
        total=config.total_images,
        initial=progress.images_seen,
        unit=" images",
        mininterval=1.0,
        disable=not fabric.is_global_zero,
    )
