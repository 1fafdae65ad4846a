from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path

import pytest
from conftest import SEEDS, SIXTH, WordEmbedder

from index.build import add, begin, build, remove
from index.decisions import Reference
from index.embed import ModelFiles
from index.errors import IndexBusy, IndexMismatch, IndexUnusable, InputError, NoIndex, NotHeld
from index.report import Report
from index.sources import sources
from index.store import Filter, LatestStore, Store
from index.versions import writing

KENT, NORTHWICK = Reference("21 000 832"), Reference("22 009 999")


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
    """After a second build every sentence still has its own vector."""
    build_with(fake, decisions, index)
    add_files(decisions, SEEDS / "21-002-206.txt")
    build_with(fake, decisions, index)
    store = Store.open(index)
    for identity, _ in store.nearest(fake.embed_question("council"), 1000, Filter()):
        [(paragraph, _)] = store.paragraphs([identity])
        for start, end, cosine in store.compare(fake.embed_question(paragraph.text), identity):
            expected = fake.embed([paragraph.text[start:end]])[0] @ fake.embed_question(paragraph.text)
            assert cosine == pytest.approx(float(expected), abs=1e-6)


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
    assert store.matching("lanyard", 5, Filter()) == []
    found = [identity for identity, _ in store.nearest(fake.embed_question("lanyard"), 500, Filter())]
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
    assert (store.entries(Filter()), store.matching("lanyard", 5, Filter())) == ([], [])
    assert store.nearest(fake.embed_question("lanyard"), 5, Filter()) == []
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
    manifest = index / "000001" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": 0}))
    with pytest.raises(IndexMismatch, match=r"format 0.*decision-qa build"):
        Store.open(index)
    assert build_with(fake, decisions, index).version == "000002"
    Store.open(index)


def test_empty_part_is_refused_and_built_anew(decisions, index, fake):
    """A part that a crash left empty is refused, and the next build makes it anew."""
    build_with(fake, decisions, index)
    (index / "000001" / "segment-000001" / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexMismatch, match="damaged"):
        Store.open(index)
    build_with(fake, decisions, index)
    Store.open(index)


PARTS = [
    "manifest.json",
    "embeddings",
    "terms",
    *(f"segment-000001/{name}" for name in ("decisions.sqlite", "vectors.faiss", "paragraphs.npy")),
]


@pytest.mark.parametrize("name", PARTS)
def test_damaged_index_is_refused(decisions, index, fake, name):
    """A version that lacks a part is refused with a sentence."""
    build_with(fake, decisions, index)
    (index / "000001" / name).rename(index / "away")
    with pytest.raises(IndexMismatch, match="damaged"):
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


def test_add_refuses_what_is_no_decision(tmp_path):
    """What is no decision is reported with its reason and not copied."""
    (tmp_path / "empty.txt").touch()
    report = add_files(tmp_path / "new", tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path, SIXTH)
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
