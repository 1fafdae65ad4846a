from __future__ import annotations

import resource
import shutil
import time

import pytest

from index.errors import IndexUnusable
from index.terms import Findable, Terms, TermsWriter, Within, is_stale
from index.versions import writes


def findable(number, text=None, *, wording=None, role=0, day=0, body="Kent County Council", category=None):
    text = text or f"What I found\nHotel costs of word{number}"
    return Findable(number, number // 10, wording or -number, role, day, body, category, None, text)


def written(folder, before=None, add=range(0), strike_out=()):
    writer = TermsWriter(folder, before)
    writer.strike_out(strike_out)
    for number in add:
        writer.add(number if isinstance(number, Findable) else findable(number))
    writer.finish()
    writer.close()
    return Terms(folder)


def test_paragraphs_of_a_decision_are_struck_out(tmp_path):
    """Striking a decision out takes all its paragraphs, and only these, out of what is found."""
    assert len(written(tmp_path / "1", add=range(100))) == 100
    terms = written(tmp_path / "2", tmp_path / "1", strike_out=[3, 4])
    found = terms.matching("hotel", 1000, Within())
    assert sorted(identity for identity, _ in found) == [*range(30), *range(50, 100)]


def test_decision_replaces_itself(tmp_path):
    """What is added after a decision was struck out is found, even in the same version."""
    written(tmp_path / "1", add=range(10))
    terms = written(tmp_path / "2", tmp_path / "1", add=range(5), strike_out=[0])
    assert sorted(identity for identity, _ in terms.matching("hotel", 100, Within())) == [*range(5)]


def test_a_few_struck_out_are_stale(tmp_path):
    """A small index is stale as soon as anything is struck out of it, and never without."""
    written(tmp_path / "1", add=range(20))
    written(tmp_path / "2", tmp_path / "1", strike_out=[1])
    assert (is_stale(tmp_path / "1"), is_stale(tmp_path / "2")) == (False, True)


def test_large_index_is_stale_from_a_quarter_on(tmp_path):
    """A large index may have up to a quarter of its paragraphs struck out before it is stale."""
    written(tmp_path / "1", add=range(12_000))
    written(tmp_path / "2", tmp_path / "1", strike_out=range(290))
    assert not is_stale(tmp_path / "2")
    written(tmp_path / "3", tmp_path / "2", strike_out=range(290, 310))
    assert is_stale(tmp_path / "3")


def test_words_of_a_question(tmp_path):
    """Each word of a question is told with where it stands, in whatever form the paragraphs have it."""
    terms = written(tmp_path / "1", add=range(10))
    question = "Were the HOTELS costing word3-word99?"
    words = terms.words(question)
    told = [question[word.start : word.end] for word in words]
    assert told == ["Were", "the", "HOTELS", "costing", "word3", "word99"]
    assert [word.is_held for word in words] == [False, False, True, True, True, False]
    assert [word.is_telling for word in words] == [True, False, True, True, True, True]


def test_rarer_words_weigh_more(tmp_path):
    """A word weighs the more the fewer paragraphs have it; one that none has weighs most, but adds to no score."""
    terms = written(tmp_path / "1", add=range(10))
    every, one, none = terms.words("hotel word3 lanyard")
    assert 0 < every.rarity < one.rarity < none.rarity
    assert none.most == 0 < every.most < one.most


def test_no_word_adds_more_than_its_most(tmp_path):
    """The score of a paragraph is at most what the words of the question can add together."""
    terms = written(tmp_path / "1", add=range(10))
    for question in ("hotel", "word3", "hotel costs of word3", "hotel lanyard"):
        [(_, score)] = terms.matching(question, 1, Within())
        assert 0 < score <= sum(word.most for word in terms.words(question))


def test_no_room_for_terms(tmp_path):
    """Where terms find no room one sentence says so, and no thread writes on when the writer was closed."""
    writer = TermsWriter(tmp_path / "terms", None)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises(IndexUnusable, match="could not be written"), writes(tmp_path):
            for number in range(5_000):
                writer.add(findable(number, f"Hotel costs of word{number} and word{number + 1}"))
            writer.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    writer.close()
    shutil.rmtree(tmp_path / "terms")
    time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Within({"role": [2]}), [2]),
        (Within({"role": [1, 2]}), [1, 2]),
        (Within({"body": ["Halton Borough Council"]}), [3]),
        (Within({"body": ["halton borough council"]}), []),
        (Within({"category": ["Education > Schools"]}), [4]),
        (Within({"decision": [1]}), [10]),
        (Within({"decision": []}), []),
        (Within(first=738_000), [5, 6]),
        (Within(last=738_000), [5]),
        (Within(first=738_001, last=738_500), [6]),
        (Within({"role": [2], "body": ["Halton Borough Council"]}), []),
    ],
)
def test_only_what_passes_is_found(tmp_path, within, expected):
    """Each field of a filter lets its own values through, to the letter; a date lets nothing without one through."""
    terms = written(
        tmp_path / "1",
        add=[
            findable(1, role=1), findable(2, role=2), findable(3, body="Halton Borough Council"),
            findable(4, category="Education > Schools"), findable(5, day=738_000), findable(6, day=738_500),
            findable(10),
        ],
    )  # fmt: skip
    assert [identity for identity, _ in terms.matching("hotel", 50, within)] == expected
    assert sorted(identity for identity, _ in terms.matching("hotel", 50, within, folded=True)) == expected


def test_filter_changes_no_score(tmp_path):
    """A paragraph has the same score with a filter as without."""
    terms = written(tmp_path / "1", add=range(10))
    [found] = terms.matching("hotel word3", 1, Within())
    assert terms.matching("hotel word3", 1, Within({"decision": [0]})) == [found]


def test_standard_paragraphs_do_not_take_all_places(tmp_path):
    """However many paragraphs have the same few wordings and match best, the others are found beside them."""
    standard = [
        findable(1000 * kind + number, "hotel " * (9 - kind) + "costs", wording=-(2**62) - kind)
        for kind in range(7)
        for number in range(30)
    ]
    others = [findable(number, f"hotel of word{number} and much else that was paid") for number in range(100, 105)]
    terms = written(tmp_path / "1", add=[*standard, *others])
    found = {identity for identity, _ in terms.matching("hotel", 12, Within(), folded=True)}
    assert {*range(100, 105)} <= found
    assert {identity // 1000 for identity in found if identity >= 1000 or identity < 30} == {*range(7)}
