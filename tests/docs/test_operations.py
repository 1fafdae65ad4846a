"""What docs/operations.md and docs/nginx.conf say is there."""

import re
from dataclasses import fields

import pytest
from conftest import PROJECT

from qa.settings import Settings

TEXTS = {name: (PROJECT / "docs" / name).read_text() for name in ("operations.md", "nginx.conf")}


@pytest.mark.parametrize("name", TEXTS)
def test_settings_that_are_named_exist(name: str) -> None:
    """A setting that the documentation names is one that is read."""
    named = {setting.lower() for setting in re.findall(r"DECISION_QA_([A-Z]+(?:_[A-Z]+)*)", TEXTS[name])}
    assert named and named <= {field.name for field in fields(Settings)}


def test_links_lead_somewhere() -> None:
    """Every link within the project leads to a file, and to a heading in it."""
    for target in re.findall(r"\]\(([^)]+)\)", TEXTS["operations.md"]):
        path, _, anchor = target.partition("#")
        file = PROJECT / "docs" / (path or "operations.md")
        assert file.exists(), target
        headings = re.findall(r"(?m)^#+ (.*)$", file.read_text())
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


def test_scripts_that_are_named_exist() -> None:
    """A script that the documentation names can be started."""
    for name in set(re.findall(r"scripts/(\w+)", TEXTS["operations.md"])):
        assert (PROJECT / "scripts" / name).stat().st_mode & 0o100, name
