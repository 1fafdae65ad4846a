"""Whether a paragraph says what a sentence says: a small fact for each rule, with paragraphs made for it."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import SUMMARY, DecisionEntry, Line, Paragraph, Pinpoint, Provenance, Reference
from qa.generation.grounding.alignment import Source
from qa.generation.grounding.check import ungrounded

REFERENCE = Reference("19 000 001")
ENTRY = DecisionEntry(
    REFERENCE,
    "Anytown Council",
    "Education",
    "Upheld",
    datetime.date(2020, 2, 1),
    "published",
    Provenance(),
    40,
    "none",
)


def source(text, role="facts", number=20, section=()):
    """A paragraph of the decision, a line of its text each."""
    lines = tuple(Line(line) for line in text.split("\n"))
    return Source.of(Paragraph(Pinpoint(REFERENCE, number), "published", section, role, lines), ENTRY)


def flaw(claim, *texts, role="facts", beside=()):
    """Why paragraphs with these texts do not say a claim; those `beside` are shown, but not cited."""
    cited = [source(text, role, number) for number, text in enumerate(texts, 20)]
    found = ungrounded(claim, cited, [*cited, *(source(text, role, 30 + at) for at, text in enumerate(beside))])
    return found and found.reason


# Quotations

LOST = "The manager wrote that “the blue lanyard was lost, and nobody looked for it”."


@pytest.mark.parametrize(
    "claim",
    [
        "The manager wrote that “the blue lanyard was lost”.",
        'The manager wrote that "the blue lanyard was lost".',
        "The manager wrote that ‘the blue lanyard was lost’.",
        "The manager wrote that “the blue lanyard was lost.”",
        "The manager wrote “the blue lanyard was lost” and “nobody looked for it”.",
        "The manager wrote that the blue lanyard was lost.",
    ],
)
def test_quoted(claim):
    """Words that stand there may be quoted, with whatever marks."""
    assert flaw(claim, LOST) is None


@pytest.mark.parametrize(
    "claim",
    [
        "The manager wrote that “the blue lanyard was stolen”.",
        "The manager wrote that “the lanyard was lost”.",
        "The manager wrote that “the blue lanyard was never lost”.",
        "The manager wrote that “The Blue Lanyard was lost”.",
        "The manager wrote that “the blue lanyard was lost and nobody looked for it”.",
        "The manager wrote that ‘nobody looked for the blue lanyard’.",
        "The manager wrote “the blue lanyard was lost” and “nobody cared”.",
        "The manager wrote that “the blue lanyard was lost.",
    ],
)
def test_misquoted(claim):
    """A quotation that differs by a word, a capital or a comma, or that does not end, is none."""
    assert flaw(claim, LOST) == "misquoted"


def test_a_quotation_of_either_paragraph():
    """A quotation may stand in any of the paragraphs cited."""
    other = "The officer wrote that “the red kettle was found”."
    assert flaw("They wrote “the blue lanyard was lost” and “the red kettle was found”.", LOST, other) is None


def test_an_apostrophe_is_no_quotation():
    """Apostrophes quote nothing."""
    said = "The parents’ lanyard was not in the manager’s room."
    assert flaw("The parents' lanyard wasn't in the manager's room.", said) is None


# References


@pytest.mark.parametrize("claim", ["19 000 001", "19-000-001", "19000001"])
def test_the_decision_itself(claim):
    """A sentence may name the decision that it cites."""
    assert flaw(f"In decision {claim} the Council lost a lanyard.", "The Council lost a lanyard.") is None


@pytest.mark.parametrize("claim", ["In decision 19 000 002 the", "(see 18 765 432) The"])
def test_another_decision(claim):
    """A sentence that names another decision cites the wrong one, or one that there is not."""
    assert flaw(f"{claim} Council lost a lanyard.", "The Council lost a lanyard.") == "reference"


@pytest.mark.parametrize("told", ["paragraph 20", "para 20", "para. 20", "Paragraph 20"])
def test_the_paragraph_itself(told):
    """A sentence may name the paragraph that it cites."""
    assert flaw(f"The Council lost a lanyard ({told}).", "The Council lost a lanyard.") is None


@pytest.mark.parametrize("told", ["paragraph 21", "para 999", "para. 3", "paragraphs 21 and 20"])
def test_another_paragraph(told):
    """A sentence that names another paragraph does not rest on the one cited."""
    assert flaw(f"The Council lost a lanyard ({told}).", "The Council lost a lanyard.") == "reference"


def test_a_paragraph_that_is_only_mentioned():
    """A paragraph that the one cited mentions is another one."""
    said = "The Council lost a lanyard, as I have mentioned in paragraph 7."
    assert flaw("The Council lost a lanyard (paragraph 7).", said) == "reference"


@pytest.mark.parametrize(
    "told",
    [
        "In paragraph one, the", "The first paragraph says: The", "Paragraph xx: The", "The next paragraph says: The",
        "(previous paragraph) The", "In the paragraph above, the", "(summary) The", "In the summary, the",
        "(footnote a) The", "The twentieth paragraph says: The", "¶ twenty: The",
    ],
)  # fmt: skip
def test_a_place_in_other_words(told):
    """A place that is not told by the number of the paragraph cited may be another."""
    assert flaw(f"{told} Council lost a lanyard.", "The Council lost a lanyard.") == "reference"


AGREED = (Line("The Council agreed to:"), Line("apologise to Mr X for the lost lanyard; and", 1, "a"),
          Line("pay him £100 for his distress.", 1, "b"))  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "is_so"),
    [
        ("The Council agreed to apologise to Mr X for the lost lanyard (paragraph 20(a)).", True),
        ("The Council agreed to pay £100 for distress (paragraph 20(b)).", True),
        ("The Council agreed to apologise to Mr X for the lost lanyard (paragraph 20(b)).", False),
        ("The Council agreed to pay £100 for distress (paragraph 20(a)).", False),
        ("The Council agreed to pay £100 for distress (paragraph 20 (a)).", False),
        ("The Council agreed to pay £100 for distress (paragraph 20(c)).", False),
        ("The Council agreed to pay £100 for distress (paragraph 20, item (a)).", False),
        ("Under (a), the Council agreed to pay £100 for distress.", False),
        ("The Council agreed to pay Mr X £100 for the lost lanyard (paragraph 20(a)).", False),
    ],
)
def test_an_item_of_the_paragraph(claim, is_so):
    """A sentence may name the item that says so."""
    cited = [Source.of(Paragraph(Pinpoint(REFERENCE, 20), "published", (), "facts", AGREED), ENTRY)]
    assert (ungrounded(claim, cited, cited) is None) == is_so


LISTED = (Line("The Council agreed to:"), Line("apologise to Mr X for the lost lanyard; and", 1),
          Line("pay him £100 for his distress.", 1))  # fmt: skip
IN_A_ROW = (
    Line("The Council agreed to (a) apologise to Mr X for the lost lanyard and (b) pay him £100 for distress."),
)
APOLOGISED = "the Council agreed to apologise to Mr X for the lost lanyard"


def placed(claim, lines):
    """Whether paragraph 20 with these lines says a claim, or else its flaw."""
    cited = [Source.of(Paragraph(Pinpoint(REFERENCE, 20), "published", (), "facts", lines), ENTRY)]
    found = ungrounded(claim, cited, cited)
    return found and found.reason


@pytest.mark.parametrize("told", ["20(a)", "20 (a)", "20a", "20 a", "20-a", "20.a", "20/a", "20, (a)", "20[a]", "20A"])
def test_an_item_without_brackets(told):
    """A letter behind the number is the item, with or without brackets: it must be the one that says so."""
    claim = f"The C{APOLOGISED[5:]} (paragraph {told})."
    assert placed(claim, AGREED) is None
    assert placed(claim, LISTED) == "reference"
    assert placed(claim.replace(told, told.replace("a", "b").replace("A", "B")), AGREED) == "reference"


@pytest.mark.parametrize(
    "claim",
    [
        "In paragraph 20 a council agreed to apologise to Mr X for the lost lanyard.",
        "In paragraph 20, X was told that the Council agreed to apologise for the lost lanyard.",
        "Paragraph 20 says that the Council agreed to apologise to Mr X.",
        "As paragraph 20 explains, the Council agreed to apologise to Mr X.",
        "Paragraph 20: the Council agreed to apologise to Mr X.",
        "The Council agreed to apologise to Mr X (paragraph 20) and to pay him £100 for distress.",
    ],
)
@pytest.mark.parametrize("lines", [AGREED, LISTED, IN_A_ROW])
def test_no_item(claim, lines):
    """What stands behind the number of the paragraph may be no item: “a council”, or whom the decision calls X."""
    assert placed(claim, lines) is None


@pytest.mark.parametrize(
    "told",
    [
        "paragraph 20(a)(ii)", "paragraph 20(ii)", "paragraph 20 ii", "paragraph 20a(i)", "paragraph 20 (2)",
        "paragraph 20(a) and (b)", "paragraph 20(a)–(b)", "paragraph 20(a), (b)", "paragraph 20(a) to (b)",
        "paragraph 20 onwards", "paragraph 20, onwards", "paragraph 20 ff", "paragraph 20 ff.", "paragraph 20f",
        "paragraphs 20 and following", "from paragraph 20 on", "paragraph 20 et seq", "paragraph 20 bis",
        "paragraph 20 to the end", "paragraph 20 and below", "before paragraph 20", "after paragraph 20",
        "(a) and (b)", "(b)", "[b]", "b)", "b", "point b", "item b", "item (b)", "item B", "point (b)", "limb b",
        "sub-paragraph (c)", "subparagraph b", "sub-para (a)", "second bullet", "the first bullet point",
        "the final bullet point", "the first point", "the second item", "the last line", "the second sentence",
        "ibid", "ibid.", "see above", "as above", "see below", "above", "as set out below", "supra", "op. cit.",
        "the above", "the heading", "the list", "the section on remedies", "annex b", "appendix", "elsewhere",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lines", [AGREED, LISTED, IN_A_ROW])
def test_a_place_within_or_beside_the_paragraph(told, lines):
    """A place that is not the paragraph cited, nor its item that says so, cannot be checked."""
    assert placed(f"The C{APOLOGISED[5:]} ({told}).", lines) == "reference"
    assert placed(f"As {told} says, {APOLOGISED}.", lines) == "reference" or told in ("above", "appendix")


@pytest.mark.parametrize("claim", ["According to, in (b) {}.", "Under (a), {}.", "{} under b.", "In item b, {}."])
@pytest.mark.parametrize("lines", [LISTED, IN_A_ROW])
def test_an_item_by_its_letter_alone(claim, lines):
    """That a paragraph has the letter somewhere in its text says nothing of the item."""
    assert placed(claim.format(APOLOGISED).replace("the C", "The C", claim.startswith("{")), lines) == "reference"


@pytest.mark.parametrize(
    "said",
    [
        "Under section 20(3)(a) of the Act the Council found a home for the child.",
        "The Council decided whether (a) the child was safe and (b) the home was clean.",
        "The first point is that the child aged 16 or above was on the waiting list.",
        "The Council acted in line with section 17 (b) of the Act, e.g. for the child(ren) of Mr H.",
        "The costs were above the limit for parents of children below the age of five.",
        "The attendance of the children aged above five dropped below 90%.",
        "The Council agreed to apologise to Mr H for the fault described above.",
        "The school sent the report that is considered below.",
    ],
)
def test_letters_and_parts_that_are_told_of(said):
    """Letters and parts of a text that the paragraph itself has so are told of."""
    assert flaw(said, said) is None


def test_a_part_within_another_word():
    """A part of a text is told of by its own word, and not by one that has the same letters in it."""
    assert flaw("The specialist visited the school (in the list).", "The specialist visited the school.") == "reference"
    assert flaw("The child on the list visited.", "The child on the lists visited.") is None


# Figures

PAID = "On 3 May 2019 the Council paid Mr H £12,000 for two weeks, which is 50% of the cost."


@pytest.mark.parametrize(
    "claim",
    [
        "On 3rd May 2019 the Council paid Mr H £12000.",
        "On 2019-05-03 the Council paid Mr H £12,000.00.",
        "In May 2019 the Council paid Mr H £12k.",
        "The Council paid Mr H 50 per cent of the cost for 2 weeks.",
        "The Council paid Mr H for a two-week period.",
    ],
)
def test_figures_written_otherwise(claim):
    """The same date, sum, share or duration may be written in another way."""
    assert flaw(claim, PAID) is None


@pytest.mark.parametrize(
    "claim",
    [
        "On 4 May 2019 the Council paid Mr H £12,000.",
        "On 3 June 2019 the Council paid Mr H £12,000.",
        "On 3 May 2018 the Council paid Mr H £12,000.",
        "The Council paid Mr H £1,200.",
        "The Council paid Mr H £120,000.",
        "The Council paid Mr H £12,000.50.",
        "The Council paid Mr H 5% of the cost.",
        "The Council paid Mr H for three weeks.",
        "The Council paid Mr H for two months.",
    ],
)
def test_other_figures(claim):
    """Another date, sum, share or duration does not stand there."""
    assert flaw(claim, PAID) == "figure"


def test_a_figure_of_another_paragraph():
    """A figure must stand in a paragraph that is cited; being shown is not enough."""
    claim = "The Council paid Mr H £300 for the lanyard."
    texts = ("The Council paid Mr H for the lanyard.", "The Council paid Mr H £300.")
    assert flaw(claim, texts[0], beside=texts[1:]) == "figure"
    assert flaw(claim, *texts) is None


def test_who_gets_which_sum():
    """A sum that is told of one person is not told of another."""
    said = "The Council will:\npay Mrs D £300 for distress; and\npay Mr D £456 for the hotel."
    assert flaw("The Council will pay Mrs D £300 for distress.", said) is None
    assert flaw("The Council will pay Mr D £300 for distress.", said) == "figure"


COUNTED = "Within 28 days three social workers made 12 visits, under section 20(3), to the family in flats 3, 4 and 5."


@pytest.mark.parametrize(
    "claim",
    [
        "Social workers made 12 visits to the family.",
        "Three social workers visited the family in 28 days.",
        "The 3 social workers made twelve visits.",
        "They visited the family under section 20(3).",
        "The family was visited in flats 3, 4 and 5.",
        "The social workers’ 12 recorded visits were to the family.",
    ],
)
def test_numbers_of_the_same(claim):
    """A number may be told of what it is told of, near a word that it stands near."""
    assert flaw(claim, f"{COUNTED} The visits were recorded.") is None


@pytest.mark.parametrize(
    ("claim", "said", "is_so"),
    [
        ("There were three visits.", "There were three calls and visits.", False),
        ("There were three calls.", "There were three calls and visits.", True),
        ("There were three visits.", "There were three calls, four visits.", False),
        ("There were three visits.", "Three workers visited them.", False),
        ("There were three visits.", "There were three further visits.", True),
        ("There were three further visits.", "There were three visits.", True),
        ("There were three missed visits.", "There were three visits missed.", True),
        ("They received three visits.", "They received three letters about visits.", False),
        ("They received three letters.", "They received three letters about visits.", True),
        ("There were 3, 4 and 5 visits.", "There were 3, 4 and 5 visits.", True),
        ("There were 4 visits in 2019.", "There were 4 calls in 2019, and visits.", False),
        ("Under section 47 it visited.", "It made section 47 enquiries and visited.", True),
        ("Under section 47 it visited.", "It made 47 enquiries and visited in this section.", False),
        ("Mr H sent 12 pages of papers.", "Mr H sent 12 pages of papers.", True),
        ("Mr H sent papers (the 12th page).", "Mr H sent 12 pages of papers.", None),
        ("The second is a visit.", "The first is a call; the second is a visit.", True),
    ],
)
def test_what_a_number_counts(claim, said, is_so):
    """A number counts the first thing behind it, but for words such as “further”, or stands behind the same word."""
    assert flaw(claim, said) == {True: None, False: "figure", None: "reference"}[is_so]


@pytest.mark.parametrize(
    ("claim", "is_so"),
    [
        ("The Council sent the report in June.", True),
        ("The Council sent the report in May.", False),
        ("The panel heard the appeal in May.", True),
        ("The panel heard the appeal in June.", False),
        ("In May the panel heard the appeal, and in June the Council sent the report.", True),
        ("In June the panel heard the appeal, and in May the Council sent the report.", False),
        ("The panel heard the appeal in May; the Council sent the report in June.", True),
        ("The panel heard the appeal in June; the Council sent the report in June.", False),
        ("The panel heard the appeal, which took 3 hours.", True),
        ("The Council sent the report, which took 3 hours.", False),
        ("The Council sent the report on 19 and 20 June, and the panel heard the appeal.", True),
        ("The panel heard the appeal on 19 and 20 June, and the Council sent the report.", False),
        ("The appeal was heard on 9 May 2019.", True),
        ("The appeal was heard on 2 May 2019.", False),
        ("The appeal was heard in 2018.", False),
    ],
)
def test_a_figure_of_another_sentence(claim, is_so):
    """A figure must stand in the sentence that says what the clause says of which it is told."""
    said = (
        "In 2019 Mr H wrote to the school on 2 May. The panel heard the appeal on 9 May, for 3 hours. "
        "The Council sent the report on 19 and 20 June."
    )
    assert (flaw(claim, said) is None) == is_so


@pytest.mark.parametrize(
    ("claim", "is_so"),
    [
        ("On 2 May the Council lost the blue lanyard.", True),
        ("On 2 May the Council bought a new lanyard.", False),
        ("On 9 May the Council lost the blue lanyard.", False),
    ],
)
def test_a_sentence_without_a_date(claim, is_so):
    """A sentence without a date goes on at the one told last, and has none that is told behind it."""
    said = "Mr H visited on 2 May. The Council lost the blue lanyard. It bought a new lanyard on 9 May."
    assert (flaw(claim, said) is None) == is_so


def test_a_section_is_the_same_wherever_it_is_named():
    """The number of a section of an Act counts nothing, so it may be named with what another sentence says."""
    said = "The Council made section 47 enquiries. There is no fault in the decision to make these enquiries."
    assert flaw("There is no fault in the decision to make section 47 enquiries.", said) is None


def test_what_lists_something_is_no_list():
    """A manual that lists something is no part of a text; “the lists” are."""
    said = "It notes the blue lanyard is one of the lost things that the manual names."
    assert flaw("The manual lists the blue lanyard as one of the lost things.", said) is None
    assert flaw("The lists name the blue lanyard as one of the lost things.", said) == "reference"


def test_a_figure_that_leads_to_a_list():
    """What leads to a list is told of each of its items, and not of what comes behind the list."""
    said = (
        Line("Within one month the Council will:"), Line("apologise to Mr X for the lost lanyard; and", 1),
        Line("pay him £100.", 1), Line("The school mended the broken window."),
    )  # fmt: skip
    assert placed("Within one month the Council will apologise to Mr X for the lost lanyard.", said) is None
    assert placed("Within one month the school mended the broken window.", said) == "figure"


def test_figures_of_two_paragraphs():
    """Each of the paragraphs cited may tell a figure of what it says itself."""
    first = "The panel heard the appeal in May. It was closed."
    other = "The Council sent the report in June. It was long."
    assert flaw("The panel heard the appeal in May, and the Council sent the report in June.", first, other) is None
    assert flaw("The panel heard the appeal in June, and the Council sent the report in May.", first, other) == "figure"


@pytest.mark.parametrize(
    "place",
    [
        "({})", "[{}]", "(no {})", "(paragraph number {})", "(paragraph: {})", "(paragraph ({}))", "at paragraph [{}]",
        "(par {})", "in para-{}", "(para{})", ", at {}", "at {}", "at [{}]", "[at {}]", "(see {})", "(#{})", "§{}",
        "(point {})", "(page {})", "(p. {})", "(section {})", "(note {})", "(pargraph {})", ", paragraphs 20, {}",
        ", paragraphs 20 and {}", "– {}", ". {}", "({}th paragraph)", "(as the {} says)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", ["28", "12", "4"])
def test_numbers_told_as_places(place, number):
    """A number by itself is read as that of a paragraph; that the paragraph cited tells so many days is no reason."""
    claim = f"Social workers made visits to the family {place.format(number)}.".replace(" ,", ",").replace(" .", ".")
    assert flaw(claim, COUNTED) in ("figure", "reference")


@pytest.mark.parametrize("claim", ["28 social workers made visits to the family.", "There were 28 social workers."])
def test_days_are_no_number_of_anything_else(claim):
    """That a paragraph tells so many days says nothing of other things."""
    assert flaw(claim, COUNTED) == "figure"


@pytest.mark.parametrize("place", ["(paragraph three)", "at three", "[three]", "(no three)"])
def test_number_in_words_told_as_a_place(place):
    """A number by itself is a place in words, too."""
    assert flaw(f"Social workers made visits to the family {place}.", COUNTED) in ("figure", "reference")


@pytest.mark.parametrize("place", ["{}: ", "({}) ", "At {}: ", "In [{}], ", "The {}th paragraph says: ", "Number {}: "])
def test_numbers_told_as_places_before(place):
    """A number at the head of a sentence is no more than that."""
    claim = f"{place.format(28)}Social workers made visits to the family."
    assert flaw(claim, COUNTED) in ("figure", "reference")


# Names


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Mr H lost a lanyard.", "“Mr [H] lost a lanyard.”"),
        ("Mr H lost a lanyard.", "Mr and Mrs H lost a lanyard."),
        ("Mr and Mrs H lost a lanyard.", "Mr and Mrs H lost a lanyard."),
        ("Officer A lost a lanyard.", "Officer A lost a lanyard."),
        ("Anytown Council lost a lanyard.", "The Council lost a lanyard."),
        ("The Ombudsman found a lanyard.", "I found a lanyard."),
        ("Ofsted lost a lanyard.", "The lanyard was lost by Ofsted."),
    ],
)
def test_names(claim, said):
    """Whoever is named there may be named, also in brackets or as one of two; so may the body and the Ombudsman."""
    assert flaw(claim, said) is None


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Mrs H lost a lanyard.", "Mr H lost a lanyard."),
        ("Mr J lost a lanyard.", "Mr H lost a lanyard."),
        ("Officer B lost a lanyard.", "Officer A lost a lanyard."),
        ("The Council and Ofsted lost a lanyard.", "The Council lost a lanyard."),
        ("Kent County Council lost a lanyard.", "The Council lost a lanyard."),
        ("The police lost a lanyard.", "The Council lost a lanyard."),
        ("The mother lost a lanyard.", "The father lost a lanyard."),
        ("The Council lost the lanyard of K.", "The Council lost the lanyard of J."),
    ],
)
def test_wrong_names(claim, said):
    """Who is not named there is not named, neither by name nor by part."""
    assert flaw(claim, said) == "name"


# Words

LONG = "The Council repaired the broken window of the school kitchen after a storm."


@pytest.mark.parametrize(
    "claim",
    [
        "The Council repaired the broken window of the school kitchen.",
        "After a storm it was the Council that repaired the school's broken kitchen windows.",
        "The repair of the broken window was made by the Council.",
    ],
)
def test_the_same_words(claim):
    """Another order and other endings are the same words."""
    assert flaw(claim, LONG) is None


@pytest.mark.parametrize(
    "claim",
    [
        "The Council painted a yellow fence beside the playground.",
        "The Council repaired the broken window and bought seven expensive curtains.",
        "It is so.",
    ],
)
def test_other_words(claim):
    """What says other things, more things or nothing is not grounded."""
    assert flaw(claim, LONG) in ("wording", "figure")


def test_a_heading_counts():
    """The words of the headings above a paragraph count as its own."""
    said = source("It was repaired.", section=("Broken window of the school kitchen",))
    assert ungrounded("The broken window of the school kitchen was repaired.", [said], [said]) is None


def test_each_paragraph_says_something():
    """A paragraph that is cited, too, must say some of it."""
    claim = "The Council repaired the broken window of the kitchen after a storm."
    assert flaw(claim, LONG, "The panel met in an old chapel.") == "wording"
    claim = "The Council repaired the broken window of the kitchen, and the panel met in an old chapel."
    assert flaw(claim, LONG, "The panel met in an old chapel.") is None


def test_a_paragraph_that_others_say_more_of():
    """A paragraph that has some words of a sentence, and says no clause of it best, is cited for nothing."""
    claim = "The Council repaired the broken window of the kitchen after a storm."
    assert flaw(claim, LONG, "The Council saw a storm and the window of an old chapel.") == "wording"


TWO = "The Council repaired the broken window.", "The panel met in an old chapel."


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (
            "Paragraph 20 says the Council repaired the window, and paragraph 21 that the panel met in the chapel.",
            None,
        ),
        (
            "The Council repaired the broken window (paragraph 20) and the panel met in an old chapel (paragraph 21).",
            None,
        ),
        ("The Council repaired the broken window, as paragraph 20 says, and the panel met in an old chapel.", None),
        (
            "Paragraph 21 says the Council repaired the window, and paragraph 20 that the panel met in the chapel.",
            "reference",
        ),
        (
            "The Council repaired the broken window (paragraph 21) and the panel met in an old chapel (paragraph 20).",
            "reference",
        ),
        (
            "The panel met in an old chapel, and the Council repaired the broken window, as paragraph 21 says.",
            "reference",
        ),
    ],
)
def test_which_paragraph_says_it(claim, expected):
    """What a sentence tells of one paragraph by its number is not said better by another that it cites."""
    assert flaw(claim, *TWO) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Anytown Council repaired the broken window, and Othertown Council met the panel in an old chapel.", None),
        ("Othertown Council repaired the broken window, and Anytown Council met the panel in an old chapel.", "name"),
    ],
)
def test_what_each_body_did(claim, expected):
    """What one body did is not told of another that the sentence cites."""
    assert flaw_of_two(claim) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("(19 000 001, paragraph 20)", None),
        ("(paragraph 20 of decision 19 000 001)", None),
        ("(20 111 222, paragraph 20)", "reference"),
        ("(paragraph 20 of decision 20 111 222)", "reference"),
    ],
)
def test_a_reference_beside_a_number(place, expected):
    """A reference and the number of a paragraph side by side are those of one paragraph."""
    claim = f"Anytown Council repaired the window {place}, and Othertown Council met the panel in an old chapel."
    assert flaw_of_two(claim) == expected


def flaw_of_two(claim):
    """Why paragraphs of two decisions do not say a claim."""
    first, other = (source(text, number=number) for number, text in enumerate(TWO, 20))
    reference = Reference("20 111 222")
    paragraph = dataclasses.replace(other.paragraph, pinpoint=Pinpoint(reference, 31))
    other = Source.of(paragraph, dataclasses.replace(ENTRY, reference=reference, body="Othertown Council"))
    found = ungrounded(claim, [first, other], [first, other])
    return found and found.reason


def test_another_paragraph_says_it_rather():
    """Of what was shown, the paragraph that says it is to be cited."""
    window, door = "The Council repaired the broken window.", "The Council repaired the broken door."
    assert flaw(window, door, beside=[window]) == "wording"
    assert flaw(window, window, beside=[door]) is None


# Allegations


def test_an_allegation_told_as_one():
    """What somebody complained of may be told as that."""
    said = "Mrs X complains the Council lost her lanyard."
    assert flaw("Mrs X complained that the Council lost her lanyard.", said, role="complaint") is None
    assert flaw("According to Mrs X, the Council lost her lanyard.", said, role="complaint") is None


def test_an_allegation_told_as_fact():
    """What somebody complained of is no fact."""
    said = "Mrs X complains the Council lost her lanyard."
    assert flaw("The Council lost the lanyard of Mrs X.", said, role="complaint") == "allegation"


def test_an_allegation_told_as_a_finding():
    """What somebody complained of is no finding."""
    said = "Mrs X complains the Council lost her lanyard."
    claim = "The Ombudsman found that the Council lost the lanyard of Mrs X."
    assert flaw(claim, said, role="complaint") == "allegation"


def test_an_account_among_the_facts():
    """What somebody says among the facts is an account, too."""
    said = "Mr H says the social worker threatened to burn his lanyard."
    assert flaw("Mr H said the social worker threatened to burn his lanyard.", said) is None
    assert flaw("The social worker threatened to burn the lanyard of Mr H.", said) == "allegation"


def test_the_account_of_another():
    """Whose account it is must be told rightly."""
    said = "Mr H says the Council burnt his lanyard. The Council did not answer."
    assert flaw("The Council said it burnt the lanyard of Mr H.", said) == "allegation"


def test_a_fact_is_no_account():
    """What is told as a fact may be told as a fact, beside an account."""
    said = "The Council burnt a green bicycle in the yard. Mr H says it was his."
    assert flaw("The Council burnt a green bicycle in the yard.", said) is None


def test_a_finding_is_no_allegation():
    """What the Ombudsman found may be told as a fact."""
    said = "I find the Council lost the lanyard of Mrs X. This was fault."
    assert flaw("The Council lost the lanyard of Mrs X, which was fault.", said, role="finding") is None


@pytest.mark.parametrize("role", ["law", "powers", "remedy"])
def test_law_is_law(role):
    """What the law says is no one's account."""
    said = "The Act says councils must keep a register of lanyards."
    assert flaw("Councils must keep a register of lanyards.", said, role=role) is None


# The same sense


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("The Council failed to repair the school window.", "The Council did not repair the school window."),
        ("The Council did not keep the register.", "The Council failed to keep the register."),
        ("The Council didn't keep the register.", "The Council did not keep the register."),
        ("There was no fault in the register.", "I do not find fault with the register."),
        ("The Council was at fault for the register.", "The register of the Council was fault."),
        ("The Council must keep a register.", "Councils have a duty to keep a register."),
        ("The Council should keep a register.", "The Council ought to keep a register."),
        ("The Council should keep a register.", "The Council must keep a register."),
    ],
)
def test_the_same_sense(claim, said):
    """“Not”, “fault”, “must” and “should” may be told in another way."""
    assert flaw(claim, said, role="finding") is None


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("The Council did not keep the register.", "The Council kept the register."),
        ("The Council kept the register.", "The Council did not keep the register."),
        ("The Council kept the register.", "The Council didn’t keep the register."),
        ("There was no fault in the register.", "There was fault in the register."),
        ("The Council was at fault for the register.", "The Council was not at fault for the register."),
        ("The school lost the window of the kitchen, which was fault.", "The school lost the window of the kitchen."),
        ("The Council must keep a register.", "The Council may keep a register."),
        ("The Council should keep a register.", "The Council may keep a register."),
        ("The school agreement Mr H signed was compulsory.", "The school agreement Mr H signed was voluntary."),
        ("The school agreement Mr H signed was formal.", "The school agreement Mr H signed was informal."),
        ("The school agreement Mr H signed was unlawful.", "The school agreement Mr H signed was lawful."),
        ("The register was kept after the meeting.", "The register was kept before the meeting."),
        ("Mr H signed the register.", "Mrs H signed the register. Mr H read the letter."),
    ],
)
def test_another_sense(claim, said):
    """What is said not to be so, to be fault, to have to be, or of another person, must be so there as well."""
    assert flaw(claim, said, role="finding") == "sense"


# Whatever it is

SOURCES = st.lists(st.text(min_size=1), min_size=1, max_size=3)


@given(st.text(), SOURCES)
def test_any_sentence(claim, texts):
    """Any sentence is grounded or has a flaw with a detail, whatever the paragraphs."""
    cited = [source(text) for text in texts]
    found = ungrounded(claim, cited, cited)
    assert found is None or found.detail.endswith(".")


@pytest.mark.parametrize("claim", [LOST, PAID, LONG])
def test_a_paragraph_says_what_it_says(claim):
    """A paragraph grounds its own words."""
    assert flaw(claim, claim) is None


def test_the_summary():
    """A summary can be cited as a paragraph is."""
    summary = source("We found fault with the register.", "summary", SUMMARY)
    assert ungrounded("The Ombudsman found fault with the register.", [summary], [summary]) is None


# What looks supported, and is not


def test_the_date_of_the_decision_is_told_in_no_paragraph():
    """That a decision is of 2020 says nothing of when something in it happened."""
    assert flaw("The Council lost the lanyard in 2020.", "The Council lost the lanyard.") == "figure"


@pytest.mark.parametrize(
    "text",
    [
        "Mr H insists the Council lost the lanyard.",
        "Mr H suggested the Council lost the lanyard.",
        "In her view the Council lost the lanyard.",
        "The Council is accused of having lost the lanyard.",
    ],
)
def test_an_account_in_other_words(text):
    """Whatever word says that it is somebody's account, it is no fact."""
    assert flaw("The Council lost the lanyard.", text) == "allegation"


@pytest.mark.parametrize(
    "text",
    [
        "The Council may have lost the lanyard.",
        "If the Council lost the lanyard, it must apologise.",
        "Whether the Council lost the lanyard is for the court.",
    ],
)
def test_a_possibility_is_no_fact(text):
    """What may be so, or is so only under a condition, is not told as certain."""
    assert flaw("The Council lost the lanyard.", text) == "sense"


def test_a_possibility_told_as_one():
    """What may be so can be told as what may be so."""
    assert flaw("The Council may have lost the lanyard.", "The Council may have lost the lanyard.") is None


def test_the_body_alone_supports_nothing():
    """A paragraph about something else is no support because it is about the same council."""
    texts = "The Council repaired the broken window.", "The panel met in an old chapel."
    assert flaw("The Council repaired the broken window.", *texts) == "wording"


def test_an_item_that_is_not_there():
    """A paragraph without items is not told as one with them."""
    assert flaw("The Council lost the lanyard (paragraph 20(c)).", "The Council lost the lanyard.") == "reference"


def test_a_clause_of_its_own_invention():
    """One clause that stands nowhere is not carried by the others."""
    claim = "The Council lost the blue lanyard of the new school in the old chapel, because of ill health."
    assert flaw(claim, "The Council lost the blue lanyard of the new school in the old chapel.") == "wording"


@pytest.mark.parametrize(
    "claim",
    [
        'The manager wrote that " the blue kettle was lost ".',
        "The manager wrote that the blue kettle was lost”.",
        "The manager wrote that 'the blue kettle was lost.",
        "The manager wrote that ‘the blue kettle was lost",
    ],
)
def test_a_mark_without_the_other(claim):
    """Quotation marks that do not pair quote something, and nobody knows what."""
    assert flaw(claim, LOST.replace("lanyard", "kettle")) == "misquoted"


@pytest.mark.parametrize(
    "claim",
    [
        "The Council lost the lanyard.",
        "Mr H complained and the Council lost the lanyard.",
        "As Mr H complained, the Council lost the lanyard.",
        "The Ombudsman found the Council lost the lanyard.",
        "According to the Ombudsman, the Council lost the lanyard.",
        "Mr H rightly complained the Council lost the lanyard.",
    ],
)
def test_a_complaint_of_two(claim):
    """What two people complain of is no fact and no finding, however it is put."""
    assert flaw(claim, "Mr and Mrs H complain the Council lost the lanyard.", role="complaint") == "allegation"


@pytest.mark.parametrize(
    "claim",
    [
        "Mr H complains the Council lost the lanyard.",
        "Mr and Mrs H say the Council lost the lanyard.",
        "According to Mr H, the Council lost the lanyard.",
        "Mr H alleged the Council lost the lanyard.",
    ],
)
def test_a_complaint_told_as_one(claim):
    """It is supported if the sentence says whose it is."""
    assert flaw(claim, "Mr and Mrs H complain the Council lost the lanyard.", role="complaint") is None


@pytest.mark.parametrize("claim", ["weekly", "fortnightly", "a dozen", "the final", "half the", "thousands of"])
def test_words_that_count(claim):
    """Words that count as figures do have to stand in the paragraph, too."""
    assert flaw(f"The Council checked {claim} lanyards.", "The Council checked monthly lanyards.") == "figure"


def test_two_bodies():
    """A sentence that rests on decisions about two bodies must not tell all of it of one."""
    first = source("The Council paid for the lanyard.")
    other = Source.of(first.paragraph, dataclasses.replace(ENTRY, body="Othertown Council"))
    claim = "Anytown Council paid for the lanyard."
    found = ungrounded(claim, [first, other], [first, other])
    assert found and found.reason == "name"


def test_a_sum_told_twice():
    """Each place where a sum is told has its own name beside it."""
    text = "The Council paid:\nMrs D £300;\nMr D £456."
    assert flaw("The Council paid Mrs D £300 and Mr D £456.", text) is None
    assert flaw("The Council paid Mrs D £300 and Mr D £300.", text) == "figure"


@pytest.mark.parametrize(
    "text",
    [
        "The Council’s position is that the lanyard was never lost.",
        "The Council’s answer of 9 May was that the lanyard was never lost.",
        "The Council took the view that the lanyard was never lost.",
    ],
)
def test_an_answer_is_an_account(text):
    """What somebody's answer is, or the view that somebody took, is no fact."""
    assert flaw("The lanyard was never lost.", text) == "allegation"


@pytest.mark.parametrize(
    "text",
    [
        "Mrs D appears to have told the Council that the officer shouted at the children.",
        "The school should have reported that the officer shouted at the children.",
        "I uphold the Council’s decision to reject the complaint that the officer shouted at the children.",
        "The Council wrote: “Our view is that the officer shouted at the children.”",
        "I considered whether the officer shouted at the children.",
    ],
)
def test_an_account_however_it_is_told(text):
    """What was said or only asked is no fact, however the paragraph comes to it."""
    assert flaw("The officer shouted at the children.", text) in ("allegation", "sense")


def test_a_heading_is_no_fact():
    """What the heading above a paragraph tells may be what somebody alleged."""
    text = "Mrs D says the officer shouted at the children. I have listened to the calls."
    cited = source(text, "finding", section=("The officer shouting at the children",))
    found = ungrounded("The officer shouted at the children.", [cited], [cited])
    assert found and found.reason == "allegation"


def test_first_person():
    """“I” in a generated text would be whoever reads it out; in a quotation it is whoever is quoted."""
    assert flaw("I found that the Council lost the lanyard.", "I found that the Council lost the lanyard.") == "wording"
    text = "The manager wrote: “I lost the lanyard”."
    assert flaw("The manager wrote “I lost the lanyard”.", text) is None


# What a few words change


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("The Council has paid Mrs H for the window.", "The Council has agreed to pay Mrs H for the window."),
        ("The Council paid Mrs H for the window.", "The Council should have paid Mrs H for the window."),
        ("The Council paid Mrs H for the window.", "The Council declined to pay Mrs H for the window."),
        ("The Council apologised to Mrs H.", "The Council has agreed to:\napologise to Mrs H; and\nrepair the window."),
        ("The child suffered harm in the kitchen.", "The child is likely to suffer harm in the kitchen."),
        ("The agreement had listed the date of repair.", "The agreement should have listed the date of repair."),
    ],
)
def test_told_as_done(claim, said):
    """What is promised, refused, expected or should have been is not told as done."""
    assert flaw(claim, said) == "sense"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("The Council agreed to apologise to Mrs H.", "The Council has agreed to:\napologise to Mrs H; and\npay her."),
        ("Apologise to Mrs H and repair the window.", "The Council will:\napologise to Mrs H and repair the window."),
        (
            "The Council failed to pay Mrs H for the window.",
            "The Council should have paid Mrs H for the window. It failed.",
        ),
        ("The Council paid Mrs H for the window.", "The Council agreed to write. It paid Mrs H for the window."),
    ],
)
def test_told_as_it_is_to_be_done(claim, said):
    """What is to be done may be told as that, and what was done as done."""
    assert flaw(claim, said) is None


@pytest.mark.parametrize(
    "claim",
    [
        "The Council declined to pay Mrs H for the broken window.",
        "The Council denied having paid Mrs H for the broken window.",
        "The Council wrongly paid Mrs H for the broken window.",
        "The Council hardly paid Mrs H for the broken window.",
        "The Council secretly paid Mrs H for the broken window.",
    ],
)
def test_words_that_judge(claim):
    """A verb that governs another, and an adverb that judges, must stand in the paragraph."""
    assert flaw(claim, "The Council agreed to pay Mrs H, and has paid Mrs H for the broken window.") == "wording"


def test_words_that_judge_as_the_paragraph_does():
    """They may be told in some other form of theirs, and “failed to” is “did not”."""
    assert flaw("The Council wrongly agreed to pay Mrs H.", "In agreeing to pay Mrs H the Council was wrong.") is None
    assert flaw("The Council failed to pay Mrs H.", "The Council did not pay Mrs H.") is None


@pytest.mark.parametrize(
    "sum_told",
    [
        "over £950", "up to £950", "at least £950", "more than £950", "£950 per week", "£950/month", "twice £950",
        "£950 twice", "all except £950", "-£950", "~£950", "£950+", "another £950", "£950.000", "a further £950",
    ],
)  # fmt: skip
def test_more_or_less_than_a_figure(sum_told):
    """Words and signs that make another figure of one must stand beside it in the paragraph."""
    assert flaw(f"The Council agreed to pay Mrs H {sum_told}.", "The Council agreed to pay Mrs H £950.") == "figure"


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("The Council repaired it before 5 May 2020.", "The Council repaired it on 5 May 2020.", "figure"),
        ("The Council repaired it until 5 May 2020.", "The Council repaired it on 5 May 2020.", "figure"),
        ("The Council repaired it after one month.", "The Council repaired it within one month.", "figure"),
        ("The Council paid more than £950.", "The Council paid over £950.", None),
        ("The Council repaired it by 5 May 2020.", "The Council repaired it before 5 May 2020.", None),
        ("The Council acted under section 47.", "The Council acted in accordance with section 47.", None),
    ],
)
def test_bounds_of_a_figure(claim, said, expected):
    """A bound may be told by another word that says the same; “under” a section is none."""
    assert flaw(claim, said) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The manager sent Mrs H one report.", "figure"),
        ("The manager sent Mrs H the first report.", "figure"),
        ("The manager sent Mrs H reports.", None),
        ("The manager wrote one letter.", None),
    ],
)
def test_counted_as_one(claim, expected):
    """“One report” is no other number of reports."""
    assert flaw(claim, "The manager sent Mrs H two reports. The manager wrote a letter.") == expected


def test_a_year_of_another_paragraph():
    """The year of a date stands in the paragraph that tells the date."""
    texts = "The Council repaired the window on 5 May.", "The panel met in an old chapel in 2020."
    claim = "The Council repaired the window on 5 May 2020, and the panel met in an old chapel."
    assert flaw(claim, *texts) == "figure"


@pytest.mark.parametrize(
    ("told", "expected"),
    [("in november", "figure"), ("on tuesday", "figure"), ("with mrs smith", "name"), ("with Mr Smith", "name")],
)
def test_names_and_dates_without_capitals(told, expected):
    """A title, a month and a day of the week are read in small letters, too."""
    assert flaw(f"The Council repaired the window {told}.", "The Council repaired the window.") == expected


def test_the_ombudsman_for_the_council():
    """What the Ombudsman did is told where the Ombudsman speaks."""
    said = "The Council repaired the broken window. I have read the report of the panel."
    assert flaw("The Ombudsman repaired the broken window.", said) == "allegation"
    assert flaw("The Ombudsman read the report of the panel.", said) is None
    by = "I find fault by the Council, which lost the register."
    assert flaw("The Ombudsman found fault by the Ombudsman, which lost the register.", by) == "allegation"


@pytest.mark.parametrize(
    "claim",
    [
        "What Mr H said was true: the Council lost the lanyard.",
        "Mr H truthfully said the Council lost the lanyard.",
        "Mr H complained because the Council lost the lanyard.",
        "Mr H complained after the Council lost the lanyard.",
        "The Council does not dispute what Mr H says: the Council lost the lanyard.",
        "The Ombudsman agreed with Mr H, who says the Council lost the lanyard.",
        "It turned out that Mr H said the Council lost the lanyard.",
        "The Ombudsman confirmed, as Mr H says, that the Council lost the lanyard.",
    ],
)
def test_an_allegation_told_as_true(claim):
    """What somebody said is not told as true, however the sentence comes to name who said it."""
    assert flaw(claim, "Mr H says the Council lost the lanyard.", role="complaint") is not None


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("The Ombudsman upheld this part of the complaint.", "I do not uphold this part of the complaint.", "sense"),
        ("The Ombudsman did not uphold this part of the complaint.", "I uphold this part of the complaint.", "sense"),
        ("The Ombudsman upheld this part of the complaint.", "I uphold this part of the complaint.", None),
        ("The Ombudsman upheld the complaint.", "I have read the letters about the visit.", "wording"),
    ],
)
def test_upheld(claim, said, expected):
    """Whether a complaint was upheld is told by the paragraph, not by how its decision ended."""
    assert flaw(claim, said, role="finding") == expected


def test_irregular_verbs():
    """The forms of a verb are one word: what was not held is not told as held."""
    assert flaw("The panel held a hearing.", "The panel did not hold a hearing.") == "sense"
    assert flaw("The panel held a hearing.", "The panel was to hold a hearing, and did hold a hearing.") is None


def test_a_sentence_that_is_too_long_to_check():
    """A sentence of more than a thousand characters is not held against anything."""
    text = "The Council repaired the window. " * 40
    assert flaw(text, text) == "wording"


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        (
            "The manager visited the school the following day.",
            "The manager visited the school the same day.",
            "wording",
        ),
        ("The manager visited the school the same day.", "The manager visited the school the next day.", "wording"),
        ("The manager visited the school the next day.", "The manager visited the school a day later.", None),
        ("The manager kept the register since the storm.", "The manager kept the register until the storm.", "sense"),
        ("The manager will visit the school.", "The manager may visit the school.", "sense"),
        ("The manager visited all the schools.", "The manager visited several schools.", "sense"),
        ("Neither officer visited the school.", "Both officers visited the school.", "wording"),
    ],
)
def test_words_that_say_when_or_which(claim, said, expected):
    """“Since” is no “until”, “will” no “may”, and “the following day” no “same day”."""
    assert flaw(claim, said) == expected


def test_the_ombudsman_in_two_paragraphs():
    """A sentence that tells twice of the Ombudsman, from two paragraphs, tells once of each."""
    texts = "I have read the letters about the window.", "I visited the panel in an old chapel."
    claim = "The Ombudsman read the letters about the window, and the Ombudsman visited the panel in an old chapel."
    assert flaw(claim, *texts) is None


@pytest.mark.parametrize(
    "claim",
    [
        "The Ombudsman found that the Council lost the blue lanyard of Mrs H.",
        "The Council lost the blue lanyard, which the Ombudsman found to be fault.",
    ],
)
def test_what_a_finding_says_was_found(claim):
    """A finding is the Ombudsman's, though it does not say “I” in each of its sentences."""
    assert flaw(claim, "The Council lost the blue lanyard of Mrs H. This was fault.", role="finding") is None


def test_what_a_finding_says_was_not_done_by_the_ombudsman():
    """What a finding tells of a council is no deed of the Ombudsman's."""
    assert (
        flaw("The Ombudsman lost the blue lanyard of Mrs H.", "The Council lost the blue lanyard of Mrs H.") is not None
    )


def test_a_month_is_no_doubt_of_what_will_be():
    """That something “will” be is doubted where it only “may” be, not where it was agreed in May."""
    assert flaw("The Council will pay Mrs H £300.", "The Council agreed on 6 May to pay Mrs H £300.") is None
    assert flaw("The Council will pay Mrs H £300.", "The Council may pay Mrs H £300.") == "sense"


def test_what_stands_before_a_promise_is_done():
    """What a sentence tells before it tells of a promise may be told as done, and what was promised may not."""
    said = "The Council apologised to Mr X and agreed to pay him £100."
    assert flaw("The Council apologised to Mr X.", said) is None
    assert flaw("The Council paid Mr X £100.", said) == "sense"
