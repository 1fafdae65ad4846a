from __future__ import annotations

import dataclasses
import functools
import os
import re
import resource
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import ONE_WORD, PROJECT, SEEDS, SIXTH, WordEmbedder, variant
from pdfs import write_pdf

from index import build as build_module
from index.build import build
from index.catalogue import Filter
from index.decisions import Reference
from index.embedding.model_files import ModelFiles
from index.engine import segment_writer
from index.engine.embedding_store import EmbeddingWriter, NotEmbedded
from index.engine.manifest import Manifest
from index.engine.segment_writer import Made
from index.engine.versions import writing
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexUnusable,
    InputError,
    NoIndex,
    NotEnoughMemory,
    NotHeld,
    NotRead,
)
from index.file_cache import FileCache
from index.folder import add, begin, remove
from index.inputs import read_file, sources, walk
from index.latest_store import LatestStore
from index.parsing.isolated import Reader
from index.passages import sentences
from index.report import Report
from index.store import Store
from index.verify import verify

KENT, NORTHWICK = Reference("21 000 832"), Reference("22 009 999")


pytestmark = pytest.mark.usefixtures("reads_here")


@pytest.fixture
def reads_apart(reads_here, monkeypatch):
    """Builds read captures in a process of their own, as they do."""
    monkeypatch.setattr("index.build.Reader", Reader)


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def build_with(fake: WordEmbedder, decisions: Path, index: Path) -> Report:
    return build(decisions, index, fake.model, lambda _: fake)


def add_files(decisions: Path, *paths: Path) -> Report:
    return add(sources(paths), decisions)


def test_build_publishes_a_version(decisions, index, fake):
    """A first build publishes a version that holds what it took."""
    report = build_with(fake, decisions, index)
    assert [entry.reference for entry in Store.open(index).entries(Filter())] == [NORTHWICK, KENT]
    assert (report.version, report.changed) == ("000001", True)


def test_report_counts_distinct_texts(decisions, index, fake):
    """A text that stands in two decisions is embedded once."""
    report = build_with(fake, decisions, index)
    assert report.embedded == len(fake.embedded) == len(set(fake.embedded))


def test_nothing_changed_loads_no_model(decisions, index, fake):
    """Where nothing changed there is no new version, and the model is not loaded."""
    build_with(fake, decisions, index)

    def load(model: ModelFiles) -> WordEmbedder:
        raise AssertionError("the model was loaded")

    report = build(decisions, index, fake.model, load)
    assert (report.version, report.changed, report.embedded) == ("000001", False, 0)


def test_added_decision_embeds_only_its_texts(decisions, index, fake):
    """A build after an addition embeds only what the published version does not have."""
    build_with(fake, decisions, index)
    before = set(fake.embedded)
    add_files(decisions, SEEDS / "21-002-206.txt")
    fake.embedded.clear()
    assert build_with(fake, decisions, index).version == "000002"
    assert fake.embedded
    assert not before & set(fake.embedded)


def test_vectors_used_again_are_those_of_their_texts(decisions, index, fake):
    """After a second build every paragraph still meets its own text, sentence by sentence, with its own tokens."""
    build_with(fake, decisions, index)
    add_files(decisions, SEEDS / "21-002-206.txt")
    build_with(fake, decisions, index)
    store = Store.open(index)
    ids = [identity for identity, _ in store.search_vectors(fake.embed_question("council").vector, 1000, Filter())]
    for identity, (paragraph, _) in zip(ids, store.paragraphs(ids), strict=True):
        question = fake.embed_question(paragraph.text)
        matches = store.score_late_interaction(
            question, np.full(len(question.tokens), 1 / len(question.tokens)), [identity]
        )
        assert matches.tokens[0] == pytest.approx(np.full(len(question.tokens), ONE_WORD), abs=0.01)
        spans = sentences(paragraph)
        texts = [paragraph.text[start:end] for start, end in spans]
        own = fake.embed(texts)
        met = [(question.tokens @ sentence.tokens.T).max(axis=1).mean() * ONE_WORD for sentence in own]
        assert matches.sentence_scores[0] == pytest.approx(np.array(met), abs=0.01)


def test_changed_decision_replaces_the_old(decisions, index, fake):
    """A changed file shows its new text after the next build."""
    build_with(fake, decisions, index)
    path = decisions / "22-009-999.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("£75", "£90"), encoding="utf-8")
    build_with(fake, decisions, index)
    assert "£90" in Store.open(index).decision(NORTHWICK).paragraphs[7].text


def test_removed_decision_is_gone(decisions, index, fake):
    """A removed decision is found by no engine after the next build."""
    build_with(fake, decisions, index)
    remove([NORTHWICK], decisions)
    build_with(fake, decisions, index)
    store = Store.open(index)
    assert store.search_bm25("lanyard", 5, Filter()) == []
    found = [identity for identity, _ in store.search_vectors(fake.embed_question("lanyard").vector, 500, Filter())]
    assert {entry.reference for _, entry in store.paragraphs(found)} == {KENT}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("empty.txt", b"", "empty"), ("binary.txt", b"\0\1\2", "binary"), ("letter.txt", b"Dear Ms P,", "first line")],
)
def test_bad_file_is_reported_and_the_others_built(decisions, index, fake, name, content, reason):
    """A file that is no decision is named with its reason, and the others are built."""
    (decisions / name).write_bytes(content)
    report = build_with(fake, decisions, index)
    assert reason in report.rejected[name]
    assert Store.open(index).manifest.decisions == 2


def test_capture_that_would_never_end_is_reported_and_the_others_built(reads_apart, decisions, index, fake):
    """A page whose tree takes far too long is named with its reason, the others are built, and it is not read again."""
    attributes = " ".join(f"a{number}" for number in range(80_000))
    (decisions / "slow.html").write_text(f"<h1>Kent County Council (21 000 999)</h1><p {attributes}><ol><li>One.</ol>")
    report = build_with(fake, decisions, index)
    assert report.rejected["slow.html"].startswith("Reading the file takes more than 3 seconds")
    assert Store.open(index).manifest.decisions == 2
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert build_with(fake, decisions, index).rejected == report.rejected
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - spent < 1


class FailingReader(Reader):
    """Fails at every capture in a way that nobody foresaw."""

    def parse(self, source):
        raise NotRead("KeyError at page.py:1")


def test_fault_of_the_program_is_not_remembered(decisions, index, fake):
    """A file that a fault kept from being read is rejected with the fault's place, and is read by the next build."""
    build_with(fake, decisions, index)
    (decisions / "22-009-999.txt").write_text(variant("22 009 999", "scarf"), encoding="utf-8")
    with closing(FileCache(index, FailingReader())) as readings:
        for file in readings.files(decisions):
            if file.known is None:
                reading, _ = readings.read(file)
                assert reading.item.reason.startswith(
                    "The file could not be read because of a fault in this program (Key"
                )
        readings.save()
    build_with(fake, decisions, index)
    assert "scarf" in Store.open(index).decision(NORTHWICK).paragraphs[0].text


def test_second_file_with_a_reference_is_reported(decisions, index, fake):
    """Two files with one reference are never merged: the second is reported."""
    (decisions / "copy.txt").write_bytes(SIXTH.read_bytes())
    report = build_with(fake, decisions, index)
    assert "22-009-999.txt" in report.rejected.get("copy.txt", "") or "copy.txt" in report.rejected["22-009-999.txt"]
    assert Store.open(index).manifest.decisions == 2


def test_folder_without_decisions_leaves_the_index(decisions, index, fake):
    """A folder that holds no decision builds nothing and takes nothing away."""
    build_with(fake, decisions, index)
    for path in decisions.iterdir():
        path.write_bytes(b"")
    with pytest.raises(InputError, match="no decision that can be read"):
        build_with(fake, decisions, index)
    assert Store.open(index).version == "000001"


def test_last_decision_can_be_removed(decisions, index, fake):
    """When the last decision was removed, the next version is empty, and can be built upon."""
    build_with(fake, decisions, index)
    remove([KENT, NORTHWICK], decisions)
    build_with(fake, decisions, index)
    store = Store.open(index)
    assert (store.entries(Filter()), store.search_bm25("lanyard", 5, Filter())) == ([], [])
    assert store.search_vectors(fake.embed_question("lanyard").vector, 5, Filter()) == []
    add_files(decisions, SIXTH)
    build_with(fake, decisions, index)
    assert Store.open(index).manifest.decisions == 1


def test_missing_folder_names_the_command(index, fake, tmp_path):
    """Without a folder of decisions the error says how to get one."""
    with pytest.raises(InputError, match="decision-qa add"):
        build_with(fake, tmp_path / "none", index)


def test_failed_build_leaves_the_published_version(decisions, index, fake):
    """A build that is interrupted leaves what was published, and the next one repairs the rest."""
    build_with(fake, decisions, index)
    add_files(decisions, SEEDS / "21-002-206.txt")

    def interrupt(model: ModelFiles) -> WordEmbedder:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(decisions, index, fake.model, interrupt)
    assert Store.open(index).version == "000001"
    (index / ".building-000002").mkdir()  # as a killed build leaves it
    assert build_with(fake, decisions, index).version == "000002"
    assert not list(index.glob(".building-*"))


def test_two_builds_at_once(decisions, index, fake):
    """While one build writes, another says so and stops."""
    with writing(index), pytest.raises(IndexBusy, match="Another build"):
        build_with(fake, decisions, index)


def test_folder_is_read_under_the_lock(index, fake, tmp_path):
    """A build does not look at its folder before it holds the index: it could publish an older state of it."""
    with writing(index), pytest.raises(IndexBusy):
        build_with(fake, tmp_path / "none", index)


def test_no_index_names_the_command(index):
    """Without an index the error names the command that makes one."""
    with pytest.raises(NoIndex, match="decision-qa build"):
        Store.open(index)


def test_other_model_is_refused(decisions, index, fake):
    """An index made by another model is refused, and the next build makes it anew."""
    build_with(fake, decisions, index)
    other = WordEmbedder(ModelFiles("other", Path("other"), "1" * 64))
    with pytest.raises(IndexMismatch, match=r"fake.*other.*decision-qa build"):
        Store.open(index).check_model(other.model)
    report = build_with(other, decisions, index)
    assert report.embedded == len(other.embedded) > 0
    Store.open(index).check_model(other.model)


def test_other_schema_is_refused_and_built_anew(decisions, index, fake):
    """An index in another format is refused with the command that mends it, and that command mends it."""
    build_with(fake, decisions, index)
    version = index / "000001"
    dataclasses.replace(Manifest.read(version), schema=0).write(version)
    with pytest.raises(IndexMismatch, match=r"format 0.*decision-qa build"):
        Store.open(index)
    assert build_with(fake, decisions, index).version == "000002"
    Store.open(index)


@pytest.mark.parametrize("name", ["readings", ".lock"])
@pytest.mark.parametrize("kind", ["folder", "dangling"])
def test_what_has_the_name_of_a_file_is_told_and_to_be_deleted(decisions, index, fake, name, kind):
    """Where a folder or a link to nothing stands in place of a file of the index, a build says to delete it."""
    index.mkdir()
    if kind == "folder":
        (index / name).mkdir()
    else:
        (index / name).symlink_to(index / "gone" / "too")
    with pytest.raises(IndexUnusable, match=rf"{index / name} .* Delete it, then run decision-qa build\."):
        build_with(fake, decisions, index)


def test_empty_part_is_refused_and_built_anew(decisions, index, fake):
    """A part that a crash left empty is refused, and the next build makes it anew."""
    build_with(fake, decisions, index)
    (index / "000001" / "segment-000001" / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"damaged.*decision-qa verify"):
        Store.open(index)
    build_with(fake, decisions, index)
    Store.open(index)


PARTS = [
    "manifest.json",
    *(f"embeddings/{name}" for name in ("vectors", "tokens", "sentences", "ends", "projection.npy")),
    "terms",
    *(
        f"segment-000001/{name}"
        for name in ("decisions.sqlite", "vectors.faiss", "ids.npy", "rows.npy", "decision_ends.npy")
    ),
]


@pytest.mark.parametrize("name", PARTS)
def test_damaged_index_is_refused(decisions, index, fake, name):
    """A version that lacks a part is refused with a sentence."""
    build_with(fake, decisions, index)
    (index / "000001" / name).rename(index / "away")
    with pytest.raises(IndexDamaged, match=r"damaged.*decision-qa verify"):
        Store.open(index)


def test_latest_store_follows_a_build(decisions, index, fake):
    """Who asks for the latest version gets the new one after a build, and who has the old one can still read it."""
    build_with(fake, decisions, index)
    latest = LatestStore(index)
    old = latest.get()
    remove([KENT], decisions)
    build_with(fake, decisions, index)
    assert latest.get().manifest.decisions == 1
    assert old.decision(KENT).body == "Kent County Council"


def test_latest_store_keeps_a_version_that_can_be_read(decisions, index, fake):
    """A newer version that cannot be opened does not take the place of one that can."""
    build_with(fake, decisions, index)
    latest = LatestStore(index)
    latest.get()
    (index / "000002").mkdir()
    assert latest.get().version == "000001"


def test_latest_store_notices_an_index_made_anew(decisions, index, fake):
    """An index that was deleted and built anew is taken up, though its numbers begin again."""
    build_with(fake, decisions, index)
    latest = LatestStore(index)
    latest.get()
    shutil.rmtree(index)
    remove([KENT], decisions)
    assert build_with(fake, decisions, index).version == "000001"
    assert latest.get().manifest.decisions == 1


def test_latest_store_leaves_a_version_of_another_model(decisions, index, fake):
    """A version that was built with another model does not take the place of one that can be searched."""
    build_with(fake, decisions, index)
    latest = LatestStore(index, fake.model)
    latest.get()
    build_with(WordEmbedder(ModelFiles("other", Path("other"), "1" * 64)), decisions, index)
    assert latest.get().version == "000001"


def test_add_keeps_bytes(tmp_path):
    """An added decision is kept byte for byte under its reference."""
    add_files(tmp_path / "new", SIXTH)
    assert (tmp_path / "new" / "22-009-999.txt").read_bytes() == SIXTH.read_bytes()


def test_add_replaces_whatever_the_old_file_is_called(decisions, index, fake):
    """An added decision replaces the one with its reference, under whatever name that was put there."""
    (decisions / "22-009-999.txt").rename(decisions / "0-mine.txt")
    (decisions / "0-mine.txt").write_text(SIXTH.read_text(encoding="utf-8").replace("£75", "£90"), encoding="utf-8")
    report = add_files(decisions, SIXTH)
    assert [item.name for item in report.of("changed")] == [str(SIXTH)]
    assert build_with(fake, decisions, index).rejected == {}


def test_added_page_is_kept_as_a_page(tmp_path):
    """A saved page is kept byte for byte under its reference, as a page."""
    page = SIXTH.with_name("continuing.html")
    assert add_files(tmp_path / "new", page).counts["taken"] == 1
    assert (tmp_path / "new" / "21-004-118.html").read_bytes() == page.read_bytes()


REPORT = write_pdf(
    [
        "Investigation into a complaint against\nFenwold District Council\n(reference number: 21 004 118)\n3 June 2021",
        "The Council did not tell Ms A of her right to a review in the letter of May.",
    ]
)


def test_added_report_is_kept_as_a_pdf(tmp_path):
    """A report that is added as a PDF is kept as one, in place of the page of the same reference."""
    add_files(tmp_path / "new", SIXTH.with_name("continuing.html"))
    (tmp_path / "report.pdf").write_bytes(REPORT)
    assert add_files(tmp_path / "new", tmp_path / "report.pdf").counts["changed"] == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["21-004-118.pdf"]


def test_report_under_another_name_is_found(tmp_path):
    """A PDF that holds another decision than its name says is found, though its text may be compressed."""
    (tmp_path / "22-009-999.pdf").write_bytes(REPORT)
    remove([Reference("21 004 118")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_browser_saved_beside_a_page_is_no_decision(decisions, index, fake):
    """Of a page that was saved whole into the folder of decisions, its pictures and frames are passed over."""
    (decisions / "saved.htm").write_bytes(SIXTH.with_name("continuing.html").read_bytes())
    (decisions / "saved_files").mkdir()
    (decisions / "saved_files" / "frame.html").write_bytes(b"<p>")
    assert build_with(fake, decisions, index).rejected == {}


def test_page_takes_the_place_of_its_capture(tmp_path):
    """A page that is added replaces the text capture of the same decision, and the other way round."""
    for name, other in (("continuing.txt", "continuing.html"), ("continuing.html", "continuing.txt")):
        folder = tmp_path / name
        add_files(folder, SIXTH.with_name(name))
        assert add_files(folder, SIXTH.with_name(other)).counts["changed"] == 1
        assert [path.suffix for path in folder.iterdir()] == [SIXTH.with_name(other).suffix]


def test_removed_page_is_found_under_any_name(tmp_path):
    """A page that was put into the folder under a name of its own is removed by its reference."""
    (tmp_path / "saved page.htm").write_bytes(SIXTH.with_name("continuing.html").read_bytes())
    remove([Reference("21 004 118")], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_page_and_capture_of_one_decision_in_the_folder(decisions, index, fake):
    """A page and a text capture of one decision are two files that differ: the second is reported, not merged."""
    for name in ("continuing.html", "continuing.txt"):
        (decisions / name).write_bytes(SIXTH.with_name(name).read_bytes())
    report = build_with(fake, decisions, index)
    assert report.rejected == {
        "continuing.txt": "It has the reference 21 004 118, as continuing.html has, but differs from it; "
        "continuing.html was taken."
    }


def test_add_overwrites_no_other_decision(decisions):
    """A file that bears the name of the reference but holds another decision is not overwritten."""
    (decisions / "21-002-206.txt").write_bytes(SIXTH.read_bytes())
    report = add_files(decisions, SEEDS / "21-002-206.txt")
    assert "holds something else" in report.rejected[str(SEEDS / "21-002-206.txt")]
    assert (decisions / "21-002-206.txt").read_bytes() == SIXTH.read_bytes()


def test_remove_finds_a_decision_under_the_name_of_another(tmp_path):
    """A decision whose file bears another reference's name is found and removed."""
    (tmp_path / "21-002-206.txt").write_bytes(SIXTH.read_bytes())
    remove([NORTHWICK], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_remove_deletes_every_copy(tmp_path):
    """Copies of a decision, also under the name of another, are all deleted and named: a build would take one left."""
    for name in ("22-009-999.txt", "21-002-206.txt", "copy.txt"):
        (tmp_path / name).write_bytes(SIXTH.read_bytes())
    (tmp_path / "21-000-832.txt").write_bytes((SEEDS / "21-000-832.txt").read_bytes())
    report = remove([NORTHWICK], tmp_path)
    assert {item.name for item in report.items} == {"22-009-999.txt", "21-002-206.txt", "copy.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["21-000-832.txt"]


@pytest.mark.parametrize(
    "content",
    [
        "My notes\n\nKent County Council (21 000 832)\n",
        "<title>Halton (20 001 737)</title><article id=article><h3>What I found</h3><ol><li>It said:<ul>"
        "<li>Kent County Council (21 000 832)</ul></ol></article>",
    ],
)
def test_file_that_only_names_a_decision_is_left_alone(tmp_path, content):
    """A file that names a decision and is none, or another, is neither replaced nor removed."""
    (tmp_path / "mine.html").write_text(content, encoding="utf-8")
    with pytest.raises(NotHeld):
        remove([KENT], tmp_path)
    add_files(tmp_path, SEEDS / "21-000-832.txt")
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == content


def test_same_file_twice_is_said(tmp_path):
    """A file that is handed in twice is taken once, and the second time is told."""
    report = add_files(tmp_path / "new", SIXTH, SIXTH)
    assert report.counts["taken"] == 1
    assert list(report.rejected.values()) == [f"It is the same as {SIXTH}, which was taken for 22 009 999."]


def test_file_that_cannot_be_read_now_keeps_its_decision(decisions, index, fake):
    """A file that cannot be read is reported, and what it held stays in the index."""
    build_with(fake, decisions, index)
    (decisions / "22-009-999.txt").unlink()
    (decisions / "22-009-999.txt").symlink_to("nowhere")
    report = build_with(fake, decisions, index)
    assert report.rejected["22-009-999.txt"].endswith("What it held before stays in the index.")
    assert Store.open(index).decision(NORTHWICK).body == "Northwick Borough Council"


@pytest.fixture
def odd(decisions):
    """A folder with a link to itself, and with folders within each other that are too many to be followed."""
    (decisions / "loop").symlink_to("loop")
    (decisions / "deep" / "/".join("a" * 150)).mkdir(parents=True)
    return decisions


def test_odd_entry_of_the_folder_is_reported_and_the_others_built(odd, index, fake):
    """A link to itself and folders without end are told by name, and the decisions beside them are built."""
    report = build_with(fake, odd, index)
    assert report.decisions == 2
    loop, deep = sorted(report.rejected.items(), reverse=True)
    assert loop == ("loop", "The file cannot be read: Too many levels of symbolic links.")
    assert deep == (f"deep/{'a/' * 100}", "It stands in 100 folders within each other; what it holds was not read.")


def test_odd_entry_of_the_folder_hinders_no_addition_or_removal(odd):
    """Beside a link to itself and folders without end decisions are added and removed as ever."""
    assert add_files(odd, SEEDS / "21-002-206.txt").counts["taken"] == 1
    assert remove([Reference("21 002 206")], odd).counts["removed"] == 1


def test_folder_that_cannot_be_read_now_keeps_its_decisions(decisions, index, fake, monkeypatch):
    """What the index holds of a folder that cannot be read stays in it, and what was read of it is remembered."""
    (decisions / "inner").mkdir()
    (decisions / "inner" / "a.txt").write_text(variant("23 000 001"), encoding="utf-8")
    build_with(fake, decisions, index)
    with monkeypatch.context() as patched:
        patched.setattr("index.inputs._MAX_DEPTH", 0)
        report = build_with(fake, decisions, index)
    assert statuses(report)["inner/"] == "rejected"
    assert report.rejected["inner/"].endswith("What it held before stays in the index.")
    assert (report.changed, report.counts["removed"]) == (False, 0)
    assert Store.open(index).holds(Reference("23 000 001"))
    assert statuses(build_with(fake, decisions, index))["inner/a.txt"] == "unchanged"


def test_purge_tells_what_it_could_not_keep(decisions, index, fake, monkeypatch):
    """What stands in a folder that cannot be read is not in an index that is made anew, and the report says why."""
    (decisions / "inner").mkdir()
    (decisions / "22-009-999.txt").rename(decisions / "inner" / "a.txt")
    build_with(fake, decisions, index)
    monkeypatch.setattr("index.inputs._MAX_DEPTH", 0)
    (item,) = build(decisions, index, fake.model, lambda _: fake, purge=True).of("removed")
    assert (item.name, item.reason.split(",")[0]) == ("inner/a.txt", "Its file cannot be read")


def test_decision_that_came_out_of_a_folder_that_cannot_be_read_is_taken(decisions, index, fake, monkeypatch):
    """A file beside a folder that cannot be read is taken though the index holds its decision from there."""
    (decisions / "inner").mkdir()
    (decisions / "22-009-999.txt").rename(decisions / "inner" / "a.txt")
    build_with(fake, decisions, index)
    (decisions / "inner" / "a.txt").rename(decisions / "z.txt")
    monkeypatch.setattr("index.inputs._MAX_DEPTH", 0)
    assert statuses(build_with(fake, decisions, index))["z.txt"] == "unchanged"


def test_folder_of_another_owner_is_reported(decisions, monkeypatch):
    """A folder whose files the system does not tell is reported with the system's reason."""
    (decisions / "inner").mkdir()
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("inner"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (found,) = [found for found in walk(decisions) if found.reason]
    assert (found.name, found.reason) == ("inner/", "The folder cannot be read: Permission denied.")


def test_name_that_would_move_the_cursor_is_reported_as_what_it_is(decisions, index, fake):
    """What is told of a file has no control character of its name, which whoever made the file chose."""
    (decisions / "22-009-999.txt").rename(decisions / "a\x1b[2J.txt")
    assert statuses(build_with(fake, decisions, index))["a\\x1b[2J.txt"] == "taken"
    assert statuses(build_with(fake, decisions, index))["a\\x1b[2J.txt"] == "unchanged"
    assert statuses(remove([NORTHWICK], decisions)) == {"a\\x1b[2J.txt": "removed"}


def test_add_refuses_what_is_no_decision(tmp_path):
    """What is no decision is reported with its reason and not copied."""
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe")
    report = add_files(tmp_path / "new", tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path / "pipe", SIXTH)
    assert list(report.rejected.values()) == [
        "The file is empty.",
        "The file cannot be read: No such file or directory.",
        "It is not a file.",
    ]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["22-009-999.txt"]


def test_add_reports_a_second_file_with_a_reference(tmp_path):
    """Two files with one reference given together are never merged: the second is reported."""
    other = tmp_path / "other.txt"
    other.write_text(SIXTH.read_text(encoding="utf-8").replace("£75", "£90"), encoding="utf-8")
    report = add_files(tmp_path / "new", SIXTH, other)
    assert "22 009 999" in report.rejected[str(other)]
    assert "£75" in (tmp_path / "new" / "22-009-999.txt").read_text(encoding="utf-8")


def test_remove_unknown_deletes_nothing(decisions):
    """If one of several references is not there, nothing is removed."""
    with pytest.raises(NotHeld):
        remove([NORTHWICK, Reference("99 999 999")], decisions)
    assert len(list(decisions.iterdir())) == 2


def test_begin_copies_the_seeds(tmp_path):
    """A new folder begins with the seeds, and with nothing but decisions."""
    assert begin(tmp_path / "data" / "decisions", SEEDS)
    assert len(list((tmp_path / "data" / "decisions").iterdir())) == 5


def test_begin_leaves_a_folder_alone(decisions):
    """A folder that exists is not touched, even if decisions were removed from it."""
    assert not begin(decisions, SEEDS)
    assert len(list(decisions.iterdir())) == 2


def test_unreadable_file_is_reported(decisions, index, fake):
    """A file that cannot be read is named, and the others are built."""
    (decisions / "gone.txt").symlink_to("nowhere")
    report = build_with(fake, decisions, index)
    assert "cannot be read" in report.rejected["gone.txt"]
    assert report.decisions == 2


def test_disk_without_room_leaves_the_published_version(decisions, index, fake):
    """Where a new version finds no room, one sentence says so, nothing is left over, and the old version is served."""
    build_with(fake, decisions, index)
    add_files(decisions, SEEDS / "21-002-206.txt")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(IndexUnusable, match=r"could not be written.*version 000001 stays published"):
            build_with(fake, decisions, index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(index.glob(".building-*"))
    assert Store.open(index).version == "000001"


def statuses(report: Report) -> dict[str, str]:
    return {item.name: item.status for item in report.items}


def everything(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = [path for path in folder.rglob("*") if path.name != ".lock"]
    return {str(path): (path.stat().st_ino, path.stat().st_size, path.stat().st_mtime_ns) for path in found}


class Opened:
    """The names of the files that this process opened, in the folder that it watches."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.names: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and self.folder is not None and Path(str(arguments[0])).parent == self.folder:
            self.names.add(Path(str(arguments[0])).name)


@pytest.fixture(scope="module")
def watched():
    return Opened()


@pytest.fixture
def opened(watched, decisions):
    """The names of the files of the folder of decisions that were opened."""
    watched.folder, watched.names = decisions, set()
    yield watched.names
    watched.folder = None


def test_nothing_changed_reads_and_writes_nothing(decisions, index, fake, opened):
    """Where no file's status changed, none is opened, and no file of the index is written or touched."""
    build_with(fake, decisions, index)
    assert opened == {"21-000-832.txt", "22-009-999.txt"}
    opened.clear()
    before = everything(index)
    report = build_with(fake, decisions, index)
    assert opened == set()
    assert everything(index) == before
    assert (report.changed, report.counts["unchanged"], report.decisions, report.paragraphs) == (False, 2, 2, 67)


def test_touched_file_makes_no_version(decisions, index, fake):
    """A file that was written again with the same content changes nothing, nor does one under another name."""
    build_with(fake, decisions, index)
    path = decisions / "22-009-999.txt"
    path.write_bytes(path.read_bytes())
    assert not build_with(fake, decisions, index).changed
    path.rename(decisions / "renamed.txt")
    report = build_with(fake, decisions, index)
    assert (report.changed, statuses(report)) == (False, {"21-000-832.txt": "unchanged", "renamed.txt": "unchanged"})


def test_change_of_the_same_size_is_seen(decisions, index, fake):
    """A change right after a build is seen, though it leaves the size and may come within a tick of the clock."""
    path = decisions / "22-009-999.txt"
    text = path.read_text(encoding="utf-8")
    for amount in ("£71", "£72", "£73", "£74"):
        path.write_text(text.replace("£75", amount), encoding="utf-8")
        build_with(fake, decisions, index)
        assert amount in Store.open(index).decision(NORTHWICK).paragraphs[7].text


def test_folders_within_are_read(decisions, index, fake):
    """Decisions in folders within the folder count, under their path; what begins with a dot does not."""
    (decisions / "2022" / "october").mkdir(parents=True)
    (decisions / "2022" / "october" / "a").write_text(variant("23 000 001"), encoding="utf-8")
    (decisions / ".hidden").mkdir()
    (decisions / ".hidden" / "b.txt").write_text(variant("23 000 002"), encoding="utf-8")
    (decisions / ".c.txt").write_text(variant("23 000 003"), encoding="utf-8")
    report = build_with(fake, decisions, index)
    assert set(statuses(report)) == {"21-000-832.txt", "22-009-999.txt", "2022/october/a"}
    assert add_files(decisions, SIXTH).counts["unchanged"] == 1
    remove([Reference("23 000 001")], decisions)
    assert build_with(fake, decisions, index).counts["removed"] == 1


def test_report_has_an_item_for_every_file(decisions, index, fake):
    """The report says of each file what became of it, and of a decision what is known of its numbers."""
    build_with(fake, decisions, index)
    (decisions / "22-009-999.txt").unlink()
    (decisions / "21-000-832.txt").write_text(
        (decisions / "21-000-832.txt").read_text(encoding="utf-8").replace("Kent", "Surrey"), encoding="utf-8"
    )
    (decisions / "23-000-001.txt").write_text(variant("23 000 001"), encoding="utf-8")
    (decisions / "note.txt").write_text("Dear Sir", encoding="utf-8")
    report = build_with(fake, decisions, index)
    assert statuses(report) == {
        "21-000-832.txt": "changed",
        "22-009-999.txt": "removed",
        "23-000-001.txt": "taken",
        "note.txt": "rejected",
    }
    assert report.counts == {"taken": 1, "changed": 1, "unchanged": 0, "rejected": 1, "removed": 1}
    changed, taken, _, removed = report.items
    assert (changed.body, changed.paragraphs, changed.numbering) == ("Surrey County Council", 58, "inferred")
    assert (taken.reference, taken.proof) == (Reference("23 000 001"), "none")
    assert (removed.reference, removed.body) == (NORTHWICK, "Northwick Borough Council")
    assert (report.decisions, report.inferred, report.paragraphs) == (2, 1, 67)
    again = build_with(fake, decisions, index)
    assert again.rejected == report.rejected
    assert again.of("unchanged")[0].body == "Surrey County Council"


def test_file_that_is_no_decision_any_more_leaves_the_index(decisions, index, fake):
    """A file that can no longer be read as a decision is rejected, and its decision leaves the index."""
    build_with(fake, decisions, index)
    (decisions / "22-009-999.txt").write_text("Dear Sir", encoding="utf-8")
    report = build_with(fake, decisions, index)
    assert [(item.name, item.status) for item in report.items[1:]] == [
        ("22-009-999.txt", "rejected"),
        ("22-009-999.txt", "removed"),
    ]
    with pytest.raises(NotHeld):
        Store.open(index).decision(NORTHWICK)


def test_second_file_says_whether_it_is_the_same(decisions, index, fake):
    """Of several files with one reference the first by name is taken; the reason says whether the others differ."""
    (decisions / "a.txt").write_bytes(SIXTH.read_bytes())
    (decisions / "b.txt").write_text(variant("22 009 999", "ferry"), encoding="utf-8")
    for _ in range(2):
        report = build_with(fake, decisions, index)
        assert report.rejected == {
            "a.txt": "It is the same as 22-009-999.txt, which was taken for 22 009 999.",
            "b.txt": "It has the reference 22 009 999, as 22-009-999.txt has, but differs from it; "
            "22-009-999.txt was taken.",
        }
    (decisions / "22-009-999.txt").unlink()
    (decisions / "a.txt").unlink()
    report = build_with(fake, decisions, index)
    assert statuses(report) == {"21-000-832.txt": "unchanged", "b.txt": "changed"}
    assert Store.open(index).search_bm25("ferry", 1, Filter())


def test_lost_readings_cost_only_reading(decisions, index, fake):
    """Without what was remembered of the files, a build finds that nothing changed."""
    build_with(fake, decisions, index)
    for damage in (b"", b"nonsense" * 100):
        (index / "readings").write_bytes(damage)
        report = build_with(fake, decisions, index)
        assert (report.changed, report.counts["unchanged"]) == (False, 2)


def test_added_again_is_unchanged(decisions):
    """Adding what is held already, byte for byte, changes no file, whatever its name."""
    (decisions / "22-009-999.txt").rename(decisions / "mine")
    report = add_files(decisions, SIXTH)
    assert (statuses(report), report.changed) == ({str(SIXTH): "unchanged"}, False)
    assert sorted(path.name for path in decisions.iterdir()) == ["21-000-832.txt", "mine"]


def test_add_opens_only_what_it_replaces(decisions, opened):
    """An addition opens no file that is named for another reference."""
    for number in range(5):
        (decisions / f"23-000-00{number}.txt").write_text(
            variant(f"23 000 00{number}", f"lanyard{number}"), encoding="utf-8"
        )
    opened.clear()
    add_files(decisions, SIXTH)
    assert opened == {"22-009-999.txt"}


def test_loading_is_told_apart(decisions, index, fake):
    """The report tells how much of the time it took to load the model, if it was loaded."""
    report = build_with(fake, decisions, index)
    assert report.loading is not None
    assert 0 <= report.loading <= report.seconds
    assert build_with(fake, decisions, index).loading is None


@pytest.mark.parametrize("limit", [1_000, 10_000, 14_000, 20_000, 40_000, 70_000])
def test_no_room_wherever_it_ends(decisions, index, fake, limit):
    """Whichever file of a first build finds no room, one sentence says so and nothing is published."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        with pytest.raises(IndexUnusable, match=r"could not be written.*nothing is published"):
            build_with(fake, decisions, index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not [path for path in index.iterdir() if path.name.startswith((".b", "0"))]
    assert build_with(fake, decisions, index).decisions == 2


def test_killed_builds():
    """Builds that are killed at random moments leave an index that is whole, and that the next build repairs."""
    run = subprocess.run([PROJECT / "scripts" / "crash_test", "8", "--seed", "7"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def fail(*_: object) -> None:
    raise KeyError("a word of the file")


FAULTS = {
    "the file": "index.file_cache.read_file",
    "reading": "index.parsing.isolated.Reader.parse",
    "its item": "index.file_cache.Item.of",
    "its passages": "index.engine.segment_writer.passages",
    "its wording": "index.engine.segment_writer.wording",
    "its row": "index.engine.segment_writer._json",
    "its digest": "index.engine.segment_writer.digest_of",
}


@pytest.fixture(params=FAULTS)
def faulty(request, decisions, reads_apart, monkeypatch):
    """A folder with a decision at which some step fails in a way that nobody foresaw, and with one that is as ever."""
    owner, _, name = FAULTS[request.param].rpartition(".")
    module, _, noun = owner.rpartition(".")
    holder = getattr(sys.modules[module], noun) if noun[0].isupper() else sys.modules[owner]
    real, seen = getattr(holder, name), []
    monkeypatch.setattr("index.build._Work._taken", functools.partialmethod(_seen, seen, build_module._Work._taken))

    def sometimes(*given, **more):
        return fail() if seen[-1] == "22-009-999.txt" else real(*given, **more)

    monkeypatch.setattr(holder, name, staticmethod(sometimes) if request.param == "its item" else sometimes)
    return decisions


def _seen(work, seen, taken, file):
    seen.append(file.name)
    return taken(work, file)


def test_fault_at_one_file_leaves_the_others(faulty, index, fake):
    """Whatever fails at a file, it is rejected with the type and place of the error, and the others are published."""
    report = build_with(fake, faulty, index)
    assert [entry.reference for entry in Store.open(index).entries(Filter())] == [KENT]
    assert re.search(r"\(KeyError at .*test_build\.py:\d+\)", report.rejected["22-009-999.txt"])
    assert "a word of the file" not in report.rejected["22-009-999.txt"]


@pytest.mark.parametrize(
    "step",
    [
        "index.engine.segment_writer.digest_of",
        "index.engine.embedding_store.EmbeddingWriter.row_of",
        "index.engine.segment_writer._Rows.add",
    ],
)
@pytest.mark.parametrize("kind", [TypeError, ValueError])
def test_fault_amid_a_decision_leaves_nothing_of_it(decisions, index, fake, monkeypatch, step, kind):
    """Whatever fails when some of a decision has been stored, nothing of it is, and the next decision is whole."""
    owner, _, name = step.rpartition(".")
    holder = {"segment_writer": segment_writer, "EmbeddingWriter": EmbeddingWriter, "_Rows": segment_writer._Rows}[
        owner.rpartition(".")[2]
    ]
    real, calls = getattr(holder, name), 0

    def fifth(*given):
        nonlocal calls
        calls += 1
        if calls == 5:
            raise kind
        return real(*given)

    monkeypatch.setattr(holder, name, fifth)
    report = build_with(fake, decisions, index)
    assert list(report.rejected) == ["21-000-832.txt"]
    assert verify(index).damaged == ()
    assert Store.open(index).decision(NORTHWICK).body == "Northwick Borough Council"


def test_fault_at_a_changed_file_keeps_what_it_held(decisions, index, fake, monkeypatch):
    """If a changed file cannot be taken in, what it held before stays in the index."""
    build_with(fake, decisions, index)
    (decisions / "22-009-999.txt").write_text(variant("22 009 999", "scarf"), encoding="utf-8")
    monkeypatch.setattr("index.engine.segment_writer.passages", fail)
    report = build_with(fake, decisions, index)
    assert report.rejected["22-009-999.txt"].endswith("What it held before stays in the index.")
    assert "lanyard" in Store.open(index).decision(NORTHWICK).paragraphs[0].text


def test_want_of_memory_at_one_file_is_said(decisions, index, fake, monkeypatch):
    """A file for which there is no memory is rejected in words of its own."""
    real = read_file
    monkeypatch.setattr(
        "index.file_cache.read_file", lambda path: bytearray(1 << 60) if "22" in path.name else real(path)
    )
    report = build_with(fake, decisions, index)
    assert report.rejected["22-009-999.txt"].startswith("There was not enough memory to read the file (MemoryError at")
    assert report.decisions == 1


def test_what_cannot_be_stored_leaves_nothing_of_its_decision(decisions, index, fake, monkeypatch):
    """If the last row of a decision cannot be stored, none is, and the next decision is."""
    real = Made.of

    def large(decision):
        made = real(decision)
        if decision.reference != KENT:
            return made
        return dataclasses.replace(made, rows=(*made.rows[:-1], ("remark", (1 << 70, "", ""))))

    monkeypatch.setattr(Made, "of", large)
    report = build_with(fake, decisions, index)
    assert "OverflowError" in report.rejected["21-000-832.txt"]
    store = Store.open(index)
    assert (store.manifest.decisions, verify(index).damaged) == (1, ())
    assert store.decision(NORTHWICK).body == "Northwick Borough Council"


class Failing(WordEmbedder):
    """Fails at texts that have a word, or makes no number of them."""

    def __init__(self, word: str, as_number: float | None = None) -> None:
        super().__init__()
        self._word, self._number = word, as_number

    def _embed(self, text):
        made = super()._embed(text)
        if self._word in text:
            if self._number is None:
                raise RuntimeError(f"cannot compute {text}")
            made.vector[:] = self._number
        return made


@pytest.mark.parametrize("number", [None, float("nan"), 0.0])
def test_text_that_cannot_be_embedded_rejects_its_file_alone(decisions, index, number):
    """A file with a text that the model fails at, or makes no unit vector of, is rejected; the others are published."""
    report = build_with(Failing("lanyard", number), decisions, index)
    kind = "RuntimeError at" if number is None else "ValueError at"
    assert report.rejected["22-009-999.txt"].startswith(f"The model fails at a text of this file ({kind} ")
    assert "cannot compute" not in report.rejected["22-009-999.txt"]
    assert [entry.reference for entry in Store.open(index).entries(Filter())] == [KENT]


def test_what_was_embedded_is_counted(decisions, index):
    """Of a build with a text that the model fails at, the report counts the texts that were embedded, each once."""
    report = build_with(Failing("lanyard"), decisions, index)
    assert report.embedded == Store.open(index).manifest.rows


def test_texts_in_several_blocks_are_found_at_once(decisions, index, monkeypatch):
    """However many blocks have texts that the model fails at, the folder is read once more, and not for each."""
    monkeypatch.setattr("index.engine.embedding_store._BLOCK_TEXTS", 4)
    for number in range(3):
        (decisions / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"lanyard{number}"), encoding="utf-8")
    takes, real = [], build_module._Work.take
    monkeypatch.setattr("index.build._Work.take", lambda work, *given: takes.append(work) or real(work, *given))
    report = build_with(Failing("lanyard"), decisions, index)
    assert (len(report.rejected), len(takes)) == (4, 2)
    assert verify(index).damaged == ()


class Passing(WordEmbedder):
    """Fails at its first call with several texts, and with other errors at those that follow."""

    def __init__(self, *later: Exception) -> None:
        super().__init__()
        self.errors = [*later[::-1], RuntimeError("for a moment")]

    def embed(self, texts, progress=None):
        if len(texts) > 1 and self.errors:
            raise self.errors.pop()
        return super().embed(texts, progress)


def test_fault_that_passes_ends_no_build(decisions, index):
    """If the model fails once, and the second try works, the build goes on with what that made."""
    report = build_with(Passing(), decisions, index)
    assert (report.rejected, report.decisions) == ({}, 2)


def test_want_of_memory_is_no_fault_of_a_text(decisions, index):
    """If memory falls short while the text is looked for that the model fails at, none is blamed for it."""
    with pytest.raises(NotEnoughMemory, match=r"There is not enough memory to embed the texts\."):
        build_with(Passing(RuntimeError("std::bad_alloc")), decisions, index)


def test_text_that_fails_for_ever_ends_the_build(decisions, index, monkeypatch):
    """If the texts that the model fails at are those already left out, the build ends with the error."""
    monkeypatch.setattr(Made, "texts", ())
    with pytest.raises(NotEmbedded):
        build_with(Failing("lanyard"), decisions, index)


def test_model_that_fails_at_every_text_rejects_no_file(decisions, index):
    """If the model fails at whatever text, that is no file's fault: the build fails, without a look at each text."""
    embedder = Failing("")
    with pytest.raises(RuntimeError, match="cannot compute"):
        build_with(embedder, decisions, index)
    assert embedder.embedded[-1] == "The Council was at fault."


def test_file_that_cannot_be_deleted_leaves_the_others(decisions, monkeypatch):
    """Where a file cannot be deleted it is rejected by name, and the others are deleted."""
    real = Path.unlink

    def unlink(path, missing_ok=False):
        if path.name == "21-000-832.txt":
            raise PermissionError(13, "Permission denied")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    report = remove([KENT, NORTHWICK], decisions)
    assert report.rejected == {"21-000-832.txt": "It could not be deleted: Permission denied."}
    assert [path.name for path in decisions.iterdir()] == ["21-000-832.txt"]


def test_fault_at_a_file_of_the_folder_hinders_no_addition(decisions, monkeypatch):
    """If reading a file that is there already fails in a way that nobody foresaw, another is added as ever."""
    (decisions / "21-000-832.txt").rename(decisions / "kent.txt")
    monkeypatch.setattr("index.parsing.isolated.Reader.reference_of", fail)
    assert add_files(decisions, SEEDS / "21-002-206.txt").counts["taken"] == 1
