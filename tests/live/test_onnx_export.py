"""Exported generators: what onnxruntime draws with them is what the model draws."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from playground import checkpoints
from playground.card import Card
from playground.errors import PlaygroundError
from playground.images import to_uint8
from playground.live import onnx_export
from playground.models import GenerativeModel, family
from playground.models.multiply_adds import num_multiply_adds

ROOT = Path(__file__).resolve().parents[2]


def wide_model() -> GenerativeModel:
    """A tiny model, large enough that its weights are halved."""
    torch.manual_seed(0)
    config = {"latent_dim": 6, "image_size": 16, "image_channels": 3, "class_names": ("a", "b")}
    return family("tiny-test").build(config).eval()


@pytest.fixture
def wide() -> GenerativeModel:
    return wide_model()


@pytest.fixture(scope="module")
def wide_file() -> bytes:
    return onnx_export.to_onnx(wide_model())


def drawn(file: bytes, z: torch.Tensor, y: torch.Tensor | None) -> np.ndarray:
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(["images"], {"z": z.numpy()} | ({} if y is None else {"y": y.numpy()}))[0]


def weight_types(file: bytes) -> set[int]:
    tensors = onnx.load_from_string(file).graph.initializer
    return {tensor.data_type for tensor in tensors if np.prod(tensor.dims) >= onnx_export.MIN_HALVED}


@torch.no_grad()
def assert_same_pictures(file: bytes, model, count: int) -> None:
    z = torch.stack([model.prior.draw(seed) for seed in range(1000, 1000 + count)])
    y = torch.rand(count, len(model.class_names)).softmax(dim=1) if model.class_names else None
    pictures, expected = drawn(file, z, y), to_uint8(model.decode(z, y))
    assert pictures.dtype == np.uint8 and pictures.shape == expected.shape
    assert abs(pictures.astype(int) - expected).max() <= 1
    assert len(np.unique(expected)) > 3


@pytest.mark.parametrize("count", [1, 5])
def test_a_conditional_model_draws_the_same(wide, wide_file, count):
    assert_same_pictures(wide_file, wide, count)


@pytest.mark.parametrize("name", ["gan", "cvae"])
def test_a_family_draws_the_same(name):
    torch.manual_seed(0)
    model = family(name).build({"class_names": ("0", "1")} if name == "cvae" else {}).eval()
    model.requires_grad_(False)
    for parameter in model.parameters():
        parameter *= 1.5 if parameter.ndim > 1 else 1  # fresh networks draw nearly the same for every code
    assert_same_pictures(onnx_export.to_onnx(model), model, 3)


def test_the_inputs_and_the_output_are_as_documented(wide_file):
    graph = onnx.load_from_string(wide_file).graph
    found = {
        value.name: (
            value.type.tensor_type.elem_type,
            [dimension.dim_param or dimension.dim_value for dimension in value.type.tensor_type.shape.dim],
        )
        for value in (*graph.input, *graph.output)
    }
    assert found == {
        "z": (onnx.TensorProto.FLOAT, ["batch", 6]),
        "y": (onnx.TensorProto.FLOAT, ["batch", 2]),
        "images": (onnx.TensorProto.UINT8, ["batch", 16, 16, 3]),
    }


def test_weights_are_stored_in_half_precision_and_name_no_file_of_this_machine(wide_file):
    assert weight_types(wide_file) == {onnx.TensorProto.FLOAT16}
    assert b".py" not in wide_file and str(ROOT).encode() not in wide_file


def test_weights_that_half_precision_cannot_hold_stay_as_they_are(wide):
    with torch.no_grad():
        wide.linear.weight[0] = 1e5
        wide.linear.bias[0] = -1e5
    file = onnx_export.to_onnx(wide)
    assert weight_types(file) == {onnx.TensorProto.FLOAT}
    assert_same_pictures(file, wide, 4)


def test_a_graph_that_draws_something_else_is_refused(tiny):
    class Noisy(type(tiny)):
        def decode(self, z, y=None):
            return super().decode(z, y) * torch.rand(1)

    with pytest.raises(PlaygroundError, match="draws other pictures"):
        onnx_export.to_onnx(Noisy(tiny.config).eval())


def test_a_model_without_an_onnx_form_says_so(tiny):
    class Undecided(type(tiny)):
        def decode(self, z, y=None):
            return super().decode(z if z.sum() > 0 else -z, y)

    with pytest.raises(PlaygroundError, match=r"has no ONNX form .*: play it on the server\.$"):
        onnx_export.to_onnx(Undecided(tiny.config).eval())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports that cost nothing."""
    monkeypatch.setattr(onnx_export, "to_onnx", lambda model: model.linear.weight.numpy().tobytes())


def test_an_export_is_made_once_and_kept_beside_its_checkpoint(quick, tiny_checkpoint, monkeypatch):
    old = tiny_checkpoint / "generator-000000000000.onnx.gz"
    old.write_bytes(b"of former weights")
    assert onnx_export.exported("tiny") is None
    file = onnx_export.export("tiny")
    fingerprint = checkpoints.describe("tiny").fingerprint
    assert file == tiny_checkpoint / f"generator-{fingerprint}.onnx"
    assert gzip.decompress(onnx_export.compressed(file).read_bytes()) == file.read_bytes()
    assert not old.exists()
    monkeypatch.setattr(onnx_export, "to_onnx", lambda model: pytest.fail("made again"))
    assert onnx_export.export("tiny") == onnx_export.exported("tiny") == file


def test_other_weights_need_another_export(quick, tiny_checkpoint, tiny):
    first = onnx_export.export("tiny")
    with torch.no_grad():
        tiny.linear.weight *= 2
    checkpoints.save(tiny_checkpoint, tiny, Card(title="A tiny model"))
    assert onnx_export.exported("tiny") is None
    assert onnx_export.export("tiny") != first


def test_an_export_goes_to_the_users_cache_where_the_checkpoint_is_read_only(
    quick, tiny_checkpoint, tmp_path, monkeypatch
):
    write = onnx_export.write_whole

    def refusing(file: Path, content: bytes) -> None:
        if file.parent == tiny_checkpoint:
            raise PermissionError(13, "Permission denied")
        write(file, content)

    monkeypatch.setattr(onnx_export, "write_whole", refusing)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = onnx_export.export("tiny")
    assert file.parent == tmp_path / "cache" / "latent-playground" / "tiny"
    assert onnx_export.exported("tiny") == file


def test_the_command_copies_the_export(quick, tiny_checkpoint, tmp_path, capsys):
    assert onnx_export.main(["tiny", "--out", str(tmp_path / "tiny.onnx")]) == 0
    assert (tmp_path / "tiny.onnx").read_bytes() == onnx_export.export("tiny").read_bytes()
    assert capsys.readouterr().out.strip() == str(tmp_path / "tiny.onnx")


@pytest.mark.parametrize("arguments", [["nobody"], ["tiny", "--out", "/nowhere/at/all.onnx"]])
def test_the_command_says_in_one_sentence_what_is_wrong(quick, tiny_checkpoint, capsys, arguments):
    assert onnx_export.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.endswith(".\n")


def test_the_cost_of_a_picture_counts_its_products(tiny, tiny_plain):
    assert num_multiply_adds(tiny) == (4 + 3) * 64
    assert num_multiply_adds(tiny_plain) == 4 * 64


@pytest.mark.parametrize("name", ["cgan", "cvae", "dense-gan"])
def test_the_cost_of_a_picture_is_what_torch_counts(name):
    fields = family(name).config_class.model_fields
    model = family(name).build({"class_names": ("0", "1")} if fields["class_names"].is_required() else {}).eval()
    y = torch.full((1, 2), 0.5) if model.class_names else None
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.decode(torch.zeros(1, model.latent_dim), y)
    assert num_multiply_adds(model) == pytest.approx(counter.get_total_flops() / 2, rel=0.001)
