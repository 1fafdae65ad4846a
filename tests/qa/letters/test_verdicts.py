from __future__ import annotations

import pytest
from test_findings import HELD, SOUND, Shelf, made

from qa.letters.check import check_letter

BEGINS, ENDS = "The Council took eleven weeks", "about the school taxi."
DENIED = Shelf(
    made("21 000 005", "Bath and North East Somerset Council", "We found that there was not any fault here.")
)


@pytest.mark.parametrize("ellipsis", ["…", " … ", " ... ", " […] ", " [...] ", " . . . ", " [. . .] ", " (…) "])
def test_an_ellipsis_is_no_alteration(ellipsis):
    """Where both sides of an ellipsis stand in that order in the paragraph, it is exact, with what is left out."""
    [found] = check_letter(f"“{BEGINS}{ellipsis}{ENDS}” (21 000 001, paragraph 2)", HELD)
    assert (found.verdict, found.is_to_look_at) == ("exact", False)
    assert [one.text.strip() for one in found.differences if one.kind == "left_out"] == ["to answer her letter"]


@pytest.mark.parametrize(
    "said", [f"{ENDS[:-1]} … {BEGINS}", f"{BEGINS} … about the school bus.", f"The Council took eight weeks … {ENDS}"]
)
def test_an_ellipsis_hides_no_alteration(said):
    """Sides in the other order, and a word that differs on one side, are an alteration."""
    [found] = check_letter(f"“{said}” (21 000 001, paragraph 2)", HELD)
    assert found.verdict == "altered"


def test_an_ellipsis_in_another_paragraph():
    """Words with an ellipsis that stand in another paragraph are told to stand there."""
    [found] = check_letter(f"“{BEGINS} … {ENDS}” (21 000 001, paragraph 4)", HELD)
    assert (found.verdict, found.right[0][1]) == ("wrong_paragraph", "Kent County Council (21 000 001), paragraph 2")


def test_an_ellipsis_that_leaves_out_a_not():
    """What an ellipsis leaves out is to be read where it denies what is said."""
    [found] = check_letter("“We found that there was … fault here.” (21 000 005, paragraph 1)", DENIED)
    assert (found.verdict, found.is_to_look_at) == ("exact", True)
    assert "not any" in found.detail


@pytest.mark.parametrize("said", ["‘{}’", "'{}'", "*{}*", "**{}**", "_{}_"])
def test_marks_within_marks(said):
    """Marks of the writer's own right within those of a quotation are no difference, and hide none."""
    texts = [f"“{said.format(quoted)}” (21 000 001, paragraph 2)" for quoted in (SOUND, SOUND.replace("taxi", "bus"))]
    assert [[one.verdict for one in check_letter(text, HELD)] for text in texts] == [["exact"], ["altered"]]


@pytest.mark.parametrize(
    ("quoted", "verdict"), [(SOUND, "exact"), (SOUND.replace("her letter", "her long letter"), "altered")]
)
def test_marks_as_mail_is_sent(quoted, verdict):
    """Marks that a mail program has encoded are those of a quotation."""
    [found] = check_letter(f"=E2=80=9C{quoted}=E2=80=9D (21 000 001, paragraph 2)", HELD)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("cited", "place", "write"),
    [
        ("paragraph 4 to paragraph 2", "paragraphs 4 to 2", "paragraphs 2 to 4"),
        ("paragraphs 4-2", "paragraphs 4 to 2", "paragraphs 2 to 4"),
        ("paragraph 3(b)-(a)", "paragraph 3(b) to (a)", "paragraph 3(a) to (b)"),
    ],
)
def test_a_range_that_runs_backwards_is_told_once(cited, place, write):
    """A range that runs backwards, of paragraphs or of items, is one finding that says how to write it."""
    [found] = check_letter(f"See 21 000 001, {cited}.", HELD)
    assert (found.place, found.is_to_look_at) == (place, True)
    assert f"write “{write}”" in found.detail


@pytest.mark.parametrize(
    ("cited", "places"),
    [
        ("21 000 001, paragraph 3(a) to (b)", ["paragraph 3(a) to (b)"]),
        ("21 000 001, 3(a) to 3(b)", ["paragraph 3(a) to (b)"]),
        ("paragraph 3(a)-(b) of 21 000 001", ["paragraph 3(a) to (b)"]),
        ("21 000 001, paragraph 3(a) and (b)", ["paragraph 3(a)", "paragraph 3(b)"]),
        ("21 000 001, paragraph 2 to paragraph 4", ["paragraphs 2 to 4"]),
        ("21 000 001 §2", ["paragraph 2"]),
        ("§§2-4 of 21 000 001", ["paragraphs 2 to 4"]),
    ],
)
def test_ranges_and_lists_of_items(cited, places):
    """Items are read in ranges and lists as paragraphs are, and each thing told has a finding of its own."""
    found = check_letter(f"See {cited}.", HELD)
    assert [(one.verdict, one.place) for one in found] == [("found", place) for place in places]


def test_an_item_of_a_range_that_is_not_there():
    """A range of items that the paragraph does not all have says which it lacks."""
    [found] = check_letter("See 21 000 001, paragraph 3(a) to (d).", HELD)
    assert (found.verdict, found.detail) == ("not_held", "Paragraph 3 of decision 21 000 001 has no item (c).")
