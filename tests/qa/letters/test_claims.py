from __future__ import annotations

import json

import pytest
from conftest import PROJECT, SEEDS
from test_findings import Shelf

from index.parsing.parse import parse
from qa.letters.check import check_letter

SETS = json.loads((PROJECT / "tests" / "letters" / "claims.json").read_text(encoding="utf-8"))
"""Letters of a sentence or two: honest ones, and false ones in which one sum, date, outcome or body was changed.

Nothing was altered in the program for those held out until they had been measured once.
"""


class Five(Shelf):
    """The five decisions in memory; no words are found in any that is not cited."""

    def __init__(self):
        super().__init__(*(parse(path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))))

    def search_bm25(self, question, limit, within, every=False):
        return []


@pytest.fixture(scope="module")
def five():
    return Five()


@pytest.fixture(scope="module")
def checked(five):
    """The verdict and the detail of each finding of a letter."""
    return lambda text: [(finding.verdict, finding.detail) for finding in check_letter(text, five)]


@pytest.mark.parametrize("name", SETS)
def test_no_false_alarm(name, five):
    """In an honest letter nothing is to be looked at."""
    alarms = [text for text in SETS[name]["honest"] if any(one.is_to_look_at for one in check_letter(text, five))]
    assert alarms == []


@pytest.mark.parametrize(("name", "least"), [("tuned", 36), ("held out", 35)])
def test_found(name, least, checked):
    """What a letter says falsely beside a right citation is found nearly always."""
    false = SETS[name]["false"]
    assert len(false) >= least
    found = [text for _, text in false if any(verdict == "altered" for verdict, _ in checked(text))]
    assert len(found) >= least


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (
            "Halton agreed to pay £500 (20 001 737, paragraph 80).",
            "The letter says £500; paragraph 80 has £300 and £456.",
        ),
        (
            "Halton agreed to pay five hundred pounds (20 001 737, paragraph 80).",
            "The letter says five hundred pounds; paragraph 80 has £300 and £456.",
        ),
        (
            "Halton paid the mother £300 (20 001 737, paragraph 81).",
            "The letter says £300; paragraph 81 has no sum, paragraph 80 has £300 and £456.",
        ),
        (
            "The family got £500 in all (20 001 737, paragraphs 80 and 81).",
            "The letter says £500; paragraphs 80 and 81 have £300 and £456.",
        ),
        (
            "In 20 001 737 the family got £500.",
            "The letter says £500; decision 20 001 737 has £300 and £456.",
        ),
        (
            "Mrs D called the Council on 24 December 2019 (20 001 737, paragraph 25).",
            "The letter says 24 December 2019; paragraph 25 has 23 December 2019.",
        ),
        (
            "See West Northamptonshire Council (21 017 496), 9 October 2021, paragraph 50.",
            "The letter says 9 October 2021; decision 21 017 496 is of 9 October 2022.",
        ),
        (
            "The Ombudsman found no fault in the delay (20 001 737, paragraph 70).",
            "The letter says that there was no fault; paragraph 70 says that there was.",
        ),
        (
            "The Ombudsman upheld the complaint about the school (21 017 496, paragraph 53).",
            "The letter says that the complaint was upheld; paragraph 53 says that it was not.",
        ),
        (
            "The complaint was not upheld (20 001 737).",
            "The letter says that the complaint was not upheld; the outcome of decision 20 001 737 is “Upheld”.",
        ),
        (
            "Kent was told to pay the mother £300 (20 001 737, paragraph 80).",
            "Decision 20 001 737 is about Halton Borough Council, not about Kent County Council.",
        ),
    ],
)
def test_detail(text, detail, checked):
    """What differs is told in one short sentence, with what the cited place has."""
    assert ("altered", detail) in checked(text)


def test_beside_a_quotation(checked):
    """A right quotation is altered where its sentence tells another sum than the paragraph."""
    text = "The mother was paid £500 “for the distress, upset and frustration its actions have caused her” ({})."
    cited = "20 001 737, paragraph 80"
    assert [verdict for verdict, _ in checked(text.format(cited))] == ["altered"]
    assert [verdict for verdict, _ in checked(text.replace("£500", "£300").format(cited))] == ["exact"]


def test_within_a_quotation(checked):
    """A sum within quotation marks is compared as a quotation alone."""
    text = "The remedy was “Pay Mr D £465 to reimburse the unnecessary hotel costs” (20 001 737, paragraph 80)."
    assert [detail for _, detail in checked(text) if "The letter says" in detail] == []


def test_next_sentence(checked):
    """What the next sentence says is not beside a citation."""
    text = "The mother was paid £300 (20 001 737, paragraph 80). The Ombudsman awarded £500 elsewhere."
    assert [verdict for verdict, _ in checked(text)] == ["found"]


def test_wrapped_line(checked):
    """A sentence goes on over the end of a line that was only wrapped."""
    text = (
        "The Ombudsman recommended that Halton should pay the mother £500\nfor her distress (20 001 737, paragraph 80)."
    )
    assert [verdict for verdict, _ in checked(text)] == ["altered"]


def test_item_of_a_list(checked):
    """What another item of a list says is not beside a citation."""
    text = "- we paid a solicitor £500 for all the letters he wrote\n- Halton paid £300 (20 001 737, paragraph 80)"
    assert [verdict for verdict, _ in checked(text)] == ["found"]


def test_each_of_two_citations(checked):
    """In a sentence with two citations each is compared with what is beside it."""
    text = "The mother was paid £300 (20 001 737, paragraph 80) and another parent £200 (21 000 259, paragraph 51)."
    first, second = checked(text)
    assert first[0] == "found"
    assert second == ("altered", "The letter says £200; paragraph 51 has £100.")


def test_added_up(checked):
    """A sum that adds up those of the paragraph is told by it, and so is twice a sum that each of two gets."""
    for text in (
        "The family got £756 (20 001 737, paragraph 80).",
        "The couple got £1,900 (21 017 496, paragraph 62).",
    ):
        assert [verdict for verdict, _ in checked(text)] == ["found"]


def test_number_inferred(checked):
    """What is altered is told before what is to be said of a number that is inferred."""
    (found,) = checked("Kent paid £350 (21 000 832, paragraph 57).")
    assert found[0] == "altered"
    assert found[1].startswith("The letter says £350; paragraph 57 has £250. ")
    assert "inferred" in found[1]
