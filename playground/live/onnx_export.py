"""A checkpoint's generator as ONNX, for the visitor's own browser and for people who want the model elsewhere.

The graph takes `z` float32 [batch, num_layers * latent_dim], a code for each
layer that takes one of its own, one after the other, and, where the model has
classes, `y` float32 [batch, num_classes]; it gives `images` uint8 [batch,
height, width, channels]. Weights are stored in half precision and cast before
use, so the arithmetic stays float32 and the download halves.

    python -m playground.live.onnx_export digits-cgan --out digits-cgan.onnx
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from playground import checkpoints
from playground.command import command
from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.images import to_uint8
from playground.models import GenerativeModel

NUM_CHECKED = 48
MIN_HALVED = 256  # numbers in a tensor; below, the cast takes as many bytes as it saves


class Pixels(nn.Module):
    """What is exported: codes and class weights to grey levels, as `playground.images.to_uint8` rounds them."""

    def __init__(self, model: GenerativeModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, z: Float[Tensor, "batch code_length"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> UInt8[Tensor, "batch height width channels"]:
        if self.model.num_layers > 1:
            z = z.unflatten(1, (self.model.num_layers, self.model.latent_dim))
        images = self.model.decode(z, y)
        return ((images + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def to_onnx(model: GenerativeModel) -> bytes:
    """The ONNX file of a model's decoder, checked against the model itself.

    Args:
        model: in eval mode, on the CPU.

    Raises `PlaygroundError` if the graph cannot be made, or draws other pictures than the model.
    """
    whole = _graph(model)
    for file in (_halved(whole), whole.SerializeToString()):
        if _largest_difference(model, file) <= 1:
            return file
    raise PlaygroundError(
        f"The ONNX form of this {model.title} draws other pictures than the model itself: play it on the server."
    )


def exported(name: str) -> Path | None:
    """The finished ONNX file of a checkpoint; its gzip form lies beside it. None while there is none."""
    found = checkpoints.describe(name)
    for folder in _folders(found):
        file = folder / _file_name(found)
        if compressed(file).is_file() and file.is_file():
            return file
    return None


def export(name: str) -> Path:
    """The ONNX file of a checkpoint, made if need be and kept for the next time.

    It lies in the checkpoint's folder, or in the user's cache where that cannot
    be written. Raises `PlaygroundError` as `checkpoints.load` and `to_onnx` do,
    and if neither place can be written.
    """
    if done := exported(name):
        return done
    found = checkpoints.describe(name)
    content = to_onnx(checkpoints.load(name).model)
    for folder in _folders(found):
        try:
            return _keep(folder / _file_name(found), content)
        except OSError as error:
            problem = error.strerror
    raise PlaygroundError(f"The ONNX form of {name} cannot be written ({problem}): free a place in {folder}.")


def compressed(file: Path) -> Path:
    """Where the gzip form of a file lies."""
    return file.with_name(f"{file.name}.gz")


def _graph(model: GenerativeModel):
    """The decoder as an ONNX graph with float32 weights and any number of rows."""
    inputs = {"z": torch.zeros(2, model.num_layers * model.latent_dim)}
    if num_classes := len(model.class_names):
        inputs["y"] = torch.full((2, num_classes), 1 / num_classes)
    batch = torch.export.Dim("batch", min=1)
    try:
        program = torch.export.export(
            Pixels(model), tuple(inputs.values()), dynamic_shapes={name: {0: batch} for name in inputs}
        )
        exported = torch.onnx.export(
            program, dynamo=True, external_data=False, verbose=False, input_names=[*inputs], output_names=["images"]
        )
    except (RuntimeError, torch.onnx.errors.OnnxExporterError) as error:
        reason = str(error).strip().splitlines()[0]
        raise PlaygroundError(f"This {model.title} has no ONNX form ({reason}): play it on the server.") from error
    graph = exported.model_proto
    _name_the_rows(graph)
    _forget_the_source(graph)
    return graph


def _name_the_rows(graph) -> None:
    """Call the free dimension "batch": the exporter gives it a symbol of its own."""
    free = graph.graph.input[0].type.tensor_type.shape.dim[0].dim_param
    for value in (*graph.graph.input, *graph.graph.output, *graph.graph.value_info):
        for dimension in value.type.tensor_type.shape.dim:
            if dimension.dim_param == free:
                dimension.dim_param = "batch"


def _forget_the_source(graph) -> None:
    """Leave out where in this machine's files each node comes from."""
    for part in (graph, graph.graph, *graph.graph.node, *graph.graph.value_info, *graph.graph.input):
        del part.metadata_props[:]


def _halved(graph) -> bytes:
    """The file with its large weights in half precision, each behind a cast to float32."""
    from onnx import ModelProto, TensorProto, helper, numpy_helper

    half = ModelProto()
    half.CopyFrom(graph)
    casts = []
    for tensor in half.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.dtype == np.float32 and weights.size >= MIN_HALVED:
            stored = f"{tensor.name}.half"
            casts.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT))
            with np.errstate(over="ignore"):  # too large for half precision: the comparison will show it
                tensor.CopyFrom(numpy_helper.from_array(weights.astype(np.float16), stored))
    nodes = [*casts, *half.graph.node]
    del half.graph.node[:]
    half.graph.node.extend(nodes)
    return half.SerializeToString()


def _largest_difference(model: GenerativeModel, file: bytes) -> int:
    """Grey levels between the file's pictures and the model's, over codes that reach beyond the usual."""
    import onnxruntime

    codes = torch.stack([model.prior.draw(seed, psi=1.0 + seed % 2) for seed in range(NUM_CHECKED)])
    weights = None
    if num_classes := len(model.class_names):
        one_hot = torch.eye(num_classes)[torch.arange(NUM_CHECKED) % num_classes]
        blends = torch.rand(NUM_CHECKED, num_classes, generator=torch.Generator().manual_seed(0))
        blends /= blends.sum(dim=1, keepdim=True)
        weights = torch.where(torch.arange(NUM_CHECKED)[:, None] % 4 < 2, one_hot, blends)
    with torch.inference_mode():
        expected = to_uint8(model.decode(codes, weights))
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    feeds = {"z": codes.repeat(1, model.num_layers).numpy()} | ({} if weights is None else {"y": weights.numpy()})
    drawn = session.run(["images"], feeds)[0]
    return int(abs(drawn.astype(int) - expected.astype(int)).max())


def _file_name(found: checkpoints.Description) -> str:
    return f"generator-{found.fingerprint}.onnx"


def _folders(found: checkpoints.Description) -> tuple[Path, Path]:
    """Where an export may lie: with its checkpoint, else in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return found.path, cache / "latent-playground" / found.name


def _keep(file: Path, content: bytes) -> Path:
    """Write the file and its gzip form; exports of the checkpoint's former weights go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content)
    write_whole(compressed(file), gzip.compress(content, mtime=0))
    for old in file.parent.glob("generator-*.onnx*"):
        if old not in (file, compressed(file)):
            old.unlink(missing_ok=True)
    return file


@command
def main(argv: Sequence[str] | None) -> None:
    """Export one checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m playground.live.onnx_export", description=__doc__.splitlines()[0])
    parser.add_argument("name", help="a checkpoint's name")
    parser.add_argument("--out", type=Path, help="where to put a copy (default: only kept for the live canvas)")
    arguments = parser.parse_args(argv)
    try:
        file = export(arguments.name)
        if arguments.out is not None:
            write_whole(arguments.out, file.read_bytes())
        print(arguments.out or file)
    except OSError as error:
        raise PlaygroundError(f"{arguments.out} cannot be written ({error.strerror}): choose another place.") from None


if __name__ == "__main__":
    sys.exit(main())
