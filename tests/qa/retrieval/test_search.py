from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from conftest import MISSION, variant

from index.build import build
from index.catalogue import Filter
from index.decisions import Reference
from index.errors import NotHeld
from index.passages import sentences
from index.store import Store
from qa.retrieval.models import PARTS, Models
from qa.retrieval.search import Searcher
from qa.retrieval.selection import CONSIDERED
from qa.text.voices import voices


@pytest.fixture
def search(answerer, models):
    searcher = Searcher(answerer.stores.get(), models)

    def search(question, limit=5, everywhere=False, offset=0, **within):
        return searcher.search(question, limit, Filter(**within), everywhere, offset)

    return search


def pinpoints(ranking):
    return [(str(hit.paragraph.pinpoint.reference), hit.paragraph.pinpoint.number) for hit in ranking.hits]


@pytest.mark.parametrize(
    ("question", "reference", "numbers"),
    [
        (MISSION, "21 017 496", {50, 51}),
        ("Did the Council have power to enforce the written agreement?", "21 017 496", {50}),
        ("Was a leaflet made that tells parents their rights?", "21 002 206", {31, 53}),
        ("Who smashed a plate?", "21 002 206", {17, 25, 29, 40, 47, 48}),
        ("What did the school say about E being left home alone?", "21 000 832", {16, 19, 38, 39}),
        ("Which Ombudsman remedies were agreed for Ms D?", "21 000 832", {57, 58, "summary"}),
        ("What is a section 7 report?", "21 000 259", {14}),
        ("Is there a non-molestation order against Mr X?", "21 000 259", {17}),
        ("payment of £100 for complaint handling delay", "21 000 259", {51}),
        ("Why did Mr D sleep in his car?", "20 001 737", {25, 48}),
        ("hotel receipts refund", "20 001 737", {49, 50, 80}),
        ("How long does the council have for stage one of a complaint?", "20 001 737", {17, 67}),
        ("Did the social worker refer Mrs D to a community support worker?", "20 001 737", {43, 58, 62}),
        (
            "why were the meetings explained badly to the mother, child in need meeting purpose",
            "20 001 737",
            {34, 51, 54},
        ),
    ],
)
def test_answering_paragraph_is_among_the_first_five(search, question, reference, numbers):
    """The question gets a paragraph that answers it among the first five."""
    assert {(reference, number) for number in numbers} & set(pinpoints(search(question)))


def test_scores_fall_from_one_to_zero(search):
    """Scores lie between 0 and 1, the best first."""
    scores = [hit.score for hit in search(MISSION, 50).hits]
    assert len(scores) == 50
    assert scores[0] <= 1 and scores == sorted(scores, reverse=True) and scores[-1] >= 0


def test_ranks_count_from_one(search):
    """Ranks are 1, 2, 3, …"""
    assert [hit.rank for hit in search(MISSION).hits] == [1, 2, 3, 4, 5]


def test_pages_are_the_ranking_cut(search):
    """Page after page are the hits of one long ranking, with its ranks, up to its total."""
    whole = search(MISSION, 1000)
    pages = [search(MISSION, 50, offset=offset) for offset in range(0, whole.total, 50)]
    assert len(pages) == 4
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert [hit.rank for hit in whole.hits] == list(range(1, whole.total + 1))


def test_page_tells_what_the_first_tells(search):
    """Features, names, total and what is likely do not depend on the page, not even beyond the last."""
    pages = [search("What did Halton say of hotels?", 5, offset=offset) for offset in (0, 5, 1000)]
    vectors = [page.vector.tolist() for page in pages]
    first, later, beyond = (replace(page, hits=(), vector=None) for page in pages)
    assert first == later == beyond
    assert vectors[0] == vectors[1] == vectors[2]
    assert pages[2].hits == ()


def test_total_is_of_what_the_filter_lets_through(search):
    """Within one part of one decision, the total is its paragraphs of that part."""
    ranking = search(MISSION, 1, council=("leicestershire county council",), role=("remedy",))
    assert (len(ranking.hits), ranking.total) == (1, 3)


def test_same_wording_is_one_hit(search):
    """A standard paragraph that stands in several decisions is found once, and names the others."""
    hits = search(
        "refer the matter to the Information Commissioner if they have a complaint about data protection", 50
    ).hits
    texts = [hit.paragraph.text for hit in hits]
    assert len(set(texts)) == len(texts)
    [hit] = [hit for hit in hits if hit.also and "Information Commissioner" in hit.paragraph.text]
    assert {paragraph.text for paragraph, _ in hit.also} == {hit.paragraph.text}
    found = {hit.entry.reference, *(entry.reference for _, entry in hit.also)}
    assert found == {Reference("20 001 737"), Reference("21 000 832"), Reference("21 002 206")}


def test_reference_filter(search):
    """Only paragraphs of the decision asked for are found, as many as are asked for."""
    found = pinpoints(search(MISSION, 10, reference=(Reference("21 000 832"),)))
    assert len(found) == 10
    assert {reference for reference, _ in found} == {"21 000 832"}


def test_filter_changes_no_bm25_score(answerer):
    """A paragraph has the same BM25 score with a filter that lets it through as without."""
    store = answerer.stores.get()
    every = dict(store.search_bm25("hotel costs", 500, Filter()))
    within = dict(store.search_bm25("hotel costs", 500, Filter(council=("halton",))))
    assert within
    assert within == pytest.approx({identity: every[identity] for identity in within})


def test_body_filter_takes_whole_words(search):
    """A body is found by its name or by whole words of it, whatever their case."""
    assert {hit.entry.body for hit in search(MISSION, 10, council=("LEICESTERSHIRE",)).hits} == {
        "Leicestershire County Council"
    }


def test_filters_are_both_met(search):
    """Filters of different kinds all count."""
    hits = search(MISSION, 50, council=("leicestershire county council",), role=("remedy",)).hits
    assert {hit.paragraph.role for hit in hits} == {"remedy"}
    assert {hit.entry.body for hit in hits} == {"Leicestershire County Council"}
    assert len(hits) == 3


@pytest.mark.parametrize(
    "question",
    [
        "In the Kent case, what was missing from the first social worker's notes?",
        "kent county council notes of the first social worker",
        "21 000 832: what was missing from the first social worker's notes?",
    ],
)
def test_what_the_question_names_is_searched_alone(search, question):
    """A body or decision that the question names counts as a filter."""
    assert {reference for reference, _ in pinpoints(search(question, 10))} == {"21 000 832"}


def test_what_was_named_is_told(search):
    """The ranking says which body and which decision it took from the question."""
    assert search("What did Halton say?").named.council == ("Halton Borough Council",)
    assert search("21-017-496 who paid the rent?").named.reference == (Reference("21 017 496"),)


def test_named_filter_can_be_taken_off(search):
    """Everywhere means everywhere, whatever the question names."""
    ranking = search("In the Kent case, who was told not to return home?", 10, everywhere=True)
    assert len({hit.entry.reference for hit in ranking.hits}) > 1
    assert ranking.within == Filter()


def test_given_filter_goes_before_what_is_named(search):
    """Where the search is narrowed by hand, what the question names does not narrow it again."""
    found = pinpoints(search("In the Kent case, who was told not to return home?", 5, council=("halton",)))
    assert {reference for reference, _ in found} == {"20 001 737"}


def test_filter_keeps_the_best(answerer, models):
    """Before they are looked at again, the best of what a filter lets through come in the order without it."""
    searcher = Searcher(answerer.stores.get(), replace(models, ablated=frozenset({"selection"})))
    found = searcher.search(MISSION, 50, Filter()).hits
    every = [hit for hit in found if str(hit.entry.reference) == "21 017 496"]
    within = searcher.search(MISSION, 50, Filter(reference=(Reference("21 017 496"),))).hits
    order = [hit.paragraph.pinpoint for hit in within]
    places = [order.index(hit.paragraph.pinpoint) for hit in every[:8]]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("How much did the council have to pay for the distress?", "remedy"),
        ("Was the council at fault for not explaining the agreement?", "finding"),
        ("What does the Children Act 1989 say about a council's duty to investigate?", "law"),
    ],
)
def test_part_that_is_asked_for_comes_first(search, question, role):
    """A question about what was agreed, decided or what the law is gets that, not what somebody alleged."""
    assert search(question).hits[0].paragraph.role == role


def test_nearly_the_same_wording_is_one_hit(search):
    """Standard paragraphs that differ in a few words are one hit, with the others in `also`."""
    hits = search("we may stop investigating if we are satisfied with a council's actions or proposed actions", 50).hits
    [hit] = [hit for hit in hits if "are satisfied with" in hit.paragraph.text and len(hit.also) == 4]
    assert len({hit.paragraph.text, *(place.text for place, _ in hit.also)}) == 2


@pytest.fixture
def invented(tmp_path, fake):
    """Builds an index of short decisions, each a body, a reference and a word, and gives a searcher of it."""

    def invented(*decisions):
        folder = tmp_path / "decisions"
        folder.mkdir()
        for body, reference, word in decisions:
            text = variant(reference, word).replace("Northwick Borough Council", body)
            (folder / f"{reference}.txt").write_text(text, encoding="utf-8")
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
        return Searcher(Store.open(tmp_path / "index"), Models.of(fake))

    return invented


def test_named_body_is_that_body_alone(invented):
    """A body that is named is not another whose name holds its name."""
    searcher = invented(
        ("Somerset Council", "23 000 001", "lanyard"), ("North Somerset Council", "23 000 002", "lanyard"),
        ("Bath and North East Somerset Council", "23 000 003", "lanyard"),
    )  # fmt: skip
    ranking = searcher.search("What did Somerset Council do about the lanyard?", 50, Filter())
    assert {hit.entry.body for hit in ranking.hits} == {"Somerset Council"}


def test_named_decision_counts_before_its_body(invented):
    """Where a question names a decision and another body, the decision is searched."""
    searcher = invented(
        ("Kent County Council", "23 000 001", "lanyard"), ("Devon County Council", "23 000 002", "ferry")
    )
    ranking = searcher.search("What did Kent County Council say in 23 000 002 about the ferry?", 5, Filter())
    assert {str(hit.entry.reference) for hit in ranking.hits} == {"23 000 002"}


def test_everywhere_keeps_what_is_not_held_apart(invented):
    """A question that names a body that is held and one that is not is not about what is not held alone."""
    searcher = invented(("Kent County Council", "23 000 001", "lanyard"))
    question = "Compare Kent County Council with Surrey County Council on the lanyard"
    for everywhere in (False, True):
        named = searcher.search(question, 5, Filter(), everywhere).named
        assert (named.not_held, named.is_unheld) == (("Surrey County Council",), False)


def test_copies_do_not_take_all_places(invented):
    """A paragraph that stands in every decision leaves room for the others."""
    many = [(f"Body {number} Council", f"23 000 {number:03d}", "lanyard") for number in range(200)]
    searcher = invented(*many, ("Kent County Council", "24 000 001", "ferry"))
    hits = searcher.search("how long did the lanyard take", 20, Filter()).hits
    assert len({hit.paragraph.text for hit in hits}) > 5
    assert max(len(hit.also) for hit in hits) == 100


def test_text_without_words_finds_nothing(search):
    """A text without a word has no hits and no features."""
    ranking = search("?!…")
    assert (ranking.hits, ranking.features, ranking.total) == ((), None, 0)


@pytest.mark.parametrize("question", ["1", "é", "5 10 15", "2020", "Why?", "how many", "the of and", "a b c"])
def test_question_about_nothing_has_no_evidence(search, question):
    """Where no word says what a question is about, nothing speaks for an answer."""
    assert search(question).features is None


class Backwards:
    """A cross-encoder that prefers what the question's words do not stand in."""

    def scores(self, question, texts):
        words = set(question.lower().split())
        return np.array([1.0 - len(words & set(text.lower().split())) / len(words) for text in texts], dtype=np.float32)


def test_reranker_orders_the_best(answerer, models):
    """A cross-encoder changes the order of the best paragraphs, and of no others."""
    store = answerer.stores.get()
    before = Searcher(store, models).search(MISSION, 50, Filter()).hits
    after = Searcher(store, replace(models, reranker=Backwards())).search(MISSION, 50, Filter()).hits
    first = {hit.paragraph.pinpoint for hit in before[:20]}
    assert [hit.paragraph.pinpoint for hit in after[:20]] != [hit.paragraph.pinpoint for hit in before[:20]]
    assert len(first & {hit.paragraph.pinpoint for hit in after[:30]}) >= 19
    scores = [hit.score for hit in after]
    assert scores == sorted(scores, reverse=True)


QUESTIONS_OF_PARTS = {
    "words": "non-molestation order 47",
    "late": MISSION,
    "coverage": "How much was the father paid who slept in his car?",
    "roles": "How much was paid for the distress?",
    "named": "In the Kent case, what was missing from the notes?",
    "folding": "the Ombudsman cannot question whether a council's decision is right or wrong",
    "selection": MISSION,
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_left_out(answerer, models, part):
    """A search without one of its parts finds other paragraphs, or in another order."""
    searcher = Searcher(answerer.stores.get(), models)
    without = Searcher(answerer.stores.get(), replace(models, ablated=frozenset({part})))
    orders = [
        [hit.paragraph.pinpoint for hit in each.search(QUESTIONS_OF_PARTS[part], 20, Filter()).hits]
        for each in (searcher, without)
    ]
    assert orders[0] != orders[1]


def test_sentences_of_a_hit_are_all_of_it(search):
    """The sentences of a hit are stretches of its text in their order, each with a probability and a voice."""
    for hit in search(MISSION, 50).hits:
        spans = [(start, end) for start, end, _ in hit.sentences]
        assert spans == sentences(hit.paragraph)
        assert all(0 <= likely <= 1 for _, _, likely in hit.sentences)
        assert hit.voices == voices(hit.paragraph)


@pytest.mark.parametrize("limit", [1, 20, 50])
def test_probabilities_are_of_those_looked_at_again(search, limit):
    """Of the first twenty it is said how likely each is the one that answers: falling, and together 1."""
    likely = search(MISSION, limit).probabilities
    assert len(likely) == CONSIDERED
    assert list(likely) == sorted(likely, reverse=True)
    assert sum(likely) == pytest.approx(1, abs=1e-5)


def test_few_paragraphs_are_looked_at_again(search):
    """Where fewer paragraphs pass the filter, it is as many probabilities."""
    ranking = search(MISSION, 5, council=("leicestershire county council",), role=("remedy",))
    assert len(ranking.probabilities) == ranking.total == 3
    assert 0 < ranking.confidence < 1


def test_without_a_learned_model_the_order_stays(invented):
    """With a model of which nothing was learned the hits come by their scores, and nothing is said to answer."""
    searcher = invented(("Kent County Council", "23 000 001", "lanyard"))
    ranking = searcher.search("who lost the lanyard?", 20, Filter())
    scores = [hit.score for hit in ranking.hits]
    assert scores == sorted(scores, reverse=True)
    assert ranking.confidence == 0
    assert {likely for hit in ranking.hits for _, _, likely in hit.sentences} == {0.0}


@pytest.mark.parametrize(
    ("number", "is_there"), [("456", True), ("12000", True), ("457", False), ("1200", False), ("47", False)]
)
def test_sum_is_looked_for(answerer, models, number, is_there):
    """A sum is found if a paragraph has it as a whole, with or without a comma; a part of another, or section 47, is
    not it.
    """
    assert Searcher(answerer.stores.get(), models).has_sum(number, Filter()) is is_there


def test_sum_is_looked_for_within_the_filter(answerer, models):
    """A sum of another decision is not found."""
    searcher = Searcher(answerer.stores.get(), models)
    assert not searcher.has_sum("456", Filter(reference=(Reference("21 017 496"),)))


def test_what_the_decision_lacks_is_told(search):
    """The features name the words that the decision of the best hit says nothing about, as they were written."""
    features = search("How much did Kent pay for the broken Window?").features
    assert "Window" in features.lacks
    assert features.may_be_premise


def test_nothing_lacks_where_all_is_said(search):
    """Of a question in the words of a paragraph nothing is missing in its decision."""
    features = search("The Council had no power to enforce a written agreement of this nature.").features
    assert (features.lacks, features.may_be_premise) == ((), False)


def test_date_filter(search):
    """Only decisions between the dates are found, both days included."""
    day = datetime.date(2022, 1, 5)
    assert {reference for reference, _ in pinpoints(search(MISSION, date_from=day, date_to=day))} == {"21 002 206"}


@pytest.mark.parametrize(
    "within", [{"reference": (Reference("99 999 999"),)}, {"council": ("Leicester",)}, {"outcome": ("Not upheld",)}]
)
def test_filter_that_nothing_passes_is_refused(search, within):
    """A filter for what is not held is refused: an empty result would read as if nothing had been decided."""
    with pytest.raises(NotHeld):
        search(MISSION, **within)
