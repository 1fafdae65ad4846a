from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ONE_WORD, PROJECT, SEEDS, WordEmbedder

from index.build import build
from index.catalogue import Filter
from index.decisions import Reference
from index.embedding.types import Embedding
from index.engine.embedding_files import EmbeddingReader
from index.engine.embedding_store import EmbeddingWriter, Rows
from index.engine.late_interaction import Projection, by_sentence, interact
from index.errors import IndexUnusable
from index.passages import sentences
from index.store import Store
from index.text.sentences import GRAMMAR, sentence_spans

TEXTS = [f"text {number}. Its sentence." for number in range(2500)]  # three blocks
GROWING = ["vectors", "tokens", "sentences", "ends"]


class Interrupted(WordEmbedder):
    """A model that is interrupted at its second block."""

    def embed(self, texts, progress=None):
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed(texts, progress)


@pytest.fixture
def opened(tmp_path, fake):
    """Opens the embeddings of an index anew."""
    held: list[EmbeddingWriter] = []

    def opened(needed: Rows | None = None) -> EmbeddingWriter:
        for embeddings in held:
            embeddings.close()
        (tmp_path / "pending").unlink(missing_ok=True)
        held.append(EmbeddingWriter(tmp_path, fake.model, tmp_path / "pending", needed))
        return held[-1]

    yield opened
    held[-1].close()


def folder_of(index: Path) -> Path:
    return index / (f"embeddings-4-{GRAMMAR:08x}-" + "0" * 16)


def told(embedded: EmbeddingReader, rows: list[int], question: str = "what is text 7 about") -> list[object]:
    """All that these rows tell of a question."""
    asked = WordEmbedder().embed_question(question)
    weights = np.full(len(asked.tokens), 1 / len(asked.tokens), dtype=np.float32)
    found = embedded.interact(asked.tokens, weights, np.array(rows))
    return [embedded.vectors[rows].tolist(), found.tokens.tolist(), [scores.tolist() for scores in found.sentences]]


def expected(texts: list[str], question: str = "what is text 7 about") -> list[object]:
    """The same, made without any file."""
    fake = WordEmbedder()
    asked = fake.embed_question(question)
    weights = np.full(len(asked.tokens), 1 / len(asked.tokens), dtype=np.float32)
    projection = Projection.of(fake, 64)
    sorted_out = [
        by_sentence(embedding, sentence_spans(text)) for text, embedding in zip(texts, fake.embed(texts), strict=True)
    ]
    codes = np.concatenate([projection.encode(tokens) for tokens, _ in sorted_out])
    counts = np.concatenate([np.array(counts) for _, counts in sorted_out])
    lengths = np.array([len(counts) for _, counts in sorted_out])
    found = interact(asked.tokens, weights, [codes], counts, lengths)
    vectors = [embedding.vector.tolist() for embedding in fake.embed(texts)]
    return [vectors, found.tokens.tolist(), [scores.tolist() for scores in found.sentences]]


def test_each_text_has_its_row(opened, fake):
    """The row that a text was given holds its vector and its tokens once what waits was embedded."""
    embeddings = opened()
    rows = [embeddings.row_of(text) for text in TEXTS]
    embeddings.embed(fake, None)
    assert told(embeddings.read(), rows) == expected(TEXTS)


def test_rows_are_read_in_any_order(opened, fake):
    """Rows may be asked for in any order, and more than once."""
    embeddings = opened()
    for text in TEXTS[:9]:
        embeddings.row_of(text)
    embeddings.embed(fake, None)
    assert told(embeddings.read(), [7, 0, 7, 3]) == expected([TEXTS[row] for row in (7, 0, 7, 3)])


def test_text_without_tokens_has_a_row(opened, fake):
    """A text of which the model reads no token, or no sentence, takes no other's."""

    class Mute(WordEmbedder):
        def embed(self, texts, progress=None):
            embeddings = super().embed(texts, progress)
            return [
                Embedding(item.vector, item.tokens[:0], item.spans[:0]) if "mute" in text else item
                for text, item in zip(texts, embeddings, strict=True)
            ]

    embeddings = opened()
    rows = [embeddings.row_of(text) for text in ("mute", "text 7", "mute. It is.", "\n", "What is. Text 7")]
    embeddings.embed(Mute(), None)
    _, tokens, sentences = told(embeddings.read(), rows)
    assert [max(row) for row in tokens] == pytest.approx([0, ONE_WORD, 0, 0, ONE_WORD], abs=0.01)
    assert [len(scores) for scores in sentences] == [1, 1, 2, 0, 2]


def test_text_is_embedded_once(opened, fake):
    """A text that comes twice, or that is known, does not wait."""
    embeddings = opened()
    assert embeddings.row_of("lanyard") == embeddings.row_of("lanyard") == 0
    embeddings.embed(fake, None)
    embeddings = opened()
    assert (embeddings.row_of("lanyard"), embeddings.row_of("b"), embeddings.pending) == (0, 1, 1)


def test_progress_counts_all_blocks(opened, fake):
    """Progress counts up to all the texts that wait."""
    counted: list[tuple[int, int]] = []
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    embeddings.embed(fake, lambda done, total: counted.append((done, total)))
    assert counted == [(1024, 2500), (2048, 2500), (2500, 2500)]


def test_interruption_loses_no_block(opened, fake):
    """What was embedded before an interruption is not embedded again."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    with pytest.raises(KeyboardInterrupt):
        embeddings.embed(Interrupted(), None)
    embeddings = opened()
    for text in reversed(TEXTS):
        embeddings.row_of(text)
    embeddings.embed(fake, None)
    assert (len(fake.embedded), embeddings.rows) == (2500 - 1024, 2500)
    assert told(embeddings.read(), [embeddings.row_of(text) for text in TEXTS]) == expected(TEXTS)


@pytest.mark.parametrize("torn", [*GROWING, "all"])
def test_torn_end_is_written_over(opened, fake, tmp_path, torn):
    """What was written of rows but not entered is written over, in whichever files it stands."""
    embeddings = opened()
    embeddings.row_of("lanyard")
    embeddings.embed(fake, None)
    for name in GROWING if torn == "all" else [torn]:
        with (folder_of(tmp_path) / name).open("ab") as file:
            file.write(b"\1" * 1001)
    embeddings = opened()
    rows = [embeddings.row_of("lanyard"), embeddings.row_of("b is a text")]
    embeddings.embed(fake, None)
    assert told(embeddings.read(), rows) == expected(["lanyard", "b is a text"])


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        *((part, damage) for part in (*GROWING, "projection.npy") for damage in ("cut", "empty", "gone")),
        *((part, "nonsense") for part in ("texts", "ends", "projection.npy")),
        ("texts", "empty"),
        ("texts", "gone"),
    ],
)
def test_damage_is_begun_anew(opened, fake, tmp_path, part, damage):
    """A file that a crash left damaged is begun anew, as another file: versions may have the old one open."""
    embeddings = opened()
    embeddings.row_of("lanyard")
    embeddings.embed(fake, None)
    stamp = embeddings.embeddings_id
    embeddings.link(tmp_path / "linked")
    embeddings.close()
    path = folder_of(tmp_path) / part
    content = path.read_bytes()
    path.unlink()  # as another file, or the version would be damaged with it
    if damage != "gone":
        path.write_bytes({"nonsense": b"x" * len(content), "cut": content[:-1], "empty": b""}[damage])
    embeddings = opened()
    assert (embeddings.rows, embeddings.embeddings_id == stamp) == (0, False)
    row = embeddings.row_of("b is a text")
    embeddings.embed(fake, None)
    assert told(embeddings.read(), [row]) == expected(["b is a text"])
    assert not (folder_of(tmp_path) / "vectors").samefile(tmp_path / "linked" / "vectors")
    assert told(EmbeddingReader(tmp_path / "linked", 1, 64), [0]) == expected(["lanyard"])


def test_rows_of_a_version_are_kept(opened, fake, tmp_path):
    """Where the file was lost, the rows that a version needs keep their places."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    embeddings.embed(fake, None)
    embeddings.link(tmp_path / "linked")
    needed = Rows(tmp_path / "linked", embeddings.embeddings_id, 2000, embeddings.dimension)
    embeddings.close()
    shutil.rmtree(folder_of(tmp_path))
    embeddings = opened(needed)
    assert (embeddings.row_of("new"), embeddings.embeddings_id) == (2000, needed.embeddings_id)
    embeddings.embed(fake, None)
    assert told(embeddings.read(), list(range(2001))) == expected([*TEXTS[:2000], "new"])


def test_rows_of_another_index_give_way(opened, fake, tmp_path):
    """Where what is there begins as another index did, the rows that a version needs take its place."""
    embeddings = opened()
    embeddings.row_of("lanyard")
    embeddings.embed(fake, None)
    embeddings.link(tmp_path / "linked")
    needed = Rows(tmp_path / "linked", embeddings.embeddings_id, 1, 64)
    embeddings.close()
    shutil.rmtree(folder_of(tmp_path))
    embeddings = opened()
    embeddings.row_of("b")
    embeddings.embed(fake, None)
    embeddings = opened(needed)
    assert (embeddings.row_of("lanyard"), embeddings.embeddings_id) == (1, needed.embeddings_id)
    assert told(embeddings.read(), [0]) == expected(["lanyard"])


def test_killed_before_the_first_row(opened, fake, tmp_path):
    """What a build left that was killed before its first block does not count, whole or torn."""
    opened()
    (folder_of(tmp_path) / "projection.npy").write_bytes(b"x")
    (folder_of(tmp_path) / "tokens").unlink()
    embeddings = opened()
    row = embeddings.row_of("lanyard")
    embeddings.embed(fake, None)
    assert told(embeddings.read(), [row]) == expected(["lanyard"])


class Narrow(WordEmbedder):
    """A model that makes vectors of two numbers."""

    def embed(self, texts, progress=None):
        one = np.array([1, 0], dtype=np.float32)
        embeddings = super().embed(texts, progress)
        return [Embedding(one, np.tile(one, (len(item.tokens), 1)), item.spans) for item in embeddings]


@contextlib.contextmanager
def room(size: int):
    """Within it no file can grow beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# Of a block of 1,024 texts, 64 numbers each, the vectors take 262,144 bytes, each word 65,536, each sentence 2,048.
@pytest.mark.parametrize(
    ("full", "text", "embedder", "size"),
    [
        ("projection.npy", "text {}", WordEmbedder, 10_000),
        ("vectors", "text {}", WordEmbedder, 200_000),
        ("tokens", "text {} has some more words", WordEmbedder, 300_000),
        ("sentences", "text {}" + 200 * "\n!", WordEmbedder, 300_000),
        ("ends", "text {}", Narrow, 12_000),
    ],
)
def test_no_room_for_a_block(opened, tmp_path, full, text, embedder, size):
    """Whichever file finds no room for a block, one sentence says so, and nothing of the block is left over."""
    embeddings = opened()
    for number in range(1024):
        embeddings.row_of(text.format(number))
    with room(size), pytest.raises(IndexUnusable, match="could not be written"):
        embeddings.embed(embedder(), None)
    left = {path.name: path.stat().st_size for path in folder_of(tmp_path).iterdir() if "texts" not in path.name}
    assert ("projection.npy" in left) == (full != "projection.npy")
    left.pop("projection.npy", None)
    assert (embeddings.rows, left) == (0, dict.fromkeys(GROWING, 0))
    embeddings.embed(embedder(), None)
    assert (embeddings.rows, (folder_of(tmp_path) / full).stat().st_size > size) == (1024, True)


def test_no_room_for_a_later_block(opened, fake, tmp_path):
    """Where a later block finds no room, those before it stay, and the next build goes on from them."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    with room(1500 * 64 * 4), pytest.raises(IndexUnusable, match="could not be written"):
        embeddings.embed(fake, None)
    sizes = [(folder_of(tmp_path) / name).stat().st_size for name in GROWING]
    assert (embeddings.rows, sizes) == (1024, [1024 * 64 * 4, 1024 * 64 * 4, 1024 * 2 * 2, 1024 * 16])
    embeddings = opened()
    rows = [embeddings.row_of(text) for text in TEXTS]
    embeddings.embed(fake, None)
    assert told(embeddings.read(), rows) == expected(TEXTS)


def test_no_room_for_texts(opened, tmp_path):
    """Where there is no room to say which texts have which rows, the rows do not count, and are made again."""
    embeddings = opened()
    for text in TEXTS:
        embeddings.row_of(text)
    with room(20_000), pytest.raises(IndexUnusable, match="could not be written"):
        embeddings.embed(Narrow(), None)
    assert embeddings.rows == 0
    embeddings = opened()
    assert (embeddings.row_of("another"), embeddings.rows) == (0, 0)
    embeddings.embed(Narrow(), None)
    assert embeddings.read().vectors.tolist() == [[1, 0]]


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
    assert Store.open(tmp_path / "index").search_bm25("lanyard", 1, Filter())


def test_killed_first_build_is_resumed(tmp_path, fake):
    """What a first build embedded before it was killed is not embedded by the next."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for number, path in enumerate(5 * sorted(SEEDS.glob("2*.txt"))):  # more than one block of texts
        text = path.read_text(encoding="utf-8").replace(Reference(path.stem).text, f"30 000 {number:03d}")
        (folder / f"{number}.txt").write_text(text.replace(" the ", f" the word{number} "), encoding="utf-8")
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
    shutil.rmtree(folder_of(tmp_path / "index"))
    shutil.copy(SEEDS / "21-002-206.txt", decisions)
    report = build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    assert report.changed
    store = Store.open(tmp_path / "index")
    assert (store.manifest.decisions, len(store.manifest.segments)) == (3, 2)
    [(identity, _)] = store.search_bm25("lanyard", 1, Filter())
    [(paragraph, _)] = store.paragraphs([identity])
    matches = store.score_late_interaction(fake.embed_question("lanyard"), np.ones(1, dtype=np.float32), [identity])
    held = ["lanyard" in paragraph.text[start:end].casefold() for start, end in sentences(paragraph)]
    assert matches.sentence_scores[0].tolist() == pytest.approx([ONE_WORD * is_held for is_held in held], abs=0.01)
    assert any(held)


def test_another_process_sees_no_texts_of_an_open_block(opened, fake, tmp_path):
    """Texts are entered with their block, not before."""
    embeddings = opened()
    embeddings.row_of("lanyard")
    other = sqlite3.connect(folder_of(tmp_path) / "texts")
    assert other.execute("SELECT COUNT(*) FROM text").fetchone() == (0,)
    embeddings.embed(fake, None)
    assert other.execute("SELECT COUNT(*) FROM text").fetchone() == (1,)
    other.close()
