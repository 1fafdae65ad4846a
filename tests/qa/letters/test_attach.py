from __future__ import annotations

import pytest
from test_findings import BATH, HELD, KENT, SOUND, STANDARD, Shelf, made

from qa.letters.check import check_letter

OTHER_KENT = made("22 000 009", "Kent County Council", STANDARD, "The panel met in May.")
SEVERAL = Shelf(KENT, BATH, OTHER_KENT)


@pytest.mark.parametrize(
    "text",
    [
        "Kent paragraph 2 says so.",
        "See Kent, paragraph 2.",
        "Kent County Council, at paragraph 2, says so.",
        "This is in paragraph 2 of Kent.",
        "Kent §2 says so.",
        "Kent’s paragraph 2 says so.",
    ],
)
def test_a_body_stands_for_its_only_decision(text):
    """A paragraph of a body of which one decision is held is one of that decision."""
    [found] = check_letter(text, HELD)
    assert (str(found.reference), found.place, found.verdict) == ("21 000 001", "paragraph 2", "found")


def test_a_quotation_of_a_body():
    """A quotation with a body for its decision is compared with the paragraph that is named."""
    found = [check_letter(f"“{said}” (Kent, paragraph 2)", HELD) for said in (SOUND, SOUND.replace("taxi", "bus"))]
    assert [[one.verdict for one in each] for each in found] == [["exact"], ["altered"]]


def test_a_body_of_several_decisions():
    """Where several decisions of a body are held, they are named and the reference is asked for."""
    [found] = check_letter("See Kent, paragraph 2.", SEVERAL)
    assert (found.reference, found.verdict) == (None, "not_held")
    assert found.detail.startswith("Unclear: add the reference.")
    assert "21 000 001" in found.detail and "22 000 009" in found.detail and "21 000 002" not in found.detail


def test_a_body_that_is_not_held():
    """Where no decision of a body is held, nobody can tell which is meant."""
    [found] = check_letter("See Leeds City Council, paragraph 2.", HELD)
    assert (found.reference, found.verdict) == (None, "not_held")


def test_a_body_beside_the_decision_told_last():
    """A paragraph beside another body than that of the decision told last is one of that body's only decision."""
    *_, found = check_letter("21 000 001, paragraph 2, is right. Compare Halton Borough Council, paragraph 1.", HELD)
    assert (str(found.reference), found.place) == ("21 000 003", "paragraph 1")


def test_a_body_whose_decision_was_told():
    """The decision told before is meant, however many of that body are held."""
    *_, found = check_letter("In the Kent case (22 000 009) it was so. Kent, paragraph 2, says more.", SEVERAL)
    assert str(found.reference) == "22 000 009"
