"""The wheel has all that the program needs, and the command runs from it without a checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import MISSION, PROJECT


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a package by their paths in it, without what Python has compiled."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs; it is made of a copy, for a build leaves files beside its sources."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("index", "qa", "prompts"):
        shutil.copytree(
            PROJECT / name, folder / "copy" / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder / "copy")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    subprocess.run([*pip, "--wheel-dir", folder, folder / "copy"], check=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize("package", ["index", "qa"])
def test_wheel_has_every_file_of_the_package(site: Path, package: str) -> None:
    """Modules, templates and data stand in it as in the checkout."""
    assert files_of(site / package).items() >= files_of(PROJECT / package).items()


def test_wheel_has_the_prompts(site: Path) -> None:
    """What a language model is given stands where the settings look for it."""
    assert files_of(site / "qa" / "prompts") == files_of(PROJECT / "prompts")


def run(site: Path, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command from the wheel, in a folder that is no checkout."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-m", "qa", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_command_answers_from_the_wheel(site: Path, seed_index: Path, tmp_path: Path) -> None:
    """It reads an index and answers."""
    ran = run(site, tmp_path, "ask", "--json", "--index", seed_index, MISSION)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["paragraphs"]


def test_build_from_the_wheel_asks_for_decisions(site: Path, tmp_path: Path) -> None:
    """The seeds are not in it: without decisions, `build` says that some are to be added."""
    ran = run(site, tmp_path, "build")
    assert ran.returncode == 2
    assert "Add some with decision-qa add FILE" in ran.stderr
