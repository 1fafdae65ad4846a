"""Reading a generated text: its sentences, what each cites, and that none is dropped."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.decisions import Decision, Line, Paragraph, Pinpoint, Reference
from qa.generation import sentences as citations
from qa.generation.context import ContextParagraph
from qa.generation.sentences import SentenceChecker
from qa.text.comparison import find
from qa.text.figures import figures
from qa.text.quotations import quotations

REFERENCE = Reference("19 000 001")
TEXTS = (
    "The Council lost the blue lanyard.",
    "The Council found the red kettle.",
    "The Council sold the green bicycle.",
    "The Council painted the yellow fence.",
    "The Council repaired the old bridge.",
)
PARAGRAPHS = tuple(
    Paragraph(Pinpoint(REFERENCE, number), "published", ("What happened",), "facts", (Line(text),))
    for number, text in enumerate(TEXTS, 11)
)
DECISION = Decision(REFERENCE, "Anytown Council", None, None, None, None, PARAGRAPHS, "published")
SHOWN = [ContextParagraph(f"P{number}", paragraph, DECISION) for number, paragraph in enumerate(PARAGRAPHS, 1)]
BLUE, RED, GREEN, YELLOW = (text.rstrip(".") for text in TEXTS[:4])


def read(text, shown):
    """The sentences of a whole text, checked."""
    reader = SentenceChecker(shown)
    return [*reader.feed(text), *reader.finish()]


def sentences(text):
    """The sentences of a text, each with the handles that it cites."""
    return [(one.text, [shown.handle for shown in one.cited]) for one in read(text, SHOWN)]


def flaws(text):
    return [one.flaw for one in read(text, SHOWN)]


def only(text):
    (statement,) = read(text, SHOWN)
    return statement


# Handles


@pytest.mark.parametrize(
    "text",
    [
        f"{BLUE} [P1].",
        f"{BLUE}. [P1]",
        f"{BLUE}. [P1].",
        f"{BLUE} [P1]",
        f"{BLUE}.\n[P1]",
        f"{BLUE}.\n  [P1]\n",
        f"{BLUE} [p1].",
        f"{BLUE} [ P1 ].",
        f"{BLUE}【P1】.",
        f"{BLUE}[P1].",
        f"- {BLUE} [P1].",
        f"• {BLUE} [P1].",
        f"**{BLUE}** [P1].",
        f"**{BLUE}.** [P1]",
        f"1. {BLUE} [P1].",
        f"{BLUE}.[P1]",
        f"{BLUE} ([P1]).",
        f"{BLUE} [[P1]].",
        "The Council [P1] lost the blue lanyard.",
    ],
)
def test_where_handles_stand(text):
    """A handle counts wherever it stands in its sentence or behind it, and is not read."""
    statement = only(text)
    assert statement.text.rstrip(".") == BLUE
    assert ([one.handle for one in statement.cited], statement.flaw) == (["P1"], None)


@pytest.mark.parametrize(
    "handles",
    [
        "[P1][P2]", "[P1] [P2]", "[P1, P2]", "[P1,P2]", "[P1; P2]", "[P1/P2]", "[P1 & P2]", "[P1 and P2]", "[P1, 2]",
        "[P1], [P2]", "[P1] and [P2]", "[P1-P2]", "[P1–P2]", "[P1-2]", "[P1][P2][P1]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["{} {}.", "{}. {}"])
def test_several_handles(handles, place):
    """Two handles are two citations, however they are joined, each once."""
    text = "The Council lost the blue lanyard and found the red kettle"
    assert sentences(place.format(text, handles)) == [(f"{text}.", ["P1", "P2"])]


def test_a_range():
    """A range cites all within it, in order."""
    assert sentences(f"{BLUE} [P1-P4].") == [(f"{BLUE}.", ["P1", "P2", "P3", "P4"])]


def test_a_range_that_ends_beyond_what_was_shown():
    """A range of which not all was shown has a handle that was not."""
    statement = only(f"{BLUE} [P1-P9].")
    assert statement.flaw == "not_shown"
    assert "[P6]" in statement.detail


def test_a_handle_not_shown():
    """A handle that no paragraph has is named."""
    statement = only(f"{BLUE} [P99].")
    assert (statement.flaw, statement.cited) == ("not_shown", ())
    assert statement.detail == "It cites a paragraph that was not shown ([P99])."


def test_a_handle_not_shown_beside_one_that_was():
    """One handle that no paragraph has spoils the sentence, and the others are still told."""
    statement = only(f"{BLUE} [P1][P99].")
    assert statement.flaw == "not_shown"
    assert [one.handle for one in statement.cited] == ["P1"]


@pytest.mark.parametrize("mark", ["", "[1]", "[99]", "(P1)", "[Paragraph 1]", "[Q1]", "P1", "(paragraph 11)"])
def test_uncited(mark):
    """A sentence without a handle is uncited, whatever it has instead."""
    assert only(f"{BLUE} {mark}.").flaw == "uncited"


def test_a_handle_of_the_next_sentence():
    """A handle goes with the sentence before it, never with the one behind."""
    assert sentences(f"{BLUE}. {RED}. [P2]") == [(f"{BLUE}.", []), (f"{RED}.", ["P2"])]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As [P1] says, the Council lost the blue lanyard.", "As Anytown Council (19 000 001), paragraph 11 says, the"),
        ("According to [P1], it was lost.", "According to Anytown Council (19 000 001), paragraph 11, it was lost."),
        ("[P1] says the Council lost the blue lanyard.", "Anytown Council (19 000 001), paragraph 11 says the Council"),
        (
            "According to [P1][P2] it was lost.",
            "According to Anytown Council (19 000 001), paragraph 11 and Anytown Council (19 000 001), paragraph 12 it",
        ),
    ],
)
def test_a_handle_as_a_word(text, said):
    """A handle that is a word of its sentence is read as the citation."""
    assert only(text).text.startswith(said)


def test_an_uncited_sentence_does_not_ride_along():
    """A handle right behind a full stop ends its sentence, and supports none but that."""
    flaws = [one.flaw for one in read(f"{BLUE}.[P1] {RED}. {BLUE}. [P1]", SHOWN)]
    assert flaws == [None, "uncited", None]


def test_a_sentence_that_begins_with_a_title():
    """“Mr.” ends no sentence, also where it begins a line."""
    assert [one.text for one in read(f"{BLUE} [P1].\nMr. H found the red kettle [P2].", SHOWN)] == [
        f"{BLUE}.",
        "Mr. H found the red kettle.",
    ]


def test_a_handle_within_quotation_marks():
    """The mark behind a handle still closes its quotation."""
    text = f"The note says “{RED}. [P2].” {BLUE}. [P1]"
    assert [one.text for one in read(text, SHOWN)] == [f"The note says “{RED}.”", f"{BLUE}."]


@pytest.mark.parametrize(
    "text", [BLUE.replace("o", "\u043e", 1), f"{BLUE}³", f"{BLUE} 「so」", f"<b>{BLUE}</b>", f"{BLUE}。"]
)
def test_other_characters(text):
    """What is written in characters that the paragraph has not may look like what it is not, and is not supported."""
    assert only(f"{text} [P1].").flaw == "characters"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x08", "\u00ad", "\ue000"])
def test_what_cannot_be_seen_is_left_out(hidden):
    """Nothing that could turn round what is shown beside it, or hide in it, is ever shown."""
    assert only(f"{BLUE}{hidden} [P1].").text == f"{BLUE}."


def test_citations():
    """What a sentence cites is told as it goes into a letter."""
    assert only(f"{BLUE} [P1].").citations == ["Anytown Council (19 000 001), paragraph 11"]


# Sentences


@pytest.mark.parametrize(
    "text",
    [
        f"{BLUE} [P1]. {RED} [P2].",
        f"{BLUE}. [P1] {RED}. [P2]",
        f"{BLUE}.\n[P1]\n{RED}.\n[P2]",
        f"{BLUE} [P1].\n\n{RED} [P2].",
        f"- {BLUE} [P1]\n- {RED} [P2]",
        f"* {BLUE}. [P1]\n* {RED}. [P2]\n",
        f"**{BLUE}.** [P1] **{RED}.** [P2]",
        f"{BLUE}! [P1] {RED}? [P2]",
        f"{BLUE} [P1].\r\n{RED} [P2].",
        f"{BLUE}.[P1] {RED}.[P2]",
        f"1. {BLUE} [P1].\n2. {RED} [P2].",
    ],
)
def test_two_sentences(text):
    """Sentences end at their full stops and at ends of lines, and each keeps its own handle."""
    found = [(said.rstrip(".!?"), cited) for said, cited in sentences(text)]
    assert found == [(BLUE, ["P1"]), (RED, ["P2"])]


@pytest.mark.parametrize("name", ["Mr. H", "Mrs. H", "Dr. Hill", "Cllr. Hill", "Prof. Hill", "para. 11", "e.g. H"])
def test_abbreviations(name):
    """The full stop of an abbreviation ends no sentence."""
    assert len(read(f"The Council told {name} that it had lost the blue lanyard [P1].", SHOWN)) == 1


def test_sums_and_dates_are_whole():
    """A point within a number ends no sentence."""
    assert len(read("On 3.5.2021 it paid £9.50 for 2.5 days [P1].", SHOWN)) == 1


def test_a_quotation_is_not_cut_off():
    """A quotation mark behind a full stop belongs to the sentence before."""
    said = "The Council wrote “the blue lanyard is lost.”"
    assert sentences(f"{said} [P1] {RED} [P2].") == [(said, ["P1"]), (f"{RED}.", ["P2"])]


@pytest.mark.parametrize("text", ["", " \n\n", "---", "[P1]", "\n[P1][P2]\n", "…", "**"])
def test_no_sentence(text):
    """Empty lines, rules and handles alone are no sentences."""
    assert read(text, SHOWN) == []


def test_a_heading_is_kept():
    """A heading, which cites nothing, comes out uncited."""
    assert flaws(f"## Answer\n{BLUE} [P1].") == ["uncited", None]


def test_text_cut_off():
    """A text that stops in the middle of a sentence keeps what has come."""
    assert sentences(f"{BLUE} [P1]. The Council sold the") == [(f"{BLUE}.", ["P1"]), ("The Council sold the", [])]


# Sentences that lean on others


@pytest.mark.parametrize("word", ["It", "They", "This", "However, it", "Therefore it", "and it"])
def test_dangling(word):
    """What cannot be understood without a sentence that is left out is left out, too."""
    assert flaws(f"{BLUE}. {word} found the red kettle [P2].") == ["uncited", "dangling"]


def test_leaning_on_a_sentence_that_stays():
    """What leans on a supported sentence is supported."""
    assert flaws(f"{BLUE} [P1]. It found the red kettle [P2].") == [None, None]


def test_not_leaning():
    """A sentence that stands by itself is supported, whatever was left out before it."""
    assert flaws(f"{BLUE}. {RED} [P2].") == ["uncited", None]


def test_dangling_goes_on():
    """What leans on a dangling sentence dangles."""
    text = f"{BLUE}. It found the red kettle [P2]. It sold the green bicycle [P3]. {YELLOW} [P4]."
    assert flaws(text) == ["uncited", "dangling", "dangling", None]


def test_grounding_is_asked_for():
    """A sentence that the paragraph cited does not say has a flaw with a reason in words."""
    statement = only("The Council bought a purple umbrella [P1].")
    assert statement.flaw == "wording"
    assert statement.detail


# Pieces of any size

PARTS = st.sampled_from(
    [
        BLUE, RED, GREEN, ". ", ".\n", " [P1]", " [P2].", ".[P1]", "([P1])", "Mr. H", "3. ", "\n2. ",
        "[P1][P2]", "[P99]", " [P1, P3]", "\n", "- ", "**", " ",
        "“", "”", "It was so", "?", "…", "[", "]", "P1", ",", " [P1-P3]", " (P2)", "\r\n", "£9.50", "¶", "it",
    ]
)  # fmt: skip
TEXT = st.lists(PARTS, max_size=14).map("".join) | st.text(max_size=40)


def in_pieces(pieces):
    reader = SentenceChecker(SHOWN)
    return [*(one for piece in pieces for one in reader.feed(piece)), *reader.finish()]


@given(TEXT, st.data())
def test_cutting_changes_nothing(text, data):
    """A text gives the same sentences however it comes in pieces."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    assert in_pieces(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)) == read(text, SHOWN)


@given(TEXT)
def test_character_by_character(text):
    """A text gives the same sentences when each character comes by itself."""
    assert in_pieces(text) == read(text, SHOWN)


@given(st.lists(st.tuples(st.sampled_from([BLUE, RED, GREEN, YELLOW]), st.sampled_from(["", " [P1]", " [P9]"]))))
def test_every_sentence_comes_out_once(written):
    """No sentence is dropped or doubled, whatever it cites."""
    text = " ".join(f"{said}{handle}." for said, handle in written)
    assert [one.text for one in read(text, SHOWN)] == [f"{said}." for said, _ in written]


@given(TEXT)
def test_no_letter_is_dropped(text):
    """Every letter of a text that is no handle's comes out, in order."""

    def letters(said):
        return re.sub(r"[\W\d_]", "", re.sub(r"\[[P0-9,\s-]*\]", "", said))

    kept = iter(letters("".join(one.text for one in read(text, SHOWN))))
    assert all(letter in kept for letter in letters(text))


def test_a_sentence_comes_as_soon_as_it_is_complete():
    """A sentence is given once the next has begun, not when the whole text has come."""
    reader = SentenceChecker(SHOWN)
    assert list(reader.feed(f"{BLUE} [P1].")) == []
    assert [one.text for one in reader.feed(" The")] == [f"{BLUE}."]


# What is shown is what was checked

PAID = "The Council paid £12000 and £1,500 within 28 days, as a result of its risk assessment of the inaccurate note"
LONGER = Paragraph(
    Pinpoint(REFERENCE, 20),
    "published",
    ("What happened",),
    "facts",
    (Line(f"{PAID}."),),
)


def paid(text):
    """A sentence about one paragraph, checked."""
    (statement,) = read(text, [ContextParagraph("P1", LONGER, DECISION)])
    return statement


def test_the_whole_is_supported():
    """The sentence into which handles are put below is supported without them."""
    assert paid(f"{PAID} [P1].").flaw is None


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("£12000", "£12[P1]000"), ("£12000", "£120[P1].00"), ("£12000", "£12[P1],000"), ("£12000", "£12 [P1],000"),
        ("£1,500", "£1[P1],500"), ("28 days", "2[P1]8 days"), ("28 days", "2[P1].8 days"), ("28 days", "2[P1]:8 days"),
        ("28 days", "2[P1]\u200b8 days"), ("28 days", "2\u2060[P1]8 days"), ("28 days", "2[P1]\ufe0f8 days"),
        ("assessment", "as[P1]sessment"), ("assessment", "assess[P1]ment"), ("inaccurate", "in[P1]accurate"),
        ("inaccurate", "in([P1])accurate"), ("inaccurate", "in[P1][P1]accurate"), ("as a", "as [P1](b) a"),
        ("as a", "as [P1]-3 a"), ("as a", "as [P1] 000 a"),
    ],
)  # fmt: skip
def test_a_handle_within_a_word_or_number(whole, cut):
    """A handle cuts no word and no number in two, and adds none to the number of a paragraph."""
    assert paid(f"{PAID.replace(whole, cut, 1)} [P1].").flaw == "wording"


@pytest.mark.parametrize(
    "more", [", 28", ", 28:", " and 28", " and [28]", " to 28", " at 28", "; no 28", " (28)", ", (28)"]
)
def test_a_number_behind_a_citation(more):
    """A number behind a citation that is a word of its sentence would be read with it, as that of a paragraph."""
    assert paid(f"See [P1]{more} days: {PAID} [P1].").flaw == "wording"


@pytest.mark.parametrize(
    "more",
    [
        " .28",
        "b",
        " [b]",
        ", b,",
        ", point b,",
        " bis",
        " and one",
        " and xii",
        ", xii,",
        " and the next",
        " b",
        " – c",
    ],
)
def test_a_citation_does_not_go_on_in_the_text(more):
    """Nothing behind a citation that is a word of its sentence may be read with it."""
    assert paid(f"According to [P1]{more} {PAID} [P1].").flaw is not None


@pytest.mark.parametrize("more", [",", ":", ", a report says that", " says that", "’s account is that"])
def test_a_sentence_goes_on_behind_a_citation(more):
    """A citation may be a word of its sentence."""
    assert citations._SENTENCE_GOES_ON.match(f"{more} {PAID}")


def test_a_citation_at_the_end_is_no_word():
    """“Where this came from [P1].” does not tell that it came from the paragraph."""
    assert only(f"{RED} as from [P1].").text == f"{RED} as from."


@pytest.mark.parametrize(
    "cut", ["as [P1] a result", "as a [P1] result", "as a [P1], result", "as a result of [P1] its"]
)
@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "‘{}’"])
def test_a_handle_within_a_quotation(cut, marks):
    """Nothing is put between the marks of a quotation."""
    quoted = f"{cut} risk assessment" if cut.endswith("its") else f"{cut} of its risk assessment"
    assert paid(f"The Council paid {marks.format(quoted)} [P1].").flaw in ("misquoted", "wording")


@pytest.mark.parametrize("end", ["” [P1].", ".” [P1]", " [P1]”.", ". [P1]”", " [P1].”"])
def test_a_handle_at_the_end_of_a_quotation(end):
    """A handle right before the mark that closes a quotation, or behind it, is nothing in the quotation."""
    assert paid(f"The Council paid £1,500 “as a result of its risk assessment{end}").flaw is None


@pytest.mark.parametrize("mark", ["", "**", "__", "`"])
def test_a_handle_without_a_space_behind_it(mark):
    """Two words between which a handle stands are two words, also where no space is behind it or emphasis begins."""
    statement = only(f"The Council [P1]{mark}lost{mark} the blue lanyard [P1].")
    assert (statement.text, statement.flaw) == (f"{BLUE}.", None)


HANDLES = st.sampled_from(
    ["[P1]", " [P1]", "[P1] ", " [P1] ", "[P1].", "[P1],", " [P1], ", "[P1];", "([P1])", "\n[P1]"]
)
BITS = st.sampled_from(
    ["£12000", "£1,500", "28 days", "2", "8", ".", ",", " ", "as", " as ", " in ", "sessment", "“", "”", '"', "‘", "’",
     "a result", "risk assessment", "The Council", " paid ", "see ", "(", ")", "-", "**", "`", "1", "s’ ", "May ", "%"]
)  # fmt: skip
CITATION = re.escape(ContextParagraph("P1", LONGER, DECISION).citation)


def without_citations(text):
    """A text as it is shown, without the citations that are read in it."""
    return re.sub(f" ?{CITATION}(?: and {CITATION})*", " ", text)


def numbers(text):
    """The numbers that a text shows, as they are read."""
    return re.findall(r"\d+(?:[.,:/]\d+)*", text)


@given(st.lists(HANDLES | BITS, max_size=12).map("".join), st.integers(0, len(PAID)), HANDLES)
def test_what_is_shown_is_what_is_supported(text, at, handle):
    """A supported sentence, without the citations read in it, has no word, number or quotation that was not checked."""
    for written in (f"The Council paid {text} [P1].", f"{PAID[:at]}{handle}{PAID[at:]} [P1]."):
        for one in read(written, [ContextParagraph("P1", LONGER, DECISION)]):
            if one.flaw is None:
                uncited = without_citations(one.text)
                assert all(figure.is_told_in(figures(LONGER.text)) for figure in figures(uncited))
                assert all("paragraph" not in quoted.text for quoted in quotations(one.text))
                assert all(find(quoted.text, LONGER.text) is not None for quoted in quotations(one.text))
                assert set(re.findall(r"[^\W\d_]+", uncited)) <= set(re.findall(r"[^\W\d_]+", written))


@given(st.lists(HANDLES | BITS, max_size=12).map("".join))
@example(' as "[P1].')
def test_what_is_shown_is_what_is_checked(text):
    """What is held against the paragraphs is what is shown, but for citations, white space and punctuation."""
    checked = []

    def checks(plain, *_):
        checked.append(plain)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(citations, "ungrounded", checks)
        supported = [one for one in read(text, [ContextParagraph("P1", LONGER, DECISION)]) if one.flaw is None]

    def words(said):
        return re.findall(r"\w+", said)

    for one in supported:
        uncited = without_citations(one.text)
        plain = next(said for said in checked if words(said) == words(uncited))
        assert numbers(uncited) == numbers(plain)
        quoted = {one.text.rstrip(" .,;") for one in quotations(one.text)} - {""}  # of a mark at the end of a text
        assert quoted <= {one.text.rstrip(" .,;") for one in quotations(plain)}


# Sentences without an end


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_sentence_that_is_too_long(size):
    """A sentence of thousands of characters is left out unread, with its line, and what follows is read."""
    text = f"{BLUE} [P1]. {'Council ' * 2000}[P1]. {GREEN} [P3].\n{RED} [P2]. It sold the green bicycle [P3]."
    told = in_pieces(text[at : at + size] for at in range(0, len(text), size))
    assert [one.flaw for one in told] == [None, "unfinished", None, None]
    assert told[1].detail == "It does not end within 2,000 characters."
    assert len(told[1].text) <= 201


def test_what_leans_on_a_sentence_that_is_too_long():
    """What follows a sentence left out for its length cannot lean on it."""
    assert flaws(f"{'Council ' * 300}[P1].\nIt found the red kettle [P2].") == ["unfinished", "dangling"]


@pytest.mark.parametrize("length", [1_900, 1_990, 2_000, 2_010, 2_300, 2_390, 2_400, 2_410, 3_000])
@pytest.mark.parametrize("end", [". [P1]", " [P1].", ".\n[P1]\n", ". [P1", "\n", ""])
def test_a_long_sentence_in_pieces(length, end):
    """Where a long sentence ends does not hang on the pieces in which it comes."""
    text = f"{'The Council ' * 250}"[:length] + f"{end} {RED} [P2]. \n{BLUE} [P1]."
    whole = read(text, SHOWN)
    assert in_pieces(text) == whole
    assert in_pieces(text[at : at + 97] for at in range(0, len(text), 97)) == whole


def test_the_work_of_a_text_without_an_end():
    """A text that comes by the character and never ends takes time in proportion to its length."""
    began = time.process_time()
    told = in_pieces("Mr. " * 600 + "\n" + "Mr. Council " * 5_000)
    assert time.process_time() - began < 15  # a hundred times what it takes; it took minutes where all was read again
    assert [one.flaw for one in told] == ["unfinished", "unfinished"]


# Several paragraphs, and several decisions


@pytest.mark.parametrize("text", [f"{BLUE} [P1][P2].", f"{BLUE} [P1–P3].", f"According to [P2], {BLUE} [P1]."])
def test_a_citation_that_does_not_say_it(text):
    """A paragraph that says nothing of a sentence is not cited for it beside the one that does."""
    assert flaws(text) in (["wording"], ["reference"])


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (f"According to [P1], {BLUE}, and according to [P2], {RED}.", None),
        (f"According to [P2], {BLUE}, and according to [P1], {RED}.", "reference"),
        (f"{BLUE}, as [P1] says, and {RED} [P2].", None),
        (f"{BLUE}, as [P2] says, and {RED} [P1].", "reference"),
    ],
)
def test_what_is_told_of_a_handle(text, flaw):
    """What a sentence tells of a paragraph by a handle that is read is not said better by another that it cites."""
    assert flaws(text) == [flaw]


def test_what_leans_on_another_decision():
    """“It” behind a sentence about another decision would be read as whom that one is about."""
    reference = Reference("20 111 222")
    paragraph = Paragraph(Pinpoint(reference, 7), "published", (), "facts", (Line("It paid for an old bridge."),))
    decision = Decision(reference, "Othertown Council", None, None, None, None, (paragraph,), "published")
    shown = [*SHOWN, ContextParagraph("P6", paragraph, decision)]
    told = "It paid for an old bridge [P6]."
    assert [one.flaw for one in read(f"{BLUE} [P1]. {told}", shown)] == [None, "dangling"]
    assert [one.flaw for one in read(told, shown)] == [None]
    whose = "However, Othertown Council paid for an old bridge [P6]."  # it says of whom it tells
    assert [one.flaw for one in read(f"{BLUE} [P1]. {whose}", shown)] == [None, None]
    assert flaws(f"{BLUE} [P1]. It found the red kettle [P2].") == [None, None]
