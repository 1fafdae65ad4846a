"""What tells of the packages that the program runs with: scripts/sbom and scripts/audit."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import load_script
from packaging.utils import canonicalize_name
from packaging.version import Version


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    return load_script("sbom")


@pytest.fixture(scope="module")
def told(sbom: ModuleType, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder with the bill and the licences."""

    def make(folder: Path) -> None:
        assert sbom.main(["--folder", str(folder)]) == 0

    return made_once("sbom", make)


def test_bill_has_what_the_program_runs_with(sbom: ModuleType, told: Path) -> None:
    """Each package of the lock for this machine stands in the bill, no other does, and each tells its licence."""
    bill = json.loads((told / "sbom.json").read_text())
    packages = [each for each in bill["components"] if each["type"] == "library"]
    assert {canonicalize_name(each["name"]) for each in packages} == sbom.wanted()
    assert {"flask", "torch"} <= sbom.wanted() and not {"pytest", "pip", "cyclonedx-bom"} & sbom.wanted()
    assert all(each["licenses"] for each in packages)


def test_bill_has_the_model(told: Path, model: Any) -> None:
    """The embedding model stands in the bill with the SHA-256 of its weights."""
    bill = json.loads((told / "sbom.json").read_text())
    [found] = [each for each in bill["components"] if each["type"] == "machine-learning-model"]
    assert found["hashes"] == [{"alg": "SHA-256", "content": model.model.sha256}]


def test_bill_is_the_same_each_time(sbom: ModuleType, told: Path) -> None:
    """The same packages give the same bytes."""
    assert sbom.made() == ((told / "sbom.json").read_text(), (told / "licences.md").read_text())


def test_every_row_of_the_licences_tells_one(sbom: ModuleType, told: Path) -> None:
    """The list has a row for each package and the model, and a licence in each."""
    rows = [line.split(" | ") for line in (told / "licences.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(sbom.wanted()) + 1
    assert all(len(row) == 4 and row[2].strip() for row in rows)


def test_a_licence_that_nobody_tells_is_asked_for(
    sbom: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package without a licence ends it, and is named."""
    monkeypatch.setattr(sbom, "_LICENCES", {})
    assert sbom.main(["--folder", str(tmp_path)]) == 1
    assert "transformers" in capsys.readouterr().err and not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    return load_script("audit")


def advisory(name: str = "flask", *, events: Any = ({"introduced": "0"},), **others: Any) -> dict[str, Any]:
    """An advisory as OSV writes them, about a package."""
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {
        "id": "PYSEC-1",
        "modified": "2026-11-28T00:00:00Z",
        "summary": "It is bad.",
        "affected": [affected],
    } | others


def run(audit: ModuleType, folder: Path, advisories: Any, *options: str) -> int:
    path = folder / "advisories.json"
    path.write_text(json.dumps(advisories))
    return int(audit.main(["--advisories", str(path), *options]))


def test_a_vulnerable_package_is_told(audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is known of a locked package is a row with where it is mended, whatever form its name has."""
    assert run(audit, tmp_path, advisory("Huggingface_Hub", events=[{"introduced": "0"}, {"fixed": "99.1"}])) == 1
    row = capsys.readouterr().out.splitlines()[-1]
    assert row.startswith("huggingface-hub") and "PYSEC-1" in row and "99.1" in row and "It is bad." in row


@pytest.mark.parametrize(
    ("events", "is_affected"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "3.1.3"}], True),
        ([{"introduced": "3.1.4"}], False),
        ([{"introduced": "0"}, {"fixed": "3.1.3"}], False),
        ([{"introduced": "0"}, {"fixed": "3.1.4rc1"}], True),
        ([{"introduced": "0"}, {"last_affected": "3.1.3"}], True),
        ([{"introduced": "0"}, {"last_affected": "3.1.2"}], False),
        ([{"introduced": "3.1"}, {"fixed": "3.1.10"}, {"introduced": "0"}, {"fixed": "2.0"}], True),
        ([{"introduced": "0"}, {"fixed": "no version"}], True),
    ],
)
def test_ranges_are_those_of_osv(audit: ModuleType, events: list[dict[str, str]], is_affected: bool) -> None:
    """A version is affected from where the fault came until it was mended; what cannot be read is to be looked at."""
    affected = {"ranges": [{"type": "ECOSYSTEM", "events": events}, {"type": "GIT", "events": [{"introduced": "0"}]}]}
    assert audit._is_affected(affected, Version("3.1.3")) == is_affected


def test_what_does_not_concern_it_is_no_finding(
    audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Withdrawn advisories, other packages, other ecosystems and other versions are none of ours."""
    elsewhere = advisory()
    elsewhere["affected"][0]["package"]["ecosystem"] = "npm"
    old = advisory(events=[])
    old["affected"][0]["versions"] = ["0.1", "not a version"]
    withdrawn = advisory(withdrawn="2026-01-01T00:00:00Z")
    assert run(audit, tmp_path, [elsewhere, old, withdrawn, advisory("no-such-package")]) == 0
    assert "None of them is known" in capsys.readouterr().out


def test_one_vulnerability_is_told_once(audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What two databases tell of each other is one row, and either name leaves it out."""
    both = [advisory(aliases=["CVE-1"]), advisory(id="GHSA-1", aliases=["CVE-1"])]
    assert run(audit, tmp_path, both) == 1
    assert capsys.readouterr().out.count("It is bad.") == 1
    assert run(audit, tmp_path, both, "--ignore", "GHSA-1") == 0


def test_a_dump_is_read(audit: ModuleType, tmp_path: Path) -> None:
    """The zip of all advisories is read as it is downloaded."""
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("PYSEC-1.json", json.dumps(advisory()))
    assert audit.main(["--advisories", str(path)]) == 1


@pytest.mark.parametrize("content", [None, "", "[]x", "[1]", '{"id": 1, "affected": 2}'])
def test_a_file_that_is_no_dump_is_refused(
    audit: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """Without advisories nothing is said to be safe."""
    path = tmp_path / "advisories.zip"
    if content is not None:
        path.write_text(content)
    assert audit.main(["--advisories", str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
