"""What the documentation says is there: its links, settings, scripts and options. tests/qa runs its commands."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import DOCUMENTATION, PROJECT

from qa.settings import Settings

NAMES = [str(path.relative_to(PROJECT)) for path in DOCUMENTATION]
SCRIPTS = sorted(
    path.name for path in (PROJECT / "scripts").iterdir() if path.stat().st_mode & 0o100 and path.is_file()
)


def read(name: str | Path) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_readme_is_short():
    """The README has at most 150 lines; everything else is in docs/."""
    assert len(read("README.md").splitlines()) <= 150


@pytest.mark.parametrize("name", [*NAMES, "docs/nginx.conf"])
def test_settings_that_are_named_exist(name):
    """A setting that the documentation names is one that is read."""
    named = {setting.lower() for setting in re.findall(r"DECISION_QA_([A-Z]+(?:_[A-Z]+)*)", read(name))}
    assert named <= {field.name for field in fields(Settings)}


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(field):
    """docs/operations.md names every setting."""
    assert f"`DECISION_QA_{field.upper()}`" in read("docs/operations.md")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    """Every link within the project leads to a file, and to a heading in it."""
    here = (PROJECT / name).parent
    for target in re.findall(r"\]\(([^)]+)\)", read(name)):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        file = here / path if path else PROJECT / name
        assert file.exists(), target
        headings = re.findall(r"(?m)^#+ (.*)$", read(file)) if anchor else []
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


@pytest.mark.parametrize("name", NAMES)
def test_paths_that_are_named_exist(name):
    """A file or folder of the program that the documentation names exists."""
    for path in re.findall(r"`((?:index|qa|scripts|tests|prompts|docs|lock|seeds)/[\w./-]*\w)", read(name)):
        assert (PROJECT / path).exists(), path


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_documented(script):
    """Every script is named somewhere in the documentation."""
    assert any(f"scripts/{script}" in read(name) for name in NAMES)


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != "test"])  # whose options are pytest's
def test_options_of_scripts_exist(script):
    """Every option of a script that the documentation shows is one that its help names."""
    shown = "\n".join(re.findall(rf"scripts/{script}\b([^\n`|]*)", "\n".join(map(read, NAMES))))
    options = set(re.findall(r"(?<!\S)--?[a-z][\w-]*", shown))
    text = read(f"scripts/{script}")
    if options and text.startswith("#!/usr/bin/env python3"):
        text = subprocess.run(
            [sys.executable, PROJECT / "scripts" / script, "--help"], capture_output=True, text=True, check=True
        ).stdout
    assert {option for option in options if option not in text} == set()
