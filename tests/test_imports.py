"""Who may import whom, read from the code itself, and what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(ROOT.glob("playground/**/*.py"))

# What each room may import of ours, beside itself and what is shared by all.
SHARED = {"errors", "files", "command"}
MAY_IMPORT = {
    "recipe": set(),
    "images": set(),
    "card": set(),
    "errors": set(),
    "files": set(),
    "command": set(),
    "film": {"images"},
    "models": set(),
    "checkpoints": {"models", "images", "card", "jobs"},
    "latents": {"models", "checkpoints", "recipe"},
    "data": {"images"},
    "training": {"models", "checkpoints", "data", "images", "card", "latents", "jobs"},
    "metrics": {"models", "checkpoints", "data", "images", "card", "latents"},
    "jobs": set(),
    "render": {"models", "checkpoints", "latents", "recipe", "images", "card"},
    "export": {"render", "recipe", "images"},
    "live": {"render", "recipe", "checkpoints", "models", "latents", "images"},
    "ui": {
        "render",
        "recipe",
        "images",
        "card",
        "checkpoints",
        "models",
        "latents",
        "film",
        "export",
        "live",
        "data",
        "training",
        "jobs",
    },
    "__main__": {"render", "recipe", "checkpoints", "export"},
    "__init__": {"render", "recipe"},
}


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _room(file: Path) -> str:
    return file.relative_to(ROOT / "playground").parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_rooms_import_only_what_they_may(file):
    room = _room(file)
    used = {name.split(".")[1] for name in _imports(file) if name.startswith("playground.")}
    assert used <= MAY_IMPORT[room] | SHARED | {room}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_interface_imports_streamlit(file):
    if _room(file) != "ui" and file != ROOT / "playground" / "live" / "component.py":
        assert not any(name.split(".")[0] == "streamlit" for name in _imports(file))


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("playground", {"streamlit", "torchvision", "sklearn", "av", "cv2"}),
        ("playground.data.face_extraction.extraction", {"av", "cv2"}),
        ("playground.training.__main__", {"streamlit"}),
        ("playground.jobs.worker", {"torch", "streamlit", "ray"}),
    ],
)
def test_importing_stays_light(module, kept_out):
    script = f"import sys, {module}; print({kept_out!r} & {{*sys.modules}})"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert finished.stdout.strip() == "set()"


def test_a_function_is_not_hidden_by_the_file_of_its_name():
    script = "from playground.render import load; import playground; print(callable(playground.render))"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert finished.stdout.strip() == "True"
