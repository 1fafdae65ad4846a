from __future__ import annotations

import json

import pytest
from conftest import PROJECT, SEEDS, WordEmbedder, variant
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.catalogue import Filter
from index.decisions import SUMMARY, Reference
from index.store import Store
from index.text.dates import DATE_EXAMPLES
from index.text.mentions import EXAMPLES
from index.text.references import LETTER_APART_EXAMPLES, REFERENCE_EXAMPLES
from qa.answering.typed_citations import (
    MOST_PARAGRAPHS,
    AskedPlace,
    Problem,
    TypedCitation,
    held_bodies,
    open_typed,
    read_typed,
)
from qa.text.antecedents import read_citations
from qa.text.pin_cites import Bodies

CAPTURES = PROJECT / "tests" / "captures"
HALTON, KENT, LEICESTERSHIRE = "Halton Borough Council", "Kent County Council", "Leicestershire County Council"
WEST, NORTHWICK, FENWOLD = "West Northamptonshire Council", "Northwick Borough Council", "Fenwold District Council"
EDDLE, READING = "Lower Eddle NHS Foundation Trust (Community Services)", "Reading Borough Council"


def made(folder, *texts):
    """An index of some decisions, opened."""
    (folder / "decisions").mkdir()
    for number, text in enumerate(texts):
        (folder / "decisions" / f"{number}.txt").write_text(text, encoding="utf-8")
    fake = WordEmbedder()
    build(folder / "decisions", folder / "index", fake.model, lambda _: fake)
    return Store.open(folder / "index")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The five seeds, a decision with lettered items, one with a letter in its reference, and three variants."""
    files = [*sorted(SEEDS.glob("*.txt")), CAPTURES / "continuing.txt", CAPTURES / "bare.txt"]
    reading = variant("23 000 001").replace("Northwick", "Reading")
    texts = [path.read_text(encoding="utf-8") for path in files]
    return made(
        tmp_path_factory.mktemp("typed"), *texts, variant("22 009 999"), variant("24 020 611b", "lantern"), reading
    )


@pytest.fixture(scope="module")
def bodies(store):
    return held_bodies(store)


@pytest.fixture(scope="module")
def read(bodies):
    """What a question asks for, each citation as a line; None where it is no typed citation."""

    def read(question):
        typed = read_typed(question, bodies)
        return None if typed is None else [as_line(citation) for citation in typed]

    return read


@pytest.fixture(scope="module")
def opened(store, bodies):
    """What a question opens."""

    def opened(question):
        typed = read_typed(question, bodies)
        assert typed is not None
        return open_typed(typed, store)

    return opened


def as_line(citation):
    items = [f"{place.number}({place.item})" if place.item else str(place.number) for place in citation.places]
    places = [
        f"{item}-{place.last}" if place.last else item for item, place in zip(items, citation.places, strict=True)
    ]
    unread = f"“{citation.unread}”" if citation.unread else ""
    return f"{citation.reference or unread or ' | '.join(citation.bodies) or '?'}: {', '.join(places)}".rstrip()


def pinpoints(cited):
    return [str(place.pinpoint) for place, _ in cited]


def reasons(opened):
    return [problem.reason for problem in opened.missing]


# Reading: forms that are typed citations.

FORMS = {
    # a reference with a paragraph
    "21 017 496 paragraph 50": ["21 017 496: 50"],
    "21017496 para 50": ["21 017 496: 50"],
    "21-017-496, para. 50(b)": ["21 017 496: 50(b)"],
    "21 017 496 §50": ["21 017 496: 50"],
    "21 017 496 § 50": ["21 017 496: 50"],
    "¶50 21 017 496": ["21 017 496: 50"],
    "§50 of 21 017 496": ["21 017 496: 50"],
    "21 017 496 at [50]": ["21 017 496: 50"],
    "21 017 496 [50]": ["21 017 496: 50"],
    "21 017 496 at 50": ["21 017 496: 50"],
    "21 017 496: 50": ["21 017 496: 50"],
    "para50 21 017 496": ["21 017 496: 50"],
    "(21 017 496) paragraph 50": ["21 017 496: 50"],
    "“21 017 496”, paragraph 50": ["21 017 496: 50"],
    "paragraph fifty of 21 017 496": ["21 017 496: 50"],
    "21 017 496 PARAGRAPH 50": ["21 017 496: 50"],
    "21\u00a0017\u00a0496  paragraph\t50": ["21 017 496: 50"],
    # several paragraphs
    "paras 50-51 of 21 017 496": ["21 017 496: 50-51"],
    "§§ 50-51 of 21 017 496": ["21 017 496: 50-51"],
    "21 017 496 (paras 50–52)": ["21 017 496: 50-52"],
    "21 017 496 paras 50, 51, and 53 to 55": ["21 017 496: 50, 51, 53-55"],
    "21 017 496 para 50 and para 52": ["21 017 496: 50, 52"],
    "paragraph 50 or 51 of 21 017 496": ["21 017 496: 50, 51"],
    "paras 52-50 of 21 017 496": ["21 017 496: 52-50"],
    "21 017 496 paragraph 50(a) and (b)": ["21 017 496: 50(a), 50(b)"],
    "21 017 496 paragraph 50(a)-(c)": ["21 017 496: 50(a), 50(b), 50(c)"],
    # paragraphs that cannot be
    "21 017 496 paragraph 0": ["21 017 496: 0"],
    "21 017 496 paragraph 99999": ["21 017 496: 99999"],
    "21 017 496 paragraph 50(zz)": ["21 017 496: 50(zz)"],
    "paragraph 50.2 of 21 017 496": ["“50.2”:", "21 017 496:"],
    "paragraph 50(2) of 21 017 496": ["“50(2)”:", "21 017 496:"],
    "paragraph -5 of 21 017 496": ["“-5”:", "21 017 496:"],
    # the forms that this program copies
    "West Northamptonshire Council (21 017 496), paragraph 50": ["21 017 496: 50"],
    "West Northamptonshire Council (21 017 496), paragraph 50 (number inferred)": ["21 017 496: 50"],
    "Local Government and Social Care Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, "
    "paragraph 50": ["21 017 496: 50"],
    "Local Government and Social Care Ombudsman, Kent County Council (21 000 832), 25 November 2021, paragraph 45 "
    "(number inferred)": ["21 000 832: 45"],
    "West Northamptonshire Council, 21 017 496, 09 Oct 2022, para 50": ["21 017 496: 50"],
    # a decision
    "21 017 496": ["21 017 496:"],
    "decision 21 017 496": ["21 017 496:"],
    "ref no. 21 017 496": ["21 017 496:"],
    "open 21-000-259": ["21 000 259:"],
    "LGSCO 21 017 496": ["21 017 496:"],
    "what is 21 017 496?": ["21 017 496:"],
    "21 017 496, 9 October 2022": ["21 017 496:"],
    "summary of 21 000 259": ["21 000 259: summary"],
    "21 000 259, summary": ["21 000 259: summary"],
    "summary and paragraph 5 of 21 000 259": ["21 000 259: summary, 5"],
    # a reference with a letter
    "17 002 402b": ["17 002 402b:"],
    "17 002 402 B, paragraph 2": ["17 002 402b: 2"],
    "23 014 902 A": ["23 014 902a:"],
    "(23 014 902 A) §3": ["23 014 902a: 3"],
    # what looks like a reference
    "21 000 25": ["“21 000 25”:"],
    "2101749": ["“2101749”:"],
    "21/000/259": ["“21/000/259”:"],
    "21 000 25 paragraph 5": ["“21 000 25”: 5"],
    # a body with a paragraph
    "West Northamptonshire paragraph 50": [f"{WEST}: 50"],
    "Kent para 45": [f"{KENT}: 45"],
    "kent para 45": [f"{KENT}: 45"],
    "KENT PARA 45": [f"{KENT}: 45"],
    "Kent §45": [f"{KENT}: 45"],
    "Kent’s paragraph 45": [f"{KENT}: 45"],
    "paragraph 45 of Kent": [f"{KENT}: 45"],
    "paragraph 45, Kent": [f"{KENT}: 45"],
    "in the Kent case, para 45": [f"{KENT}: 45"],
    "paragraphs 12, 14 and 20 of the Halton case": [f"{HALTON}: 12, 14, 20"],
    "paragraphs 12, 14 and 20 of the halton case": [f"{HALTON}: 12, 14, 20"],
    "PARAGRAPH 12 OF THE HALTON CASE": [f"{HALTON}: 12"],
    "paragraph 80 of the decision about Halton": [f"{HALTON}: 80"],
    "reading para 3": [f"{READING}: 3"],
    "lower eddle nhs foundation trust (community services) para 2": [f"{EDDLE}: 2"],
    "paras 3-5 of Leicestershire County Council": [f"{LEICESTERSHIRE}: 3-5"],
    "Kent and Halton para 3": [f"{KENT} | {HALTON}: 3"],
    "paragraph 3 of Halton and Kent": [f"{HALTON} | {KENT}: 3"],
    "Surrey County Council paragraph 5": ["Surrey County Council: 5"],
    # a body alone
    "Halton": [f"{HALTON}:"],
    "halton": [f"{HALTON}:"],
    "Halton?": [f"{HALTON}:"],
    "kent county council": [f"{KENT}:"],
    "west northamptonshire": [f"{WEST}:"],
    "the Kent case": [f"{KENT}:"],
    "please show me Halton": [f"{HALTON}:"],
    "Kent, Halton and West Northamptonshire": [f"{KENT}:", f"{HALTON}:", f"{WEST}:"],
    "summary of the Halton case": [f"{HALTON}: summary"],
    "Surrey County Council": ["Surrey County Council:"],
    # nobody knows of which decision
    "§50": ["?: 50"],
    "paragraph fifty": ["?: 50"],
    "paras 50 and 52": ["?: 50, 52"],
    # words that say nothing
    "show me paragraph 50 of 21 017 496 please": ["21 017 496: 50"],
    "what does paragraph 50 of 21 017 496 say?": ["21 017 496: 50"],
    "what's in paragraph 50 of 21 017 496": ["21 017 496: 50"],
    "Can you read me the text of paragraph 50 of decision 21 017 496 in full, please?": ["21 017 496: 50"],
    "What does Halton paragraph 80 say": [f"{HALTON}: 80"],
    "Ombudsman's decision 21 017 496, para 50": ["21 017 496: 50"],
    # several citations
    "21 017 496 para 50; Halton para 80; Kent para 45, 21 000 259 §3 and 21 002 206 at [4]": [
        "21 017 496: 50",
        f"{HALTON}: 80",
        f"{KENT}: 45",
        "21 000 259: 3",
        "21 002 206: 4",
    ],
    "paragraph 12 of 21 017 496, 20 001 737 and 21 000 259": ["21 017 496: 12", "20 001 737: 12", "21 000 259: 12"],
    "21 017 496, 20 001 737 and 21 000 259 at paragraph 12": ["21 017 496: 12", "20 001 737: 12", "21 000 259: 12"],
    "21 017 496, 20 001 737 para 12": ["21 017 496:", "20 001 737: 12"],
    "Halton 20 001 737 para 80, Kent 21 000 832 para 45": ["20 001 737: 80", "21 000 832: 45"],
    "21 017 496 and Halton": ["21 017 496:", f"{HALTON}:"],
    "Kent (21 000 832) para 45 and Halton": ["21 000 832: 45", f"{HALTON}:"],
    "2022 21 017 496 para 50": ["“2022”:", "21 017 496: 50"],
}


@pytest.mark.parametrize(("question", "asked"), FORMS.items())
def test_forms(read, question, asked):
    """A citation is read in whatever form it is typed."""
    assert read(question) == asked


CONTENT = [
    "what does paragraph 50 of 21 017 496 say about consent?",
    "what does paragraph 50 of 21 017 496 say about Kent?",
    "Halton hotel costs",
    "halton hotel costs",
    "21 017 496 consent",
    "Who is 21 017 496 about?",
    "In 21 017 496, was Mr H told that it was voluntary?",
    "compare 21 017 496 and 20 001 737",
    "21 017 496 or Halton: which is newer?",
    "How many decisions about Halton?",
    "Halton decisions",
    "Halton complaint",
    "the latest Kent decision",
    "Kent 2022",
    "Kent upheld",
    "what did Kent say?",
    "What is Kent?",
    "is Kent in the decision",
    "Kent Police",
    "Mrs Kent",
    "consent para 50",
    "paragraph 47 of the Children Act",
    "paragraph 3 of Kent's policy",
    "Children Act 1989 §47",
    "§47 of the Children Act 1989",
    "section 47",
    "£21 017 496",
    "on 21 01 2022",
    "12 May 2022",
    "07700 900 123 456",
    "reading",
    "Reading",
    "safety agreement voluntary",
    "paragraph",
    "the decision, please",
    "summary",
    "show me",
    "50",
    "a",
    "?",
    "",
]


@pytest.mark.parametrize("question", CONTENT)
def test_other_questions(read, question):
    """Where anything else is in a question, or nothing, it is no typed citation."""
    assert read(question) is None


def test_judged_questions(read):
    """None of the judged questions is taken for a typed citation."""
    judged = json.loads((PROJECT / "tests" / "questions.json").read_text(encoding="utf-8"))
    told = [one["question"] for one in judged]
    assert len(told) > 400
    assert [question for question in told if read(question) is not None] == []


@pytest.mark.parametrize("mention", EXAMPLES)
@pytest.mark.parametrize("form", ["{}", "21 017 496, {}", "{} of 21 017 496", "Kent {}", "show me {} of the kent case"])
def test_every_mention(read, mention, form):
    """Every example of a paragraph that stands beside the pattern is read, alone and with a decision."""
    [told] = read(form.format(mention))
    who, places = told.split(": ")
    assert who == ("21 017 496" if "21" in form else KENT if "ent" in form else "?")
    assert places.startswith(("50", "51"))


@pytest.mark.parametrize("reference", [*REFERENCE_EXAMPLES, *LETTER_APART_EXAMPLES])
def test_every_reference(read, reference):
    """Every example of a reference is read, with a letter apart from it where that is held."""
    assert read(f"{reference} para 2") == [f"{Reference(reference)}: 2"]


@pytest.mark.parametrize("date", DATE_EXAMPLES)
def test_every_date(read, date):
    """The date between a reference and its paragraph is no part of either."""
    assert read(f"West Northamptonshire Council (21 017 496), {date}, paragraph 50") == ["21 017 496: 50"]


def test_capitals_count_where_a_name_alone_may_be_a_word(bodies):
    """An ordinary word is no body by itself, a body with a paragraph is one in any case."""
    assert read_typed("Reading", bodies) is None
    assert read_typed("Reading Council", bodies) == (TypedCitation(bodies=(READING,)),)
    assert read_typed("reading §3", bodies) == (TypedCitation(bodies=(READING,), places=(AskedPlace(3),)),)


def test_bodies_with_a_reference(bodies):
    """A body beside a reference is told with it."""
    [typed] = read_typed("kent (21 017 496) para 50", bodies)
    assert (typed.reference, typed.bodies) == (Reference("21 017 496"), (KENT,))


def test_whole(bodies):
    """A citation without a place asks for the whole."""
    assert [bool(citation.places) for citation in read_typed("21 017 496 and Kent para 45", bodies)] == [False, True]


def test_too_long(read):
    """What is longer than a question may be is no typed citation."""
    assert read("21 017 496 " * 181) is not None
    assert read("21 017 496 " * 200) is None


def test_nothing_is_kept_of_a_question(store):
    """What was typed is forgotten: it may be anything."""
    known = held_bodies(store)
    read_typed("Quillbury Borough Council para 3", known)
    assert "Quillbury" not in repr(vars(known))


PIECES = st.sampled_from(
    (
        "21 017 496|21017496|17 002 402 b|21 000 25|Kent|halton|Surrey County Council|Kent and Halton|paragraph 50|"
        "paras 1 to 9999|§3|§§ 5-2|at [4]|summary|50|(b)|(zz)|and|,|;|of|the|case|decision|9 October 2022|"
        "(number inferred)|please|0|-5|£300|para|’s|?|A|(|)"
    ).split("|")
)


@given(st.lists(PIECES, max_size=20).map(" ".join))
def test_whatever_is_typed(store, bodies, question):
    """Whatever citations are made of, what they open is held, bounded and told in words of the question."""
    typed = read_typed(question, bodies) or ()
    found = open_typed(typed, store)
    shown = pinpoints(found.paragraphs)
    assert len(shown) == len(set(shown)) <= MOST_PARAGRAPHS
    assert not set(shown) & set(pinpoints(found.neighbours))
    assert all(store.holds(place.pinpoint.reference) for place, _ in found.paragraphs)
    said = " ".join([*(one.detail for one in found.missing), *(word for pair in found.corrected for word in pair)])
    assert "Body" not in said and "Council (" not in said
    assert not typed or shown or found.missing


# Opening.


def test_every_citation_opens_its_place(store, opened):
    """The citation of every place of every decision opens that place and no other, in both of its forms."""
    for entry in store.entries(Filter()):
        decision = store.decision(entry.reference)
        day = f"{entry.date.day} {entry.date:%B %Y}, " if entry.date else ""
        for place in [one for whole in decision.places() for one in (whole, *whole.items())]:
            short = place.pinpoint.cite(entry.body, place.numbering)
            body, _, rest = short.rpartition("), ")
            for cited in (short, f"Local Government and Social Care Ombudsman, {body}), {day}{rest}"):
                found = opened(cited)
                assert [place] == [shown for shown, _ in found.paragraphs], cited
                assert (found.missing, found.corrected) == ((), ())


def test_neighbours(opened):
    """With a paragraph come those right before and after it."""
    found = opened("21 017 496 paragraph 50")
    assert pinpoints(found.paragraphs) == ["21 017 496, paragraph 50"]
    assert pinpoints(found.neighbours) == ["21 017 496, paragraph 49", "21 017 496, paragraph 51"]


def test_neighbours_of_a_range(opened):
    """A range has two neighbours, and at the ends of a decision there is none beyond."""
    assert pinpoints(opened("21 017 496 paras 63-65").neighbours) == ["21 017 496, paragraph 62"]
    assert pinpoints(opened("21 017 496 para 1").neighbours) == ["21 017 496, summary", "21 017 496, paragraph 2"]


def test_a_paragraph_is_no_neighbour_of_itself(opened):
    """What is cited is not shown again as a neighbour."""
    found = opened("21 017 496 paras 50 and 51")
    assert pinpoints(found.neighbours) == ["21 017 496, paragraph 49", "21 017 496, paragraph 52"]


def test_items(opened):
    """An item is opened by itself, and its whole paragraph is beside it."""
    found = opened("21 004 118 paragraph 12(b)")
    assert pinpoints(found.paragraphs) == ["21 004 118, paragraph 12(b)"]
    assert pinpoints(found.neighbours)[:2] == ["21 004 118, paragraph 11", "21 004 118, paragraph 12"]


def test_a_decision_opens_at_its_beginning(opened):
    """A reference alone opens the summary and the first paragraphs."""
    found = opened("21 000 259")
    assert pinpoints(found.paragraphs) == ["21 000 259, summary", *(f"21 000 259, paragraph {n}" for n in range(1, 5))]


def test_a_body_opens_its_decisions(opened):
    """A body alone opens the summary of each decision about it, newest first."""
    assert pinpoints(opened("Leicestershire").paragraphs) == ["21 000 259, summary", "21 002 206, summary"]


def test_a_decision_without_a_summary(tmp_path):
    """Where a decision has no summary its first paragraph stands for it in the list of a body."""
    lines = variant("22 009 999").splitlines(keepends=True)
    store = made(tmp_path, "".join(line for line in lines if not line.startswith("Summary:")))
    known = held_bodies(store)
    assert pinpoints(open_typed(read_typed("Northwick", known), store).paragraphs) == ["22 009 999, paragraph 1"]
    [problem] = open_typed(read_typed("summary of 22 009 999", known), store).missing
    assert problem == Problem("paragraph_not_held", "There is no summary: 22 009 999 has paragraphs 1 to 9.")


def test_a_paragraph_of_several_decisions(opened):
    """Where several decisions are about a body, its paragraph is that of each, newest first."""
    assert pinpoints(opened("Leicestershire para 4").paragraphs) == [
        "21 000 259, paragraph 4",
        "21 002 206, paragraph 4",
    ]


def test_a_paragraph_that_some_decisions_have(opened):
    """A decision about a body that has no such paragraph is passed over."""
    found = opened("Leicestershire para 55")
    assert (pinpoints(found.paragraphs), found.missing) == (["21 002 206, paragraph 55"], ())


def test_a_paragraph_that_no_decision_has(opened):
    """A paragraph that none of the decisions about a body has is said so once."""
    [problem] = opened("Leicestershire para 400").missing
    assert problem.reason == "paragraph_not_held"
    assert problem.detail.startswith(f"None of our 2 decisions about {LEICESTERSHIRE} has a paragraph 400")


def test_order_and_once(opened):
    """What is cited comes in the order asked, each once."""
    found = opened("21 017 496 para 50, Halton para 80, paras 49-50 of 21 017 496")
    assert pinpoints(found.paragraphs) == [
        "21 017 496, paragraph 50",
        "20 001 737, paragraph 80",
        "21 017 496, paragraph 49",
    ]


def test_many_citations(opened):
    """Ten citations in one question are all opened, in order."""
    numbers = [7, 3, 11, 2, 40, 5, 30, 1, 20, 50]
    found = opened("; ".join(f"21 017 496 paragraph {number}" for number in numbers))
    assert pinpoints(found.paragraphs) == [f"21 017 496, paragraph {number}" for number in numbers]


def test_most_paragraphs(opened):
    """More than fifty paragraphs are never opened, and what is left out is counted."""
    found = opened("paras 1-9999 of 20 001 737")
    assert (len(found.paragraphs), found.left_out) == (MOST_PARAGRAPHS, 32)
    assert found.corrected == (("paragraphs 1 to 9999", "paragraphs 1 to 82"),)
    assert pinpoints(found.neighbours) == ["20 001 737, summary", "20 001 737, paragraph 51"]


def test_what_follows_on_fifty(opened):
    """What is asked for after fifty paragraphs is counted and not opened."""
    found = opened("paras 1-50 of 20 001 737, 21 017 496 paragraph 3, Kent and Leicestershire")
    assert ({place.pinpoint.reference.text for place, _ in found.paragraphs}, found.left_out) == ({"20 001 737"}, 4)


@pytest.mark.parametrize(
    ("typed", "read", "count"),
    [
        ("paragraphs 52 to 50", "paragraphs 50 to 52", 3),
        ("paragraphs 12 to 4", "paragraphs 12 to 14", 3),
        ("paragraphs 64 to 70", "paragraphs 64 to 65", 2),
        ("paragraphs 0 to 2", "paragraphs 1 to 2", 2),
    ],
)
def test_ranges_that_are_read_otherwise(opened, typed, read, count):
    """A range that runs backwards, is shortened, or goes beyond the decision is read as it can be, and that is said."""
    found = opened(f"{typed} of 21 017 496")
    assert (len(found.paragraphs), found.corrected, found.missing) == (count, ((typed, read),), ())


@pytest.mark.parametrize(
    ("place", "detail"),
    [
        ("paragraph 0", "There is no paragraph 0: 21 004 118 has paragraphs 1 to 14."),
        ("paragraph 99999", "There is no paragraph 99999: 21 004 118 has paragraphs 1 to 14."),
        ("paras 70-80", "There are no paragraphs 70 to 80: 21 004 118 has paragraphs 1 to 14."),
        ("paras 112-14", "There are no paragraphs 112 to 114: 21 004 118 has paragraphs 1 to 14."),
        ("paragraph 12(zz)", "Paragraph 12 of 21 004 118 has no item (zz): its items are (a) to (b)."),
        ("paragraph 12(q)", "Paragraph 12 of 21 004 118 has no item (q): its items are (a) to (b)."),
        ("paragraph 2(q)", "Paragraph 2 of 21 004 118 has no item (q): it has no lettered items."),
        ("paragraph 5(q)", "Paragraph 5 of 21 004 118 has no item (q): it has no lettered items."),
    ],
)
def test_a_place_that_there_is_not(opened, place, detail):
    """A paragraph or an item that a decision has not is said so, with what it has, and none is opened in its stead."""
    found = opened(f"21 004 118 {place}")
    assert (found.paragraphs, found.missing) == ((), (Problem("paragraph_not_held", detail),))


def test_letters_that_were_lost(opened):
    """Of a list that lost its letters in the copy the whole paragraph is opened, and that is said."""
    found = opened("21 004 118 paragraph 5(b)")
    assert pinpoints(found.paragraphs) == ["21 004 118, paragraph 5"]
    assert "lost its letters" in found.missing[0].detail


def test_one_of_several_is_not_there(opened):
    """What is held is opened beside what is not."""
    found = opened("21 017 496 paras 50 and 99")
    assert (pinpoints(found.paragraphs), reasons(found)) == (["21 017 496, paragraph 50"], ["paragraph_not_held"])


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("24 020 611", "24 020 611b"),
        ("24 020 611c", "24 020 611b"),
        ("21 017 496 b", "21 017 496"),
        ("21 017 497", "21 017 496"),
        ("20 001 773", "20 001 737"),
        ("21 000 25", "21 000 259"),
        ("21 000 2599", "21 000 259"),
        ("21/000/259", "21 000 259"),
    ],
)
def test_the_nearest_reference(opened, typed, nearest):
    """A reference that is not held is said so with the one held that differs by its letter or a digit."""
    found = opened(f"{typed} para 3")
    assert (found.paragraphs, reasons(found)) == ((), ["reference_not_held"])
    assert found.missing[0].detail.endswith(f"but we have {nearest}.")


def test_no_reference_is_near(opened):
    """Where none is near, none is named."""
    [problem] = opened("19 555 555").missing
    assert (problem.reason, "but" in problem.detail) == ("reference_not_held", False)


def test_a_body_that_is_not_held(opened):
    """A body that no decision is about is said so."""
    found = opened("Surrey County Council paragraph 5")
    assert (found.paragraphs, reasons(found)) == ((), ["body_not_held"])


def test_another_body_than_that_of_the_decision(opened):
    """A reference counts more than a body beside it that is not its own, and that is said."""
    found = opened("Kent (21 017 496) para 50")
    assert pinpoints(found.paragraphs) == ["21 017 496, paragraph 50"]
    assert found.corrected == ((KENT, WEST),)


def test_nobody_knows_which_decision(opened):
    """A paragraph of no decision is asked back for where several are held."""
    found = opened("§50")
    assert found.missing == (
        Problem("unclear", "Which decision is paragraph 50 of? Add its reference, such as 21 017 496."),
    )


def test_the_only_decision(tmp_path):
    """A paragraph of no decision is that of the only one held."""
    store = made(tmp_path, variant("22 009 999"))
    found = open_typed(read_typed("§3", held_bodies(store)), store)
    assert pinpoints(found.paragraphs) == ["22 009 999, paragraph 3"]


def test_digits_that_cannot_be_read(opened):
    """What is neither a reference nor a paragraph is said so, beside what can be opened."""
    found = opened("paragraph 50.2 of 21 017 496")
    assert (found.paragraphs[0][0].pinpoint.number, reasons(found)) == (SUMMARY, ["unclear"])
    assert "“50.2”" in found.missing[0].detail


# What the grammar of letters learned for it.


def cited(text, held=None):
    """The references and places of a letter."""
    found = read_citations(text, Bodies((held or {}).values(), (held or {}).get))
    return [(str(one.named.reference) if one.named else None, [place.name for place in one.places]) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "Under the Children Act 1989, §47, and 21 017 496 it must.",
        "See 21 017 496. The Children Act says so (§47 and §17).",
        "It breached §47 of the Children Act (21 017 496).",
        "See 21 017 496; §7 of the statutory guidance says so too.",
    ],
)
def test_sections_of_statutes(text):
    """A sign is no paragraph of a decision where a statute or guidance is told beside it."""
    assert cited(text) == [("21 017 496", [])]


def test_a_sign_in_a_letter():
    """A sign beside a reference, or in a sentence of its own, is a paragraph of that decision."""
    assert cited("See 21 017 496, §50. It says at §51 that he may.") == [
        ("21 017 496", ["paragraph 50"]),
        ("21 017 496", ["paragraph 51"]),
    ]


def test_a_letter_apart_in_a_letter():
    """A letter apart from a reference belongs to it only where that decision is held."""
    held = {Reference("17 002 402b"): EDDLE}
    assert cited("See 17 002 402 B, paragraph 2.", held) == [("17 002 402b", ["paragraph 2"])]
    assert cited("In 17 002 402 a mother complained.", held) == [("17 002 402", [])]


def test_a_body_stands_for_its_decision():
    """A paragraph with a body alone keeps the body; which decision it is of, a letter does not tell."""
    [one] = read_citations("As in Halton Borough Council, paragraph 80.", Bodies((HALTON,)))
    assert (one.named, one.bodies) == (None, (HALTON,))


def test_a_range_that_runs_backwards():
    """A range that runs backwards is one from its lower number on that says so."""
    [one] = read_citations("21 017 496, paragraphs 52-50", Bodies())
    assert [(place.number, place.last, place.runs_back) for place in one.places] == [(50, 52, True)]
