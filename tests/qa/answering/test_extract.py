"""The answer box: which paragraphs stand in it, whole or with `[…]`, and that it never tells a claim as a finding."""

from __future__ import annotations

import gc
import itertools
import re
import time

import pytest
from conftest import PROJECT, SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Filter
from index.decisions import Decision, DecisionEntry, Line, Paragraph, Pinpoint, Provenance, Reference
from index.parsing.parse import parse
from index.passages import sentences
from qa.answering.extract import (
    BOXED,
    CLAIMS_COUNTEREXAMPLES,
    CLAIMS_EXAMPLES,
    LEFT_OUT,
    MARKED_FROM,
    Excerpt,
    asks_for_claims,
    box,
    excerpt,
)
from qa.letters.check import check_letter
from qa.retrieval.search import Hit, Ranking
from qa.text.question_entities import QuestionEntities
from qa.text.voices import voices

CAPTURES = PROJECT / "tests" / "captures"
NO_FAULT, FAULT = (parse((CAPTURES / name).read_bytes()) for name in ("no-fault.txt", "findings.txt"))
NORTHANTS, HALTON, LEICESTERSHIRE, KENT = (
    parse((SEEDS / f"{name}.txt").read_bytes()) for name in ("21-017-496", "20-001-737", "21-000-259", "21-000-832")
)
ASKS, WANTS_CLAIMS = "Was it fault to ignore the flood survey?", "What did Mr L complain about?"


def entry(decision: Decision) -> DecisionEntry:
    return DecisionEntry(
        decision.reference,
        decision.body,
        decision.category,
        decision.outcome,
        decision.date,
        decision.numbering,
        Provenance(),
        len(decision.paragraphs),
        "none",
    )


def hit(decision: Decision, place: str, *likely: float) -> Hit:
    """A paragraph found; `likely` says of its sentences how likely each answers, of the others it is .1."""
    paragraph = decision.place(place)
    chances = itertools.chain(likely, itertools.repeat(0.1))
    told = tuple((*span, chance) for span, chance in zip(sentences(paragraph), chances, strict=False))
    return Hit(paragraph, entry(decision), 1, 0.5, told, voices(paragraph))


def boxed(question: str, *hits: tuple[Hit, float]) -> list[tuple[str, str]]:
    """The paragraphs in the box for these hits, each with how likely it is the one that answers."""
    ranked = tuple(
        Hit(one.paragraph, one.entry, rank, one.score, one.sentences, one.voices)
        for rank, (one, _) in enumerate(hits, 1)
    )
    ranking = Ranking(
        ranked, QuestionEntities("", (), (), ()), Filter(), None, 9, 0.9, tuple(likely for _, likely in hits)
    )
    told, _ = box(ranking, question, lambda one: {NO_FAULT.reference: NO_FAULT}.get(one.reference, FAULT))
    return [(str(one.paragraph.pinpoint.reference), str(one.paragraph.pinpoint.number)) for one in told]


def places(*numbers: str, of: Decision = NO_FAULT) -> list[tuple[str, str]]:
    return [(str(of.reference), number) for number in numbers]


# Which paragraphs


def test_nothing_found_is_nothing_told():
    """Without hits there is no box."""
    assert boxed(ASKS) == []


def test_best_paragraph_is_told_alone():
    """Where one paragraph is much likelier than the others to answer, it stands alone."""
    assert boxed(ASKS, (hit(NO_FAULT, "3"), 0.9), (hit(NO_FAULT, "4"), 0.05)) == places("3")


def test_likely_paragraph_is_told_beside():
    """A paragraph that may answer as well stands beside it, in the order of what is likely; three at most."""
    every = [(hit(NO_FAULT, "3"), 0.3), (hit(NO_FAULT, "4"), 0.28), (hit(FAULT, "5"), 0.22), (hit(FAULT, "6"), 0.2)]
    assert boxed(ASKS, *every) == [*places("3", "4"), *places("5", of=FAULT)]


def test_box_is_made_of_the_first_hits():
    """However many hits there are, those behind the first few make no difference to the box."""
    every = [(hit(FAULT, str(number)), 0.1) for number in range(1, 10)]
    few = every[:BOXED]
    assert boxed(WANTS_CLAIMS, *every) == boxed(WANTS_CLAIMS, *few)


# Claims and findings


def test_finding_stands_in_place_of_a_claim():
    """What was found is told first where it is likely enough, though a claim is likelier."""
    told = boxed(ASKS, (hit(NO_FAULT, "1", 0.9), 0.5), (hit(NO_FAULT, "3", 0.1, 0.1, 0.8), 0.4))
    assert told[0] == ("22 006 077", "3")


def test_claim_is_told_with_what_was_found():
    """Where only a claim answers, the summary that says what was found stands beside it."""
    assert boxed(ASKS, (hit(NO_FAULT, "1", 0.9), 0.9)) == places("1", "summary")


def test_claim_beside_an_answer_is_told_with_what_was_found():
    """So it is with a claim that stands behind something else."""
    told = boxed(ASKS, (hit(FAULT, "5", 0.9), 0.5), (hit(NO_FAULT, "1", 0.9), 0.4))
    assert places("1")[0] not in told or places("summary")[0] in told


def test_claim_that_is_asked_for_is_told_first():
    """Whoever asks what was complained of is told that first, and with it what was found."""
    told = boxed(WANTS_CLAIMS, (hit(NO_FAULT, "1", 0.9), 0.5), (hit(NO_FAULT, "3"), 0.4))
    assert told[0] == ("22 006 077", "1")
    assert {("22 006 077", "3"), ("22 006 077", "summary")} & set(told)


def test_claim_without_any_finding_is_not_told():
    """Where nothing that was found can stand beside a claim that nobody asked for, nothing is told."""
    text = (CAPTURES / "no-fault.txt").read_text(encoding="utf-8")
    without = re.sub(r"Summary: .*\n|(?s:Final decision.*)", "", text)
    silent = parse(without.encode())
    assert silent.summary is None
    found = hit(silent, "1", 0.9)
    ranking = Ranking((found,), QuestionEntities("", (), (), ()), Filter(), None, 1, 0.9, (1.0,))
    assert box(ranking, ASKS, lambda _: silent) == ((), 0.0)
    assert len(box(ranking, WANTS_CLAIMS, lambda _: silent)[0]) == 1


@pytest.mark.parametrize("likely", [(0.6, 0.4), (0.4, 0.6)])
@pytest.mark.parametrize("question", [ASKS, WANTS_CLAIMS])
def test_no_paragraph_is_told_twice(likely, question):
    """The summary that stands beside a claim is not told again where it is a hit itself."""
    hits = sorted(
        zip((hit(NO_FAULT, "1", 0.9), hit(NO_FAULT, "summary")), likely, strict=True), key=lambda one: -one[1]
    )
    told = boxed(question, *hits)
    assert len(told) == len(set(told))


NUMBERS = [*map(str, range(1, 5)), "summary"]


@given(
    st.lists(
        st.tuples(st.sampled_from(NUMBERS), st.floats(0.01, 1), st.lists(st.floats(0, 1), min_size=3, max_size=3)),
        unique_by=lambda one: one[0],
        min_size=1,
    ),
    st.sampled_from([ASKS, WANTS_CLAIMS]),
)
def test_allegation_is_never_told_alone(found, question):
    """Whatever is found, however likely: the complaint that was not upheld is told with “no fault”, or not at all."""
    found.sort(key=lambda one: -one[1])
    whole = sum(likely for _, likely, _ in found)
    told = boxed(question, *((hit(NO_FAULT, number, *each), likely / whole) for number, likely, each in found))
    assert len(told) == len(set(told)) <= 3
    if places("1")[0] in told:
        assert {*places("3", "4", "summary")} & set(told)


def test_box_says_how_likely_its_first_is():
    """How likely the first paragraph told is, beside the first hit: 1 where they are the same."""
    found = (hit(NO_FAULT, "1", 0.9), hit(NO_FAULT, "3", 0.1, 0.1, 0.8))
    ranked = tuple(
        Hit(one.paragraph, one.entry, rank, 0.5, one.sentences, one.voices) for rank, one in enumerate(found, 1)
    )
    ranking = Ranking(ranked, QuestionEntities("", (), (), ()), Filter(), None, 2, 0.9, (0.5, 0.25))
    assert box(ranking, ASKS, lambda _: NO_FAULT)[1] == pytest.approx(0.5)
    assert box(ranking, WANTS_CLAIMS, lambda _: NO_FAULT)[1] == 1


@pytest.mark.parametrize("question", CLAIMS_EXAMPLES)
def test_question_for_claims(question):
    """A question for what somebody says or wants is told by its words."""
    assert asks_for_claims(question)
    assert asks_for_claims(question.upper())


@pytest.mark.parametrize("question", CLAIMS_COUNTEREXAMPLES)
def test_question_for_what_was_found(question):
    """A question for what was found or must be done is not one for what somebody says."""
    assert not asks_for_claims(question)


# A paragraph as it is told

LONG = "and so on with many words that make it long enough for it to be a list that is cut"


def listed(*texts: str) -> Paragraph:
    """A paragraph; what begins with “- ” is an item of its list, with “-- ” one within that."""
    lines = []
    for text in texts:
        depth = len(text) - len(text.lstrip("-"))
        lines.append(Line(text.lstrip("- "), depth))
    return Paragraph(Pinpoint(Reference("21 000 832"), 5), "published", (), "remedy", tuple(lines))


def told_of(paragraph: Paragraph, *words: str) -> Excerpt:
    """The excerpt if the sentences with one of these words answer."""
    answers = {
        span: 0.9 if any(word in paragraph.text[slice(*span)] for word in words) else 0.05
        for span in sentences(paragraph)
    }
    return excerpt(paragraph, entry(KENT), answers)


LIST = listed(
    "The Council has agreed to:",
    f"- apologise to Mrs D {LONG};",
    f"- pay Mrs D £300 {LONG};",
    f"- train its staff {LONG};",
    f"- write a leaflet {LONG};",
    f"- review its policy {LONG}.",
    "It will send us evidence.",
)


def lines_of(one: Excerpt) -> list[str]:
    """The lines told, without the words that only make them long."""
    return [line.replace(f" {LONG}", "") for line in one.text.split("\n")]


def test_long_list_keeps_its_lead_in():
    """Of a long list the lead-in is told, the item that answers and what stands below; the rest is marked left out."""
    assert lines_of(told_of(LIST, "£300")) == [
        "The Council has agreed to:",
        LEFT_OUT,
        "pay Mrs D £300;",
        LEFT_OUT,
        "It will send us evidence.",
    ]


def test_several_items_are_told():
    """Items that answer are told in their order, those between them as one mark."""
    told = lines_of(told_of(LIST, "apologise", "leaflet"))
    assert told == [
        "The Council has agreed to:",
        "apologise to Mrs D;",
        LEFT_OUT,
        "write a leaflet;",
        LEFT_OUT,
        "It will send us evidence.",
    ]


def test_list_is_whole_where_its_lead_in_answers():
    """Where what answers is said above or below the list, the list is told whole."""
    assert LEFT_OUT not in told_of(LIST, "agreed").text
    assert LEFT_OUT not in told_of(LIST, "evidence").text


def test_short_list_is_whole():
    """A list of few items, or of few words, is told whole."""
    few = listed("It agreed to:", f"- apologise {LONG};", f"- pay {LONG};", f"- train {LONG}.")
    short = listed("It agreed to:", "- apologise;", "- pay £300;", "- train;", "- write;", "- review.")
    assert told_of(few, "pay").text == few.text
    assert told_of(short, "£300").text == short.text


def test_text_without_a_list_is_whole():
    """A paragraph without a list is told whole, however long it is."""
    long = listed(*[f"Sentence {number} {LONG}." for number in range(9)])
    assert told_of(long, "Sentence 3").text == long.text


def test_list_is_whole_where_nothing_answers():
    """Where no sentence is known to answer, as in what a citation opens, all is told and nothing marked."""
    one = excerpt(LIST, entry(KENT), {})
    assert (one.text, one.marks) == (LIST.text, ())


def test_item_within_an_item_keeps_what_it_stands_in():
    """An item of a list within a list is told with the item that it stands in."""
    nested = listed(
        "It found:",
        f"- the notes were late {LONG};",
        f"- at the visit {LONG}:",
        f"-- he denied it {LONG};",
        f"-- he was told to stay away {LONG};",
        f"- the plan was lost {LONG}.",
    )
    assert lines_of(told_of(nested, "stay away")) == [
        "It found:", LEFT_OUT, "at the visit:", LEFT_OUT, "he was told to stay away;", LEFT_OUT,
    ]  # fmt: skip
    assert "he denied it;" in lines_of(told_of(nested, "at the visit"))


def test_item_that_leans_keeps_the_one_before():
    """An item that begins with “This” is told with the one before it, and so on to one that stands by itself."""
    leaning = listed(
        "It found:",
        f"- the notes were late {LONG}.",
        f"- the plan was lost {LONG}.",
        f"- This was a fault {LONG}.",
        f"- It was said so {LONG}.",
        f"- the rest was right {LONG}.",
    )
    assert lines_of(told_of(leaning, "said so")) == [
        "It found:", LEFT_OUT, "the plan was lost.", "This was a fault.", "It was said so.", LEFT_OUT,
    ]  # fmt: skip


def test_item_that_is_turned_keeps_what_turns_it():
    """An item that is followed by “But” or “However” is told with that."""
    turned = listed(
        "It found:",
        f"- the notes were late {LONG}.",
        f"- the plan was lost {LONG}.",
        f"- However, it was found again {LONG}.",
        f"- the rest was right {LONG}.",
        f"- the file was whole {LONG}.",
    )
    assert "However, it was found again." in lines_of(told_of(turned, "lost"))


def test_what_leans_on_the_list_keeps_its_last_item():
    """A sentence below the list that begins with “This” is told with the last item of the list."""
    below = listed(
        "It found:",
        *(f"- thing {number} was wrong {LONG}." for number in range(5)),
        "This was fault.",
    )
    told = lines_of(told_of(below, "thing 1"))
    assert "This was fault." not in told or "thing 4 was wrong." in told


def test_parts_are_those_of_the_lines_told():
    """The sentences of what is told are told with their places and voices, those of what is left out are not."""
    one = told_of(LIST, "£300")
    assert [part.text.replace(f" {LONG}", "") for part in one.parts] == [
        "The Council has agreed to:", "pay Mrs D £300;", "It will send us evidence.",
    ]  # fmt: skip
    assert all(LIST.text[slice(*part.span)] == part.text for part in one.parts)


def test_likely_sentences_are_marked():
    """What is marked is every sentence that is likely enough to answer."""
    paragraph = NO_FAULT.place("3")
    first, second, third = sentences(paragraph)
    answers = {first: MARKED_FROM, second: MARKED_FROM - 0.01, third: 0.9}
    assert excerpt(paragraph, entry(NO_FAULT), answers).marks == (first, third)


def test_best_sentence_is_marked_in_the_first_paragraph():
    """Where none is likely enough, the best one is marked in the first paragraph of the box, and none in the others."""
    paragraph = NO_FAULT.place("3")
    answers = dict(zip(sentences(paragraph), (0.1, 0.3, 0.2), strict=True))
    assert excerpt(paragraph, entry(NO_FAULT), answers, True).marks == (sentences(paragraph)[1],)
    assert excerpt(paragraph, entry(NO_FAULT), answers).marks == ()


def test_what_takes_back_a_marked_sentence_is_marked_too():
    """“There may have been valid reasons” alone would tell the opposite of what was found."""
    paragraph = NORTHANTS.place("38")
    first, reasons, but, so = sentences(paragraph)
    assert [paragraph.text[start:].split()[0] for start, _ in (reasons, but, so)] == ["There", "But", "So"]
    answers = {first: 0.1, reasons: 0.9, but: 0.1, so: 0.1}
    assert excerpt(paragraph, entry(NORTHANTS), answers).marks == (reasons, but, so)
    assert excerpt(paragraph, entry(NORTHANTS), {**answers, reasons: 0.1, first: 0.9}).marks == (first,)


def test_citation_of_an_excerpt():
    """An excerpt is cited as its paragraph is, with the note that a number is inferred."""
    assert (
        excerpt(KENT.place("57"), entry(KENT), {}).citation
        == "Kent County Council (21 000 832), paragraph 57 (number inferred)"
    )
    assert (
        excerpt(NO_FAULT.place("summary"), entry(NO_FAULT), {}).citation
        == "Broadmere City Council (22 006 077), summary"
    )


# Whatever answers

LONG_LISTS = [
    (decision, place)
    for decision in (NORTHANTS, HALTON, LEICESTERSHIRE, KENT)
    for place in decision.places()
    if sum(line.depth > 0 for line in place.lines) > 4
]
ANSWERED = st.integers(0, len(LONG_LISTS) - 1).flatmap(
    lambda number: st.tuples(
        st.just(number),
        st.lists(
            st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.95]),
            min_size=len(sentences(LONG_LISTS[number][1])),
            max_size=len(sentences(LONG_LISTS[number][1])),
        ),
    )
)
"""Which of these paragraphs, and how likely each of its sentences answers."""


def excerpt_of(answered: tuple[int, list[float]]) -> Excerpt:
    number, likely = answered
    decision, paragraph = LONG_LISTS[number]
    return excerpt(paragraph, entry(decision), dict(zip(sentences(paragraph), likely, strict=True)))


@pytest.mark.parametrize("item", ["a", "But a:"])
def test_time_of_an_excerpt_grows_with_its_paragraph(item):
    """Sixteen times as many items take no hundred times as long, whichever of them answer."""

    def seconds(items: int) -> float:
        lines = (Line("The Council must do what it agreed:"), *(Line(f"{item} b c d", 1) for _ in range(items)))
        paragraph = Paragraph(Pinpoint(Reference("21 000 832"), 1), "published", (), "remedy", lines)
        answers = dict.fromkeys(sentences(paragraph), 0.5)
        spoken = voices(paragraph)
        begun = time.process_time()
        assert len(excerpt(paragraph, entry(FAULT), answers, True, spoken).text.split("\n")) == items + 1
        return time.process_time() - begun

    # A collection of all that the suite holds takes longer than either, and times on a busy machine scatter.
    gc.disable()
    try:
        assert min(seconds(8_000) for _ in range(5)) < 100 * max(min(seconds(500) for _ in range(5)), 0.002)
    finally:
        gc.enable()


def test_there_are_long_lists():
    """The decisions have long lists to be cut."""
    assert len(LONG_LISTS) > 5


@given(ANSWERED)
def test_excerpt_is_lines_of_the_paragraph(answered):
    """Whatever answers, an excerpt is lines of its paragraph in their order, the lead-in first, with marks between."""
    one = excerpt_of(answered)
    lines, published = one.text.split("\n"), iter(line.text for line in one.paragraph.lines)
    assert lines[0] == one.paragraph.lines[0].text
    assert all(line in published for line in lines if line != LEFT_OUT)
    assert (LEFT_OUT, LEFT_OUT) not in itertools.pairwise(lines)
    assert (LEFT_OUT in lines) == (len(one.kept) < len(one.paragraph.lines))


@given(ANSWERED)
def test_best_sentence_is_never_left_out(answered):
    """Whatever answers, what answers best is told, and what is marked is told."""
    one, (_, likely) = excerpt_of(answered), answered
    spans = sentences(one.paragraph)
    best = [span for span, chance in zip(spans, likely, strict=True) if chance == max(likely) > 0]
    assert {part.span for part in one.parts} >= {*best, *one.marks}


@given(ANSWERED)
def test_no_sentence_without_what_it_hangs_on(answered):
    """Whatever answers, a sentence that begins with “This” or “However” is told with the one before it."""
    one = excerpt_of(answered)
    told = {part.span for part in one.parts}
    leaning = re.compile(r"(?:This|However|It|They|But|These)\b")
    for before, span in itertools.pairwise(sentences(one.paragraph)):
        if span in told and leaning.match(one.paragraph.text[slice(*span)]):
            assert before in told


class Shelf:
    """What the letter check needs of an index, made of one decision."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision

    def tombstone(self, reference):
        return None

    def bodies(self):
        return [self._decision.body]

    def decision(self, reference):
        assert reference == self._decision.reference
        return self._decision

    def entries(self, within, limit=None):
        of = self._decision
        return [DecisionEntry(of.reference, of.body, None, None, None, of.numbering, Provenance(), 1, of.proof)]

    def search_bm25(self, question, limit, within, all_words=False):
        return []

    def paragraphs(self, ids):
        return []


@given(ANSWERED)
def test_excerpt_passes_the_letter_check(answered):
    """Whatever answers, an excerpt is a true quotation: with its citation below it is found exact."""
    one = excerpt_of(answered)
    decision, _ = LONG_LISTS[answered[0]]
    found = check_letter(f"“{one.text}”\n{one.citation}", Shelf(decision))
    assert [finding.verdict for finding in found] == ["exact"]
