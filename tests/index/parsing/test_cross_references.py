from __future__ import annotations

import pytest

from index.decisions import Line, Paragraph, Pinpoint, Reference
from index.parsing.cross_references import cross_references

SUBJECTS = [
    "Ms A complained about the delay in her son’s care plan and about a lost photograph.",
    "She says the taxi to his school was cancelled without notice for eleven weeks.",
    "We may investigate how a council reached its view, if it did so without proper evidence.",
    "The Council’s social worker measured the bedroom and wrote that it was too small for two beds.",
    "The landlord repaired the boiler in March after four visits by an engineer.",
    "Ms A asked for a refund of the nursery fees which she had paid in advance.",
    "The panel refused the appeal because the way to school is under two miles.",
    "A manager apologised for the tone of the telephone call in June.",
]


def checked(text: str, at: int = 9, section: tuple[str, ...] = ("What I found",)) -> list[tuple[tuple[int, ...], str]]:
    """What is found in `text`, which stands as paragraph `at` among the others: targets and verdict of each."""
    texts = [*SUBJECTS[: at - 1], text, *SUBJECTS[at - 1 :]]
    reference = Reference("21 000 832")
    paragraphs = [
        Paragraph(
            Pinpoint(reference, number),
            "published",
            ("The complaint",) if number < 3 else section,
            "facts",
            (Line(said),),
        )
        for number, said in enumerate(texts, 1)
    ]
    return [(found.targets, found.verdict) for found in cross_references(paragraphs) if found.at == at]


@pytest.mark.parametrize(
    "text", ["paragraph 47", "paragraphs one and two", "paragraphs 10 to 12", "para 3", "paragraph twenty-one"]
)
def test_examples_are_found(text):
    """What a decision writes of its own paragraphs is found as a reference to this decision."""
    assert checked(f"I set this out in {text}.")


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("I describe this in paragraph 4.", (4,)),
        ("I describe this in paragraphs 2, 3 and 5.", (2, 3, 5)),
        ("I describe this in paragraphs 4 to 6.", (4, 5, 6)),
        ("I describe this in paragraphs 4-6 above.", (4, 5, 6)),
        ("I describe this in paragraphs four – six.", (4, 5, 6)),
        ("I describe this in paras one and two above.", (1, 2)),
        ("I describe this in paragraphs one, two and three.", (1, 2, 3)),
        ("I describe this in Paragraph seven.", (7,)),
        ("I describe this in paragraph 4(b).", (4,)),
        ("I describe this in paragraph 4 of this statement.", (4,)),
    ],
)
def test_numbers_in_digits_words_and_ranges(text, targets):
    """References in digits, in words and as ranges name their paragraphs."""
    assert [found for found, _ in checked(text)] == [targets]


@pytest.mark.parametrize(
    "text",
    [
        "We cannot do this. (Local Government Act 1974, Schedule 5, paragraph 5(2), as amended)",
        "We cannot do this. (Local Government Act 1974, Schedule 5/5A, paragraph 1/3, as amended)",
        "We cannot do this. (Local Government Act 1974, Schedule 5, paragraph 5(b), as amended)",
        "We cannot do this under Schedule 5, paragraph 4.",
        "The Code of Practice, paragraph 9.131, says so.",
        "It is in the statutory guidance at paragraph 6.",
        "Paragraph 4 of the Council’s policy says so.",
        "I rely on paragraph 3 of its letter.",
        "It is in the guidance (SEND Code, paragraph 4).",
        "The officer wrote: “As I said in paragraph 4 of my email, the bedroom is small.”",
        "The report says at paragraph 6 that he fell.",
        "As I explained in paragraph 40 of my decision about her earlier complaint, it was late.",
    ],
)
def test_other_documents_are_left_out(text):
    """A paragraph of a statute, of guidance or of somebody’s letter is none of the decision’s own."""
    assert checked(text) == []


def test_what_is_said_stands_there():
    """A reference whose words stand in the paragraph it names agrees."""
    assert checked("As I said in paragraph 4, the bedroom was too small for two beds.") == [((4,), "agrees")]


def test_what_is_said_stands_elsewhere():
    """A reference whose words stand in another paragraph, and not there, contradicts, and says where they stand."""
    text = "As I said in paragraph 6, the social worker measured the bedroom and it was too small for two beds."
    assert checked(text) == [((6,), "contradicts")]


def test_reason_names_both_places():
    """A contradiction says in a sentence what was named and where it stands."""
    texts = [*SUBJECTS, "As I said in paragraph 6, the social worker found the bedroom was too small for two beds."]
    places = [
        Paragraph(Pinpoint(Reference("21 000 832"), number), "published", (), "facts", (Line(text),))
        for number, text in enumerate(texts, 1)
    ]
    (found,) = cross_references(places)
    assert found.reason == (
        "Paragraph 9 speaks of “paragraph 6”, but what it says of it stands in paragraph 4 of this copy."
    )


def test_paragraph_that_is_not_there_contradicts():
    """A reference to a paragraph beyond the last contradicts."""
    assert checked("I explained this in paragraph 47.") == [((47,), "contradicts")]


def test_paragraph_that_names_itself_contradicts():
    """A paragraph that points to its own number as to another contradicts."""
    assert checked("As I explained in paragraph 9, this was fault.") == [((9,), "contradicts")]


@pytest.mark.parametrize(("text", "at"), [("As set out in paragraph 8 above.", 3), ("See paragraph 2 below.", 5)])
def test_wrong_direction_contradicts(text, at):
    """What is said to stand above stands above, or the numbers are contradicted."""
    assert [verdict for _, verdict in checked(text, at)] == ["contradicts"]


def test_complaints_stand_under_the_complaint():
    """“The complaints in paragraphs one and two” agree with paragraphs under the heading “The complaint”."""
    assert checked("I have looked at the complaints in paragraphs one and two above.") == [((1, 2), "agrees")]


def test_other_words_tell_nothing():
    """A reference of which nothing can be told neither agrees nor contradicts."""
    assert checked("I come back to this in paragraph 5.") == [((5,), "none")]


def test_guidance_that_is_not_named_tells_nothing():
    """“(see paragraph 145)” after a sentence about guidance may be the guidance’s, so it contradicts nothing."""
    assert checked("The planning framework says a council should consult (see paragraph 145).") == [((145,), "none")]


@pytest.mark.parametrize(
    "text",
    [
        "I have had regard to the National Planning Policy Framework and in particular to paragraph 130.",
        "The Investigating Officer explained in paragraph 45 that it was late.",
        "The Council’s stage two report upheld the points raised in paragraphs 21 and 22.",
        "Mr X referred to the NPPF as set out in paragraph 55.",
        "I agree with the findings made at paragraph 92.",
        "The Department’s advice, as set out in paragraph 33, is plain.",
        "It relied on circular 11/95 which said, as discussed in paragraph 44, that it may.",
        "I considered Mr X’s comments in paragraph 60.",
        "The independent person agreed with the complaints listed in paragraphs 30 to 35.",
    ],
)
def test_what_may_be_another_document_contradicts_nothing(text):
    """Where somebody else’s paper may be meant, a number that the decision does not have contradicts nothing."""
    assert "contradicts" not in [verdict for _, verdict in checked(text)]


def test_one_common_word_proves_nothing():
    """A word that many paragraphs share does not make a reference agree."""
    assert checked("I refer the Council to paragraph 4.") == [((4,), "none")]


@pytest.mark.parametrize(("item", "verdict"), [("b", "agrees"), ("c", "contradicts")])
def test_item_that_is_named_is_there(item, verdict):
    """A reference to a lettered item contradicts where its paragraph has lettered items, and not that one."""
    lines = (Line("It agreed to:"), Line("repair the boiler;", 1, "a"), Line("paint the nursery.", 1, "b"))
    said = (Line(f"As I said in paragraph 1({item}), it agreed to paint the nursery."),)
    places = [
        Paragraph(Pinpoint(Reference("21 000 832"), number), "published", (), "facts", text)
        for number, text in enumerate((lines, (Line("A visit took place."),), said), 1)
    ]
    assert [found.verdict for found in cross_references(places)] == [verdict]


def test_only_so_many_mentions_are_looked_at():
    """Of thousands of mentions, which no decision has, only the first are looked at, and ranges end somewhere."""
    mentions = " ".join("See paragraph 2 above." for _ in range(800))
    assert len(checked(mentions)) == 300
    (found, *_) = checked(f"See paragraphs {'1-999, ' * 2_000}3 above.")
    assert len(found[0]) <= 999
