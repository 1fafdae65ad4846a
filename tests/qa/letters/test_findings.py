from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace

import pytest
from conftest import PROJECT, SEEDS
from hypothesis import given, settings
from hypothesis import strategies as st

from index.decisions import Decision, DecisionEntry, Line, Paragraph, Pinpoint, Provenance, Reference
from index.errors import NotHeld
from index.parsing.parse import parse
from index.text.mentions import EXAMPLES
from index.text.sentences import sentence_spans
from qa.answering.citations import as_lines, citation_of
from qa.letters.check import check_letter


class Shelf:
    """Decisions in memory; whatever is looked for, all their paragraphs match it. It remembers what was read."""

    def __init__(self, *decisions):
        self.decisions = {decision.reference: decision for decision in decisions}
        self.places = [(place, decision) for decision in decisions for place in decision.places()]
        self.read = []

    def decision(self, reference):
        self.read.append(reference)
        if reference not in self.decisions:
            raise NotHeld("No.")
        return self.decisions[reference]

    def tombstone(self, reference):
        return None

    def bodies(self):
        return sorted({decision.body for decision in self.decisions.values()})

    def entries(self, within, limit=None):
        held = [one for one in self.decisions.values() if one.body in within.body or one.reference in within.reference]
        rest = None, None, None
        entries = [
            DecisionEntry(one.reference, one.body, *rest, one.numbering, Provenance(), 1, one.proof) for one in held
        ]
        return entries[:limit]

    def search_bm25(self, question, limit, within, every=False):
        return [(number, 1.0) for number in range(len(self.places))]

    def paragraphs(self, ids):
        found = [self.places[number] for number in ids]
        return [
            (
                place,
                DecisionEntry(
                    of.reference, of.body, None, None, None, of.numbering, Provenance(), len(of.paragraphs), of.proof
                ),
            )
            for place, of in found
        ]


def made(reference, body, *texts, numbering="published"):
    """A decision; a text of several lines has them as lettered items after the first."""
    paragraphs = tuple(
        Paragraph(
            Pinpoint(Reference(reference), number),
            numbering,
            (),
            "finding",
            tuple(Line(line, int(at > 0), chr(96 + at) if at else None) for at, line in enumerate(text.split("\n"))),
        )
        for number, text in enumerate(texts, 1)
    )
    return Decision(Reference(reference), body, None, None, None, None, paragraphs, numbering)


STANDARD = "We investigate complaints about maladministration and service failure in councils."
SOUND = "The Council took eleven weeks to answer her letter about the school taxi."
KENT = made(
    "21 000 001",
    "Kent County Council",
    STANDARD,
    SOUND,
    "The Council has agreed to:\napologise to Ms A for the delay in its answer;\n"
    "pay her £1,500 for the taxis that she had to book.",
    "There was no fault in how the panel weighed the evidence before it.",
)
BATH = made(
    "21 000 002", "Bath and North East Somerset Council", STANDARD, "The landlord repaired the boiler in March."
)
LOST = made(
    "21 000 003", "Halton Borough Council", "The social worker measured the bedroom twice.", numbering="inferred"
)
HELD = Shelf(KENT, BATH, LOST)
SEEDED = Shelf(*(parse(path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))))


def check(text, held=HELD):
    """The verdict and the place of each finding."""
    return [(found.verdict, found.place) for found in check_letter(text, held)]


def only(text, held=HELD):
    [found] = check_letter(text, held)
    return found


def citations(found):
    return [citation for _, citation in found.right]


# How citations are written.


@pytest.mark.parametrize(
    "written",
    [
        "Kent County Council (21 000 001), paragraph 2",
        "In Kent County Council (21 000 001), paragraph 2, it",
        "in decision 21-000-001 (para 2)",
        "at paragraph 2 of 21000001",
        "paragraph 2 of the Ombudsman’s decision on Kent County Council (21 000 001)",
        "21 000 001 ¶2",
        "21 000 001 at [2]",
        "21 000 001 [2]",
        "21 000 001, para. 2",
        "21 000 001 (Kent County Council), para 2",
        "case 21\u00a0000\u00a0001, paragraph two",
        "21 000 001: see paragraph 2",
        "(para 2, 21 000 001)",
    ],
)
def test_ways_to_cite(written):
    """A citation is read in this program's form and as people write."""
    found = only(f"I refer to it: {written}.")
    assert (found.verdict, str(found.reference), found.place) == ("found", "21 000 001", "paragraph 2")
    assert citations(found) == ["Kent County Council (21 000 001), paragraph 2"]


@pytest.mark.parametrize("ombudsman", ["Local Government and Social Care", "Local Government & Social Care"])
@pytest.mark.parametrize("gap", ["\n", " ", "\n\n", " – ", "\n("])
@pytest.mark.parametrize("place", ["paragraph 50", "summary"])
def test_full_citation(ombudsman, gap, place):
    """A quotation belongs to the citation behind it that begins with the publisher and has the date."""
    words = (
        "without explaining this was voluntary"
        if place == "summary"
        else "The agreement should have clearly stated this."
    )
    cited = f"{ombudsman} Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, {place}"
    assert check(f"“{words}”{gap}{cited}{')' * gap.count('(')}", SEEDED) == [("exact", place)]


def test_publisher_may_be_named_in_a_sentence():
    """What the Ombudsman found is a sentence, and no citation of what is quoted before it."""
    found = check(
        f"“{SOUND}” The Local Government and Social Care Ombudsman found against Kent County Council (21 000 001)."
    )
    assert found == [("exact", None), ("found", None)]


@pytest.mark.parametrize("mention", EXAMPLES)
def test_examples_are_found(mention):
    """Every example that stands beside the pattern is found."""
    assert all(place for _, place in check(f"See 21 000 001, {mention}."))


@pytest.mark.parametrize("mention", EXAMPLES)
def test_examples_before_a_reference(mention):
    """Every example is found before a reference in brackets."""
    assert all(place for _, place in check(f"As {mention} (21 000 001) shows."))


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("paras 1 and 3-4 of case 21 000 001", ["paragraph 1", "paragraphs 3 to 4"]),
        ("21 000 001, paragraphs 1, 2 and 4", ["paragraph 1", "paragraph 2", "paragraph 4"]),
        ("21 000 001 at [1] and [3]", ["paragraph 1", "paragraph 3"]),
        ("21 000 001, paragraph 3(b)", ["paragraph 3(b)"]),
        ("21 000 001, paragraph 3 (a) and (b)", ["paragraph 3(a)"]),
        ("21 000 001, paragraphs two to four", ["paragraphs 2 to 4"]),
    ],
)
def test_several_places(written, places):
    """Each paragraph that is told has a finding of its own, several in a row one together."""
    assert check(f"See {written}.") == [("found", place) for place in places]


def test_reference_told_before():
    """A paragraph without a reference is one of the decision told last."""
    text = "Decision 21 000 001 is about taxis. At paragraph 4 she says so. And 21 000 002? At paragraph 2 of it, no."
    assert [str(found.reference) for found in check_letter(text, HELD)] == [
        "21 000 001",
        "21 000 001",
        "21 000 002",
        "21 000 002",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See also 21 000 02, paragraph 2.",
        "See also 21 O00 002, paragraph 2.",
        "See also 21.000.002, paragraph 2.",
        "See Bath and North East Somerset Council (21/000/002), paragraph 2.",
        "See Leeds City Council, paragraph 2.",
    ],
)
def test_another_decision_seems_meant(text):
    """A paragraph beside another body, or beside digits like a reference, is none of the decision told last."""
    first, second = check_letter(f"21 000 001, paragraph 2, is right. {text}", HELD)
    assert (first.verdict, second.verdict, second.reference) == ("found", "not_held", None)


@pytest.mark.parametrize(
    "text",
    [
        "In Kent County Council, at paragraph 4, it says so.",
        "In Kent, at paragraph 4, it says so.",
        "Paragraph 4 of Kent says so.",
        "In Kent it says “the panel weighed the evidence before it” (paragraph 4).",
    ],
)
def test_decision_named_by_its_body(text):
    """The name of a body chooses the decision about it that was told before."""
    told = f"We rely on 21 000 001 and on 21 000 002. {text}"
    assert [str(found.reference) for found in check_letter(told, HELD)] == ["21 000 001", "21 000 002", "21 000 001"]


def test_body_within_a_quotation():
    """A body that is named in the words quoted is no other decision."""
    _, found = check_letter("See 21 000 001. It told “Halton Borough Council” so (paragraph 2).", HELD)
    assert (str(found.reference), found.place) == ("21 000 001", "paragraph 2")


def test_no_reference_told():
    """A paragraph of no decision is not held."""
    found = only("At paragraph 4 she says so.")
    assert (found.verdict, found.reference) == ("not_held", None)
    assert found.detail == "Unclear: add the reference."


@pytest.mark.parametrize(
    "text",
    [
        "paragraph 5 of Schedule 2",
        "section 20 of the Act",
        "paragraph 3 of the Code",
        "paragraph 9.64 of the Code",
        "Schedule 5, paragraph 5(2)",
        "your letter of 3 June, at paragraph 3",
        "paragraph 3 of your letter",
        "paragraph 2 above",
        "my telephone number is 01604 496 000",
        "£21 000 001 was paid",
        "on 20211031",
        "our ref 10234567",
        "R (G) v Nottingham CC [2008] EWHC 152 (Admin) at [15]",
        "Smith v Leeds CC at [60]",
        "Working Together (2018), paragraph 58",
        "your letter says the opposite at paragraph 3",
        "in your reply you say in paragraph 4 that it was not",
        "as I said in paragraph 3",
        "in the letter from Kent of 4 June, paragraph 2",
        "see 12 05 2023",
        "for help see 01 632 960 123",
        "for help see also 01 632 9601 23",
        "see 12 2019-20 for the figures",
        "we see 30 100 2000 pupils",
        "see also 30 100 2000 pupils",
        "see 12 345 67 pounds",
        "see 75 123 4567",
    ],
)
def test_other_documents(text):
    """Paragraphs of statutes, guidance and letters, sums, dates and telephone numbers are left alone."""
    assert check(f"See decision 21 000 001. Then {text}.") == [("found", None)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("See decision 21 000 01, it says so.", "21 000 01"),
        ("For lost files see also 21 00 001.", "21 00 001"),
        ("It was late. Compare 21 0000 001.", "21 0000 001"),
    ],
)
def test_digits_that_are_no_reference(text, written):
    """Digits that are called a decision, or that a reader is sent to, and are no reference are told."""
    found = only(text)
    assert (found.text, found.verdict, found.reference) == (written, "not_held", None)


@pytest.mark.parametrize(
    "written",
    [
        "21−000−002",
        "21\u2011000\u2010002",
        "21—000—002",
        "21 - 000 - 002",
        "21  000 002",
        "21 000\n  002",
        "21\u200b000\u200b002",
        "21\u00ad000\u00ad002",
        "2\u20601 000 002",
        "２１ ０００ ００２",
        "٢١ ٠٠٠ ٠٠٢",
    ],
)
def test_reference_in_another_shape(written):
    """Any dash or hyphen, digits of other shapes and what has no width make no other reference of one."""
    text = f"See 21 000 001, paragraph 2. And again “{SOUND}” ({written}, paragraph 2)."
    _, found = check_letter(text, HELD)
    assert (str(found.reference), found.verdict) == ("21 000 002", "wrong_paragraph")
    assert found.text == f"“{SOUND}” ({written}, paragraph 2)"


@pytest.mark.parametrize("place", ["{}, paragraph 2", "{} at paragraph 2", "paragraph 2 of {}"])
@pytest.mark.parametrize(
    "written",
    [
        "21_000_002",
        "21,000,002",
        "21:000:002",
        "21·000·002",
        "21\\000\\002",
        "21/000/002",
        "21.000.002",
        "21 [000] 002",
        "21000002.1",
        "21 000 002 999",
        "2１ O00 002",
    ],
)
def test_like_a_reference_beside_a_paragraph(written, place):
    """What is written like a reference and is none is told, and its paragraph is none of the decision told before."""
    text = f"See 21 000 001, paragraph 2. And again “{SOUND}” ({place.format(written)})."
    _, found = check_letter(text, HELD)
    assert (found.reference, found.verdict) == (None, "wrong_paragraph")
    assert f"“{written}” is no reference" in found.detail


@pytest.mark.parametrize("written", ["21:000:002", "21 - 999 - 002", "21.000.002"])
def test_like_a_reference_in_the_sentence_before(written):
    """A paragraph goes to no earlier decision across something that is written like a reference."""
    found = check_letter(f"See 21 000 001. Now read {written}. At paragraph 2 it says “{SOUND}”.", HELD)
    assert [one.verdict for one in found if one.place] == ["wrong_paragraph"]


@pytest.mark.parametrize("written", ["21 000 002 999", "21-000-002-999"])
def test_reference_with_more_digits(written):
    """A reference with three digits more is told, wherever it stands."""
    _, found = check_letter(f"It is 21 000 001, and see {written}.", HELD)
    assert (found.text, found.verdict, found.reference) == (written, "not_held", None)


@pytest.mark.parametrize(
    "text",
    [
        "It has 21,000,002 residents. At paragraph 2 it says so.",
        "It spent £21,000,002, at paragraph 2.",
        "It spent 21 000 002 999 pounds. At paragraph 2 it says so.",
        "Its stages are 10 - 100 - 200 days. At paragraph 2 it says so.",
        "Ring 07123 456 789. At paragraph 2 it says so.",
        "It was 12:30 on 9 October 2022. At paragraph 2 it says so.",
        "In the next paragraph, 12 of them say so, as paragraph 2 does.",
        "Mr X of 12 High Street, SW1A 2AA. At paragraph 2 it says so.",
    ],
)
def test_numbers_that_are_like_no_reference(text):
    """A paragraph behind a sum, a telephone number, a time or an address is one of the decision told before."""
    _, found = check_letter(f"See 21 000 001. {text}", HELD)
    assert (str(found.reference), found.place, found.verdict) == ("21 000 001", "paragraph 2", "found")


@pytest.mark.parametrize(
    ("places", "last"),
    [
        *((f"paragraphs 2{dash}9", "paragraphs 2 to 9") for dash in "-–—‐‑‒−―…"),
        *((f"paragraphs 2 {to} 9", "paragraphs 2 to 9") for to in ("-", "–", "—", "--", "−", "to", "up to", "until")),
        *(
            (f"paragraph{s} 2{joint} 9", "paragraph 9")
            for s in ("s", "")
            for joint in (
                ",",
                ";",
                ", &",
                ", or",
                " or",
                " and/or",
                " and also",
                " as well as",
                ", as well as",
                " plus",
            )
        ),
        *((f"at [2]{joint} [9]", "paragraph 9") for joint in (",", ";", " &", " or", " and", ", and")),
        ("paragraphs [2] and [9]", "paragraph 9"),
        ("paragraphs (2) and (9)", "paragraph 9"),
        ("paragraph 2; 3, & 9", "paragraph 9"),
        ("paras 9ff", "paragraph 9"),
        ("paras 9 ff.", "paragraph 9"),
        ("9", "paragraph 9"),
        ("at 9", "paragraph 9"),
        ("2 and 9", "paragraph 9"),
        ("para: 9", "paragraph 9"),
        ("para, 9", "paragraph 9"),
        ("paragraph [9]", "paragraph 9"),
        ("paragraph (9)", "paragraph 9"),
        ("paragraph #9", "paragraph 9"),
        ("paragraph № 9", "paragraph 9"),
        ("paragraph - 9", "paragraph 9"),
        ("paragraph ９", "paragraph 9"),
        ("para\u00adgraph\u200b9", "paragraph 9"),
        ("paragraph 9¹", "paragraph 9"),
        ("paragraph one hundred", "paragraph 100"),
        ("paragraph one hundred and nine", "paragraph 109"),
        ("paragraph five hundred", "paragraph 500"),
        ("paragraph 1,234", "paragraph 234"),
        ("paragraph 2.2", "paragraph 2.2"),
        ("paragraph 2/9", "paragraph 2/9"),
        ("paragraph 2(2)", "paragraph 2(2)"),
        ("paragraphs 2, 2.2", "paragraph 2.2"),
        ("paragraph two-ninth", "paragraph two-ninth"),
        ("paragraph two thousand", "paragraph two thousand"),
    ],
)
def test_no_number_is_cut(places, last):
    """Each number of a list is read as far as it goes, or told as one that the decision cannot have."""
    *_, found = check_letter(f"See 21 000 001, {places}.", HELD)
    assert (found.place, found.verdict, str(found.reference)) == (last, "not_held", "21 000 001")


@pytest.mark.parametrize(
    "behind",
    [
        ", 9 October 2022",
        ", 2022",
        ", 12 weeks later",
        ": 1. It was late",
        ", paragraph 2, 9 of them",
        ", paragraph 2; 12 High Street",
        ", paragraph 2 — 9 of them",
        ", paragraph 2, 9/10/2022",
        ", paragraph 2, 9 October 2022",
        ", paragraph 2, 9 months",
        ", paragraph 9.64 of the Code",
        ". Paragraph 9.64 requires it",
        ". We read it paragraph one-by-one",
        ". In that paragraph, 9 of them",
    ],
)
def test_numbers_behind_that_are_no_paragraphs(behind):
    """Dates, years, counts, addresses and the paragraphs of guidance are no paragraphs of the decision beside them."""
    assert {found.verdict for found in check_letter(f"See 21 000 001{behind}.", HELD)} == {"found"}


def test_number_behind_a_quotation_that_cannot_be_read():
    """A quotation belongs to what stands behind it, though no decision can have such a paragraph."""
    _, found = check_letter(f"See 21 000 001, paragraph 2. “{SOUND}” (paragraph 2.2).", HELD)
    assert (found.place, found.verdict) == ("paragraph 2.2", "wrong_paragraph")


# Verdicts of citations.


@pytest.mark.parametrize("cited", ["21 000 001, paragraph 2", "21 000 001", "paragraphs 1 to 3 of 21 000 001"])
def test_exact_means_compared(cited):
    """A citation beside which nothing is quoted is found, and nothing is to be looked at."""
    found = only(f"The answer was late: {cited}.")
    assert (found.verdict, found.is_to_look_at, found.quotation) == ("found", False, None)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("21 000 001, at [4]-[2]", "paragraphs 4 to 2"),
        ("paragraphs 4-2 of 21 000 001", "paragraphs 4 to 2"),
        ("21 000 001, paras 4 to 2", "paragraphs 4 to 2"),
        ("¶¶ 4–2 of 21 000 001", "paragraphs 4 to 2"),
        ("paragraphs four to two of 21 000 001", "paragraphs 4 to 2"),
        ("paragraphs 4-3-2 of 21 000 001", "paragraphs 4 to 2"),
        ("21 000 001, paragraphs 4(b) to 2", "paragraphs 4 to 2"),
        ("21 000 001, paragraphs 4-2(a)", "paragraphs 4 to 2"),
    ],
)
def test_range_that_runs_backwards(written, place):
    """A range that runs backwards is one finding that says so, to look at."""
    found = only(f"See {written}.")
    assert (found.text, found.place, found.is_to_look_at) == (written, place, True)
    assert "The range runs backwards: write “paragraphs 2" in found.detail


@pytest.mark.parametrize(("written", "lacks"), [("999-2", 999), ("2-999", 999), ("3-0", 0), ("40-20", 20)])
def test_range_with_an_end_that_is_missing(written, lacks):
    """Of a range that a decision does not have the end is named that is missing, and no other range is advised."""
    found = only(f"See 21 000 001, paragraphs {written}.")
    assert found.verdict == "not_held" and f"has no paragraph {lacks};" in found.detail
    assert "write" not in found.detail


def test_range_of_inferred_numbers_that_runs_backwards():
    """Where the numbers are inferred too, both are said, with the range as it is to be written once."""
    [found] = check_letter("See 21 000 832, paragraphs 54-52.", SEEDED)
    assert found.detail.count("Write") == 1 and "Write “paragraphs 52 to 54 (number inferred)”" in found.detail
    assert found.detail.endswith("The range runs backwards.")


def test_quotation_from_a_range_that_runs_backwards():
    """What is quoted from it is looked for in the whole range."""
    found = only(f"“{SOUND}” (21 000 001, paragraphs 3-1).")
    assert (found.verdict, found.is_to_look_at) == ("exact", True)
    assert found.detail.endswith("The range runs backwards: write “paragraphs 1 to 3” if you mean that.")


@pytest.mark.parametrize("gap", [" ", "\n", "\n\n"])
def test_words_behind_a_colon(gap):
    """What stands between “he says:” and its citation is a quotation, unless it is like nothing there."""
    text = f"The Ombudsman says:{gap}{{}}{gap}(21 000 001, paragraph 2)."
    assert check(text.format(SOUND)) == [("exact", "paragraph 2")]
    assert check(text.format(SOUND.replace("eleven", "nine"))) == [("altered", "paragraph 2")]
    for marked in (f"[[{SOUND}]]", f"\\emph{{{SOUND}}}", f"~ {SOUND} ~"):
        assert check(text.format(marked)) == [("exact", "paragraph 2")]
    assert check(f"He wrote: {SOUND[:-1]} in 21 000 001, paragraph 2.") == [("exact", "paragraph 2")]
    assert check(text.format("my client waited for far too long")) == [("found", "paragraph 2")]


NATURE = "The Council had no power to enforce a written agreement of this nature."
BEHIND_NATURE = "And the Council should have a record its social worker explained this with Mr and Mrs H."


@pytest.mark.parametrize(
    "text",
    [
        "{} Compare 21 017 496, paragraph 50.",
        "{} This is at paragraph 50 of decision 21 017 496.",
        "{} (decision 21 017 496 at paragraph 50)",
        "{} We agree (21 017 496, paragraph 50).",
        "{} We say that the Council had no business to do so (21 017 496, paragraph 50).",
        "{}!! (21 017 496, paragraph 50)",
        "\n- {}\n- {behind} (21 017 496, paragraph 50)",
        "(a) {}; (b) {behind} (21 017 496, paragraph 50)",
    ],
)
def test_what_stands_behind_words_behind_a_colon(text):
    """What the writer says between the words and their citation is his own; the words are compared without it."""
    text = f"The Ombudsman found: {text}"
    right = text.format(NATURE.rstrip("." if "{}!" in text or "{};" in text else ""), behind=BEHIND_NATURE)
    wrong = text.format(NATURE.replace("no power", "every power"), behind=BEHIND_NATURE)
    verdicts = [found.verdict for found in check_letter(right, SEEDED)]
    assert verdicts == ["exact"] and "altered" in [found.verdict for found in check_letter(wrong, SEEDED)]


def test_misquotation_behind_what_is_right():
    """Of words behind a colon those that are misquoted are told, though those before them are right."""
    text = f"He found: {NATURE} {BEHIND_NATURE.replace('social', 'police')} (21 017 496, paragraph 50)"
    [found] = check_letter(text, SEEDED)
    assert found.verdict == "altered" and "police" in found.quotation


def test_number_before_words_behind_a_colon():
    """The mark of a list before words behind a colon is told whole."""
    [found] = check_letter(f"He found: (1) {NATURE} (21 017 496, paragraph 50)", SEEDED)
    assert found.verdict == "exact" and "“(1)”" in found.detail


@pytest.mark.parametrize(
    "words",
    [
        "My point is this: the Council had no power to enforce such a written agreement",
        "The question is this: had the Council any power to enforce a written agreement?",
        "It follows: the Council had no power to enforce that agreement of yours",
        "In other words: the Council had no power to enforce such a written agreement",
    ],
)
def test_own_words_behind_a_colon(words):
    """What nobody says but the writer is not compared as a quotation."""
    assert [found.verdict for found in check_letter(f"{words} (21 017 496, paragraph 50).", SEEDED)] == ["found"]


@pytest.mark.parametrize("marks", ["*|*", "<p>|</p>", "<em>|</em>", "~~|~~", '<div class="x">|</div>'])
@pytest.mark.parametrize(
    "text",
    [
        "In 21 000 001, paragraph 2, we read {}",
        "{}\nKent County Council (21 000 001), paragraph 2",
        "{} (21 000 001, para 2)",
    ],
)
def test_emphasis_in_the_sentence_of_a_citation(marks, text):
    """What is emphasised beside a citation is compared; where it is like nothing there, it is the writer's own."""
    opening, closing = marks.split("|")
    assert check(text.format(f"{opening}{SOUND}{closing}")) == [("exact", "paragraph 2")]
    assert check(text.format(f"{opening}{SOUND.replace('eleven', 'nine')}{closing}")) == [("altered", "paragraph 2")]
    if not text.startswith("{} (") or marks not in ("*|*", "<em>|</em>"):
        own = f"{opening}we ask you to pay our client for all of this now{closing}"
        assert check(text.format(own)) == [("found", "paragraph 2")]


SET_APART = """<p>|</p> <li>|</li> <td>|</td> &lt;p&gt;|&lt;/p&gt; <div><p>|</p></div> <span_class="x">|</span> <b>|</b>
<i>|</i> <u>|</u> <cite>|</cite> [b]|[/b] *|* **|** ***|*** _|_ __|__ ~~|~~ ==|==""".split()
CITING = [
    "In 21 017 496, paragraph 50, he found fault. See 21 017 496, paragraph 63.",
    "We saw the letter (99 999 999, paragraph 5). Paragraph 7 of it is wrong too.\nSee 21 017 496, paragraph 63.",
    "In May and again in June we wrote of 21 017 496. See also its paragraph 50. Then we told you of paragraph 64.",
    "I also made recommendations for the Council to review its family agreement template (21 017 496, paragraph 63). "
    "We told you so (see paragraph 64).",
    "“I also made recommendations.” (21 017 496, paragraph 63). The Council did not tell us (99 999 999, paragraph 4).",
    "Re: our client Mrs Q, decision 99 999 999, paragraph 4\nWe rely on paragraphs 50 and 63 of 21 017 496 for this.",
    "Paragraph 81 of 20 001 737 closes the case: there was fault, and the Council accepted what was recommended.",
    "- See what he found in May about her at 21 017 496, paragraph 50\n- and in June about him at 99 999 999, at [60]",
]


@pytest.mark.parametrize("marks", SET_APART)
@pytest.mark.parametrize("text", CITING)
def test_no_citation_vanishes_within_what_is_set_apart(text, marks):
    """Whatever is emphasised or tagged, a letter, its lines or a sentence, each citation in it is told."""
    opening, closing = marks.replace("_class", " class").split("|")

    def cited(letter):
        return {(found.reference, found.place) for found in check_letter(letter, SEEDED)}

    spans = sentence_spans(text)
    letters = [
        f"{opening}{text}{closing}",
        "\n".join(f"{opening}{line}{closing}" for line in text.split("\n")),
        " ".join(f"{opening}{text[start:end].strip()}{closing}" for start, end in spans),
        *(f"{text[:start]}{opening}{text[start:end].strip()}{closing} {text[end:]}" for start, end in spans),
    ]
    for letter in letters:
        assert cited(letter) >= cited(text), letter


@pytest.mark.parametrize(
    "text",
    [
        "<blockquote>{} <cite>21 000 001, paragraph 2</cite></blockquote>",
        "[quote=Ombudsman]{}[/quote] (21 000 001, paragraph 2)",
        "&lt;q&gt;{} (21 000 001, paragraph 2)&lt;/q&gt;",
    ],
)
def test_tags_of_a_quotation(text):
    """A quotation may have its citation in a tag within, or name who is quoted."""
    assert check(text.format(SOUND)) == [("exact", "paragraph 2")]
    assert check(text.format(SOUND.replace("eleven", "nine"))) == [("altered", "paragraph 2")]


def test_shifted_numbers():
    """A number that is shifted by another opens no quotation."""
    assert check("It is 5 << 6 and 7 >> 2 for all of that here (21 000 001, paragraph 2).") == [
        ("found", "paragraph 2")
    ]


@pytest.mark.parametrize("marks", ["<b>|</b>", "*|*", "_|_", "<i>|</i>", "**|**", "[b]|[/b]"])
def test_emphasis_within_a_citation(marks):
    """A citation with emphasised parts is one, with its place."""
    opening, closing = marks.split("|")
    for text in ("{}21 000 001{}, {}paragraph 2{}", "{}Paragraph 2{} of {}21 000 001{}", "21 000 001, paragraph {}2{}"):
        assert check(text.format(*(opening, closing) * 2)) == [("found", "paragraph 2")]


@pytest.mark.parametrize("marks", ["<li>|</li>", "<p>|</p>", "<td>|</td>", "~~|~~", "<i>|</i>"])
def test_words_set_apart_with_their_citation(marks):
    """Words that are set apart together with their citation are read as those are that are not set apart."""
    opening, closing = marks.split("|")
    said = "I also made recommendations for the Council to review its family agreement template"
    for words, verdict in ((said, "found"), (said.replace("family", "risk"), "altered")):
        text = f"{opening}{words} (21 017 496, paragraph 63){closing}, see 20 001 737, paragraph 46."
        assert [found.verdict for found in check_letter(text, SEEDED)] == [verdict, "found"]


def test_few_words_that_are_emphasised():
    """Few words are told only where nearly all of them are published."""
    assert check("*The Council took nine weeks* (21 000 001, paragraph 2).") == [("altered", "paragraph 2")]
    assert check("*The Council took eleven weeks* (21 000 001, paragraph 2).") == [("exact", "paragraph 2")]
    assert check("*It took them all year long* (21 000 001, paragraph 2).") == [("found", "paragraph 2")]


def test_what_is_found_says_that_nothing_is_quoted():
    assert only("See 21 000 001, paragraph 2.").detail == "The paragraph exists. Nothing is quoted from it."


def test_not_held():
    """A reference that is not held is told."""
    found = only("Kent County Council (21 999 999), paragraph 2")
    assert (found.verdict, found.detail) == (
        "not_held",
        "No decision 21 999 999 in this collection. Check the reference.",
    )


def test_no_such_paragraph():
    """A paragraph that the decision does not have is told with how many it has."""
    found = only("21 000 001, paragraph 5")
    assert found.verdict == "not_held"
    assert "has no paragraph 5; its paragraphs are numbered 1 to 4" in found.detail


def test_no_such_item():
    """An item that a lettered list does not have is not held."""
    assert check("21 000 001, paragraph 3(d)") == [("not_held", "paragraph 3(d)")]


def test_other_body():
    """The name of another body is told with the right one."""
    found = only("Kent County Council (21 000 002), paragraph 2")
    assert found.verdict == "altered"
    assert "about Bath and North East Somerset Council, not about Kent County Council" in found.detail


@pytest.mark.parametrize(
    "body", ["Kent  county council", "Kent Council", "The Council", "Ombudsman Kent County Council", "the council"]
)
def test_same_body(body):
    """Case, white space and a shortened name do not count."""
    assert check(f"{body} (21 000 001), paragraph 2") == [("found", "paragraph 2")]


@pytest.mark.parametrize("body", ["Kent City Council", "West Kent County Council", "Halton Borough Council"])
def test_body_of_another_kind(body):
    """Another kind of council, or another part of the county, is another body."""
    assert check(f"{body} (21 000 001), paragraph 2") == [("altered", "paragraph 2")]


@pytest.mark.parametrize(
    "body",
    [
        "Kent NHS Foundation Trust",
        "Medway and Kent Council",
        "Kent Hospital Trust",
    ],
)
def test_body_of_another_sort_or_of_a_longer_name(body):
    """A trust is no council, and a name that goes on before that of a body is that of another one."""
    found = only(f"{body} (21 000 001), paragraph 2")
    assert found.verdict == "altered" and f"not about {body}." in found.detail


@pytest.mark.parametrize(
    "body",
    [
        "Medway Council and Kent County Council",
        "Mr Smith and Kent Council",
        "Mr Smith and Kent County Council",
        "Kent C.C.",
        "KCC",
        "Kent, 9 October 2022",
        "Kent County Council, 9 October 2022",
        "Kent County Council (the Council)",
        "Kent County Council (KCC)",
    ],
)
def test_same_body_with_more_beside_it(body):
    """Somebody who is told together with a body, a date and a short name make no other body of it."""
    assert check(f"See {body} (21 000 001), paragraph 2") == [("found", "paragraph 2")]


def test_direction_left_out():
    """A county is not the council that has its name with a direction."""
    found = only("See Northamptonshire (21 017 496), paragraph 50.", SEEDED)
    assert found.verdict == "altered" and "not about Northamptonshire." in found.detail
    assert check("See West Northants (21 017 496), paragraph 50.", SEEDED) == [("found", "paragraph 50")]
    assert check("See Bath (21 000 002), paragraph 2.") == [("found", "paragraph 2")]


def test_initials_of_another_body():
    """A council is known though the points of its initials stand before the reference."""
    assert [verdict for verdict, _ in check("See Sheffield C.C. (21 000 001), paragraph 2.")] == ["altered"]


@pytest.mark.parametrize(
    "written",
    [
        "Halton Borough Council, 9 October 2022 (21 000 001)",
        "Halton Borough Council (9 October 2022) 21 000 001",
        "Halton Borough Council (the Council) (21 000 001)",
        "Halton Borough Council (HBC) (21 000 001)",
        "Halton B.C. (21 000 001)",
        "Halton, 9 October 2022 (21 000 001)",
        "Halton (21 000 001)",
        "In the Halton case (21 000 001, paragraph 2)",
        "HALTON BOROUGH COUNCIL (21 000 001)",
        "Halton Borough Council: 21 000 001",
        "Halton Borough Council decision 21 000 001",
        "the decision against Halton Borough Council, reference 21 000 001",
        "Halton Borough Council’s case, 21 000 001",
        "Halton – 21 000 001 – paragraph 2",
        "21 000 001, Halton Borough Council, paragraph 2",
        "21 000 001 – Halton – paragraph 2",
    ],
)
def test_other_body_as_people_write(written):
    """A body is known by its name in whatever form it stands right beside the reference."""
    found = only(f"We rely on it: {written}.")
    assert found.verdict == "altered"
    assert "about Kent County Council, not about Halton Borough Council" in found.detail


@pytest.mark.parametrize(
    "written",
    [
        "Kent (21 000 001)",
        "In the Kent case (21 000 001, paragraph 2)",
        "KENT COUNTY COUNCIL (21 000 001)",
        "Kent CC: 21 000 001",
        "21 000 001, Kent, paragraph 2",
        "Halton must read 21 000 001",
        "Mrs Halton (21 000 001)",
        "West Halton (21 000 001)",
        "We told Halton of it. 21 000 001",
    ],
)
def test_no_other_body(written):
    """The right body in any form is right, and who is not named right beside the reference is left alone."""
    assert [found.verdict for found in check_letter(f"{written}.", HELD)] == ["found"]


def test_inferred_not_said():
    """An inferred number that is not said to be one is told."""
    found = only("Halton Borough Council (21 000 003), paragraph 1")
    assert found.verdict == "number_inferred"
    assert "Write “paragraph 1 (number inferred)”" in found.detail


@pytest.mark.parametrize("note", [" (number inferred)", " [number inferred]", ", number inferred", "(inferred)"])
def test_inferred_said(note):
    """An inferred number that is said to be one is right."""
    assert check(f"Halton Borough Council (21 000 003), paragraph 1{note}") == [("found", "paragraph 1")]


def test_inferred_said_within_a_list():
    """The note stands for the number before it, and the list goes on behind it."""
    assert check("Halton Borough Council (21 000 003), paras 1 (number inferred) and 99") == [
        ("found", "paragraph 1"),
        ("not_held", "paragraph 99"),
    ]


def test_several_decisions_together():
    """A paragraph that is told of two decisions together is looked up in both."""
    found = check_letter("Both decisions, 21 000 001 and 21 000 002, say so at paragraph 4.", HELD)
    assert [(str(one.reference), one.verdict, one.place) for one in found] == [
        ("21 000 001", "found", "paragraph 4"),
        ("21 000 002", "found", None),
        ("21 000 002", "not_held", "paragraph 4"),
    ]


def test_said_to_be_inferred():
    """Where the number is the published one, the words can go."""
    found = only("Kent County Council (21 000 001), paragraph 1 (number inferred)")
    assert (found.verdict, "Remove “(number inferred)”" in found.detail) == ("found", True)


# Verdicts of quotations.


@pytest.mark.parametrize(
    "text",
    [
        "“{}” (21 000 001, paragraph 2)",
        "“{}” – Kent County Council (21 000 001), paragraph 2",
        "“{}”\nKent County Council (21 000 001), paragraph 2",
        "“{}”\n\nKent County Council (21 000 001), paragraph 2",
        "At paragraph 2 of 21 000 001 she says: '{}'",
        'At paragraph 2 of 21 000 001 she says:\n\n"{}"',
        "“{}” says the Ombudsman in decision 21 000 001 (para 2).",
        "“{} (21 000 001, paragraph 2)”",
        "> {}\n21 000 001, paragraph 2",
        "“{}” That is paragraph 2 of 21 000 001.",
        "As in 21 000 001, paragraph 2:\n\n    {}\n\nThat is so.",
        "Kent County Council (21 000 001), paragraph 2\n\n“{}”",
        "“{}\nKent County Council (21 000 001), paragraph 2\n\nNobody closed it.",
    ],
)
def test_joined(text):
    """A quotation belongs to the citation right after it, or to the one before it, and both are one finding."""
    found = only(text.format(SOUND))
    assert (found.verdict, found.place, found.quotation) == ("exact", "paragraph 2", SOUND)
    assert found.detail == "Word for word as published."


@pytest.mark.parametrize(
    "gap", [". It says:\n\n", ". The Ombudsman wrote: ", ". It says\n\n", ". This is what he found:\n"]
)
def test_introduced(gap):
    """What ends with a colon introduces the quotation behind it, though a sentence ended before."""
    found = only(f"See 21 000 001, paragraph 4{gap}“{SOUND}”")
    assert (found.verdict, found.place) == ("wrong_paragraph", "paragraph 4")


WRONG = SOUND.replace("eleven", "seven")
IN_21 = "As in 21 000 001, paragraph 2, the Ombudsman says"


@pytest.mark.parametrize(
    "letter",
    [
        f"{IN_21}:\n\n    2. {WRONG}\n\nThat is so.",
        f"{IN_21}:\n\n> [2] {WRONG}\n\nThat is so.",
        f"{IN_21}:\n    {WRONG}\nThat is so.",
        f"{IN_21} –\n    {WRONG}\nThat is so.",
        f"{IN_21}:\n\n    {WRONG}\nThat is so.",
        f"{IN_21}:\n\n    The Council took seven weeks\nto answer her letter about the school taxi.\n\nThat is so.",
        f"{IN_21}:\n\n> The Council took eleven weeks\nto answer her letter about the school bus.\n\nThat is so.",
        f"{IN_21}:\n\n    {WRONG} It calls this “fault”\n\nThat is so.",
        f"{IN_21}:\n\n    “Fault” was found: {WRONG}\n\nThat is so.",
        f"{IN_21}:\n\n    {SOUND}\n\n    It has a duty to answer within a week.\n\nThat is so.",
        f"{IN_21}:\n\n> {SOUND}\n\n> It has a duty to answer within a week.\n\nThat is so.",
        f"{IN_21}:\n\n> {SOUND}\n\n\n> - It has a duty to answer within a week.\n\nThat is so.",
        f"{IN_21[:-5]}, {'having heard all of the parties, ' * 8}decides:\n\n    {WRONG}\n\nThat is so.",
        f"    {WRONG}\n\n\n— 21 000 001, paragraph 2",
        f"> {WRONG}\n\n> Source: 21 000 001, paragraph 2",
        f"{IN_21}:\n\n    It says\n\n    {WRONG}\n",
        f"{IN_21}:\n\n    2.\n    {WRONG}\n",
    ],
)
def test_altered_block(letter):
    """All of what is set apart and cited is compared, however it is introduced, and goes on over blank lines."""
    found = only(letter)
    assert (found.verdict, found.place) == ("altered", "paragraph 2")


@pytest.mark.parametrize(
    ("verdict", "letter"),
    [
        ("exact", f"{IN_21}:\n\n    2. {SOUND}\n\nThat is so."),
        (
            "exact",
            f"{IN_21}:\n\n> The Council took eleven weeks\nto answer her letter about the school taxi.\n\nThat is so.",
        ),
        (
            "exact",
            f"{IN_21}:\n\n    {SOUND}\n\nThat is so, and\n\n    1. we are sorry for all of it, and\n    2. it is late.",
        ),
        ("found", f"{IN_21} this.\n    A line that only goes on with the one before it, as some do.\n"),
        (
            "exact",
            f"    {IN_21}:\n\n    {SOUND}\n\n    We agree with all of that and ask you to act on it.\n\nYours",
        ),
        (
            "found",
            "In 21 000 001, paragraph 2, we read that\n  - the answer to a letter had come late, and\n  - it is so.\n",
        ),
    ],
)
def test_what_is_no_block(verdict, letter):
    """Neither a list, nor a line that goes on with the one before, nor the writer's own words are a quotation."""
    assert [found.verdict for found in check_letter(letter, HELD)] == [verdict]


def test_block_over_several_paragraphs():
    """A block is compared with all the paragraphs that are cited for it."""
    text = f"See 21 000 001, paragraphs 1 and 2:\n\n    1. {STANDARD}\n\n    {SOUND}\n\nThat is so."
    assert check(text) == [("exact", "paragraphs 1 and 2")]


@pytest.mark.parametrize("between", ["\n\n", "\n- ", ".\n", "; "])
def test_introduced_though_another_entry_follows(between):
    """What a citation introduces is not quoted from the one in the next entry of a list or in the next paragraph."""
    text = f"Kent County Council (21 000 001), paragraph 4: “{SOUND}”{between}21 000 001, paragraph 2"
    assert check(text) == [("wrong_paragraph", "paragraph 4"), ("found", "paragraph 2")]


def test_introduced_by_others():
    """What others said is not quoted from the decision cited before."""
    text = f"See 21 000 001, paragraph 2. In your letter you write: “{SOUND}”"
    assert [found.place for found in check_letter(text, HELD)] == ["paragraph 2", "paragraph 2"]
    text = "See 21 000 001, paragraph 2. You wrote: “We will always answer within ten days.”"
    assert check(text) == [("found", "paragraph 2"), ("not_held", None)]


@pytest.mark.parametrize(("mark", "note"), [("[1]", "[1]"), ("¹", "¹"), (".[1]", "[1]"), (" [1]", "[1]")])
def test_footnote(mark, note):
    """A quotation belongs to the citation in the footnote whose mark stands behind it."""
    found = only(f"It found “{SOUND[:-1]}”{mark} We agree.\n\n{note} Kent County Council (21 000 001), paragraph 4.")
    assert (found.verdict, found.place, found.text) == ("wrong_paragraph", "paragraph 4", f"“{SOUND[:-1]}”")


NOTED = f"It said “{SOUND}”[1] and “apologise to Ms A for the delay”.[2]\n\n[1] "


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("21 000 001, paragraph 2.\n[2] Ibid, paragraph 3.", [("exact", "paragraph 2"), ("exact", "paragraph 3")]),
        ("21 000 001, paragraph 2.\n[2] ibid, 3", [("exact", "paragraph 2"), ("exact", "paragraph 3")]),
        ("21 000 001, paragraph 2.\n[2] Ibid.", [("exact", "paragraph 2"), ("wrong_paragraph", "paragraph 2")]),
        ("21 000 001\n[2] Ibid.", [("exact", None), ("exact", None)]),
        ("Children Act 1989.\n[2] Ibid, paragraph 3.", [("exact", None), ("not_held", "paragraph 3")]),
        (
            "21 000 002, paragraph 2; 21 000 001, paragraph 2.\n[2] Ibid, 3.",
            [("exact", "paragraph 2"), ("exact", "paragraph 3"), ("found", "paragraph 2")],
        ),
    ],
)
def test_ibid(notes, expected):
    """“Ibid” means the decision of the footnote before, and its paragraph where it tells none."""
    assert check(NOTED + notes) == expected


@pytest.mark.parametrize("marks", ["“{}”", "`{}`", '"{}"', "‘{}’"])
@pytest.mark.parametrize("begins", ["", "Kent (", "decision ", "see "])
def test_citation_in_marks(marks, begins):
    """A citation alone in marks is a citation."""
    written = f"{begins}21 000 001{')' * begins.count('(')}, paragraph 9"
    assert check(f"See {marks.format(written)}.") == [("not_held", "paragraph 9")]
    assert only(f"See {marks.format(written)}.").quotation is None


def test_others_of_a_footnote():
    """The citations of a footnote that do not have the words are told by themselves."""
    found = check_letter(
        f"It said “{SOUND}”.¹\n\n¹ 21 000 001, paragraph 2; Kent County Council (21 000 002), paragraph 9; 29 000 009",
        HELD,
    )
    assert [(one.verdict, one.quotation is not None) for one in found] == [
        ("exact", True),
        ("not_held", False),
        ("not_held", False),
    ]
    assert "has no paragraph 9" in found[1].detail and "29 000 009" in found[2].detail


@pytest.mark.parametrize(
    "written",
    ["(ibid, 4)", "(ibid at 4)", "(Ibid., [4])", "ibid, 4.", "– ibid, 4", "(Ibid, para 4)", "ibid, paragraph 4."],
)
def test_ibid_behind_a_quotation(written):
    """“Ibid” behind a quotation means the decision before, and its own paragraph."""
    found = check_letter(f"“{STANDARD}” (21 000 001, paragraph 1). “{SOUND}” {written}", HELD)
    assert [(one.verdict, one.place) for one in found] == [("exact", "paragraph 1"), ("wrong_paragraph", "paragraph 4")]


@pytest.mark.parametrize(
    "written",
    [
        "(at 4)",
        "([4])",
        "(p. 4)",
        "(page 4)",
        "(4)",
        "(4–5)",
        "(point 4)",
        "(pargraph 4)",
        "(parágraph 4)",
        "(paragraph LI)",
        "(the fourth paragraph)",
        "(op. cit.)",
        "at 4.",
    ],
)
def test_unread_behind_a_quotation(written):
    """What is cited behind a quotation and could not be read is told; it does not belong to the citation before."""
    _, found = check_letter(f"“{STANDARD}” (21 000 001, paragraph 1). “{SOUND}” {written}", HELD)
    assert (found.reference, found.place, found.is_to_look_at) == (None, None, True)
    assert "after it could not be read as a citation" in found.detail


@pytest.mark.parametrize(
    "written", ["(emphasis added)", "(12 May 2021)", "(2021)", "(£51)", "(51%)", "in May", "(see 3/5/2021)"]
)
def test_aside_that_cites_nothing(written):
    """What else stands in brackets behind a quotation does not part it from its citation."""
    found = only(f"At paragraph 2 of 21 000 001 the Ombudsman says “{SOUND}” {written}")
    assert (found.verdict, found.place, found.is_to_look_at) == ("exact", "paragraph 2", False)


@pytest.mark.parametrize("written", ["(our page 4)", "(1)", "(section 17)", "at 3."])
def test_aside_does_not_hide_a_wrong_paragraph(written):
    """Words that a citation introduces are held against it, whatever stands behind them."""
    found = only(f"At paragraph 4 of 21 000 001 the Ombudsman says “{SOUND}” {written}")
    assert (found.verdict, found.place) == ("wrong_paragraph", "paragraph 4")


@pytest.mark.parametrize(
    "numbers", ["paragraph 1, 4 to 9", "paras 1; 4 to 9", "paras 1; 9 above", "paragraphs 1, 1.5 to 4"]
)
def test_no_list_is_cut_before_a_range(numbers):
    """A list that goes on with a range is checked to its end."""
    assert "exact" not in {
        verdict for verdict, place in check(f"“{STANDARD}” (21 000 001, {numbers})") if place == "paragraph 1"
    }


@pytest.mark.parametrize(
    "behind", ["3 and 4 May", "3–4 weeks late", "2 or 3 months later", "3, 4 and 5 June", "3-year-old"]
)
def test_dates_and_counts_behind_a_reference(behind):
    """A date or a count behind a reference is no paragraph of it."""
    assert check(f"We wrote about 21 000 001, {behind}.") == [("found", None)]


@pytest.mark.parametrize("reference", ["21‑000‑001", "21−000−001", "21 - 000 - 001"])
def test_emphasis_beside_a_reference_of_another_shape(reference):
    """What is emphasised before a citation is compared, however the reference is written."""
    assert check(f"*{WRONG}* ({reference}, paragraph 2)") == [("altered", "paragraph 2")]


@pytest.mark.parametrize("mark", ["\u200d", "\u200e", "\u202a", "\ufe0f"])
def test_quoted_without_what_has_no_width(mark):
    """Characters without width do not count, on either side."""
    assert check(f"“{SOUND.replace('weeks', f'wee{mark}ks')}” (21 000 001, paragraph 2)") == [("exact", "paragraph 2")]
    held = Shelf(made("21 000 004", "Halton Borough Council", SOUND.replace(" school", f" {mark}school")))
    assert check(f"“{SOUND}” (21 000 004, paragraph 1)", held) == [("exact", "paragraph 1")]


def test_footnote_that_cannot_be_read():
    """Words with the mark of a footnote are not said to be without a citation."""
    found = only(f"It said “{SOUND}”[7] then.")
    assert "not cited" not in found.detail and "what its footnote cites could not be read" in found.detail


def test_two_quotations_with_citations_before_them():
    """Citations that come before their quotations are not taken for those of the quotations before."""
    text = f"At paragraph 2 of 21 000 001 “{SOUND[:-1]}”, and at paragraph 4 “there was no fault in how”."
    assert check(text) == [("exact", "paragraph 2"), ("altered", "paragraph 4")]


def test_altered():
    """Words that differ are told."""
    found = only(f"“{SOUND.replace('eleven', 'nine')}” (21 000 001, paragraph 2)")
    assert found.verdict == "altered"
    assert [(part.kind, part.text) for part in found.differences if part.kind != "same"] == [
        ("left_out", " eleven"),
        ("put_in", " nine"),
    ]


def test_a_not_left_out():
    """A quotation that says the contrary is altered."""
    assert check("“There was fault in how the panel weighed the evidence” (21 000 001, paragraph 4)") == [
        ("altered", "paragraph 4")
    ]


@pytest.mark.parametrize(
    ("words", "is_to_read"),
    [("fault in how the panel weighed", True), ("There was no fault in how the panel", False), ("agreed to", False)],
)
def test_a_not_before_it(words, is_to_read):
    """Words that are right and leave out the “no” before them are told with their sentence."""
    found = only(f"It found “{words}” (21 000 001, paragraph {3 if words == 'agreed to' else 4}).")
    assert (found.verdict, found.is_to_read) == ("exact", is_to_read)
    assert ("Read the whole sentence: “There was no fault in how the panel" in found.detail) == is_to_read


def test_a_changed_first_letter():
    """Where nothing but the first letter was made small, it is told how that is marked."""
    found = only("In it “the Council took eleven weeks” (21 000 001, paragraph 2).")
    assert (found.verdict, "write “[t]he”" in found.detail) == ("altered", True)
    assert check("In it “[t]he Council took eleven weeks” (21 000 001, paragraph 2).") == [("exact", "paragraph 2")]


def test_to_read():
    """What has no paragraph or no citation is to be read, though the words are right."""
    assert [found.is_to_read for found in check_letter(f"“{SOUND}” (21 000 001). And “{SOUND}” elsewhere.", HELD)] == [
        True,
        True,
    ]
    assert not only(f"“{SOUND}” (21 000 001, paragraph 2).").is_to_look_at


def test_two_faults():
    """Of a wrong body and an inferred number that is not said to be one, both are told."""
    found = only("Kent County Council (21 000 003), paragraph 1")
    assert found.verdict == "altered"
    assert "not about Kent County Council" in found.detail and "(number inferred)" in found.detail


def test_whole_brackets():
    """What is told of has its closing bracket, wherever in the line that stands."""
    found = only(f"“{SOUND}” (see 21 000 001, paragraph 2, with regret), and so on (truly).")
    assert found.text == f"“{SOUND}” (see 21 000 001, paragraph 2, with regret)"


def test_abridged():
    """An honest ellipsis is told as such."""
    found = only("“The Council took eleven weeks … about the school taxi.” (21 000 001, paragraph 2)")
    assert (found.verdict, found.detail) == ("exact", "Word for word as published, except for what “…” leaves out.")


def test_wrong_paragraph():
    """Words of another paragraph of the decision are told with it."""
    found = only(f"“{SOUND}” (21 000 001, paragraph 4)")
    assert (found.verdict, found.detail) == (
        "wrong_paragraph",
        "These words are in paragraph 2, not in paragraph 4.",
    )
    assert citations(found) == ["Kent County Council (21 000 001), paragraph 2"]


def test_altered_in_the_wrong_paragraph():
    """Words that differ, of another paragraph, are told with both."""
    found = only(f"“{SOUND.replace('eleven', 'nine')}” (21 000 001, paragraph 4)")
    assert found.verdict == "wrong_paragraph"
    assert any(part.kind == "put_in" for part in found.differences)


def test_wrong_decision():
    """Words of another decision are told with it."""
    found = only(f"“{SOUND}” (21 000 002, paragraph 2)")
    assert found.verdict == "wrong_paragraph"
    assert citations(found) == ["Kent County Council (21 000 001), paragraph 2"]


def test_reference_not_held_but_the_words():
    """Where the reference is not held and the words are, both are told."""
    found = only(f"“{SOUND}” (21 999 999, paragraph 2)")
    assert (found.verdict, citations(found)) == (
        "wrong_paragraph",
        ["Kent County Council (21 000 001), paragraph 2"],
    )
    assert "No decision 21 999 999 in this collection" in found.detail


def test_no_such_paragraph_but_the_words():
    """Where the paragraph does not exist and the words do, both are told."""
    found = only(f"“{SOUND}” (21 000 001, paragraph 9)")
    assert found.verdict == "wrong_paragraph"
    assert "has no paragraph 9" in found.detail and "are in paragraph 2" in found.detail


def test_nowhere():
    """Words that stand nowhere are not held."""
    found = only("“Elephants may graze freely upon municipal lawns” (21 000 001, paragraph 2)")
    assert (found.verdict, found.right) == ("not_held", ())


def test_standard_paragraph():
    """Words of several decisions are right where they are cited."""
    assert check(f"“{STANDARD}” (21 000 002, paragraph 1)") == [("exact", "paragraph 1")]


def test_same_decision_first():
    """Of words of several decisions, the one that is cited is told alone."""
    found = only(f"“{STANDARD}” (21 000 002, paragraph 2)")
    assert citations(found) == ["Bath and North East Somerset Council (21 000 002), paragraph 1"]


@pytest.mark.parametrize(
    ("place", "verdict", "right"),
    [
        ("paragraph 3", "exact", "paragraph 3"),
        ("paragraph 3(b)", "exact", "paragraph 3(b)"),
        ("paragraph 3(a)", "wrong_paragraph", "paragraph 3(b)"),
        ("paragraph 2", "wrong_paragraph", "paragraph 3(b)"),
    ],
)
def test_items(place, verdict, right):
    """What stands in an item stands in its paragraph, and not in another item."""
    found = only(f"“pay her £1,500 for the taxis” (21 000 001, {place})")
    assert (found.verdict, citations(found)) == (verdict, [f"Kent County Council (21 000 001), {right}"])


def test_over_two_paragraphs():
    """A quotation that goes on over two paragraphs stands in both."""
    text = f"“{STANDARD}\n\n“{SOUND}” (21 000 001, {{}})"
    assert check(text.format("paragraphs 1 and 2")) == [("exact", "paragraphs 1 and 2")]
    found = only(text.format("paragraph 1"))
    assert found.verdict == "wrong_paragraph" and "Cite them all" in found.detail


@pytest.mark.parametrize("places", ["paragraphs 1 and 3", "paragraphs 3 and 1"])
def test_over_paragraphs_with_one_left_out(places):
    """Paragraphs that do not follow on one another are not read as if they did."""
    text = f"“{STANDARD} The Council has agreed to” (21 000 001, {places})"
    assert [verdict for verdict, _ in check(text)] == ["altered"]


def test_paragraphs_in_another_order():
    """A quotation is looked for in the order of the decision, in whatever order its paragraphs are cited."""
    assert check(f"“{SOUND} {STANDARD}” (21 000 001, paragraphs 2 and 1)") != [("exact", "paragraphs 2 and 1")]
    assert check(f"“{STANDARD} {SOUND}” (21 000 001, paragraphs 2 and 1)") == [("exact", "paragraphs 2 and 1")]


def test_reference_alone():
    """Where no paragraph is told, the right one is."""
    found = only(f"“{SOUND}” (21 000 001)")
    assert (found.verdict, citations(found)) == ("exact", ["Kent County Council (21 000 001), paragraph 2"])


def test_inferred_and_quoted():
    """Words that are right in a paragraph with an inferred number need it said."""
    found = only("“The social worker measured the bedroom twice.” (21 000 003, paragraph 1)")
    assert found.verdict == "number_inferred"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SOUND, "exact"),
        (SOUND.replace("eleven", "nine"), "altered"),
        ("We will always answer you within ten days.", "not_held"),
    ],
)
def test_not_cited(text, verdict):
    """A quotation without a citation is looked for everywhere."""
    found = only(f"Somebody wrote “{text}”.")
    assert (found.verdict, found.reference, found.place) == (verdict, None, None)
    assert citations(found) == (["Kent County Council (21 000 001), paragraph 2"] if verdict != "not_held" else [])


def test_items_of_a_list():
    """A quotation in an item of a list is not of the citation in the next one, but may be of the one above the list."""
    quoted = f"• “{SOUND}”\n• The rest is in 21 000 001, paragraph 4."
    assert check(f"What it says:\n{quoted}") == [("exact", None), ("found", "paragraph 4")]
    above = f"As in 21 000 001, paragraph 2:\n{quoted}"
    assert check(above) == [("exact", "paragraph 2"), ("found", "paragraph 4")]


@pytest.mark.parametrize(
    "text",
    [
        "“{}”, decision\nno. 21 000 001, paragraph 4.",
        "You found “{}”,\ncf. 21 000 001, paragraph 4.",
        "“{}”\n– as it stands in 21 000 001, paragraph 4 –",
        "“{}”\n• Kent County Council (21 000 001), paragraph 4",
        "• “{}”\n• Kent County Council (21 000 001), paragraph 4",
    ],
)
def test_no_item_of_a_list(text):
    """A line that goes on, or that holds nothing but the citation, is no item of its own."""
    assert ("wrong_paragraph", "paragraph 4") in check(text.format(SOUND))


def test_few_words():
    """A few words in quotation marks are only checked in one sentence with a citation, and with its footnote."""
    assert check("Your “safety plan” is no plan.") == []
    both = "It took “nine weeks” and then “eleven weeks” (21 000 001, paragraph 2)."
    assert check(both) == [("not_held", "paragraph 2"), ("exact", "paragraph 2")]
    assert check("It took “nine weeks” (21 000 001, paragraph 2).") == [("not_held", "paragraph 2")]
    assert check("It took “eleven weeks” (21 000 001, paragraph 2).") == [("exact", "paragraph 2")]


def test_somebody_elses_words():
    """Words of another sentence that stand nowhere are not taken for a misquotation of the decision."""
    text = f"“{SOUND}” (21 000 001, paragraph 2). You wrote that “we will always answer within ten days”."
    first, second = check_letter(text, HELD)
    assert (first.verdict, second.verdict, second.reference) == ("exact", "not_held", None)
    assert "They may be from somewhere else" in second.detail


LISTED = KENT.paragraphs[2].lines


@pytest.mark.parametrize(
    ("quotation", "mark"),
    [
        (SOUND.replace("answer her", "answer\n100. her"), "100."),
        (f"3. {SOUND}", "3."),
        (f"(b) {SOUND}", "(b)"),
        (f"(iv) {SOUND}", "(iv)"),
        (f"(b) {LISTED[1].text}", "(b)"),
        (f"(a) {LISTED[1].text}\n(c) {LISTED[2].text}", "(c)"),
        (f"1. {LISTED[1].text}\n2. {LISTED[2].text}", "1."),
    ],
)
def test_mark_of_a_list_that_is_not_published(quotation, mark):
    """A number or letter of a list that the published text does not have is told, though the words are exact."""
    place = 2 if SOUND[-9:] in quotation else 3
    found = only(f"“{quotation}” (21 000 001, paragraph {place})")
    assert (found.verdict, found.is_to_look_at) == ("exact", True)
    assert f"But our copy does not have “{mark}”:" in found.detail


@pytest.mark.parametrize(
    "quotation",
    [
        f"2. {SOUND}",
        f"• {SOUND}",
        f"(a) {LISTED[1].text}\n(b) {LISTED[2].text}",
        f"a) {LISTED[1].text}\n  b) {LISTED[2].text}",
        f"• {LISTED[1].text}\n• {LISTED[2].text}",
        f"3. {LISTED[0].text}\n(a) {LISTED[1].text}",
        "(b) pay her £1,500 for\nthe taxis",
    ],
)
def test_mark_of_a_list_that_is_published(quotation):
    """The number of the paragraph, the letters of its items and bullets make nothing of exact words."""
    place = 2 if SOUND in quotation else 3
    found = only(f"“{quotation}” (21 000 001, paragraph {place})")
    assert (found.verdict, found.is_to_look_at) == ("exact", False)


# Whole letters.


def test_planted_errors():
    """Of a letter with five errors among right citations, the five are found, and nothing right is called wrong."""
    text = (PROJECT / "tests" / "letters" / "planted.txt").read_text(encoding="utf-8")
    found = check_letter(text, SEEDED)
    wrong = [(one.verdict, str(one.reference), one.place) for one in found if one.is_to_look_at and one.reference]
    assert wrong == [
        ("wrong_paragraph", "21 017 496", "paragraph 58"),
        ("altered", "21 017 496", "paragraph 56"),
        ("not_held", "20 001 737", "paragraph 85"),
        ("number_inferred", "21 000 832", "paragraph 53"),
        ("not_held", "21 000 295", "paragraph 50"),
    ]
    assert [one.verdict for one in found].count("exact") == 4
    # What it quotes from the council's own papers is from somewhere else, and told so.
    assert [one.quotation for one in found if one.is_to_look_at and not one.reference] == [
        "was agreed with both parents",
        "Written Agreements: Practice Guidance",
    ]


@pytest.mark.parametrize("decision", SEEDED.decisions.values(), ids=lambda decision: decision.reference.slug)
def test_what_is_copied_from_a_page(decision):
    """Every place of a decision, copied with its citation, is right."""
    places = list(decision.places())
    text = "\n\n".join(f"“{as_lines(place)}”\n{citation_of(place, decision)}" for place in places)
    found = check_letter(text, SEEDED)
    assert [(one.verdict, one.place) for one in found] == [("exact", place.pinpoint.place) for place in places]


@pytest.mark.parametrize("decision", SEEDED.decisions.values(), ids=lambda decision: decision.reference.slug)
def test_cited_one_too_low(decision):
    """A paragraph cited with the number of the one before it is never right, unless that says the same."""
    paragraphs = decision.paragraphs
    for cited, meant in itertools.pairwise(paragraphs):
        text = f"“{as_lines(meant)}”\n{citation_of(cited, decision)}"
        assert meant.text in cited.text or [one.verdict for one in check_letter(text, SEEDED)] == ["wrong_paragraph"]


def test_each_decision_is_read_once():
    """However often a letter cites a decision, it is read once."""
    held = Shelf(KENT, BATH)
    check_letter("21 000 001, paragraph 2; 21 999 999, paragraph 1. " * 50, held)
    assert sorted(held.read) == [Reference("21 000 001"), Reference("21 999 999")]


def test_where_findings_stand():
    """Each finding says where it stands in the letter."""
    text = f"Dear Sir, “{SOUND}” (21 000 001, paragraph 2). Yours"
    assert only(text).text == f"“{SOUND}” (21 000 001, paragraph 2)"


@pytest.mark.parametrize(
    "text", ["“aa [bb cc dd ee” (21 000 001, paragraph 2)]", "“a (b [c d e” [(21 000 001, para 2)]"]
)
def test_findings_end_within_the_letter(text):
    """Brackets of both kinds that close behind a citation are each counted once."""
    assert max(found.end for found in check_letter(text, HELD)) == len(text)


PIECES = st.sampled_from(
    [
        "“", "”", '"', "'", "‘", "’", "21 000 001", "21 999 999", "paragraph 2", "paras 1-9999", "(", ")", "\n", "\n\n",
        "> ", "    ", "Kent County Council", SOUND, "summary", "at [3]", ". ", "…", "\0", "\u200f", "שלום", "£",
        "9" * 40, "paragraph ſeven",
        "[1]", "¹", "\n[1] ", "\n¹ ", "ibid, 3", "Ibid.", "Kent", "in Halton", "In your letter you say", "21 000 25",
        "(number inferred)", "of", "[", "]", "(", ")", "4-2", "“aa [bb",
        "¶", "paragraph 3(b)", ", ", "The", "decision 21 00",
    ]
)  # fmt: skip


@settings(max_examples=3 * settings.default.max_examples)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30))
def test_any_letter(pieces):
    """Whatever a letter holds, findings come in order, do not overlap, and are stretches of it."""
    text = " ".join(pieces)
    at = 0
    for found in check_letter(text, HELD):
        assert at <= found.start < found.end and found.text == text[found.start : found.end]
        assert found.detail.endswith((".", "”")) and len(found.right) <= 5
        at = found.end


def test_more_quotations_than_are_looked_for():
    """What was not looked for everywhere is not said to stand nowhere."""
    found = check_letter(" ".join(f"“nobody ever wrote sentence {number}”." for number in range(310)), HELD)
    details = [one.detail for one in found]
    assert "in no decision" in details[299] and "Not searched everywhere" in details[300]


def test_more_words_than_are_compared():
    """Long quotations are not compared without end, and what was not is told."""
    lines = (f"“{number} {'elephants graze upon lawns ' * 80}” (21 017 496)" for number in range(60))
    found = check_letter("\n\n".join(lines), SEEDED)
    assert "nor anywhere else" in found[0].detail and not found[0].is_unfinished
    assert "Not searched everywhere" in found[-1].detail and found[-1].is_unfinished


def test_many_altered_quotations_are_all_told():
    """Two hundred quotations with a word that differs, each with its paragraph, are no more than is looked for."""
    [decision] = [one for one in SEEDED.decisions.values() if str(one.reference) == "20 001 737"]
    longest = sorted(decision.paragraphs, key=lambda place: len(place.text))[-40:]
    text = "\n\n".join(
        f"“{' '.join([*place.text.split()[:20], word, *place.text.split()[21:40]])}” ({citation})."
        for word in ("elephants", "giraffes", "zebras", "lions", "tigers")
        for place in longest
        for citation in [f"20 001 737, {place.pinpoint.place}"]
    )
    found = check_letter(text, SEEDED)
    assert len(found) == 200 and not any(one.is_unfinished for one in found)
    assert {one.verdict for one in found} == {"altered"}


@pytest.mark.parametrize("most", [2_000, 20_000, 60_000, 150_000])
def test_more_than_is_looked_through(monkeypatch, most):
    """What was looked for in part of a decision alone is told as unfinished, and all else as it is otherwise."""
    quoted = [SOUND, SOUND.replace("eleven", "twelve"), STANDARD, "The landlord repaired the boiler", "nobody wrote it"]
    cited = ["21 000 001, paragraph 2", "21 000 001, paragraphs 1 to 3", "21 000 001", "21 000 002, paragraph 1"]
    text = "\n\n".join(f"“{one}” ({where})" for where in cited for one in quoted)
    whole = check_letter(text, HELD)
    monkeypatch.setattr("qa.letters.held._MAX_WORK", most)
    found = check_letter(text, HELD)
    assert any(one.is_unfinished for one in found) and not any(one.is_unfinished for one in whole)
    for one, otherwise in zip(found, whole, strict=True):
        assert one == otherwise or (one.is_unfinished and one.verdict == "not_held" and not one.right)


@pytest.mark.parametrize(
    "bound", ["check._MAX_FINDINGS", "check._MAX_CHARACTERS", "compare._MAX_PLACES", "held.MAX_DECISIONS"]
)
@pytest.mark.parametrize("most", [0, 1, 3, 7, 1_000, 5_000])
def test_a_bound_makes_nothing_better(monkeypatch, bound, most):
    """With less told or looked at, each finding is as it is otherwise, or not held and told as not looked at."""
    cited = [
        "21 000 001, paragraph 2",
        "paragraphs 1, 3 and 4",
        "21 000 002",
        "21 000 001, paragraphs 1 to 3",
        "summary",
    ]
    notes = "\n¹ 21 000 001, paragraphs 1 and 4; 21 000 002, paragraph 2\n² ibid\n³ ibid, at 1"
    text = "\n\n".join(
        f"See {where}. “{quoted}” ({where})¹ “{quoted}”²" for where in cited for quoted in (SOUND, STANDARD)
    )
    text = f"³ 21 000 002, paragraphs 1 and 9\n\n{text}\n\n“{SOUND}”³ {notes}"
    whole = {(one.start, one.end): one for one in check_letter(text, HELD)}
    monkeypatch.setattr(f"qa.letters.{bound}", most)
    at = 0
    for one in check_letter(text, HELD):
        assert at <= one.start < one.end and one.text == text[one.start : one.end]
        at = one.end
        otherwise = whole.get((one.start, one.end))
        if bound == "held.MAX_DECISIONS" and otherwise:  # the same words are found in another decision first
            otherwise = replace(otherwise, right=one.right, detail=one.detail)
        assert one == otherwise or (one.is_unfinished and one.is_to_look_at and one.verdict == "not_held")


def test_letter_of_a_reference_is_not_left_off_for_want_of_reading(monkeypatch):
    """Where it is not found out whether that with its letter is held, a reference without it is not taken for it."""
    beside = made("21 000 001b", "Kent County Council", "One.", "Two.")
    monkeypatch.setattr("qa.letters.held.MAX_DECISIONS", 1)
    text = "In the Kent case (21 000 001) it was so. My case is 21 000 001 b, paragraph 2."
    *_, last = check_letter(text, Shelf(KENT, beside))
    assert (last.verdict, last.is_unfinished, str(last.reference)) == ("not_held", True, "21 000 001b")


@pytest.mark.parametrize("bound", ["check._MAX_FINDINGS", "check._MAX_CHARACTERS"])
def test_what_is_not_told_is_told_as_such(monkeypatch, bound):
    """Where findings come to an end, the last one stands after the others and is told as unfinished."""
    text = "See 21 000 001, paragraph 2. See 21 000 001, paragraph 4. " * 9
    assert not any(one.is_unfinished for one in check_letter(text, HELD))
    monkeypatch.setattr(f"qa.letters.{bound}", 5)
    *told, last = check_letter(text, HELD)
    assert last.is_unfinished and not any(one.is_unfinished for one in told)
    assert len(told) <= 5 and text[last.start :].startswith("21 000 001")


def test_a_place_told_again_is_one_place():
    """A paragraph that one citation tells twice is looked at once."""
    [found] = check_letter(f"“{SOUND}” (21 000 001, paragraphs 2, 2 and 2)", HELD)
    assert (found.verdict, found.place) == ("exact", "paragraph 2")


def test_too_many_places_for_a_quotation():
    """A quotation with more places than are looked at is told as not looked for, though it stands in one of them."""
    places = ", ".join(map(str, range(1, 300)))
    [found] = check_letter(f"“{SOUND}” (21 000 001, paragraphs {places})", HELD)
    assert (found.verdict, found.is_unfinished, found.right) == ("not_held", True, ())
    assert "more than 200 places are cited" in found.detail and len(found.place) < 2_000


def test_letters_of_a_list_that_were_lost():
    """An item cannot be checked where the copy of the decision lost the letters of its lists."""
    found = only("Halton Borough Council (20 001 737), paragraph 80(b)", SEEDED)
    assert found.verdict == "number_inferred" and "has lost the letters" in found.detail


def test_empty():
    """Nothing is found in nothing."""
    assert check_letter("", HELD) == check_letter(" \n", HELD) == ()


def test_details_are_short():
    """A detail is a few short sentences, and never names what the program calls things."""
    text = (PROJECT / "tests" / "letters" / "planted.txt").read_text(encoding="utf-8")
    for found in check_letter(text, SEEDED):
        assert len(found.detail) < 300 and not re.search("None|_", found.detail)


class Asked(Shelf):
    """Remembers which references were looked up together."""

    def __init__(self, *decisions):
        super().__init__(*decisions)
        self.asked = []

    def entries(self, within, limit=None):
        self.asked.append(list(map(str, within.reference)))
        return super().entries(within, limit)


def test_references_are_looked_up_at_once():
    """All that may be references in a letter is looked up together, with a letter that stands apart, too."""
    held = Asked(KENT, BATH)
    check_letter("21 000 002 b, paragraph 1; 21\u00a0000\u00a0001, paragraph 2; and paragraph 3 of Kent’s.", held)
    assert held.asked == [["21 000 002b", "21 000 002", "21 000 001"]]


class LargeShelf(Shelf):
    """So large that not all words of a text are looked for, unless all must be there."""

    def search_bm25(self, question, limit, within, every=False):
        return super().search_bm25(question, limit, within) if every else []


def test_words_quoted_are_found_where_an_index_is_too_large_to_look_for_each():
    """What is quoted word for word is found by having all its words, in however large an index."""
    assert check(f"It was said that “{SOUND}” then.", LargeShelf(KENT, BATH)) == check(
        f"It was said that “{SOUND}” then.", HELD
    )


@pytest.mark.parametrize("mark", ["‘", "’ ", "- ", "‘ a"])
def test_quotation_of_marks_takes_no_longer_than_words(mark):
    """A quotation of the longest letter that is nearly all marks is checked within seconds of a processor."""
    said = "The Council had no power to enforce a written agreement of this nature"
    began = time.process_time()
    check_letter(f"It says “{said[:30]}{mark * (90_000 // len(mark))} {said[30:]}” (21 017 496, paragraph 50).", SEEDED)
    assert time.process_time() - began < 6


@pytest.mark.parametrize(
    "quotation",
    [
        "‘The parents’ letter came late. The Council took twelve weeks to answer the social workers’",
        "'The Council said 'no' and took twelve weeks to answer her letter'",
        '" The Council took twelve weeks to answer her letter "',
        "&ldquo;The Council took twelve weeks to answer her letter&rdquo;",
        "<q>The Council took twelve weeks to answer her letter</q>",
        "*The Council took twelve weeks to answer her letter*",
        "″The Council took twelve weeks to answer her letter″",
    ],
)
def test_wrong_words_in_any_marks(quotation):
    """A citation is not called right where wrong words stand before it, in whatever marks."""
    found = only(f"He found: {quotation} (21 000 001, paragraph 2).")
    assert found.verdict != "exact" and "twelve weeks" in found.quotation


@pytest.mark.parametrize("marks", ["‘’", "''", "``", "″″", "❝❞", ("<q>", "</q>"), ("&quot;", "&quot;"), ("**", "**")])
def test_right_words_in_any_marks(marks):
    """Words that stand there are found word for word, in whatever marks."""
    found = only(f"He found: {marks[0]}{SOUND}{marks[1]} (21 000 001, paragraph 2).")
    assert (found.verdict, found.quotation) == ("exact", SOUND)


@pytest.mark.parametrize(
    ("official", "written"),
    [
        ("London Borough Of Barnet", "Barnet London Borough Council"),
        ("London Borough Of Barnet", "the London Borough of Barnet"),
        ("Brighton and Hove City Council", "Brighton & Hove City Council"),
        ("St. Helens Metropolitan Borough Council", "St Helens Council"),
        ("Stoke-on-Trent City Council", "Stoke on Trent City Council"),
    ],
)
def test_name_of_the_body_may_be_written_otherwise(official, written):
    """A citation is right however the name of the body is written."""
    shelf = Shelf(made("21 000 009", official, "The panel weighed the evidence before it."))
    [found] = check_letter(f"See {written} (21 000 009), paragraph 1.", shelf)
    assert (found.verdict, found.place) == ("found", "paragraph 1")


@pytest.mark.parametrize(
    ("official", "written", "told"),
    [
        ("Somerset County Council", "Somerset Council", "Somerset Council, which took over from it in 2023."),
        (
            "West Northamptonshire Council",
            "Northamptonshire County Council",
            "Northamptonshire County Council, which it took over from in 2021.",
        ),
    ],
)
def test_successor_is_another_body(official, written, told):
    """The name of the council before or after, for a decision of the other, is told in a sentence."""
    shelf = Shelf(made("21 000 009", official, "The panel weighed the evidence before it."))
    [found] = check_letter(f"See {written} (21 000 009), paragraph 1.", shelf)
    assert found.verdict == "altered"
    assert f"Decision 21 000 009 is about {official}, not about {told}" in found.detail


def test_two_names_of_one_body_are_one_in_a_letter():
    """Where decisions write a body in two ways, a letter that uses either speaks of both."""
    shelf = Shelf(
        made("21 000 008", "London Borough Of Barnet", "The panel weighed the evidence before it."),
        made("21 000 009", "Barnet London Borough Council", "The panel heard nobody."),
    )
    text = "In 21 000 009 Barnet Council heard nobody. In the Barnet London Borough Council case, see paragraph 1."
    assert [found.verdict for found in check_letter(text, shelf)] == ["found", "found"]
