from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from conftest import PROJECT, SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.parsing.parse import parse
from index.text.fingerprint import fold_key, wording

FINDING = (
    "Having read the records of both meetings and the letters that were sent afterwards, we found fault in how the "
    "Council told the family lawfully about its decision, which I consider was reasonable, because the agreement "
    "was voluntary and Ofsted had asked Council A to increase the visits to four weeks."
)


def place(reference: str, number: int) -> str:
    return parse((SEEDS / f"{reference}.txt").read_bytes()).paragraphs[number - 1].text


def test_wording_is_folded():
    """Case, white space and punctuation do not make another wording."""
    assert fold_key("The Council’s duty.") == fold_key("the council's  duty")
    assert wording("The Council’s duty.") == wording("the council's  duty")


def test_other_words_are_not_folded():
    """Other words make another wording."""
    assert fold_key("paragraph 47") != fold_key("paragraph 48")


def test_standard_paragraphs_fold():
    """What has the same or nearly the same wording in the five decisions are the Ombudsman's standard paragraphs."""
    groups: dict[int, list[str]] = {}
    for path in sorted(SEEDS.glob("2*.txt")):
        for paragraph in parse(path.read_bytes()).places():
            groups.setdefault(wording(paragraph.text), []).append(str(paragraph.pinpoint).replace(", paragraph", ""))
    assert sorted(group for group in groups.values() if len(group) > 1) == [
        ["20 001 737 10", "21 000 832 8"],  # Mrs D, Ms D
        ["20 001 737 11", "21 000 832 9"],
        ["20 001 737 14", "21 000 832 11"],
        ["20 001 737 5", "21 000 259 3", "21 000 832 3", "21 002 206 5", "21 017 496 3"],
        ["20 001 737 6", "21 000 832 4", "21 002 206 7"],
        ["20 001 737 7", "21 000 259 6", "21 000 832 5", "21 002 206 8", "21 017 496 5"],  # an organisation’s actions
        ["20 001 737 8", "21 000 832 6", "21 002 206 9"],  # this decision, our decision
        ["21 000 259 9", "21 002 206 13"],
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lawfully", "unlawfully"),
        ("was reasonable", "was unreasonable"),
        ("was reasonable", "was not reasonable"),
        ("voluntary", "compulsory"),
        ("increase", "reduce"),
        ("Council A", "Council B"),
        ("Council A", "the Council"),
        ("Ofsted", "Birmingham"),
        ("four weeks", "three weeks"),
        ("found fault", "found no fault"),
        ("before", "after"),
        ("afterwards, ", ""),
    ],
)
def test_one_word_makes_another_wording(one, other):
    """However long a text is, one word that may turn its meaning makes another wording."""
    changed = FINDING.replace(one, other) if one in FINDING else FINDING + other
    assert changed != FINDING
    assert wording(changed) != wording(FINDING)


def test_who_did_what_to_whom_is_kept():
    """Where a text speaks of two persons, or of two kinds of body, they are told apart."""
    text = "We found that {} told {} about the meeting on the Monday before, and that this was fault."
    pairs = [
        ("Mr X", "Mrs Y"),
        ("Mrs Y", "Mr X"),
        ("the Council", "the organisation"),
        ("the organisation", "the Council"),
    ]
    assert len({wording(text.format(*pair)) for pair in pairs}) == 4


def test_one_person_may_be_called_otherwise():
    """How the one person is called whom a text speaks of does not count."""
    text = "{0} and the Council had an opportunity to comment on my draft decision, and {0} did."
    assert wording(text.format("Mrs D")) == wording(text.format("Mr X"))


def test_short_texts_fold_only_when_equal():
    """In a few words any other word makes another wording."""
    assert wording("The Council should apologise.") != wording("A council should apologise.")


def test_keys_are_the_same_in_every_process():
    """A key may be stored: it depends on no process."""
    program = f"from index.text.fingerprint import wording; print(wording({FINDING!r}))"
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True, capture_output=True, text=True)
    assert int(told.stdout) == wording(FINDING)


@given(st.text(max_size=80))
def test_any_text_has_a_key(text):
    """Every text has a key of 64 bits, the same for its upper case."""
    assert -(2**63) <= wording(text) < 2**63
    if text.casefold() == text.upper().casefold():
        assert wording(text) == wording(text.upper())


@given(st.lists(st.sampled_from("told mr x about not 4 four fault plan".split()), min_size=8, max_size=12), st.data())
def test_order_counts(words, data):
    """The same words in another order are another wording."""
    other = data.draw(st.permutations(words))
    names = {word for pair in itertools.pairwise(words) if pair == ("mr", "x") for word in pair}
    if other != words and not names:
        assert wording(" ".join(words)) != wording(" ".join(other)) or "mr x" in " ".join(other)
