"""What the README says is so."""

import re
import shlex
from pathlib import Path

import pytest

from playground.__main__ import build_parser
from playground.data.__main__ import parser as data_parser
from playground.data.face_extraction.__main__ import parser as face_parser
from playground.metrics.__main__ import parser as metrics_parser
from playground.metrics.table import quality_table
from playground.models import families
from playground.training.__main__ import parser as training_parser
from playground.training.config import preset_names

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip() for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()
]
SHIPPED = sorted(folder.name for folder in (ROOT / "checkpoints").iterdir() if folder.is_dir())


def _ours(module: str) -> list[list[str]]:
    marker = f"-m {module} "
    return [shlex.split(command.split(marker, 1)[1]) for command in COMMANDS if marker in command]


def test_every_command_for_pictures_parses():
    commands = _ours("playground")
    assert len(commands) >= 4
    for arguments in commands:
        build_parser().parse_args(arguments)


def test_every_command_for_training_parses_and_names_a_preset():
    commands = _ours("playground.training")
    assert len(commands) >= 4
    for arguments in commands:
        options = training_parser().parse_args(arguments)
        assert options.resume or options.preset in preset_names()


def test_every_command_for_data_parses():
    [arguments] = _ours("playground.data")
    data_parser().parse_args(arguments)


def test_every_command_for_metrics_parses():
    commands = _ours("playground.metrics")
    assert len(commands) >= 2
    for arguments in commands:
        metrics_parser().parse_args(arguments)


def test_every_command_for_faces_parses():
    [arguments] = _ours("playground.data.face_extraction")
    face_parser().parse_args(arguments)


def test_the_two_commands_are_the_makefile_s():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"make app", "make test"} <= set(COMMANDS)
    assert "\napp:" in makefile
    assert "\ntest:" in makefile
    assert "-m pytest" in makefile
    assert "\nmake test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_family_and_every_shipped_checkpoint_stands_in_the_table():
    shown = {
        name for family, name in re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \|", README, re.M) if family in families()
    }
    assert shown == set(SHIPPED)
    told = {family for family, _ in re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \|", README, re.M)}
    assert told >= {name for name in families() if name != "tiny-test"}


@pytest.mark.parametrize("path", re.findall(r"`((?:playground|pages|tests|benchmarks|checkpoints)/[\w/.-]*)`", README))
def test_every_path_exists(path):
    assert (ROOT / path).exists()


def test_every_shipped_checkpoint_has_a_preset_of_its_name():
    assert set(SHIPPED) <= set(preset_names())


def test_the_pictures_shown_exist():
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_tables_of_quality_are_the_measured_ones(monkeypatch):
    monkeypatch.delenv("PLAYGROUND_CHECKPOINTS", raising=False)
    for table in quality_table().split("\n\n"):
        assert table in README
