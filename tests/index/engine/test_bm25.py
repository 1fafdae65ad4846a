from __future__ import annotations

import contextlib
import resource
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.engine.bm25 import Terms, TermsWriter
from index.engine.versions import writes
from index.errors import IndexUnusable

WRITING = ("thrd-tantivy", "merge_thread", "segment_updater")


def written(folder, before=None, add=range(0)):
    """Terms of texts with these keys."""
    writer = TermsWriter(folder, before)
    for key in add:
        writer.add(key, f"What I found\nHotel costs of word{key}")
    texts = writer.finish()
    writer.close()
    terms = Terms(folder)
    assert len(terms) == texts
    return terms


def threads() -> set[tuple[int, str]]:
    """The threads of this process that write terms, each with its name."""
    found = set()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            found.add((int(thread.name), (thread / "comm").read_text().strip()))
    return {one for one in found if one[1].startswith(WRITING)}


def keys(found) -> list[int]:
    return sorted(found[0].tolist())


def test_greatest_key(tmp_path):
    """Keys take all of their 64 bits."""
    terms = written(tmp_path / "1", add=[2**64 - 1, 2**63, 5])
    assert keys(terms.search("hotel", 10, among=np.array([2**64 - 1], dtype=np.uint64))) == [2**64 - 1]
    assert keys(terms.search("hotel", 10)) == [5, 2**63, 2**64 - 1]


def test_texts_are_added(tmp_path):
    """What was there before is found beside what was added."""
    written(tmp_path / "1", add=range(10))
    terms = written(tmp_path / "2", tmp_path / "1", add=range(10, 15))
    assert keys(terms.search("hotel", 100)) == [*range(15)]


def test_words_of_a_question(tmp_path):
    """Each word of a question is told with where it stands, in whatever form the paragraphs have it."""
    terms = written(tmp_path / "1", add=range(10))
    question = "Were the HOTELS costing word3-word99?"
    words = terms.words(question)
    told = [question[word.start : word.end] for word in words]
    assert told == ["Were", "the", "HOTELS", "costing", "word3", "word99"]
    assert [word.is_held for word in words] == [False, False, True, True, True, False]
    assert [word.is_content_word for word in words] == [True, False, True, True, True, True]


def test_rarer_words_weigh_more(tmp_path):
    """A word weighs the more the fewer paragraphs have it; one that none has weighs most, but adds to no score."""
    terms = written(tmp_path / "1", add=range(10))
    every, one, none = terms.words("hotel word3 lanyard")
    assert 0 < every.idf < one.idf < none.idf
    assert none.most == 0 < every.most < one.most


def test_no_word_adds_more_than_its_most(tmp_path):
    """The score of a paragraph is at most what the words of the question can add together."""
    terms = written(tmp_path / "1", add=range(10))
    for question in ("hotel", "word3", "hotel costs of word3", "hotel lanyard"):
        _, scores = terms.search(question, 1)
        assert 0 < scores[0] <= sum(word.most for word in terms.words(question))


def test_a_word_counts_once(tmp_path):
    """A word that a question has twice, in whatever form, scores what it scores once."""
    terms = written(tmp_path / "1", add=range(10))
    once, twice = terms.search("hotel word3", 10), terms.search("hotels word3 hotel", 10)
    assert [array.tolist() for array in once] == [array.tolist() for array in twice]


def test_the_most_that_a_word_can_score_counts_once(tmp_path):
    """What the words of a question can score at most is the same where one of them is there twice."""
    terms = written(tmp_path / "1", add=range(10))
    once, twice = (sum(word.most for word in terms.words(text)) for text in ("hotel word3", "hotels word3 hotel"))
    assert once == pytest.approx(twice)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of threads on Linux only")
def test_no_room_for_terms(tmp_path):
    """Where terms find no room one sentence says so, and no thread writes on when the writer was closed."""
    before = threads()
    writer = TermsWriter(tmp_path / "terms", None)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises(IndexUnusable, match="could not be written"), writes(tmp_path):
            for number in range(5_000):
                writer.add(number, f"Hotel costs of word{number} and word{number + 1}")
            writer.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert threads() - before
    writer.close()
    shutil.rmtree(tmp_path / "terms")
    end = time.monotonic() + 120
    while left := threads() - before:
        assert time.monotonic() < end, left
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("every", [False, True])
def test_only_some_are_found(tmp_path, every):
    """Among some texts only these are found, each with the score that it has among all."""
    terms = written(tmp_path / "1", add=range(100))
    among = np.array([3, 5, 1000], dtype=np.uint64)
    found, scores = terms.search("hotel word3", 50, every, among)
    assert found.tolist() == ([3] if every else [3, 5])
    of_all = dict(zip(*(array.tolist() for array in terms.search("hotel word3", 100, every)), strict=True))
    assert scores.tolist() == [of_all[key] for key in found.tolist()]


def test_the_last_score_is_told_whole(tmp_path):
    """Beside the best all others are told that are as good as the last of them, and none that is worse."""
    terms = written(tmp_path / "1", add=range(500))
    found, scores = terms.search("hotel word7", 2)
    assert len(found) == 500
    assert keys(terms.search("word7", 2)) == [7]
    assert keys(terms.search("hotel word7", 1)) == [7]
    assert scores[0] > scores[1] == scores[-1]


def test_the_rarest_words_are_looked_for(tmp_path):
    """Of many words those are looked for that stand in few texts, as far as these are not too many together."""
    written(tmp_path / "1", add=range(100))
    terms = Terms(tmp_path / "1", postings=10)
    assert keys(terms.search("hotel word3 word5", 100)) == [3, 5]
    words = terms.words("hotel word3 lanyard")
    assert [word.is_queried for word in words] == [False, True, False]
    assert [word.is_held for word in words] == [True, True, False]
    assert words[0].most == 0 < words[1].most


def test_one_word_is_looked_for_however_many_have_it(tmp_path):
    """The rarest word is looked for in any case."""
    written(tmp_path / "1", add=range(100))
    assert len(keys(Terms(tmp_path / "1", postings=10).search("hotel", 100))) == 100
