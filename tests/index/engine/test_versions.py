from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from conftest import PROJECT, WordEmbedder, variant

from index.build import build
from index.catalogue import Filter
from index.embedding.model_files import ModelFiles
from index.engine import versions
from index.engine.versions import clean, link, publish, published, writing
from index.errors import IndexDamaged, IndexUnusable
from index.latest_store import LatestStore
from index.store import Store
from index.text.sentences import GRAMMAR
from index.verify import verify

pytestmark = pytest.mark.usefixtures("reads_here")


@pytest.fixture
def change(decisions, tmp_path, fake):
    """Adds a decision and builds: each call makes a version."""
    made: list[int] = []

    def change() -> None:
        made.append(1)
        (decisions / f"{len(made)}.txt").write_text(variant(f"23 000 00{len(made)}"), encoding="utf-8")
        build(decisions, tmp_path / "index", fake.model, lambda _: fake)

    return change


def held_versions(tmp_path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "index").iterdir() if path.name.startswith("0"))


def test_old_versions_are_deleted(tmp_path, change):
    """After a build there is no version but the published one."""
    change()
    change()
    assert held_versions(tmp_path) == ["000002"]


def test_version_that_is_read_stays_until_it_is_closed(tmp_path, decisions, fake, change):
    """A version stays while a reader has it open, and is deleted by the next build, even if that changes nothing."""
    change()
    store = Store.open(tmp_path / "index")
    change()
    change()
    assert held_versions(tmp_path) == ["000001", "000003"]
    store.close()
    assert not build(decisions, tmp_path / "index", fake.model, lambda _: fake).changed
    assert held_versions(tmp_path) == ["000003"]


def test_version_that_nobody_uses_any_more_is_deleted(tmp_path, change):
    """A reader that was forgotten without being closed holds nothing."""
    change()
    store = Store.open(tmp_path / "index")
    del store
    change()
    assert held_versions(tmp_path) == ["000002"]


def test_version_that_another_process_reads_stays(tmp_path, change):
    """A version stays while another process has it open, and is gone when that was killed."""
    change()
    program = (
        "import sys, pathlib; from index.store import Store; store = Store.open(pathlib.Path(sys.argv[1])); "
        "print('open', flush=True); sys.stdin.read()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "index")],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        change()
        assert held_versions(tmp_path) == ["000001", "000002"]
        reader.kill()
    change()
    assert held_versions(tmp_path) == ["000003"]


def test_server_lets_go_of_the_version_before(tmp_path, change):
    """Once the latest store was asked for again, the version that it had before can be deleted."""
    change()
    latest = LatestStore(tmp_path / "index")
    latest.get()
    change()
    assert held_versions(tmp_path) == ["000001", "000002"]
    latest.get()
    change()
    assert held_versions(tmp_path) == ["000002", "000003"]


def test_left_overs_are_deleted(tmp_path, change):
    """What a killed build left, half written or half deleted, is gone after the next one."""
    change()
    for name in (".building-000002", ".old-000000"):
        (tmp_path / "index" / name / "terms").mkdir(parents=True)
    change()
    assert [path.name for path in (tmp_path / "index").iterdir() if path.name.startswith((".b", ".o"))] == []


@pytest.mark.parametrize("name", [".building-000002", ".old-000001"])
@pytest.mark.parametrize("kind", ["link to a folder", "link to itself", "file"])
def test_left_overs_that_are_no_folders_are_deleted(tmp_path, change, name, kind):
    """A link or a file with the name of a left-over is deleted, what it leads to stays, and the next build succeeds."""
    change()
    path, elsewhere = tmp_path / "index" / name, tmp_path / "elsewhere"
    (elsewhere / "inner").mkdir(parents=True)
    if kind == "file":
        path.touch()
    else:
        path.symlink_to(elsewhere if kind == "link to a folder" else name)
    change()
    assert held_versions(tmp_path) == ["000002"]
    assert not os.path.lexists(path)
    assert (elsewhere / "inner").is_dir()


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir])
def test_entry_with_the_last_number_is_told(tmp_path, change, make):
    """Where an entry of the index leaves no number for another version, it is named, and nothing is published."""
    change()
    make(tmp_path / "index" / "999999")
    with pytest.raises(IndexUnusable, match=r"/999999 has the last number .* Delete it, then run decision-qa build\.$"):
        change()
    assert held_versions(tmp_path) == ["000001"]


def test_digits_of_another_script_are_no_version(tmp_path, change):
    """A folder whose name only looks like a higher number hides no version."""
    change()
    (tmp_path / "index" / "٠٠٠٠٠٩").mkdir()
    change()
    assert published(tmp_path / "index") == tmp_path / "index" / "000002"


def test_version_that_nobody_would_read_is_not_said_to_be_published(tmp_path):
    """Where a higher one was put there while a version was written, that is told, for readers would take that one."""
    (tmp_path / ".building-000002").mkdir()
    (tmp_path / "000003").mkdir()
    with pytest.raises(IndexUnusable, match=r"/000003 stands in the way of version 000002\."):
        publish(tmp_path / ".building-000002")


@pytest.fixture
def lasting(monkeypatch):
    """Nothing can be deleted, as where it is another owner's."""
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)


def test_left_overs_that_cannot_be_deleted_hinder_nothing(tmp_path, change, lasting):
    """Beside left-overs that stay, whatever their names are, versions are made, published and set aside."""
    change()
    for name in (".building-000002", ".building-000003", ".old-000001", ".old-000002"):
        (tmp_path / "index" / name / "terms").mkdir(parents=True)
    change()
    change()
    assert held_versions(tmp_path) == ["000003"]
    assert (tmp_path / "index" / ".old-000001-1").is_dir()


def test_next_version_has_a_name_that_nothing_has(tmp_path, change):
    """What has the name of a version, but is none, is never taken for one, and the next version is named above it."""
    change()
    (tmp_path / "index" / "000002").symlink_to("000002")
    (tmp_path / "index" / "000003").touch()
    with closing(Store.open(tmp_path / "index")) as store:
        assert store.version == "000001"
    change()
    with closing(Store.open(tmp_path / "index")) as store:
        assert store.version == "000004"


@pytest.mark.parametrize("name", [versions.MANIFEST, versions.MANIFEST_SUM, "embeddings/blocks"])
def test_pipe_in_place_of_a_file_is_damage(tmp_path, change, name):
    """Nobody waits for a pipe that has the name of a file of a version: it is damage, and built anew."""
    change()
    path = tmp_path / "index" / "000001" / name
    path.unlink()
    os.mkfifo(path)
    assert verify(tmp_path / "index").damaged
    with pytest.raises(IndexDamaged, match=name.rpartition("/")[2]):
        Store.open(tmp_path / "index")
    change()
    assert held_versions(tmp_path) == ["000002"]


def test_pipe_in_place_of_the_lock_is_told(tmp_path, change):
    """A build does not wait for a pipe that has the name of its lock."""
    (tmp_path / "index").mkdir()
    os.mkfifo(tmp_path / "index" / ".lock")
    with pytest.raises(IndexUnusable, match=r"Delete it, then run decision-qa build"):
        change()


def test_readers_never_miss_a_version(tmp_path, change):
    """Whoever opens the index while versions are published and deleted gets one that can be searched."""
    change()
    missed: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                store = Store.open(tmp_path / "index")
                assert store.search_bm25("lanyard", 1, Filter())
                store.close()
            except Exception as error:
                missed.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(6):
        change()
    done.set()
    for reader in readers:
        reader.join()
    assert missed == []


def test_version_deleted_between_finding_and_opening_it(tmp_path, change):
    """A version that vanished before it could be held is told apart from one that is damaged."""
    change()
    old = tmp_path / "index" / "000001"
    change()
    with pytest.raises(versions.Vanished):
        Store(old)


def test_index_deleted_while_it_is_served(tmp_path, change):
    """A server whose index is deleted goes on with what it has open."""
    change()
    latest = LatestStore(tmp_path / "index")
    latest.get()
    (tmp_path / "index").rename(tmp_path / "away")
    assert latest.get().search_bm25("lanyard", 1, Filter())


def test_embeddings_of_a_model_that_no_version_uses_are_deleted(tmp_path, decisions, fake, change):
    """After a change of model the vectors of the old one stay as long as a version that is read needs them."""
    other = WordEmbedder(ModelFiles("other", tmp_path, "1" * 64))
    change()
    store = Store.open(tmp_path / "index")
    build(decisions, tmp_path / "index", other.model, lambda _: other)
    assert len(list((tmp_path / "index").glob("embeddings-*"))) == 2
    store.close()
    build(decisions, tmp_path / "index", other.model, lambda _: other)
    assert [path.name for path in (tmp_path / "index").glob("embeddings-*")] == [
        f"embeddings-4-{GRAMMAR:08x}-" + "1" * 16
    ]


def test_cleaning_an_empty_index(tmp_path):
    """An index without a version has nothing to clean."""
    with writing(tmp_path):
        assert clean(tmp_path) == []


def test_files_are_copied_where_there_are_no_links(tmp_path):
    """Where a file cannot be linked it is copied."""
    (tmp_path / "a").write_bytes(b"content")
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    target = elsewhere / f"decision-qa-{os.getpid()}"
    try:
        link(tmp_path / "a", target)
        assert (target.read_bytes(), target.samefile(tmp_path / "a")) == (b"content", False)
    finally:
        target.unlink(missing_ok=True)
