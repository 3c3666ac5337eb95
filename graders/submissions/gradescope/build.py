"""Build the zip: setup.sh, run_autograder, and what grades the chosen exercises."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from graders.harness.catalog.exercise import ROOT, Entry, catalogue, relative

HERE = Path(__file__).parent
SETTINGS = "gradescope.json"
_GROUP = "practice"  # of dependencies, that `python -m graders` needs besides
_EXECUTABLE = ("setup.sh", "run_autograder")
_THEN = (1980, 1, 1, 0, 0, 0)  # so that the same content gives the same bytes


@dataclasses.dataclass(frozen=True)
class Settings:
    """What an autograder is told.

    Args:
        feedback: How much of the hidden checks students are told: see `report`.
        points: Of each exercise.
    """

    feedback: str
    points: float


def build(entries: list[Entry], out: Path, settings: Settings) -> None:
    """Write an autograder; a file of that name is replaced once all is written.

    Args:
        entries: The exercises that students submit, each under its file's name.
        out: The zip.
        settings: What it is told.

    Raises:
        OSError: If it cannot be written.
    """
    told = dataclasses.asdict(settings) | {"names": [entry.name for entry in entries]}
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as name:
        made = Path(name) / "made.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for place in _EXECUTABLE:
                _add(archive, place, (HERE / place).read_bytes(), 0o755)
            _add(archive, "requirements.txt", _requirements().encode())
            _add(archive, SETTINGS, json.dumps(told, indent=1).encode())
            for file in sorted(_files(entries)):
                _add(archive, relative(file), file.read_bytes())
        os.replace(made, out)


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int = 0o644) -> None:
    info = zipfile.ZipInfo(name, _THEN)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _requirements() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"][_GROUP]
    return "".join(f"{line}\n" for line in wanted)


def _files(entries: list[Entry]) -> Iterator[Path]:
    """Yield what grades some exercises: what is of others stays away."""
    others = [entry for entry in catalogue() if entry not in entries]
    left_out = {file for entry in others for file in (entry.grader, entry.sheet_file)}
    yield ROOT / "pyproject.toml"
    yield from (entry.solution for entry in entries)
    for file in (ROOT / "graders").rglob("*"):
        if file.is_file() and file not in left_out and "__pycache__" not in file.parts:
            yield file
