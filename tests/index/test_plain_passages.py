from __future__ import annotations

import gzip
import json

import pytest
from conftest import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Filter
from index.decisions import Reference
from index.embedding.model_files import ModelFiles
from index.engine.versions import published
from index.errors import InputError
from index.plain_passages import PlainPassage, build_plain, position_of, read_passages
from index.store import Store
from qa.retrieval.models import Models
from qa.retrieval.search import Searcher

RULES = [
    PlainPassage("1|1.1", "A branch must keep its records for six years."),
    PlainPassage("1|1.2", "…"),
    PlainPassage("1|1.3", "A fund must appoint an auditor.\n\n(a) in writing;\n(b) within a month."),
]


@pytest.fixture
def lines(tmp_path):
    """Writes JSON lines; returns their file."""

    def lines(*rows):
        path = tmp_path / "passages.jsonl"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
        return path

    return lines


def places(index):
    """The place of each passage in an index with its text."""
    store = Store.open(index)
    found = [paragraph for entry in store.entries(Filter()) for paragraph in store.decision(entry.reference).paragraphs]
    store.close()
    return {str(paragraph.pinpoint): paragraph for paragraph in found}


def test_passages_are_read_in_their_order(lines):
    """Each line is a passage; lines without anything on them are none."""
    path = lines({"id": "b", "text": "Second."}, "", {"id": "a", "text": "First."})
    assert read_passages(path) == [PlainPassage("b", "Second."), PlainPassage("a", "First.")]


def test_line_separators_within_a_text(lines):
    """A line ends where the file ends it, not at a line separator within a text."""
    path = lines('{"id": "a", "text": "One.\u2028Two."}')
    assert read_passages(path) == [PlainPassage("a", "One.\u2028Two.")]


def test_gzipped_passages(tmp_path):
    """A gzipped file is read, whatever it is called."""
    path = tmp_path / "passages"
    path.write_bytes(gzip.compress(b'{"id": "a", "text": "Rules."}\n'))
    assert read_passages(path) == [PlainPassage("a", "Rules.")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Rules.", "Line 2 of passages.jsonl: it is not JSON."),
        ("[]", "Line 2 of passages.jsonl: it must be a JSON object."),
        ({"id": "b"}, "Line 2 of passages.jsonl: “text” is missing."),
        ({"id": "b", "text": None}, "Line 2 of passages.jsonl: “text” must be a text."),
        ({"id": 7, "text": "Rules."}, "Line 2 of passages.jsonl: “id” must be a text."),
        ({"id": "a", "text": "Rules."}, "Line 2 of passages.jsonl: the id “a” is there twice."),
        ('{"id": "b", "text": "\\ud800"}', "Line 2 of passages.jsonl: it is not JSON."),
    ],
)
def test_wrong_line(lines, row, reason):
    """A line that is no passage is named, with what is wrong."""
    with pytest.raises(InputError) as raised:
        read_passages(lines({"id": "a", "text": "Rules."}, row))
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file passages is empty."),
        (b"\n \n", "The file passages is empty."),
        (b"\xff\xfe", "The file passages is not UTF-8."),
        (gzip.compress(b'{"id": "a", "text": "Rules."}', mtime=0)[:-9], "The gzipped file passages is damaged."),
        (b"\x1f\x8bplain", "The gzipped file passages is damaged."),
    ],
)
def test_wrong_file(tmp_path, content, reason):
    """A file that is no text, or holds nothing, is refused."""
    path = tmp_path / "passages"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_passages(path)
    assert str(raised.value) == reason


def test_no_file(tmp_path):
    """A file that is not there is refused by its path."""
    with pytest.raises(InputError, match="missing cannot be read: No such file"):
        read_passages(tmp_path / "missing")


@pytest.mark.parametrize(("reference", "position"), [("00 000 000", 0), ("00 000 013", 13), ("99 999 999", 99_999_999)])
def test_position_of_reference(reference, position):
    """A reference tells the position of its passage."""
    assert position_of(Reference(reference)) == position


def test_passage_is_a_decision_of_one_paragraph(tmp_path, fake):
    """A passage becomes the one paragraph of a decision that has its position, a line for each of its lines."""
    build_plain(RULES, tmp_path, fake, None)
    paragraph = places(tmp_path)["00 000 002, paragraph 1"]
    assert paragraph.text == "A fund must appoint an auditor.\n(a) in writing;\n(b) within a month."
    assert (paragraph.numbering, paragraph.section, paragraph.role) == ("published", (), "finding")
    assert Store.open(tmp_path).decision(Reference("00 000 002")).body == "passage"


def test_passage_without_words_is_left_out(tmp_path, fake):
    """A passage without a letter or a digit is not in the index; those after it keep their positions."""
    build_plain(RULES, tmp_path, fake, None)
    assert set(places(tmp_path)) == {"00 000 000, paragraph 1", "00 000 002, paragraph 1"}


class Unable(WordEmbedder):
    """Fails at texts about an auditor."""

    def _embed(self, text):
        if "auditor" in text:
            raise RuntimeError(text)
        return super()._embed(text)


def test_passage_that_the_model_fails_at_is_named(tmp_path):
    """If the model fails at a passage, that is said with its id, and without its text."""
    with pytest.raises(InputError, match=r"^The model fails at the passage “1\|1\.3” \(RuntimeError at [^ ]+\)\.$"):
        build_plain(RULES, tmp_path, Unable(), None)


def test_passage_that_cannot_be_stored_is_named(tmp_path, fake, monkeypatch):
    """If a passage cannot be stored, that is said with its id."""
    monkeypatch.setattr("index.engine.segment_writer.PLACES", 1 << 60)
    with pytest.raises(InputError, match=r"^The passage “1\|1\.3” cannot be stored \(OverflowError at [^ ]+\)\.$"):
        build_plain(RULES, tmp_path, fake, None)


def test_passages_are_found(tmp_path, fake):
    """A searcher finds a passage as it finds a paragraph."""
    build_plain(RULES, tmp_path, fake, None)
    hits = Searcher(Store.open(tmp_path), Models.of(fake)).search("appoint an auditor", 10, Filter()).hits
    assert position_of(hits[0].paragraph.pinpoint.reference) == 2


def test_progress(tmp_path, fake):
    """Progress is told of the texts embedded, up to all of them."""
    told = []
    build_plain(RULES, tmp_path, fake, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0


def test_same_passages_are_not_built_again(tmp_path, fake):
    """An index of the same passages is used again: nothing is embedded, and no version is written."""
    build_plain(RULES, tmp_path, fake, None)
    version = published(tmp_path)
    fake.embedded.clear()
    build_plain(RULES, tmp_path, fake, None)
    assert published(tmp_path) == version
    assert fake.embedded == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(RULES[:1], id="fewer"),
        pytest.param(RULES[::-1], id="in another order"),
        pytest.param([*RULES[:2], PlainPassage("1|1.3", "Funds need no auditor.")], id="another text"),
        pytest.param([*RULES[:2], PlainPassage("2|1.3", RULES[2].text)], id="another id"),
    ],
)
def test_other_passages_take_their_place(tmp_path, fake, others):
    """Other passages in the same index take the place of those that were there."""
    build_plain(RULES, tmp_path, fake, None)
    version = published(tmp_path)
    build_plain(others, tmp_path, fake, None)
    texts = {f"{position:08d}": one.text for position, one in enumerate(others) if one.text != "…"}
    held = {place[:10].replace(" ", ""): paragraph.text for place, paragraph in places(tmp_path).items()}
    assert held == {position: text.replace("\n\n", "\n") for position, text in texts.items()}
    assert published(tmp_path) != version


def test_another_model_builds_anew(tmp_path, fake):
    """An index that another model made is not used."""
    build_plain(RULES, tmp_path, fake, None)
    other = WordEmbedder(ModelFiles("other", fake.model.folder, "1" * 64))
    build_plain(RULES, tmp_path, other, None)
    assert Store.open(tmp_path).manifest.model == "other"


def test_nothing_to_find(tmp_path, fake):
    """Passages none of which has a letter or a digit make no index."""
    with pytest.raises(InputError, match="None of the passages has a letter or a digit"):
        build_plain([PlainPassage("a", "…"), PlainPassage("b", " ")], tmp_path, fake, None)
    assert published(tmp_path) is None


@given(st.text())
def test_passage_with_words_has_text(text):
    """What is taken into an index has a line to show."""
    if PlainPassage("a", text).has_words:
        assert text.split()
