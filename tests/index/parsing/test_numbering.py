from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parsing.labels import Label
from index.parsing.numbering import number


def numbered(value: int, indent: int = 2) -> Label:
    return Label("number", "Text.", indent, value)


def dash(text: str) -> Label:
    return Label("dash", text)


HEADING = Label("heading", "What I found")
BULLET = Label("bullet", "an item", 2)
GAP = "In this copy number 4 follows number 2, where paragraph 3 is counted: something is missing between."


def test_counting_goes_on_after_a_heading():
    """A list that begins again under a heading goes on with the published numbers."""
    assert number([numbered(1), numbered(2), HEADING, numbered(1)]) == ([1, 2, None, 3], ())


def test_counting_goes_on_after_bullets():
    """A list that begins again after bullets goes on with the published numbers."""
    assert number([numbered(1), BULLET, BULLET, numbered(1)]) == ([1, None, None, 2], ())


def test_deeper_numbers_are_items():
    """Numbers that stand deeper than the paragraphs belong to the paragraph before them."""
    assert number([numbered(1), numbered(1, 6), numbered(2, 6), numbered(2)]) == ([1, None, None, 2], ())


def test_counting_goes_on_after_deeper_numbers():
    """A list that begins again after a list of its last paragraph goes on with the published numbers."""
    assert number([numbered(1), numbered(1, 6), numbered(2, 6), numbered(1)]) == ([1, None, None, 2], ())


def test_published_numbers_are_kept():
    """A source that kept its numbers through headings keeps them."""
    assert number([numbered(1), HEADING, numbered(2), HEADING, numbered(3)]) == ([1, None, 2, None, 3], ())


def test_a_gap_is_inferred():
    """Where a number is missing, no number is called published."""
    numbers, doubts = number([numbered(1), numbered(2), numbered(4)])
    assert (numbers, doubts) == ([1, 2, 3], (GAP,))


def test_a_gap_is_told_once():
    """What follows a gap fits it, also under a heading, and is no further doubt."""
    labels = [numbered(1), numbered(2), numbered(4), HEADING, numbered(5), numbered(6), HEADING, numbered(7)]
    assert number(labels)[1] == (GAP,)


@pytest.mark.parametrize("lost", [BULLET, dash("A paragraph."), numbered(1, 4), Label("none", "A paragraph.")])
def test_text_right_below_a_heading_is_inferred(lost):
    """Where something else than a paragraph stands right below a heading, no number is called published."""
    assert "right below a heading" in number([numbered(1), HEADING, lost, numbered(1)])[1][0]


def test_list_right_below_a_colon_is_inferred():
    """Numbers that begin again right below a colon may be a list, so none is called published."""
    agreed = Label("number", "It agreed to:", 2, 1)
    numbers, doubts = number([agreed, numbered(1), numbered(2)])
    assert (numbers, len(doubts)) == ([1, 2, 3], 1)


@pytest.mark.parametrize(
    "above",
    [
        numbered(1),
        Label("none", "“We agreed that:", 0),
        Label("none", "It went on:", 0),
        Label("none", "“We agreed to three things", 0),
    ],
)
def test_list_that_lost_its_indent_is_inferred(above):
    """Numbers that begin again where only a list can, and not paragraphs, leave no number published."""
    assert number([numbered(1), above, numbered(1), numbered(2), HEADING, numbered(1)])[1]


@pytest.mark.parametrize("end", [";", "; and", "; or", ", and"])
def test_paragraph_that_ends_as_an_item_is_doubted(end):
    """A numbered line that ends as an item of a list may be one that lost its indent."""
    _, doubts = number([numbered(1), HEADING, Label("number", f"apologise{end}", 2, 1), numbered(2)])
    assert doubts == ("Paragraph 2 ends as an item of a list does.",)


def test_one_number_further_out_swallows_nothing():
    """A number that stands further out than the first makes no items of the others, and none is called published."""
    numbers, doubts = number([numbered(1), numbered(1, 0), numbered(1)])
    assert numbers == [1, 2, 3]
    assert "further out" in " ".join(doubts)


def test_dashes_are_inferred():
    """A source without numbers is counted, and says so."""
    numbers, doubts = number([dash("One."), HEADING, dash("Two.")])
    assert (numbers, doubts) == (
        [1, None, 2],
        ("This copy has lost the numbers: its paragraphs and list items are marked alike.",),
    )


def test_dashes_after_a_colon_are_items():
    """Among dashes, what follows a colon up to the next heading is a list."""
    labels = [dash("It agreed to:"), dash("apologise;"), dash("pay."), HEADING, dash("Two.")]
    assert number(labels)[0] == [1, None, None, None, 2]


def test_a_long_dash_ends_a_list():
    """Among dashes, what is as long as a paragraph and much longer than the items before it is the next paragraph."""
    labels = [dash("It agreed to:"), dash("apologise."), dash("Long. " * 60)]
    assert number(labels)[0] == [1, None, 2]


def test_a_dash_further_out_ends_a_list():
    """Where a copy without numbers sets the items deeper, the next that stands further out is a paragraph."""
    labels = [dash("It agreed to:"), dash("apologise."), Label("dash", "pay.", 1), dash("She agreed.")]
    assert number(labels)[0] == [1, None, None, 2]


def test_bullets_alone_are_counted():
    """A source whose paragraphs all became bullets is counted like one of dashes."""
    assert number([BULLET, HEADING, BULLET])[0] == [1, None, 2]


def test_list_at_no_deeper_indent_is_proved_by_what_follows():
    """Numbers right below a colon are items if the next number goes on with the paragraph's."""
    labels = [numbered(5, 0), Label("number", "It agreed to:", 0, 6), numbered(1, 0), numbered(2, 0), numbered(7, 0)]
    assert number([Label("number", "One.", 0, 4), *labels])[0] == [1, 2, 3, None, None, 4]


def test_list_at_no_deeper_indent_without_proof():
    """Numbers right below a colon that nothing proves to be items are counted, and doubted."""
    labels = [Label("number", "It agreed to:", 2, 1), numbered(1), numbered(2), HEADING, numbered(1)]
    numbers, doubts = number(labels)
    assert (numbers, len(doubts)) == ([1, 2, 3, None, 4], 1)


@given(st.lists(st.sampled_from([HEADING, BULLET, numbered(1), numbered(2), numbered(7), numbered(1, 6), dash("A:")])))
def test_numbers_count_up_from_one(labels):
    """Whatever the labels, the numbers are 1, 2, 3, …, one place for each label, and the same each time."""
    numbers, _ = number(labels)
    assert len(numbers) == len(labels)
    assert [value for value in numbers if value] == list(range(1, sum(map(bool, numbers)) + 1))
    assert number(labels)[0] == numbers


SPOILED = [
    "(3) Third.", "[3] Third.", "3: Third.", "3 . Third.", "3.) Third.", "(3). Third.", "3.- Third.", "3 – Third.",
    "¶3. Third.", "**3.** Third.", "③ Third.", "３ Third.", "3。Third.", "3.Third.", "3 Ms D was not told.",
    "3 It agreed to:", "\u20663\u2069 Ms D was not told.", "3.", "|3. Third.", "`3.` Third.", "3, It was told so.",
    "'3. Third.", "3.0 Third.", "No. 3 Third.", "Paragraph 3. Third.", "(3) 21 days went by.", "(3) March was wet.",
    "3 £500 was paid to her.", "3 “£1,200” was asked for.", "3 €5 were paid then.",
    "→ 3. Third.", "a3. Third.", "3a. Third.", "3° Third.", "3The Council was told.", "“3. Third.", "⒊ Third.",
]  # fmt: skip


@pytest.mark.parametrize("text", SPOILED)
def test_spoiled_mark_is_doubted(text):
    """An unmarked line that begins with the number that comes next leaves no number published."""
    labels = [numbered(1), numbered(2), Label("none", text), HEADING, numbered(1)]
    (doubt,) = number(labels)[1]
    assert doubt == f"“{text}” begins as paragraph 3 would, but is not marked so."


def test_spoiled_mark_of_two_digits_is_doubted():
    """Two digits may have come apart."""
    labels = [*map(numbered, range(1, 10)), Label("none", "1 0. Tenth."), HEADING, numbered(1)]
    assert number(labels)[1] == ("“1 0. Tenth.” begins as paragraph 10 would, but is not marked so.",)


def test_number_alone_is_doubted_below_whatever_line():
    """A number that stands alone where it comes next is no end of the line above."""
    labels = [numbered(1), Label("number", "Text without an end", 2, 2), Label("none", "3."), HEADING, numbered(1)]
    assert number(labels)[1] == ("“3.” begins as paragraph 3 would, but is not marked so.",)


@pytest.mark.parametrize(
    "text",
    [
        "3 months later she moved.", "3 May 2021: Mr X rang.", "3 March 2021", "3. March 2021", "3 The Street.",
        "3 Old Mill Lane was sold.", "3 GCSEs were at stake.", "3-Day events were cancelled.", "3% Interest was due.",
        "£3 Was paid.", "3.5 Miles.", "3, The Street", "(4) Fourth.", "2. Second.", "(3) third;", "3rd Street.",
        "§ 3 The Act.", "“3. Third.”", "3", "3, 4 and 5 were met.", "3/4 Of it.", "3 - 5 May", "3:30 It rang.",
        "M3 Motorway works delayed him.", "‘3 Rivers’ Care Home", "3,000 Were.",
        "£3. Third.", "3pm They met there.", "3D The model was made.",
    ],
)  # fmt: skip
def test_number_that_marks_no_paragraph_is_not_doubted(text):
    """A line that begins with a number as dates, sums, addresses and other text do is no doubt."""
    assert not number([numbered(1), numbered(2), Label("none", text), HEADING, numbered(1)])[1]


def test_line_is_not_doubted_where_the_next_paragraph_bears_its_number():
    """A line begins with the next number by chance where the paragraph after it bears that."""
    lines = [numbered(1), numbered(2), Label("none", "(3) Every authority shall answer."), numbered(3)]
    assert not number([*lines, HEADING, numbered(1)])[1]
    assert number([*lines[:3], HEADING, numbered(1)])[1]


def test_doubts_have_a_bound():
    """A decision with many lines that may be marks tells one doubt a paragraph, and some fifty."""
    lines = [Label("none", "(2) Every authority shall answer.") for _ in range(30)]
    assert len(number([numbered(1), *lines, HEADING, numbered(1)])[1]) == 1
    many = [label for _ in range(99) for label in (HEADING, numbered(1), Label("none", "(2) Every authority is told."))]
    assert number([*many, HEADING, numbered(1)])[1][50:] == ("There are 49 doubts more.",)


def test_row_of_its_own_is_not_doubted():
    """What goes on with a row of numbered lines in a paragraph, or of numbered headings, is none that comes next."""
    lines = [Label("none", "(1) One."), Label("none", "(2) Two.")]
    assert not number([numbered(1), *lines, HEADING, numbered(1), numbered(2)])[1]
    headings = [Label("heading", "1: Noise"), Label("heading", "2: Smell")]
    assert not number([headings[0], numbered(1), headings[1], numbered(1), numbered(2)])[1]


@pytest.mark.parametrize(
    ("above", "is_doubted"), [("This was told in paragraph", False), ("The Act says:", False), ("This was told", True)]
)
def test_broken_line_is_not_doubted(above, is_doubted):
    """A number at the beginning of a line is that of what the line above has not ended, where that calls for one."""
    refers = Label("number", above, 2, 2)
    lines = [numbered(1), refers, Label("none", "(3). The Council agreed."), HEADING, numbered(1)]
    assert bool(number(lines)[1]) == is_doubted


@pytest.mark.parametrize(
    ("marker", "text", "mark"), [("bullet", "1. Text.", ""), ("dash", "(1) Text.", ""), ("letter", "Text.", "l.")]
)
def test_spoiled_mark_behind_another_is_doubted(marker, text, mark):
    """Where the numbers begin anew below lists, the mark of an item may stand before that of a paragraph."""
    spoiled = Label(marker, text, 2, 12 if mark else None, mark)
    labels = [numbered(1), BULLET, spoiled, HEADING, numbered(1)]
    assert "begins as paragraph 2 would" in number(labels)[1][0]


@pytest.mark.parametrize(
    ("text", "is_doubted"),
    [
        ("It was told. 3. The Council agreed.", True), ("It was told.” 3) It agreed.", True),
        ("It was told. (3) The Council agreed to it.", True), ("It was told. **3.** The Council agreed.", True),
        ("It was told. 3: The Council agreed.", True), ("It was told in paragraph 3. The Council agreed.", False),
        ("There are stages: 1. Informal. 2. Formal. 3. Review.", False), ("It has Part 1. 3 Councils agreed.", False),
        ("It says: (1) One. (2) Two. (3) Each authority.", False),
        ("It was told. 3 March was wet.", False), ("It was told. 3 months went by.", False),
        ("It was told. 4. The Council agreed.", False), ("It was told. 3 Old Mill Lane was sold.", False),
    ],
)  # fmt: skip
def test_paragraph_on_the_line_of_another_is_doubted(text, is_doubted):
    """What begins within a line as the next paragraph would leaves no number published, unless that comes next."""
    labels = [numbered(1), Label("number", text, 2, 2)]
    assert bool(number([*labels, HEADING, numbered(1)])[1]) == is_doubted
    assert not number([*labels, numbered(3), HEADING, numbered(1)])[1]


def test_letter_that_goes_on_is_no_number():
    """An l that follows a k is the letter of an item."""
    letters = [Label("letter", "Text;", 2, value, f"{chr(96 + value)}.") for value in range(1, 13)]
    assert not number([numbered(1), *letters, HEADING, numbered(1)])[1]
    assert not number([numbered(1), *letters[:-1], BULLET, BULLET, letters[-1], HEADING, numbered(1)])[1]


def test_numbers_that_look_like_letters_are_doubted():
    """A scanner may take the digits of a number for letters."""
    for value, text in ((5, "S. Fifth."), (10, "1O. Tenth."), (11, "ll) Eleventh."), (8, "B. Eighth.")):
        labels = [*map(numbered, range(1, value)), Label("none", text), HEADING, numbered(1)]
        assert f"begins as paragraph {value} would" in number(labels)[1][0]


@pytest.mark.parametrize("text", ["1.Text.", "(1) Text.", "1 Ms D was not told.", "1 . Text.", "l. Text.", "I) Text."])
def test_spoiled_mark_below_a_list_is_doubted(text):
    """Where the numbers begin anew below lists, an unmarked line that begins with 1 there may be a paragraph."""
    labels = [numbered(1), BULLET, Label("none", text), HEADING, numbered(1)]
    assert "begins as paragraph 2 would" in number(labels)[1][0]


def test_items_with_numbers_are_a_row():
    """Items of a list that bear numbers of their own below a line of text begin no paragraphs."""
    items = [Label("bullet", "1. Apologise.", 2), Label("bullet", "2. Pay.", 2)]
    assert not number([numbered(1), Label("none", "It will do both."), *items, HEADING, numbered(1)])[1]


@pytest.mark.parametrize("lines", [["(1) Text.", "(2) Text."], ["1. Text."]])
def test_row_below_a_list_is_not_doubted(lines):
    """A statute or a table below a list has rows of its own."""
    assert not number([numbered(1), BULLET, *(Label("none", text) for text in lines), HEADING, numbered(1)])[1]


@pytest.mark.parametrize(("first", "is_doubted"), [(1, False), (2, True), (3, False)])
def test_quoted_list_that_goes_on_is_doubted(first, is_doubted):
    """Where a quoted list bears the number that comes next, no number is called published."""
    items = [Label("bullet", "an item", 2, first), Label("bullet", "an item", 2, first + 1)]
    assert bool(number([numbered(1), *items, HEADING, numbered(1)])[1]) == is_doubted


def test_number_that_cannot_be_told_is_doubted():
    """A paragraph whose number is not known leaves no number published."""
    (doubt,) = number([numbered(1), Label("number", "Text.", 2)])[1]
    assert doubt == "The number that paragraph 2 bears in this copy cannot be told."


@pytest.mark.parametrize(
    "above",
    ["Specifically she complains;", "She said:-", "It agreed to pay as follows.", "He wants the following;"],
)
def test_list_among_dashes_is_announced_without_a_colon(above):
    """Among dashes, what follows a line that announces a list by its words is that list."""
    labels = [dash(above), dash("He has no plan."), dash("Nobody came."), HEADING, dash("Two.")]
    assert number(labels)[0] == [1, None, None, None, 2]


def test_person_of_the_line_above_ends_a_list():
    """Among dashes, a line that tells again what the person of the line above the list says is the next paragraph."""
    labels = [dash("Mrs N complains that:"), dash("He has no plan."), dash("Mrs N says this made both of them ill.")]
    assert number(labels)[0] == [1, None, 2]


def test_bullets_below_a_heading_are_its_paragraphs():
    """Bullets right below a heading that are whole sentences lost their numbers: they are counted, and doubted."""
    bullet = Label("bullet", "A council must reply.", 2)
    labels = [numbered(1), HEADING, bullet, Label("bullet", "in writing.", 6), bullet, HEADING, numbered(1)]
    numbers, doubts = number(labels)
    assert numbers == [1, None, 2, None, 3, None, 4]
    assert doubts == ("“A council must reply.” stands right below a heading, without a number.",)


def test_bullets_below_a_heading_where_the_numbers_run_on_are_none():
    """Where the number below bullets goes on with the one above their heading, they bore none, and are none."""
    bullet = Label("bullet", "A council must reply.", 2)
    assert number([numbered(1), HEADING, bullet, HEADING, numbered(2)])[0] == [1, None, None, None, 2]
