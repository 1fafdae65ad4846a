"""Tests of index.folder: files of decisions as they are written, replaced and taken down."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from index.decisions import Reference
from index.errors import NotADecision
from index.folder import DecisionFiles, TakenDown, add
from index.inputs import Source, sources
from index.parsing.isolated import Reader
from index.parsing.parse import parse
from index.served_page import ServedPage

REFERENCE = Reference("22 010 227")
DAY = datetime.datetime(2026, 5, 3, 9, 30, 12, tzinfo=datetime.UTC)


def served(text: str = "Mr D complained.") -> bytes:
    """The file of a page that was served."""
    page = f"<article><h2>Fenwold District Council (22 010 227)</h2><ol><li>{text}</ol></article>"
    return ServedPage("https://www.lgo.org.uk/decisions/a/b/22-010-227", DAY, page.encode()).to_bytes()


def other(number: int) -> bytes:
    """The file of another decision."""
    page = f"<article><h2>Fenwold District Council (23 000 {number:03})</h2><ol><li>Mr D complained.</ol></article>"
    return ServedPage("https://www.lgo.org.uk/decisions/a/b/23-000-001", DAY, page.encode()).to_bytes()


@pytest.fixture
def files(tmp_path: Path):
    """The files of an empty folder."""
    with Reader() as reader:
        yield DecisionFiles(tmp_path, reader)


def test_served_page_is_written_as_it_came(files, tmp_path):
    """The file of a served page has the name of its decision, and all of the page."""
    assert files.put(REFERENCE, served()) == "taken"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("22-010-227.warc.gz", served())]


def test_served_page_replaces_a_saved_one(files, tmp_path):
    """A decision that a person saved is replaced by its page as it was served; there are never two."""
    files.put(REFERENCE, b"Fenwold District Council (22 010 227)\n\nThe complaint\n\n  1. One.\n")
    assert files.put(REFERENCE, served()) == "changed"
    assert [path.name for path in tmp_path.iterdir()] == ["22-010-227.warc.gz"]


def test_the_same_page_changes_nothing(files):
    """A page that is there already is not written again."""
    files.put(REFERENCE, served())
    assert files.put(REFERENCE, served()) == "unchanged"


def test_another_file_of_that_name_stays(files, tmp_path):
    """A file that holds something else under the name of the decision is not overwritten."""
    (tmp_path / "22-010-227.warc.gz").write_bytes(b"notes")
    with pytest.raises(NotADecision, match="holds something else"):
        files.put(REFERENCE, served())


def test_decision_that_is_taken_down(files, tmp_path):
    """Of a decision that the Ombudsman took down the file goes, and the day stays."""
    files.put(REFERENCE, served())
    files.take_down(REFERENCE, DAY.date())
    assert TakenDown(tmp_path).days() == {REFERENCE: DAY.date()}
    assert not list(tmp_path.glob("[!.]*"))


def test_decision_that_is_published_again(files, tmp_path):
    """A decision that comes back is no longer noted as taken down."""
    files.put(REFERENCE, served())
    files.take_down(REFERENCE, DAY.date())
    files.put(REFERENCE, served())
    assert TakenDown(tmp_path).days() == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"no reference": "2026-05-03"}', b"\xff"])
def test_damaged_note_counts_as_none(tmp_path, content):
    """What cannot be read of what was taken down is passed over."""
    (tmp_path / ".taken-down.json").write_bytes(content)
    assert TakenDown(tmp_path).days() == {}


def test_served_pages_of_a_folder_are_added(tmp_path):
    """Served pages that stand in a folder are added from it as saved ones are."""
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a.warc.gz").write_bytes(served())
    report = add(sources([tmp_path / "from"]), tmp_path / "to")
    assert [item.status for item in report.items] == ["taken"]


def test_archive_cut_off_is_not_added(tmp_path):
    """A served page that is cut off is refused with a sentence."""
    report = add([Source("a.warc.gz", lambda: served()[:-30])], tmp_path)
    assert list(report.rejected.values()) == ["It is a web archive (WARC) that is cut off or damaged."]


class Counting(Reader):
    """Reads in this process, and counts what it parses."""

    parsed = 0

    def parse(self, source):
        self.parsed += 1
        return parse(source)


@pytest.mark.parametrize("misnamed", [False, True])
def test_misnamed_page_is_found_among_many(tmp_path, misnamed):
    """Of the pages named for other decisions only those are parsed that have the digits of the one looked for."""
    for number in range(20):
        (tmp_path / f"23-000-{number:03}.warc.gz").write_bytes(other(number))
    if misnamed:
        (tmp_path / "23-000-900.warc.gz").write_bytes(served())
    files = DecisionFiles(tmp_path, Counting())
    assert [path.name for path in files.misnamed(REFERENCE)] == ["23-000-900.warc.gz"] * misnamed
    assert files.reader.parsed == misnamed


def test_taking_down_parses_no_other_decision(tmp_path):
    """A decision is taken down without reading what is named for others."""
    for number in range(20):
        (tmp_path / f"23-000-{number:03}.warc.gz").write_bytes(other(number))
    files = DecisionFiles(tmp_path, Counting())
    files.put(REFERENCE, served())
    files.reader.parsed = 0
    files.take_down(REFERENCE, DAY.date())
    assert files.reader.parsed == 1 and not list(tmp_path.glob("22-*"))
