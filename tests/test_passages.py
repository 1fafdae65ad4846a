from __future__ import annotations

from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import Line, Paragraph, Pinpoint, Reference
from index.parse import parse
from index.passages import fold_key, passages, roles, sentence_spans, sentences


def decision(*lines: str):
    paragraph = Paragraph(
        Pinpoint(Reference("21 000 832"), 1), "published", ("What I found", "Law"), "law", tuple(map(Line, lines))
    )
    whole = parse((SEEDS / "21-000-832.txt").read_bytes())
    return whole.__class__(whole.reference, "A Council", None, None, None, None, (paragraph,), "published")


def test_passage_carries_its_heading():
    """What is embedded begins with the nearest heading."""
    assert [passage.text for passage in passages(decision("A duty."))] == ["Law: A duty."]


def test_long_paragraph_has_several_passages():
    """A paragraph that a model could not read at once is embedded in windows that hold all its sentences."""
    lines = [f"This is sentence number {count} of a long paragraph." for count in range(60)]
    windows = [passage.text for passage in passages(decision(*lines))]
    assert len(windows) > 1
    assert all(len(window) < 1000 for window in windows)
    assert " ".join(window.removeprefix("Law: ") for window in windows) == " ".join(lines)


def test_sentences_are_verbatim():
    """A sentence is a stretch of its paragraph's text."""
    whole = parse((SEEDS / "21-017-496.txt").read_bytes())
    texts = {place.pinpoint: place.text for place in whole.places()}
    assert all(texts[told.pinpoint][told.start : told.end] == told.text for told in sentences(whole))


def test_abbreviations_end_no_sentence():
    """The stop after “Mr” is no end of a sentence."""
    text = "The Council told Mr. Hay. He left."
    assert [text[start:end] for start, end in sentence_spans(text)] == ["The Council told Mr. Hay.", "He left."]


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


def test_wording_is_folded():
    """Case, white space and punctuation do not make another wording."""
    assert fold_key("The Council’s duty.") == fold_key("the council's  duty")


def test_other_words_are_not_folded():
    """Other words make another wording."""
    assert fold_key("paragraph 47") != fold_key("paragraph 48")


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
