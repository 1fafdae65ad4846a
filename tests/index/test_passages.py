from __future__ import annotations

from itertools import pairwise

import pytest
from conftest import PROJECT
from hypothesis import example, given
from hypothesis import strategies as st

from index.decisions import Decision, Line, Paragraph, Pinpoint, Reference
from index.parsing.heading_forms import HEADINGS
from index.parsing.parse import parse
from index.parsing.roles import roles
from index.passages import passages, sentences, sentences_of_heading
from index.text.sentences import sentence_spans

LONG_LINE = st.text("ab .!?”A" + "x" * 9, min_size=1, max_size=60).map(lambda text: text * 30)


def decision(*lines: str, section: tuple[str, ...] = ("What I found", "Law")) -> Decision:
    reference = Reference("21 000 832")
    paragraph = Paragraph(Pinpoint(reference, 1), "published", section, "law", tuple(map(Line, lines)))
    return Decision(reference, "A Council", None, None, None, None, (paragraph,), "published")


def test_passage_carries_its_heading():
    """What is embedded begins with the nearest heading, as a line of its own."""
    assert [passage.text for passage in passages(decision("A duty."))] == ["Law\nA duty."]


def test_long_paragraph_has_several_passages():
    """A paragraph that a model could not read at once is embedded in windows that hold all its sentences."""
    lines = [f"This is sentence number {count} of a long paragraph." for count in range(60)]
    windows = [passage.text for passage in passages(decision(*lines))]
    assert len(windows) > 1
    assert all(len(window) < 1000 for window in windows)
    assert "\n".join(window.removeprefix("Law\n") for window in windows) == "\n".join(lines)


def test_long_sentence_is_cut_between_words():
    """A sentence that a model could not read at once is cut between two words; the next one follows its end."""
    text = f"{' '.join(f'word{count}' for count in range(300))}. That is fault."
    windows = [passage.text.removeprefix("Law\n") for passage in passages(decision(text))]
    assert len(windows) == 3
    assert all(len(window) <= 900 for window in windows)
    assert " ".join(windows) == text
    assert windows[-1].endswith("word299. That is fault.")


def test_long_word_is_cut():
    """What has no space is cut where the model would stop reading."""
    windows = [passage.text.removeprefix("Law\n") for passage in passages(decision("x" * 2000))]
    assert [len(window) for window in windows] == [900, 900, 200]


@given(st.lists(LONG_LINE, min_size=1, max_size=4))
@example(["x" * 900 + " "])
@example([" ", "A duty."])
def test_windows_and_sentences_cover_the_text(lines):
    """However long lines, sentences and words are, the windows leave nothing out, and the sentences neither."""
    whole = decision(*lines)
    [paragraph] = whole.paragraphs
    windows = [passage.text.removeprefix("Law\n") for passage in passages(whole)]
    assert all(0 < len(window) <= 900 for window in windows)
    spans = sentences(paragraph)
    told = [paragraph.text[start:end] for start, end in spans]
    for parts in (windows, told):
        assert "".join("".join(parts).split()) == "".join(paragraph.text.split())
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@given(st.lists(LONG_LINE, min_size=1, max_size=3), st.text("A. ?"))
def test_sentences_are_those_of_the_passages(lines, heading):
    """The sentences of a paragraph are those of its passages, in their order, without those of the heading."""
    whole = decision(*lines, section=("What I found", heading))
    [paragraph] = whole.paragraphs
    embedded = [
        text[start:end]
        for text in (passage.text for passage in passages(whole))
        for start, end in sentence_spans(text)[sentences_of_heading(paragraph.section) :]
    ]
    assert [paragraph.text[start:end] for start, end in sentences(paragraph)] == embedded


def test_sentences_are_verbatim():
    """A sentence is a stretch of its paragraph's text, without the heading that is embedded with it."""
    [paragraph] = decision("A duty. It is", "a long one.").paragraphs
    told = [paragraph.text[start:end] for start, end in sentences(paragraph)]
    assert told == ["A duty.", "It is", "a long one."]


def test_abbreviations_end_no_sentence():
    """The stop after “Mr” is no end of a sentence."""
    text = "The Council told Mr. Hay. He left."
    assert [text[start:end] for start, end in sentence_spans(text)] == ["The Council told Mr. Hay.", "He left."]


def test_person_called_by_a_letter_ends_a_sentence():
    """Decisions call people by a letter; the stop after it ends a sentence."""
    text = "The Council should have explained this to Mr and Mrs H. I find that fault."
    assert [text[start:end] for start, end in sentence_spans(text)][1] == "I find that fault."


def test_closing_quotation_mark_stays_with_its_sentence():
    """A quotation mark after a full stop belongs to the sentence before it."""
    text = "It said “we were wrong.” That is fault."
    assert [text[start:end] for start, end in sentence_spans(text)] == ["It said “we were wrong.”", "That is fault."]


@given(st.text("ab .!?”“’\nA", max_size=80))
def test_sentences_leave_out_only_white_space(text):
    """Sentences follow one another, and between them there is nothing but white space."""
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    outside, position = "", 0
    for start, end in spans:
        outside += text[position:start]
        position = end
    assert (outside + text[position:]).strip() == ""


def test_roles_follow_the_outline():
    """The outline that decisions share gives each part its role."""
    outline = [
        ("The complaint",),
        ("What I have investigated",),
        ("The Ombudsman’s role and powers",),
        ("How I considered this complaint",),
        ("What I found", "Law and guidance"),
        ("What I found", "What happened"),
        ("What I found", "Mrs X’s complaint"),
        ("What I found", "Analysis"),
        ("What I found", "Mr X’s complaint about bias"),
        ("Agreed action",),
        ("Final decision",),
        ("Parts of the complaint that I did not investigate",),
    ]
    given_roles = "complaint method powers method law facts facts finding finding remedy conclusion method"
    assert roles(outline) == given_roles.split()


def test_law_that_stands_first_without_a_heading():
    """What stands directly under “What I found” is the law if the facts come later, and a finding if they do not."""
    assert roles([("What I found",), ("What I found", "What happened")])[0] == "law"
    assert roles([("What I found",)]) == ["finding"]


@pytest.mark.parametrize(
    ("outline", "given_roles"),
    [
        (
            [
                ("What I found", "Complaint A", "What happened"),
                ("What I found", "Complaint A", "Analysis"),
                ("What I found", "Complaint B", "What happened"),
            ],
            "facts finding facts",
        ),
        (
            [
                ("What I found", "What happened", "Background"),
                ("What I found", "What happened", "Stage two findings"),
                ("What I found", "What happened", "Stage three"),
            ],
            "facts facts facts",
        ),
        (
            [("My findings", "Law and guidance"), ("My findings", "What happened"), ("My findings",)],
            "law facts finding",
        ),
        ([("What I found", "What happened"), ("What I found", "My assessment")], "facts finding"),
        ([("What I found", "Law"), ("What I found", "Legislative background")], "law law"),
        ([("What I found", "The Care Act 2014"), ("What I found", "Summary of events")], "law facts"),
        ([("What I have found", "What happened")], "facts"),
        ([("The Council’s actions",), ("Analysis",)], "finding finding"),
        ([("The complaints",), ("Our powers",), ("How we considered this complaint",)], "complaint powers method"),
        ([("What I found", "Analysis"), ("What I found", "The complaints procedure")], "finding finding"),
        ([("My assessment", "What happened"), ("My assessment", "Was there fault?")], "facts finding"),
        ([("My assessment", "The roof"), ("My assessment", "The Council’s policy")], "finding finding"),
        ([("What I found", "What happened"), ("What I found", "Conclusion")], "facts finding"),
        ([("What happened",), ("Conclusions",), ("Final decision",)], "facts finding conclusion"),
        ([("What happened",), ("Analysis",), ("Conclusions",)], "facts finding conclusion"),
        ([("What happened",), ("My findings",), ("Action",), ("Decision",)], "facts finding remedy conclusion"),
        ([("What I found", "What happened"), ("What I found", "Recommendations")], "facts remedy"),
        ([("The complaint", "The Ombudsmen’s role and powers")], "powers"),
        ([("The Ombudsman’s role and powers", "How we considered this complaint")], "method"),
        (
            [("What I found", "Background"), ("What I found", "Decision"), ("What I found", "Analysis")],
            "facts facts finding",
        ),
        ([("What I found", "Background"), ("What I found", "Decision")], "facts conclusion"),
        ([("What I found", "The Council’s role"), ("What I found", "What happened")], "law facts"),
        (
            [("What I found", "The law"), ("What I found", "What happened"), ("What I found", "Delay in the plan")],
            "law facts finding",
        ),
        (
            [("What I found", "What happened"), ("What I found", "Delay in the plan"), ("What I found", "Analysis")],
            "facts facts finding",
        ),
        ([("What I found", "What happened"), ("What I found", "Complaint handling")], "facts finding"),
        ([("What I found", "What happened"), ("What I found", "Legal proceedings")], "facts facts"),
        ([("What I found", "What should have happened"), ("What I found", "What happened")], "law facts"),
    ],
)
def test_roles_of_other_outlines(outline, given_roles):
    """What a heading says outright counts wherever it stands, and for all beneath it."""
    assert roles(outline) == given_roles.split()


@pytest.mark.parametrize(("heading", "role"), [(example, kind.role) for kind in HEADINGS for example in kind.examples])
def test_headings_are_told_by_their_names(heading, role):
    """A heading that is wholly called as a part of decisions is has the role of that part, in capitals too."""
    assert roles([(heading,)]) == [role]
    assert roles([(heading.upper(),)]) == [role]


@pytest.mark.parametrize(
    "heading",
    ["Legal advice", "Mr X’s son-in-law", "The panel’s findings", "Assessment of needs", "Actions taken by the school"],
)
def test_headings_that_say_nothing(heading):
    """A heading with a word of the law or of findings that is about something else goes on with what had begun."""
    assert roles([("What I found", "What happened"), ("What I found", heading)]) == ["facts", "facts"]


def test_long_heading_is_read_at_its_beginning():
    """Of a heading only the beginning is read, so that no page can make the reading long."""
    assert roles([("What I have " + "not I we " * 40_000 + "investigated",)]) == ["finding"]


@pytest.mark.parametrize(
    ("capture", "given_roles"),
    [
        ("ombudsmen", "complaint powers method finding conclusion"),
        ("assessment", "complaint facts conclusion"),
        ("findings", "complaint powers law facts finding finding finding remedy conclusion"),
        ("no-fault", "complaint powers finding conclusion"),
    ],
)
def test_roles_of_captures(capture, given_roles):
    """The paragraphs of these captures have the roles that their headings give them."""
    source = (PROJECT / "tests" / "captures" / f"{capture}.txt").read_bytes()
    assert [paragraph.role for paragraph in parse(source).paragraphs] == given_roles.split()
