"""What scripts/setup installs is what lock/ has, and nothing else."""

import base64
import functools
import hashlib
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
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


Run = subprocess.CompletedProcess[str]


def set_up(folder: Path, **environment: str) -> tuple[Run, Path]:
    """Run scripts/setup in a checkout with PyTorch as each index has it, and a package whose hash is a wrong one.

    PyTorch's own index is `folder`/cpu, the public one `folder`/public. Returns also where packages are installed.
    """
    checkout, cpu, public = (folder / name for name in ("checkout", "cpu/torch", "public"))
    for path in (checkout / "lock", cpu, public):
        path.mkdir(parents=True)
    shutil.copytree(PROJECT / "scripts", checkout / "scripts")
    (checkout / "pyproject.toml").write_text("")
    ours, theirs, other = wheel(cpu, "torch", "1.0+cpu"), wheel(public, "torch", "1.0"), wheel(public, "other", "1.0")
    wrong = other.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    (checkout / "lock" / "torch-cpu.txt").write_text(f"torch==1.0+cpu --hash=sha256:{ours}\n")
    (checkout / "lock" / "torch.txt").write_text(f"torch==1.0 --hash=sha256:{theirs}\n")
    (checkout / "lock" / "run.txt").write_text(f"other==1.0 --hash=sha256:{wrong}\n")
    usual = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    # What the public index has is found beside this one, which nobody serves.
    usual |= {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_FIND_LINKS": str(public)}
    usual |= {"PIP_CONFIG_FILE": os.devnull, "PYTHON": sys.executable, "no_proxy": "127.0.0.1"}
    run = subprocess.run([checkout / "scripts" / "setup"], env=usual | environment, capture_output=True, text=True)
    [installed] = (checkout / ".venv" / "lib").glob("*/site-packages")
    return run, installed


@pytest.fixture(scope="module")
def without_answer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """What was set up where PyTorch's own index takes a connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        return set_up(tmp_path_factory.mktemp("set-up"), TORCH_CPU_INDEX=address)


def test_a_package_with_another_hash_is_not_installed(without_answer: tuple[Run, Path]) -> None:
    """A file that is not the one that was locked ends the setting up, and is not in .venv."""
    run, installed = without_answer
    assert run.returncode == 1
    assert "DO NOT MATCH THE HASHES" in run.stderr and "setup: The packages could not be installed" in run.stderr
    assert (installed / "torch.py").exists() and not (installed / "other.py").exists()


def test_an_index_that_does_not_answer_is_not_waited_for(without_answer: tuple[Run, Path]) -> None:
    """Where PyTorch's own index says nothing, its build is that of the public index."""
    _, installed = without_answer
    assert [path.name for path in installed.glob("torch-*")] == ["torch-1.0.dist-info"]


def test_pytorch_for_cpus_comes_from_an_index_of_its_own(tmp_path: Path) -> None:
    """Where PyTorch's own index answers, its build for CPUs is taken, and none from the public index."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "cpu"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        _, installed = set_up(tmp_path, TORCH_CPU_INDEX=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()
    assert [path.name for path in installed.glob("torch-*")] == ["torch-1.0+cpu.dist-info"]
