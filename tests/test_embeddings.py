from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from conftest import PROJECT, SEEDS, WordEmbedder

from index.build import build
from index.embeddings import Embeddings, Rows
from index.errors import IndexUnusable
from index.store import Filter, Store

TEXTS = [f"text {number}" for number in range(2500)]  # three blocks


class Interrupted(WordEmbedder):
    """A model that is interrupted at its second block."""

    def embed(self, texts, progress=None):
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed(texts, progress)


@pytest.fixture
def opened(tmp_path, fake):
    """Opens the embeddings of an index anew."""
    held: list[Embeddings] = []

    def opened(needed: Rows | None = None) -> Embeddings:
        for embeddings in held:
            embeddings.close()
        (tmp_path / "waiting").unlink(missing_ok=True)
        held.append(Embeddings(tmp_path, fake.model, tmp_path / "waiting", needed))
        return held[-1]

    yield opened
    held[-1].close()


def file_of(tmp_path):
    return tmp_path / ("embeddings-" + "0" * 16) / "vectors"


def test_each_text_has_its_vector(opened, fake):
    """The row that a text was given holds its vector once what waits was embedded."""
    embeddings = opened()
    rows = [embeddings.row_of(text) for text in TEXTS]
    embeddings.embed(fake.embed, None)
    assert np.array_equal(embeddings.read()[rows], WordEmbedder().embed(TEXTS))


def test_text_is_embedded_once(opened, fake):
    """A text that comes twice, or that is known, does not wait."""
    embeddings = opened()
    assert embeddings.row_of("a") == embeddings.row_of("a") == 0
    embeddings.embed(fake.embed, None)
    embeddings = opened()
    assert (embeddings.row_of("a"), embeddings.row_of("b"), embeddings.waiting) == (0, 1, 1)


def test_progress_counts_all_blocks(opened, fake):
    """Progress counts up to all the texts that wait."""
    told: list[tuple[int, int]] = []
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    embeddings.embed(fake.embed, lambda done, total: told.append((done, total)))
    assert told == [(1024, 2500), (2048, 2500), (2500, 2500)]


def test_interruption_loses_no_block(opened, fake):
    """What was embedded before an interruption is not embedded again."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    with pytest.raises(KeyboardInterrupt):
        embeddings.embed(Interrupted().embed, None)
    embeddings = opened()
    for text in reversed(TEXTS):
        embeddings.row_of(text)
    embeddings.embed(fake.embed, None)
    assert (len(fake.embedded), embeddings.rows) == (2500 - 1024, 2500)
    assert np.array_equal(embeddings.read()[[embeddings.row_of(text) for text in TEXTS]], WordEmbedder().embed(TEXTS))


def test_torn_end_is_written_over(opened, fake, tmp_path):
    """Rows that were written but not entered are written over."""
    embeddings = opened()
    embeddings.row_of("a")
    embeddings.embed(fake.embed, None)
    with file_of(tmp_path).open("ab") as file:
        file.write(b"\1" * 1000)
    embeddings = opened()
    row = embeddings.row_of("b")
    embeddings.embed(fake.embed, None)
    assert np.array_equal(embeddings.read()[row], WordEmbedder().embed(["b"])[0])


@pytest.mark.parametrize("part", ["texts", "vectors"])
def test_damage_is_begun_anew(opened, fake, tmp_path, part):
    """A file that a crash left damaged is begun anew, as another file: versions may have the old one open."""
    embeddings = opened()
    embeddings.row_of("a")
    embeddings.embed(fake.embed, None)
    embeddings.close()
    stamp = embeddings.stamp
    embeddings.link(tmp_path / "linked")
    file_of(tmp_path).with_name(part).write_bytes(b"x" * 100)
    embeddings = opened()
    assert (embeddings.rows, embeddings.stamp == stamp) == (0, False)
    assert not file_of(tmp_path).samefile(tmp_path / "linked")


def test_rows_of_a_version_are_kept(opened, fake, tmp_path):
    """Where the file was lost, the rows that a version needs keep their places."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    embeddings.embed(fake.embed, None)
    embeddings.link(tmp_path / "linked")
    needed = Rows(tmp_path / "linked", embeddings.stamp, 2000, embeddings.dimension)
    embeddings.close()
    shutil.rmtree(file_of(tmp_path).parent)
    embeddings = opened(needed)
    assert (embeddings.row_of("new"), embeddings.stamp) == (2000, needed.stamp)
    embeddings.embed(fake.embed, None)
    assert np.array_equal(embeddings.read()[:2000], WordEmbedder().embed(TEXTS[:2000]))


def test_no_room_for_vectors(opened, fake, tmp_path):
    """Where a block finds no room, one sentence says so, and nothing of it is left over."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500 * 64 * 4, limits[1]))
    try:
        with pytest.raises(IndexUnusable, match="could not be written"):
            embeddings.embed(fake.embed, None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (embeddings.rows, file_of(tmp_path).stat().st_size) == (1024, 1024 * 64 * 4)


def test_decision_that_comes_back_is_not_embedded_again(decisions, tmp_path, fake):
    """A decision that was removed and added again finds the vectors of its texts."""
    path = decisions / "22-009-999.txt"
    content = path.read_bytes()
    build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    path.unlink()
    build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    path.write_bytes(content)
    fake.embedded.clear()
    report = build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    assert (report.embedded, report.loading, fake.embedded) == (0, None, [])
    assert Store.open(tmp_path / "index").matching("lanyard", 1, Filter())


def test_killed_first_build_is_resumed(tmp_path, fake):
    """What a first build embedded before it was killed is not embedded by the next."""
    folder = tmp_path / "decisions"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns("README.md"))
    program = """
import os, pathlib, signal, sys
sys.path.insert(0, "tests")
from conftest import WordEmbedder
from index.build import build

class Killed(WordEmbedder):
    def embed(self, texts, progress=None):
        if self.embedded:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts, progress)

killed = Killed()
build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), killed.model, lambda _: killed)
"""
    command = [sys.executable, "-c", program, str(folder), str(tmp_path / "index")]
    assert subprocess.run(command, cwd=PROJECT).returncode == -signal.SIGKILL
    assert sorted(os.listdir(tmp_path / "index"))[0] == ".building-000001"
    report = build(folder, tmp_path / "index", fake.model, lambda _: fake)
    whole = WordEmbedder()
    build(folder, tmp_path / "other", whole.model, lambda _: whole)
    assert report.embedded == len(fake.embedded) == len(whole.embedded) - 1024


def test_index_without_its_embeddings_is_added_to(decisions, tmp_path, fake):
    """Where the embeddings of an index were lost, an addition embeds its own texts and goes on from the version."""
    build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    every = len(fake.embedded)
    shutil.rmtree(file_of(tmp_path / "index").parent)
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    report = build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    assert report.changed
    store = Store.open(tmp_path / "index")
    assert (store.manifest.decisions, len(store.manifest.segments)) == (3, 2)
    [(identity, _)] = store.matching("lanyard", 1, Filter())
    [(paragraph, _)] = store.paragraphs([identity])
    vector = fake.embed_question("lanyard")
    for start, end, cosine in store.compare(vector, identity):
        assert cosine == pytest.approx(float(fake.embed([paragraph.text[start:end]])[0] @ vector), abs=1e-6)
    assert every > 0


def test_another_process_sees_no_texts_of_an_open_block(opened, fake, tmp_path):
    """Texts are entered with their block, not before."""
    embeddings = opened()
    embeddings.row_of("a")
    other = sqlite3.connect(file_of(tmp_path).with_name("texts"))
    assert other.execute("SELECT COUNT(*) FROM text").fetchone() == (0,)
    embeddings.embed(fake.embed, None)
    assert other.execute("SELECT COUNT(*) FROM text").fetchone() == (1,)
    other.close()
