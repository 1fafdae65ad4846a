"""Words beside a citation that read like a quotation without marks."""

from __future__ import annotations

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from test_findings import SEEDED

from qa.letters.check import check_letter
from qa.letters.unmarked import reads_like, shares_words

HONEST = (PROJECT / "tests" / "letters" / "honest.txt").read_text(encoding="utf-8").strip().split("\n\n")
SAID = "I also made recommendations for the Council to review its family agreement template."
AT = "21 017 496, paragraph 63"


def told(text):
    """The findings that say that something reads like a quotation."""
    return [found for found in check_letter(text, SEEDED) if "reads like a quotation" in found.detail]


@pytest.mark.parametrize("marks", ["|", "<p>|</p>", "<li>|</li>", "**|**", "<b>|</b>", "\r|\r"])
@pytest.mark.parametrize("between", ["\n\n", "\n", " "])
def test_honest_paraphrases(marks, between):
    """Of the citations of honest letters two are told, however they are laid out."""
    opening, closing = marks.split("|")
    found = check_letter(between.join(f"{opening}{text}{closing}" for text in HONEST), SEEDED)
    false = [one.text for one in found if one.is_to_look_at]
    assert len(found) == 87 and len(false) <= 2, false


MISQUOTED = [
    f"I also made recommendations for the Council to review its risk agreement template ({AT}).",
    f"I also made recommendations for the Council to review its risk agreement forms ({AT}).",
    f"I also made 5 recommendations for the Council to review its family agreement template ({AT}).",
    f"I also not made recommendations for the Council to review its family agreement template ({AT}).",
    f"The Ombudsman also made recommendations for the Council to review its risk agreement template ({AT}).",
    "At paragraph 63 of 21 017 496 he says he also made recommendations for the Council to review its risk template.",
    f"{AT}\nI also made recommendations for the Council to review its child agreement template.\n",
    f"I also made recommendations for the Council to review its family agreement forms.\n{AT}\n",
    f"| I also made recommendations for the Council to review its risk agreement template | {AT} |",
    f"- I also made recommendations for the Council to review its risk agreement template ({AT})",
    "The Council had every power to enforce a written agreement of this nature (21 017 496, paragraph 50).",
    "The Council had power to enforce a written agreement of this nature (paragraph 50 of 21 017 496).",
    "The Council had no power to enforce a written agreement of this sort and knew it (21 017 496, paragraph 50).",
    "He had to pay Mr and Mrs H £950 each in 21 017 496. In 20 001 737, paragraph 80, it agreed to pay Mrs D £3,000 "
    "for the distress, upset and frustration its actions have caused her.",
    "The social worker responded to Mrs D and said the visit would last around 90 minutes (20 001 737, paragraph 28).",
    "I consider the Council should refund the entire period from 23 December 2019 to 1 January 2020 (20 001 737, "
    "paragraph 50).",
    "As the Council’s task was to protect the children, I can say the information Mr and Mrs H are concerned about "
    "would have been shared (21 017 496, paragraph 57).",
    "The Council acknowledged the social worker wore no mask and that social distancing was maintained at every home "
    "visit. The Council apologised for the social worker not wearing a facemask and said it had trained all of its "
    "staff (21 002 206, paragraph 27).",
    "Under law they possess power to enforce a written agreement of this nature (21 017 496, paragraph 50).",
    "The Council has given Mrs D an opportunity to have her complaint investigated under the correct process (20 001 "
    "737, paragraph 72).",
    "We have found the fault with the instruction to not return home created no risk at all (21 017 496, summary).",
]  # fmt: skip


def test_words_before_several_citations():
    """Words before citations in a row may be quoted from each."""
    [_, found] = check_letter(f"{SAID[:-1].replace('family', 'risk')} (20 001 737, paragraph 46; {AT}).", SEEDED)
    assert (found.verdict, found.place) == ("altered", "paragraph 63")


@pytest.mark.parametrize("text", MISQUOTED)
def test_misquotations_without_marks(text):
    """What agrees for eight words with the paragraph cited and then differs is told, with the difference."""
    [found] = told(text)
    assert (found.verdict, found.is_to_look_at) == ("altered", True)
    assert any(one.kind != "same" for one in found.differences) and len(found.right) == 1
    assert found.text == text[found.start : found.end] and found.quotation in found.text


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID[:-1]} ({AT}).",
        f"He also made recommendations for the Council to review its family agreement template ({AT}).",
        f"The Ombudsman also makes recommendations that the Council review it ({AT}).",
        f"I also made recommendations for the Council to review its family agreement template, as you know ({AT}).",
        f"I also made recommendations for the Council to review its family agreement template without delay ({AT}).",
        f"I also made recommendations for the Council to review its … template ({AT}).",
        "The Council wrongly told my client that Mr D could not return home, she says (20 001 737, paragraph 46).",
        "It confirmed that there was no legal reason why he could not return home (20 001 737, paragraph 46).",
        "He is not happy with a council under section 17 of the Children Act 1989 today (20 001 737, paragraph 72).",
        "A review meeting took place in September 2020, and it led to nothing (21 000 259, paragraph 27).",
    ],
)
def test_reported_speech_and_what_breaks_off(text):
    """Persons, tenses and a “that” may differ, and the writer may go on behind a break or the end of a sentence."""
    assert told(text) == []


def test_words_of_the_next_citation():
    """Words between two citations that are word for word those of one are no misquotation of the other."""
    text = (
        "See 20 001 737, paragraph 81. I have found fault by the Council, which caused Ms D an injustice. The Council "
        "has agreed to my recommendations and so I have completed my investigation. (21 000 832, paragraph 58)"
    )
    assert told(text) == []


def test_what_is_in_marks_is_not_told_twice():
    """A quotation in marks is compared as such, and what stands beside it is not."""
    [found] = check_letter(f"“{SAID.replace('family', 'risk')}” ({AT})", SEEDED)
    assert "reads like" not in found.detail


def test_what_is_mentioned_within():
    """A paragraph that is mentioned within the words, and few in marks that are right, are told with them."""
    text = "As I mentioned in paragraph 77, the Council has duty to ensure the safety of children in its area"
    text = f"{text} (21 000 832, paragraph 50 (number inferred))"
    assert [found.text for found in check_letter(text, SEEDED)] == [text]
    text = "The Council was “not clear” about explaining the potential consequences of Mr and Mrs X leaving home"
    text = f"{text} (21 002 206, paragraph 39)"
    assert [(found.verdict, found.text) for found in check_letter(text, SEEDED)] == [("altered", text)]


PIECES = st.lists(
    st.sampled_from([*SAID.split(), "not", "1", "(", ".", ",", "\n\n", "<b>", "&amp;", "“", "Mr", "X"]), max_size=60
)


@given(PIECES, st.lists(PIECES, max_size=3))
def test_any_words(words, published):
    """What reads like a quotation is a stretch of the words, and shares some with one of the texts."""
    beside, texts = " ".join(words), [" ".join(text) for text in published] + [SAID]
    like = reads_like(beside, texts)
    assert like is None or (0 <= like[0] < like[1] <= len(beside) and shares_words(beside, texts))
