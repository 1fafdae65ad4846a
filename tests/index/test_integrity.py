from __future__ import annotations

import collections
import contextlib
import gc
import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT, SEEDS, WordEmbedder, load_script, variant, write_two_decisions

from index.build import build
from index.catalogue import Filter
from index.decisions import Reference
from index.engine.bm25 import Terms
from index.engine.columns import PLACES, Columns
from index.engine.embedding_files import GROWING
from index.engine.manifest import SCHEMA, Manifest
from index.engine.segments import decision_id
from index.errors import IndexDamaged, IndexMismatch, IndexUnusable, NotEnoughMemory
from index.latest_store import LatestStore
from index.store import Store
from index.verify import verify

pytestmark = pytest.mark.usefixtures("reads_here")

NORTHWICK = Reference("22 009 999")
LISTED = "a pink lanyard that nobody else ever wore"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The index of two decisions."""
    folder, fake = tmp_path_factory.mktemp("sound"), WordEmbedder()
    write_two_decisions(folder / "decisions")
    build(folder / "decisions", folder / "index", fake.model, lambda _: fake)
    return folder / "index"


@pytest.fixture
def index(sound, tmp_path):
    """A copy of it, to be damaged."""
    return shutil.copytree(sound, tmp_path / "index")


@pytest.fixture
def version(index):
    return index / "000001"


def built(decisions, index, fake, **more):
    return build(decisions, index, fake.model, lambda _: fake, **more)


def altered(path: Path, at: int = -1) -> None:
    """Flip a bit of a file, the last byte's or that of another."""
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(content)


def written(version: Path, sql: str, *values: object) -> None:
    """Change the rows of the database, as damage could."""
    with contextlib.closing(sqlite3.connect(version / "segment-000001" / "decisions.sqlite")) as database, database:
        assert database.execute(sql, values).rowcount == 1


def wait_until(reached) -> None:
    """Let other threads go on until something is so; fail where it is not within two minutes."""
    pause = threading.Event()
    for _ in range(12_000):
        if reached():
            return
        pause.wait(0.01)
    pytest.fail("it was not so within two minutes")


def paragraphs_of(version: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(version / "segment-000001" / "decisions.sqlite")) as database:
        return database.execute("SELECT id, number, numbering, section, role, lines FROM paragraph").fetchall()


@contextlib.contextmanager
def as_large(version: Path):
    """A version of which nothing is read when it is opened that may be large; its database may be of another size."""
    manifest = Manifest.read(version)
    path = version / "segment-000001" / "decisions.sqlite"
    name = f"segment-000001/{path.name}"
    part = manifest.content[name]
    manifest.content[name] = type(part)(name, 0, path.stat().st_size, part.sha256)
    manifest.write(version)
    with contextlib.closing(Store(version, small=0)) as store:
        yield store


def test_every_file_has_its_size_and_checksum(version):
    """What sha256sum prints of each file stands in the manifest, and that of the manifest beside it."""
    content = json.loads((version / "manifest.json").read_bytes())["content"]
    files = {path.relative_to(version).as_posix(): path for path in version.rglob("*") if path.is_file()}
    apart = {"manifest.json", "manifest.json.sha256", *(f"embeddings/{name}" for name in GROWING)}
    assert set(content) == {name for name in files if name not in apart and not name.endswith(".lock")}
    for name, (size, sha256) in content.items():
        assert (size, sha256) == (files[name].stat().st_size, hashlib.sha256(files[name].read_bytes()).hexdigest())
    sha256 = hashlib.sha256((version / "manifest.json").read_bytes()).hexdigest()
    assert (version / "manifest.json.sha256").read_text() == f"{sha256}  manifest.json\n"


def test_every_part_of_the_embeddings_has_its_checksum(decisions, version, fake):
    """Of files that grow, each part that was appended has the checksum of its bytes, and all bytes are in one."""
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    built(decisions, version.parent, fake)
    folder = version.parent / "000002" / "embeddings"
    ends: collections.Counter[str] = collections.Counter()
    blocks = json.loads((folder / "blocks").read_bytes())
    for _, _, parts in blocks:
        for name, (begin, end, sha256) in parts.items():
            assert begin == ends[name]
            assert sha256 == hashlib.sha256((folder / name).read_bytes()[begin:end]).hexdigest()
            ends[name] = end
    assert ends == {name: (folder / name).stat().st_size for name in GROWING}
    assert len(blocks) == 2


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "manifest.json.sha256", "embeddings/blocks", "embeddings/ends", "terms/meta.json"]
    + [f"segment-000001/{name}" for name in ("ids.npy", "roles.npy", "vectors.faiss", "decisions.sqlite")],
)
def test_flipped_bit_of_a_small_file_is_refused(version, name):
    """A version with a flipped bit in what is read when it is opened is refused."""
    altered(version / name)
    with pytest.raises(IndexDamaged, match=r"decision-qa verify.*decision-qa build"):
        Store(version)


@pytest.mark.parametrize("name", ["embeddings/vectors", "embeddings/tokens", "segment-000001/vectors.faiss", "terms"])
def test_truncated_file_is_refused_before_it_is_mapped(version, name):
    """Another process refuses a version with a file that is cut, and is not ended for reading beyond its end."""
    path = version / name
    path = max(path.iterdir(), key=lambda path: path.stat().st_size) if path.is_dir() else path
    os.truncate(path, path.stat().st_size // 2)
    program = "import sys, pathlib; from index.store import Store; Store(pathlib.Path(sys.argv[1]), small=0)"
    ended = subprocess.run([sys.executable, "-c", program, version], cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "IndexDamaged" in ended.stderr
    assert f"{path.name} has" in ended.stderr


@pytest.mark.parametrize(
    "change", ["number = 9", "numbering = 'inferred'", "section = '[]'", "role = 'law'", "lines = '[]'", "wording = 1"]
)
def test_altered_paragraph_is_never_cited(version, change):
    """A row of a paragraph that is not what was written is an error wherever it is read, and the others are told."""
    identity = decision_id(NORTHWICK) * PLACES + 8
    written(version, f"UPDATE paragraph SET {change} WHERE id = ?", identity)
    with as_large(version) as store:
        with pytest.raises(IndexDamaged, match=r"22 009 999.*decision-qa verify"):
            store.paragraphs([identity])
        with pytest.raises(IndexDamaged):
            store.decision(NORTHWICK)
        assert store.paragraphs([identity - 1])[0][0].pinpoint.number == 7
        assert store.decision(Reference("21 000 832")).paragraphs


@pytest.mark.parametrize("change", ["reference = '22 009 998'", "numbering = 'inferred'", "places = 3"])
def test_altered_decision_is_never_told(version, change):
    """A row of a decision that is not what was written is an error wherever it is read."""
    written(version, f"UPDATE decision SET {change} WHERE id = ?", decision_id(NORTHWICK))
    with as_large(version) as store:
        for read in (
            lambda: store.decision(NORTHWICK),
            lambda: store.entries(Filter()),
            lambda: store.paragraphs([decision_id(NORTHWICK) * PLACES + 8]),
        ):
            with pytest.raises(IndexDamaged, match="22 009 999"):
                read()


def test_row_with_the_digest_of_another_is_never_told(version):
    """A row that is sound by itself, but stands where another should, is an error."""
    begin = decision_id(NORTHWICK) * PLACES
    written(version, "DELETE FROM paragraph WHERE id = ?", begin + 8)
    columns = "number, numbering, section, role, lines, wording, digest"
    written(version, f"INSERT INTO paragraph SELECT ?, {columns} FROM paragraph WHERE id = ?", begin + 8, begin + 7)
    with as_large(version) as store, pytest.raises(IndexDamaged):
        store.paragraphs([begin + 8])


@pytest.mark.parametrize("act", ["build", "remove"])
def test_database_of_another_index_is_never_told(decisions, index, fake, act):
    """A database that has every row of its own, but belongs to an index of other texts, is an error at the first row.

    Also where that was made of an older one, without a decision that was removed.
    """
    path = decisions / "also.txt"
    path.write_text(variant("23 000 001", "lanyard 1"), encoding="utf-8")
    built(decisions, index.parent / "one", fake)
    path.write_text(variant("23 000 001", "lanyard 7"), encoding="utf-8")
    built(decisions, index.parent / "other", fake)
    if act == "remove":
        next(path for path in decisions.iterdir() if "22 009 999" in path.read_text(encoding="utf-8")).unlink()
        built(decisions, index.parent / "other", fake)
        path.write_text(variant("23 000 001", "lanyard 1"), encoding="utf-8")
        built(decisions, index.parent / "one", fake)
        index = index.parent / "one"
    one, other = (max((index.parent / name).glob("0*")) for name in ("one", "other"))
    names = [max(version.glob("segment-*/decisions.sqlite")) for version in (one, other)]
    assert names[0].stat().st_size == names[1].stat().st_size
    shutil.copy(names[1], names[0])
    store = Store(one, small=0)
    held = Reference("23 000 001")
    for read in (
        lambda: store.decision(held),
        lambda: store.paragraphs([decision_id(held) * PLACES + 1]),
        lambda: store.entries(Filter()),
    ):
        with pytest.raises(IndexDamaged, match="than was written"):
            read()
    assert any("another paragraph than was written" in line for line in verify(one.parent).damaged)


def salts(version: Path) -> dict[str, str]:
    return {segment.name: segment.salt for segment in Manifest.read(version).segments}


def test_rows_that_a_build_takes_over_have_the_salt_of_their_new_database(decisions, index, fake):
    """A database that is written anew without what was removed has a salt of its own, one that is linked keeps its."""
    for number in range(5):
        (decisions / f"{number}.txt").write_text(variant(f"23 000 01{number}", f"word{number}"), encoding="utf-8")
    built(decisions, index, fake)
    before = salts(index / "000002")
    (decisions / "4.txt").unlink()
    built(decisions, index, fake)
    after = salts(index / "000003")
    assert before.keys() == after.keys()
    assert [before[name] == after[name] for name in sorted(after)] == [True, False]
    assert verify(index).damaged == ()


def test_missing_row_is_an_error(version):
    """A row that other structures say is there is never left out."""
    identity = decision_id(NORTHWICK) * PLACES + 8
    written(version, "DELETE FROM paragraph WHERE id = ?", identity)
    with as_large(version) as store:
        for read in (lambda: store.paragraphs([identity]), lambda: store.decision(NORTHWICK)):
            with pytest.raises(IndexDamaged):
                read()


@pytest.mark.parametrize("change", ["date = '2022-10-08'", "outcome = 'Upheld.'", "body = 'Kent'", "category = NULL"])
def test_altered_register_is_never_counted(version, change):
    """Lists, counts and what a filter can be set to are of the register that was written, or an error."""
    written(version, f"UPDATE decision SET {change} WHERE id = ?", decision_id(NORTHWICK))
    with as_large(version) as store:
        for read in (
            lambda: store.entries(Filter()), lambda: store.count(Filter()), store.facets, store.bodies,
            lambda: store.require(Filter(council=("kent",))),
        ):  # fmt: skip
            with pytest.raises(IndexDamaged, match="register"):
                read()


def test_false_claim_of_the_same_wording_is_an_error(version):
    """That a paragraph has the wording of another must be said by two structures."""
    begin = decision_id(NORTHWICK) * PLACES
    written(
        version, "UPDATE paragraph SET wording = (SELECT wording FROM paragraph WHERE id = ?) WHERE id = ?",
        begin + 7, begin + 8,
    )  # fmt: skip
    with as_large(version) as store, pytest.raises(IndexDamaged, match="wordings"):
        store.same_wording(begin + 7, 10)


def test_damaged_vectors_are_an_error(version, fake):
    """Vectors that are none are never compared with."""
    path = version / "embeddings" / "vectors"
    vectors = np.fromfile(path, dtype="<f4")
    vectors[vectors > 0] = np.nan
    vectors.tofile(path)
    with as_large(version) as store:
        question = fake.embed_question("lanyard")
        for read in (
            lambda: store.search_vectors(question.vector, 5, Filter()),
            lambda: store.score_late_interaction(
                question, np.ones(1, dtype=np.float32), [decision_id(NORTHWICK) * PLACES + 8]
            ),
        ):
            with pytest.raises(IndexDamaged, match="vectors"):
                read()


_FOOTER = 150  # bytes at the end of a file of terms that are read when it is opened


@pytest.mark.parametrize("suffix", ["term", "idx", "pos"])
def test_damaged_terms_are_a_declared_error(version, suffix):
    """Whatever the engine makes of damaged terms when it looks for words, a panic too, is a declared error."""
    [path] = (version / "terms").glob(f"*.{suffix}")
    content = bytearray(path.read_bytes())
    chance = random.Random(1)
    errors = 0
    for _ in range(20):
        changed = bytearray(content)
        for place in range(0, len(content) - _FOOTER, 16):
            changed[place] = chance.randrange(256)
        path.unlink()  # a thread of the engine may still read the one before, which must not become shorter
        path.write_bytes(changed)
        with as_large(version) as store:
            try:
                store.words("what of the lanyard and the council")
                store.search_bm25("what of the lanyard and the council", 5, Filter())
            except IndexDamaged:
                errors += 1
    assert errors


@pytest.mark.parametrize("suffix", ["term", "idx", "fast", "pos", "fieldnorm"])
def test_terms_that_cannot_be_opened_are_damage(version, suffix):
    """Terms whose footer is damaged are not opened."""
    [path] = (version / "terms").glob(f"*.{suffix}")
    content = bytearray(path.read_bytes())
    content[-_FOOTER:] = bytes(_FOOTER)
    path.write_bytes(content)
    with pytest.raises(IndexDamaged), as_large(version):
        pass


@contextlib.contextmanager
def no_descriptors(left: int = 0):
    """So many more files can be opened by this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    gc.collect()  # what others left open is not to be closed meanwhile
    with Path(os.devnull).open() as lowest:
        limit = lowest.fileno() + left if left else 3  # below which all are always taken
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("check", [Store.verify_again, Store.check_mapped])
def test_shortage_of_descriptors_is_no_damage(version, check):
    """Where a machine is short of descriptors when a version is checked, that is told, and the version stays in use."""
    with contextlib.closing(Store(version, most=0)) as store:
        with no_descriptors(), pytest.raises(IndexUnusable, match="just now: Too many open files") as told:
            check(store)
        assert not isinstance(told.value, IndexDamaged)
        assert store.count(Filter()) == 2


@pytest.mark.parametrize("act", [Store.open, verify])
def test_shortage_of_descriptors_is_told_when_it_is_opened(index, act):
    """The same when a version is opened or verified."""
    with no_descriptors(1), pytest.raises(IndexUnusable, match="just now: Too many open files") as told:
        act(index)
    assert not isinstance(told.value, IndexDamaged)


def test_version_that_could_not_be_opened_is_tried_again(decisions, index, fake, monkeypatch, caplog):
    """What could not be taken up for want of descriptors is after a while; that it was not is told meanwhile."""
    monkeypatch.setattr("index.latest_store._RETRY_SECONDS", -1.0)
    latest = LatestStore(index)
    assert latest.get().version == "000001"
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    built(decisions, index, fake)
    with no_descriptors(2):
        assert latest.get().version == "000001"
    assert "Too many open files" in caplog.text and "Version 000001 goes on." in caplog.text
    assert latest.get().version == "000002"


def test_damaged_new_version_is_tried_once_in_a_while(decisions, index, fake, caplog):
    """A damaged new version is not opened for every question, and the one before goes on."""
    latest = LatestStore(index)
    latest.get()
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    built(decisions, index, fake)
    altered(index / "000002" / "manifest.json")
    for _ in range(3):
        assert latest.get().version == "000001"
    assert caplog.text.count("000002") == 1


def test_index_of_an_older_format_is_told_so(version):
    """A version from before manifests had checksums is of another format, not damaged."""
    (version / "manifest.json.sha256").unlink()
    path = version / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"schema": 7}))
    with pytest.raises(IndexMismatch, match="format 7"):
        Store(version)


def test_what_was_found_damaged_is_used_no_more(version):
    """After a check of all files found damage, everything that is asked of the version is refused."""
    altered(version / "embeddings" / "vectors")
    store = Store(version)
    assert store.count(Filter()) == 2
    with pytest.raises(IndexDamaged, match="embeddings/vectors"):
        store.verify()
    for read in (lambda: store.count(Filter()), lambda: store.decision(NORTHWICK), lambda: store.words("a")):
        with pytest.raises(IndexDamaged, match="embeddings/vectors"):
            read()


def test_check_of_all_files_may_be_broken_off(version):
    """What is told of the bytes that were read may end the check, which then finds nothing."""

    class Enough(Exception):
        pass

    def stop(_: int) -> None:
        raise Enough

    altered(version / "embeddings" / "vectors")
    store = Store(version)
    with pytest.raises(Enough):
        store.verify(stop)
    assert store.count(Filter()) == 2


def refusing(index: Path, name: str) -> LatestStore:
    """The version as a server has it that has found by itself that this file is damaged, and refuses to answer."""
    latest = LatestStore(index, verify_in_background=True)
    with contextlib.suppress(IndexDamaged):  # it may be found at once
        latest.get()
    wait_until(lambda: latest._store.damage)
    with pytest.raises(IndexDamaged, match=name):
        latest.get()
    return latest


def test_server_checks_in_the_background_and_takes_up_what_was_mended(decisions, index, fake):
    """A server finds damage by itself and refuses to answer, until a build made the index anew."""
    altered(index / "000001" / "embeddings" / "tokens")
    latest = refusing(index, "embeddings/tokens")
    assert "embeddings/tokens" in built(decisions, index, fake).damage
    assert latest.get().version == "000002"


COLUMNS = Columns.names()


def spoilt(path: Path) -> None:
    """Overwrite the values of a file in place, as a disk could while it is mapped."""
    with path.open("r+b") as file:
        file.seek(128 if path.suffix == ".npy" else 0)
        file.write(b"\x7f" * (path.stat().st_size - file.tell()))


def asked(store: Store, fake: WordEmbedder) -> list[object]:
    """What is told where all of the columns are used."""
    question, within = fake.embed_question("lanyard"), Filter(role=("facts",))
    found = [*store.search_bm25("lanyard", 9, Filter()), *store.search_vectors(question.vector, 9, within)]
    ids = [identity for identity, _ in found]
    meet = store.score_late_interaction(question, np.ones(1, dtype=np.float32), ids)
    same = [store.same_wording(identity, 9) for identity in ids]
    met = [array.tolist() for array in (meet.cosines, meet.headings, meet.sentences)]
    return [found, met, same, store.facets(), store.count(within)]


@pytest.mark.parametrize("name", [*(f"segment-000001/{name}" for name in COLUMNS), "embeddings/ends"])
def test_columns_that_are_spoilt_later_change_nothing(version, fake, name):
    """Of small columns, and of where texts end, what is told is what was checked when the version was opened."""
    store, other = Store(version), Store(version)
    before = asked(other, fake)
    spoilt(version / name)
    assert asked(store, fake) == before


@pytest.mark.parametrize("name", [*(f"segment-000001/{name}" for name in COLUMNS), "embeddings/ends"])
def test_mapped_columns_that_are_spoilt_later_are_never_another_error(version, fake, name):
    """Where what is mapped leads nowhere that is told to be damage; where it says something else, a check finds it."""
    store = Store(version, most=0)
    spoilt(version / name)
    with contextlib.suppress(IndexDamaged):
        asked(store, fake)
    with pytest.raises(IndexDamaged, match=name):
        store.verify_again()
    with pytest.raises(IndexDamaged, match=name):
        store.count(Filter())


def test_lookup_in_what_is_spoilt_marks_the_version(version, fake):
    """After a lookup that led nowhere because of damage, the version is used no more."""
    store = Store(version, most=0)
    spoilt(version / "segment-000001" / "texts.npy")
    with pytest.raises(IndexDamaged, match=r"texts\.npy is not what was written"):
        asked(store, fake)
    assert "texts.npy" in store.damage


def test_error_that_is_no_damage_stays_what_it_is(version, fake):
    """An error of this program's own in a sound version is not told to be damage."""
    store = Store(version, most=0)
    with pytest.raises(ValueError, match="concatenate"):
        store.score_late_interaction(fake.embed_question("lanyard"), np.ones(1, dtype=np.float32), [])
    assert store.damage == ""


def checking() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "verify"]


def test_server_checks_again_and_again(index, monkeypatch):
    """What is spoilt after a server checked all of a version is found by a later check."""
    monkeypatch.setattr("index.latest_store._CHECK_SECONDS", 0.01)
    latest = LatestStore(index, verify_in_background=True)
    store = latest.get()
    assert store.count(Filter()) == 2
    spoilt(index / "000001" / "embeddings" / "ends")
    wait_until(lambda: store.damage)
    with pytest.raises(IndexDamaged, match="embeddings/ends"):
        latest.get()


def test_damage_that_was_put_right_is_damage_no_more(index, monkeypatch):
    """A version whose file was wrong for a while is used again when it is right."""
    monkeypatch.setattr("index.latest_store._RETRY_SECONDS", 0.01)
    path = index / "000001" / "embeddings" / "vectors"
    altered(path)
    latest = refusing(index, "embeddings/vectors")
    altered(path)
    wait_until(lambda: not latest._store.damage)
    assert latest.get().count(Filter()) == 2


def test_no_version_is_kept_to_be_checked_again(index):
    """The thread that checks ends with the last who uses the version."""
    others = checking()
    latest = LatestStore(index, verify_in_background=True)
    latest.get()
    [thread] = [thread for thread in checking() if thread not in others]
    del latest
    gc.collect()
    thread.join(60)
    assert not thread.is_alive()


def test_version_that_a_cycle_holds_is_let_go(decisions, index, fake, monkeypatch):
    """What a page that was rendered leaves behind keeps the version before, and what it says, not for long."""
    monkeypatch.setattr("index.latest_store._CLOSE_SECONDS", 0.01)
    latest = LatestStore(index, verify_in_background=True)
    page = {"store": latest.get()}
    page["page"] = page
    reference = weakref.ref(page.pop("store"))
    page["store"] = reference()
    gc.disable()
    try:
        shutil.copy(SEEDS / "21-002-206.txt", decisions)
        built(decisions, index, fake)
        assert latest.get().version == "000002"
        assert reference() is not None
        del page
        wait_until(lambda: reference() is None)
    finally:
        gc.enable()


def test_unchanged_server_does_not_check_unasked(index):
    """Without being told to, a store of the latest version begins no thread."""
    before = set(threading.enumerate())
    LatestStore(index).get()
    assert set(threading.enumerate()) <= before  # others may end meanwhile


@pytest.mark.parametrize(
    "name",
    [f"embeddings/{name}" for name in (*GROWING, "projection.npy", "blocks")]
    + ["manifest.json", "terms/meta.json", "segment-000001/decisions.sqlite", "segment-000001/vectors.faiss"],
)
def test_build_mends_what_is_damaged(decisions, index, fake, name):
    """A build makes a damaged version anew, though no file of the folder changed, and the new one is sound."""
    altered(index / "000001" / name)
    assert verify(index).damaged
    report = built(decisions, index, fake)
    assert (report.changed, report.version) == (True, "000002")
    assert name.rpartition("/")[0] in report.damage
    assert verify(index).damaged == ()
    assert not built(decisions, index, fake).changed


def test_damaged_base_is_never_linked(decisions, index, fake):
    """What is added to a damaged version goes into one that is made of the folder alone."""
    altered(index / "000001" / "segment-000001" / "decisions.sqlite", 5000)
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    built(decisions, index, fake)
    other = WordEmbedder()
    built(decisions, index.parent / "other", other)
    one, two = index / "000002", index.parent / "other" / "000001"
    assert (paragraphs_of(one), len(Manifest.read(one).segments)) == (paragraphs_of(two), 1)


def test_texts_of_a_damaged_block_alone_are_embedded_again(decisions, index, fake):
    """Where embeddings are damaged, those of the other blocks are used, and the damaged ones are in no version."""
    size = (index / "000001" / "embeddings" / "vectors").stat().st_size
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    built(decisions, index, fake)
    second = set(fake.embedded)
    fake.embedded.clear()
    altered(index / "000002" / "embeddings" / "vectors", size + 3)  # in the second block
    built(decisions, index, fake)
    assert set(fake.embedded) == second
    assert verify(index).damaged == ()
    (decisions / "a.txt").write_text(variant("23 000 001", "ferry"), encoding="utf-8")
    built(decisions, index, fake)
    assert verify(index).damaged == ()


def unlinked(path: Path, at: int) -> None:
    """Put another file in the place of one that versions have, with a flipped bit."""
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("name", GROWING)
def test_embeddings_beside_a_sound_version_are_mended(decisions, index, fake, name, more):
    """Where one file of the embeddings is another than that of the sound version, and damaged, a build mends it.

    Also where there are more rows than the version has, which a build left that was not published.
    """
    [folder] = index.glob("embeddings-*")
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    if more:
        with contextlib.closing(Store.open(index)):
            built(decisions, index, fake)
        assert (index / "000001").is_dir()
        shutil.rmtree(index / "000002")
        fake.embedded.clear()
    unlinked(folder / name, 5)
    report = built(decisions, index, fake)
    assert (report.damage, report.changed, verify(index).damaged) == ("", True, ())
    assert (folder / name).samefile(index / "000002" / "embeddings" / name)
    texts = len(fake.embedded)
    other = WordEmbedder()
    built(decisions, index.parent / "other", other)
    assert 0 < texts < len(other.embedded)  # those of the version are not embedded again


def test_damaged_rows_are_not_published(decisions, index, fake):
    """What is damaged between being embedded and being published stays unpublished, and the next build mends it."""
    [folder] = index.glob("embeddings-*")
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    with pytest.raises(IndexUnusable, match=r"tokens is not what was written .* version 000001 stays published"):
        built(decisions, index, fake, indexing=lambda done, total: altered(folder / "tokens"))
    assert built(decisions, index, fake).version == "000002"
    assert verify(index).damaged == ()


def test_wrong_row_of_a_text_is_not_used(decisions, index, fake):
    """A text whose row in the embeddings is not the one that was entered is embedded again."""
    [path] = index.glob("embeddings-*/texts")
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        assert database.execute("UPDATE text SET row = row + 1 WHERE row = 3").rowcount == 1
    shutil.rmtree(index / "000001")
    built(decisions, index, fake)
    assert len(fake.embedded) == 1


def test_damaged_reading_is_read_again(decisions, index, fake):
    """What is remembered of a file counts only as it was remembered."""
    with contextlib.closing(sqlite3.connect(index / "readings")) as database, database:
        sql = "UPDATE reading SET reference = NULL WHERE reference = ?"
        assert database.execute(sql, (str(NORTHWICK),)).rowcount == 1
    report = built(decisions, index, fake)
    assert (report.changed, report.counts["unchanged"]) == (False, 2)


def test_sound_index_is_told_so(index):
    """A check of all that is sound finds nothing, and counts the files and what they hold."""
    found = verify(index)
    files = [path for path in (index / "000001").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert (found.damaged, found.version, found.files, found.decisions) == ((), "000001", len(files), 2)
    assert found.size == sum(path.stat().st_size for path in files if not path.name.startswith("manifest"))


@pytest.mark.parametrize("act", ["delete", "dangle"])
def test_lack_of_a_manifest_is_damage(decisions, index, fake, act):
    """A version without its manifest is told to be damaged, and is built anew."""
    path = index / "000001" / "manifest.json"
    path.unlink()
    if act == "dangle":
        path.symlink_to(index / "gone")
    assert verify(index).damaged == ("manifest.json cannot be read (No such file or directory)",)
    assert "manifest.json" in built(decisions, index, fake).damage
    assert verify(index).damaged == ()


def test_damaged_number_of_the_schema_is_damage(version):
    """A manifest is of another format only if it is what was written."""
    path = version / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"schema": %d' % SCHEMA, b'"schema": 8'))
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        Store(version)


def nested(content: object, keys: tuple[str | int, ...], value: object) -> None:
    """Put a value where some keys lead."""
    for key in keys[:-1]:
        content = content[key]  # type: ignore[index]
    content[keys[-1]] = value  # type: ignore[index]


@pytest.mark.parametrize(
    "keys",
    [
        ("dimension",),
        ("rows",),
        ("files",),
        ("files", "22 009 999"),
        ("segments",),
        ("segments", 0, "rows"),
        ("segments", 0, "deleted"),
        ("content", "embeddings/blocks", 0),
    ],
)
def test_manifest_of_other_types_is_damage(version, keys):
    """A manifest whose checksum is right but that has another kind of thing somewhere is damage, and nothing else."""
    before = (version / "manifest.json").read_bytes()
    for value in (None, -1, 1 << 70, 1.5, True, "x"):
        content = json.loads(before)
        nested(content, keys, value)
        written = json.dumps(content).encode()
        (version / "manifest.json").write_bytes(written)
        (version / "manifest.json.sha256").write_text(f"{hashlib.sha256(written).hexdigest()}  manifest.json\n")
        with pytest.raises(IndexDamaged):
            Store(version)
        assert verify(version.parent).damaged


@pytest.mark.parametrize(
    "written",
    ["[" * 100_000, "[1]", "[[]]", '[[0, 1, {"vectors": [0, 1]}]]', '[[0, 1, {"vectors": [0, 1e400, "a"]}]]', "{}"]
    + [f'[[0, 1, {{"ends": [{begin}, 9, "a"]}}]]' for begin in ("-1", "null", "2.5", f"1{'0' * 30}")]
    + ['[[0, 1, {"\\ud800": [0, 1, "a"]}]]', "[[0.5, 1, {}]]", "\udcff"],
)
def test_blocks_that_are_none_are_told_with_their_checksum(version, written):
    """Whatever stands in place of the blocks of the embeddings, the check tells that they are not what was written."""
    path = version / "embeddings" / "blocks"
    content = written.encode(errors="surrogateescape")
    path.write_bytes(content[: path.stat().st_size].ljust(path.stat().st_size))
    assert "embeddings/blocks is not what was written" in verify(version.parent).damaged


def test_everything_that_is_damaged_is_told(version):
    """A check goes on after the first damage, and tells of each file, and of whom a damaged row is."""
    altered(version / "embeddings" / "vectors")
    altered(version / "segment-000001" / "ids.npy")
    (version / "segment-000001" / "roles.npy").unlink()
    os.truncate(version / "embeddings" / "tokens", 9)
    written(version, "UPDATE paragraph SET number = 9 WHERE id = ?", decision_id(NORTHWICK) * PLACES + 8)
    told = "\n".join(verify(version.parent).damaged)
    assert "embeddings/vectors is not what was written" in told
    assert "segment-000001/ids.npy is not what was written" in told
    assert "segment-000001/roles.npy cannot be read: No such file or directory" in told
    assert "embeddings/tokens has 9 bytes in place of" in told
    assert "segment-000001/decisions.sqlite has another paragraph than was written at 22 009 999" in told


def test_rows_are_checked_beside_the_file(version):
    """A row that was written wrongly, in a file that is as it was written, is found."""
    written(version, "UPDATE paragraph SET number = 9 WHERE id = ?", decision_id(NORTHWICK) * PLACES + 8)
    path = version / "segment-000001" / "decisions.sqlite"
    manifest = Manifest.read(version)
    name = "segment-000001/decisions.sqlite"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.content[name] = type(manifest.content[name])(name, 0, path.stat().st_size, sha256)
    manifest.write(version)
    assert verify(version.parent).damaged == (f"{name} has another paragraph than was written at 22 009 999",)


def holders(folder: Path, phrase: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and phrase in path.read_bytes()]


@pytest.mark.parametrize("act", ["remove", "change"])
@pytest.mark.parametrize("others", [0, 5])
def test_no_word_of_a_removed_decision_is_left(decisions, index, fake, act, others):
    """What a decision said that was removed or changed stands in no file of the next version."""
    for number in range(others):  # so that the segment is not written anew as a whole
        (decisions / f"{number}.txt").write_text(variant(f"23 000 01{number}", f"word{number}"), encoding="utf-8")
    path = decisions / "gone.txt"
    path.write_text(variant("23 000 001", f"{LISTED} zyzzyva"), encoding="utf-8")
    built(decisions, index, fake)
    assert "decisions.sqlite" in holders(index / "000002", LISTED.encode())
    assert Terms(index / "000002" / "terms").words("zyzzyva")[0].is_held
    if act == "remove":
        path.unlink()
    else:
        path.write_text(variant("23 000 001", "ferry"), encoding="utf-8")
    built(decisions, index, fake)
    for word in (LISTED.encode(), b"zyzzyva"):
        assert holders(index / "000003", word) == []
    # The engine writes words in parts, and would tell of one that it only struck out.
    assert not Terms(index / "000003" / "terms").words("zyzzyva")[0].is_held
    store = Store.open(index)
    assert store.holds(Reference("23 000 001")) == (act == "change")
    assert verify(index).damaged == ()


def test_purging_leaves_no_vector_of_what_was_removed(decisions, index, fake):
    """After a purge there are vectors of the texts that are held, and of no others."""
    path = decisions / "gone.txt"
    path.write_text(variant("23 000 001", LISTED), encoding="utf-8")
    built(decisions, index, fake)
    path.unlink()
    built(decisions, index, fake)
    assert Store.open(index).manifest.rows > len(fake.embedded)
    fake.embedded.clear()
    report = built(decisions, index, fake, purge=True)
    assert (report.changed, Store.open(index).manifest.rows) == (True, len(fake.embedded))
    [folder] = index.glob("embeddings-*")
    assert (folder / "vectors").stat().st_size == 4 * 64 * len(fake.embedded)
    assert report.counts["unchanged"] == 2


def elsewhere(index: Path, program: str) -> str:
    """What a program prints that is run by somebody who can write to no folder of the index."""
    command = [sys.executable, "-c", program, str(index)]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("there is no setpriv to become another user")
        command = ["setpriv", "--reuid", "65534", "--clear-groups", *command]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    if "Permission denied" in ended.stderr and str(PROJECT) in ended.stderr:
        pytest.skip("nobody else can read the program")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


READS = """
import os, pathlib, sys
sys.path.insert(0, "tests")
from index.decisions import Reference
from index.latest_store import LatestStore
from index.catalogue import Filter
from index.verify import verify
index = pathlib.Path(sys.argv[1])
assert not os.access(index, os.W_OK) and not os.access(index / "000001" / "terms", os.W_OK)
store = LatestStore(index).get()
print(len(store.search_bm25("lanyard", 9, Filter())), len(store.decision(Reference("22 009 999")).paragraphs))
print(store.count(Filter()), verify(index).damaged)
"""


def test_index_that_cannot_be_written_to_answers(index, tmp_path_factory, fake):
    """Where nothing of an index can be written, for want of permission or on a disk for reading, it is read as ever."""
    for folder in (index, *index.parents):  # what pytest makes is its user's alone
        if folder.is_relative_to(tmp_path_factory.getbasetemp().parent):
            folder.chmod(0o755)
    shutil.rmtree(next(index.glob("embeddings-*")))
    for path in (index, *index.rglob("*")):
        path.chmod(0o555 if path.is_dir() else path.stat().st_mode & 0o444)
    try:
        first, second = elsewhere(index, READS).splitlines()
    finally:
        for path in (index, *index.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
    store = Store.open(index)
    assert first == f"{len(store.search_bm25('lanyard', 9, Filter()))} {len(store.decision(NORTHWICK).paragraphs)}"
    assert second == "2 ()"


def test_flipped_bits_never_make_it_say_what_is_not_so(seed_index, tmp_path, models):
    """Of bits over all kinds of file, flipped one at a time, each is found, and none changes what is told."""
    script = load_script("flip_bits")
    newest = max(path for path in seed_index.iterdir() if path.name.isdigit())
    version = script.copy_of(newest, tmp_path / newest.name)
    flipper = script.Flipper(version, models)
    bits = script.drawn(version, 30, random.Random(7))
    assert {kind for kind, _, _ in bits} == set(script.KINDS)
    met = [(name, bit, flipper.tried(name, bit)) for _, name, bit in bits]
    bad = [one for one in met if one[2][0] in script.BAD or one[2][1] in script.BAD or not one[2][2]]
    assert bad == []
    assert "declared" in {one[2][1] for one in met}
    assert verify_copy(version, newest)


def verify_copy(version: Path, newest: Path) -> bool:
    """Whether every bit was flipped back."""
    return all(
        (version / path.relative_to(newest)).read_bytes() == path.read_bytes()
        for path in newest.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    )


def test_fault_at_the_rows_of_a_segment_leaves_the_rest_checked(index, version, monkeypatch):
    """If checking rows fails in a way that nobody foresaw, that is told by type and place beside other damage."""
    altered(version / "terms" / "meta.json")

    def fail(*_):
        raise KeyError("a word of a row")

    monkeypatch.setattr("index.verify.digest_of", fail)
    files, rows = verify(index).damaged
    assert files.startswith("terms/meta.json")
    assert rows.startswith("segment-000001/decisions.sqlite cannot be read (KeyError at")


def test_want_of_memory_is_no_damage(index, monkeypatch):
    """If there is no memory to check an index whose files are whole, nothing is told of it but that."""

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("index.verify.digest_of", fail)
    with pytest.raises(NotEnoughMemory, match=r"There is not enough memory to check the index\."):
        verify(index)


def test_fault_of_a_check_in_the_background_does_not_end_checking(index, monkeypatch):
    """If a check fails in a way that nobody foresaw, the server checks again."""
    monkeypatch.setattr("index.latest_store._RETRY_SECONDS", 0.01)
    again = threading.Event()

    def fail(*_):
        raise KeyError

    monkeypatch.setattr(Store, "verify", fail)
    monkeypatch.setattr(Store, "verify_again", lambda *_: again.set())
    latest = LatestStore(index, verify_in_background=True)
    latest.get()
    assert again.wait(60)
