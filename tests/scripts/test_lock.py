"""What scripts/setup installs is what lock/ has, and nothing else."""

import base64
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = PROJECT / "lock"
LINE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\\n]+)", re.MULTILINE)


def packages(*names: str) -> dict[str, str]:
    """The version of each package in files of lock/."""
    texts = [(LOCK / name).read_text() for name in names]
    return {canonicalize_name(match["name"]): match["version"] for text in texts for match in LINE.finditer(text)}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "torch.txt", "torch-cpu.txt"])
def test_every_package_is_locked_with_hashes(name: str) -> None:
    """Each package has one version and one hash or more."""
    parts = re.split(r"(?m)^(?=[A-Za-z0-9])", (LOCK / name).read_text())[1:]
    assert parts and all(LINE.match(part) and "--hash=sha256:" in part for part in parts)


def test_what_the_project_asks_for_is_locked() -> None:
    """scripts/lock was run after the last change of what pyproject.toml asks for."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    run, dev = packages("run.txt", "torch.txt"), packages("run.txt", "torch.txt", "dev.txt")
    asked = [Requirement(each) for each in project["project"]["dependencies"] + project["build-system"]["requires"]]
    of_dev = [Requirement(each) for each in project["project"]["optional-dependencies"]["dev"]]
    for requirement, locked in [(each, run) for each in asked] + [(each, dev) for each in of_dev]:
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_what_installed_packages_ask_for_is_locked() -> None:
    """Without a resolver at installation nothing is missing: what any installed package asks for is in the lock."""
    locked = packages("run.txt", "torch.txt", "dev.txt")
    for name in locked:
        try:
            asked = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # of another platform
        for requirement in map(Requirement, asked):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                assert canonicalize_name(requirement.name) in locked, f"{name} asks for {requirement}"


def test_the_builds_for_cpus_are_of_the_same_version() -> None:
    """Whoever installs PyTorch's own build for CPUs gets the version of everybody else."""
    assert packages("torch-cpu.txt") == {"torch": packages("torch.txt")["torch"] + "+cpu"}


def wheel(folder: Path, name: str, version: str) -> str:
    """Write an empty package; returns its SHA-256."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {path: hashlib.sha256(text.encode()).digest() for path, text in files.items()}
    rows = [
        f"{path},sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}," for path, digest in digests.items()
    ]
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,"]))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_package_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    """A file that is not the one that was locked ends the setting up, and is not in .venv."""
    checkout, wheels = tmp_path / "checkout", tmp_path / "wheels"
    (checkout / "lock").mkdir(parents=True)
    wheels.mkdir()
    shutil.copytree(PROJECT / "scripts", checkout / "scripts")
    (checkout / "pyproject.toml").write_text("")
    torch, other = wheel(wheels, "torch", "1.0+cpu"), wheel(wheels, "other", "1.0")
    wrong = other.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    (checkout / "lock" / "torch-cpu.txt").write_text(f"torch==1.0+cpu --hash=sha256:{torch}\n")
    (checkout / "lock" / "run.txt").write_text(f"other==1.0 --hash=sha256:{wrong}\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PYTHON": sys.executable}
    run = subprocess.run([checkout / "scripts" / "setup"], env=environment, capture_output=True, text=True)
    assert run.returncode == 1
    assert "DO NOT MATCH THE HASHES" in run.stderr and "setup: The packages could not be installed" in run.stderr
    [installed] = (checkout / ".venv" / "lib").glob("*/site-packages")
    assert (installed / "torch.py").exists() and not (installed / "other.py").exists()
