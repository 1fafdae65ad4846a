from __future__ import annotations

import gzip
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import MISSION, PROJECT, load_script
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import DecisionEntry, Line, Paragraph, Pinpoint, Provenance, Reference
from index.errors import InputError
from qa.answering.answer import Answer
from qa.answering.extract import excerpt
from qa.answering.refusals import Refusal
from qa.evaluation.evaluate import evaluate, evaluate_plain
from qa.evaluation.judged import PlainQuestion, read_plain_questions, read_questions
from qa.evaluation.metrics import Calibration, Proportion, RankingMetrics, average_precision, ndcg, recall
from qa.evaluation.report import Figures, Row, as_table
from qa.register.selection import RegisterAnswer
from qa.retrieval.search import Hit

script = load_script("evaluate")

KENT = "21 000 832"
ENTRY = DecisionEntry(Reference(KENT), "Kent County Council", None, None, None, "published", Provenance(), 9, "none")
ANSWERABLE = {
    "id": "a",
    "kind": "fact",
    "question": "What is the rule?",
    "relevant": [
        {"reference": KENT, "paragraph": 5, "grade": 2},
        {"reference": KENT, "paragraph": "summary", "grade": 1},
    ],
    "answer_sentence": {"reference": KENT, "paragraph": 5, "text": "Officers must ask first."},
}
UNANSWERABLE = {"id": "b", "kind": "out", "question": "How long is a match?", "relevant": [], "answer_sentence": None}


def hit(number, text="Officers must ask first.", also=()):
    """A paragraph of one decision, found."""
    return Hit(paragraph(number, text), ENTRY, 1, 1.0, (), (), also)


def paragraph(number, text, reference=KENT, numbering="published"):
    return Paragraph(Pinpoint(Reference(reference), number), numbering, (), "finding", (Line(text),))


def boxed(number, text="Officers must ask first.", reference=KENT, **more):
    """A paragraph as the answer box tells it."""
    return excerpt(paragraph(number, text, reference, **more), replace(ENTRY, reference=Reference(reference)), {})


def answered(*hits, box=(), spans=None, took_ms=1.0, **more):
    return Answer("", "answered", hits, (), spans or ((),) * len(hits), None, took_ms, box=tuple(box), **more)


def refused(*nearest, spans=None, took_ms=1.0, reason="unclear"):
    refusal = Refusal(reason, "")
    return Answer("", "not_found", (), nearest, spans or ((),) * len(nearest), None, took_ms, refusal=refusal)


def opened(*hits, box):
    """An answer to a typed citation."""
    return answered(*hits, box=box, kind="citation", confidence=1.0)


class ToldAnswerer:
    """Gives each question the answer it was told to give, and remembers how it was asked."""

    def __init__(self, answers):
        self._answers = answers
        self.asked = []

    def answer(self, question):
        self.asked.append(question)
        return self._answers[question.question]


class ToldSearcher:
    """Finds for each question the passages at the positions it was told."""

    def __init__(self, positions):
        self._positions = positions

    def search(self, question, limit, within):
        found = [Reference(f"{position:08d}") for position in self._positions[question][:limit]]
        return SimpleNamespace(hits=[replace_reference(hit(1), reference) for reference in found])


def replace_reference(found, reference):
    return replace(found, paragraph=replace(found.paragraph, pinpoint=Pinpoint(reference, 1)))


@pytest.fixture
def written(tmp_path):
    """Writes a file of questions; returns it."""

    def written(content):
        path = tmp_path / "questions.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


@pytest.fixture
def measured(written):
    """The figures of one answerable question and its answer, and perhaps of one that is not answerable and its."""

    def measured(answer, other=None):
        questions = read_questions(written([ANSWERABLE, UNANSWERABLE] if other else [ANSWERABLE]))
        answers = {ANSWERABLE["question"]: answer, UNANSWERABLE["question"]: other}
        return evaluate(ToldAnswerer(answers), questions)

    return measured


# The measures.


def test_ndcg_by_hand():
    """Grade 1 at rank 1 and grade 2 at rank 3: (1/1 + 3/2) / (3/1 + 1/1.58496)."""
    assert ndcg(["a", "x", "b"], {"a": 1, "b": 2}) == pytest.approx(2.5 / 3.630930, abs=1e-6)


def test_ideal_is_of_all_that_is_relevant():
    """What was not found lowers nDCG, even if all that was found stands first."""
    assert ndcg(["a"], {"a": 2, "b": 2}) == pytest.approx(3 / 4.892789, abs=1e-6)


def test_ndcg_looks_no_deeper_than_ten():
    """What stands at rank 11 counts for nothing."""
    assert ndcg([*range(10), "a"], {"a": 2}) == 0


@pytest.mark.parametrize(("depth", "share"), [(1, 0), (2, 1 / 3), (4, 2 / 3)])
def test_recall_by_hand(depth, share):
    """Recall is the share of what is wanted among the first."""
    assert recall(["x", "a", "y", "b"], {"a", "b", "c"}, depth) == pytest.approx(share)


def test_average_precision_by_hand():
    """Found at ranks 1 and 3 of three wanted: (1/1 + 2/3) / 3."""
    assert average_precision(["a", "x", "b"], {"a", "b", "c"}) == pytest.approx(5 / 9)


def test_average_precision_of_more_than_can_be_found():
    """Where more than ten are wanted, ten of them are all that could be found."""
    assert average_precision(range(10), set(range(25))) == 1


def test_recall_is_of_what_answers():
    """Recall and success are of the paragraphs of grade 2; those of grade 1 do not help."""
    order = RankingMetrics.of(["a", "b", "c"], {"a": 1, "b": 1, "z": 2})
    assert (order.recall_5, order.recall_10, order.success_3) == (0, 0, 0)


def test_recall_of_what_helps_where_nothing_answers():
    """Where no paragraph has grade 2, recall and success are of those of grade 1."""
    order = RankingMetrics.of(["a", "x"], {"a": 1, "b": 1})
    assert (order.recall_5, order.recall_10, order.success_3) == (0.5, 0.5, 1)


def test_success_is_among_the_first_three():
    """Success is one paragraph that answers among the first three, not the fourth."""
    assert RankingMetrics.of(["x", "y", "a"], {"a": 2}).success_3 == 1
    assert RankingMetrics.of(["x", "y", "z", "a"], {"a": 2}).success_3 == 0


RANKINGS = st.lists(st.integers(0, 30), unique=True, max_size=15)
GRADES = st.dictionaries(st.integers(0, 30), st.sampled_from([1, 2]), min_size=1)


@given(RANKINGS, GRADES)
def test_figures_lie_between_zero_and_one(ranking, grades):
    """No figure of an order is less than 0 or more than 1."""
    order = RankingMetrics.of(ranking, grades).as_json()
    assert all(0 <= figure <= 1 for figure in order.values())


@given(GRADES)
def test_perfect_order(grades):
    """The best order there is has nDCG and success 1."""
    order = RankingMetrics.of(sorted(grades, key=lambda one: -grades[one]), grades)
    assert (order.ndcg_10, order.success_3, order.average_precision_10) == (pytest.approx(1), 1, pytest.approx(1))


@given(RANKINGS, GRADES)
def test_order_without_anything_relevant(ranking, grades):
    """An order in which nothing is relevant has 0 everywhere."""
    order = RankingMetrics.of([one for one in ranking if one not in grades], grades)
    assert set(order.as_json().values()) == {0.0}


@given(RANKINGS, GRADES, st.integers(0, 13))
def test_better_first(ranking, grades, place):
    """To exchange two neighbours so that the better one comes first never lowers nDCG."""
    worse = list(ranking)
    pair = sorted(worse[place : place + 2], key=lambda one: grades.get(one, 0))
    worse[place : place + 2] = pair
    better = [*worse[:place], *reversed(pair), *worse[place + 2 :]]
    assert ndcg(better, grades) >= ndcg(worse, grades) - 1e-12


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Proportion(0, 10), 0, 0.2775), (Proportion(10, 10), 0.7225, 1), (Proportion(5, 10), 0.2366, 0.7634)],
)
def test_interval_by_hand(share, low, high):
    """Wilson's interval holds its known values, and stays between 0 and 1."""
    assert share.interval == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 10**6).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_interval_is_around_the_share(counts):
    """The interval holds the share itself."""
    share = Proportion(*counts)
    low, high = share.interval
    assert 0 <= low <= share.share + 1e-12 and share.share - 1e-12 <= high <= 1


def test_share_of_nothing():
    """Nothing of nothing is no share, and has no interval."""
    assert Proportion(0, 0).as_json() == {"count": 0, "of": 0, "share": None, "interval": None}


# The evaluation.


def test_ten_hits_are_asked_for(written):
    """Each question is asked for ten hits, in the words of the file, once one was asked to begin with."""
    answerer = ToldAnswerer({ANSWERABLE["question"]: answered(hit(5))})
    evaluate(answerer, read_questions(written([ANSWERABLE])))
    asked = [(question.question, question.limit) for question in answerer.asked]
    assert asked == [(ANSWERABLE["question"], 1), (ANSWERABLE["question"], 10)]


def test_order_by_hand(measured):
    """The hits are judged in their order: grade 2 at rank 2, and the summary of grade 1 not found."""
    order = measured(answered(hit(9), hit(5))).all.order
    assert order.ndcg_10 == pytest.approx((3 / 1.584963) / 3.630930, abs=1e-6)
    assert (order.recall_5, order.recall_10, order.success_3, order.average_precision_10) == (1, 1, 1, 0.25)


def test_summary_is_a_paragraph(measured):
    """A summary that was judged is found as a paragraph is."""
    assert measured(answered(hit(5), hit("summary"))).all.order.ndcg_10 == 1


def test_order_does_not_depend_on_refusing(measured):
    """The order of a question that was wrongly refused is judged on what was nearest."""
    assert measured(refused(hit(9), hit(5))).all.order == measured(answered(hit(9), hit(5))).all.order


def test_folded_paragraphs_are_not_credited(measured):
    """A paragraph that a hit only names, for it has the same wording, does not count as found."""
    found = hit(5)
    assert measured(answered(hit(9, also=((found.paragraph, None),)))).all.order.ndcg_10 == 0


def test_refusing_rightly(measured):
    """Where only what cannot be answered is refused, refusing is precise and complete."""
    answers = measured(answered(hit(5)), refused(hit(9))).all.answers
    assert (answers.precision, answers.recall, answers.answerable_refused) == (
        Proportion(1, 1),
        Proportion(1, 1),
        Proportion(0, 1),
    )


def test_refusing_wrongly(measured):
    """What is refused wrongly, and what is answered wrongly, are counted."""
    answers = measured(refused(hit(5)), answered(hit(9))).all.answers
    assert (answers.precision, answers.recall, answers.answerable_refused) == (
        Proportion(0, 1),
        Proportion(0, 1),
        Proportion(1, 1),
    )


def test_unanswerable_question_has_no_order(measured):
    """A question that is not answerable counts for refusing only."""
    figures = measured(answered(hit(5)), refused(hit(9)))
    [_, out] = figures.kinds
    assert (out.name, out.order) == ("out", None)
    assert out.answers.full == Proportion(0, 0)
    assert figures.all.order.ndcg_10 == figures.kinds[0].order.ndcg_10


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(boxed(5), id="the sentence"),
        pytest.param(boxed(5, "Officers  must\nask first."), id="other white space"),
        pytest.param(boxed(5, "It is so. Officers must ask first. Always."), id="more"),
        pytest.param(boxed(5, numbering="inferred"), id="inferred"),
    ],
)
def test_sentence_is_told(measured, told):
    """A box with the same paragraph that has the sentence is full."""
    answers = measured(answered(hit(5), box=[told])).all.answers
    assert (answers.full, answers.told_or_marked) == (Proportion(1, 1), Proportion(1, 1))


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(boxed(5, "Officers must ask."), id="other words"),
        pytest.param(boxed(5, "must ask first"), id="a part of it"),
        pytest.param(boxed(50), id="other paragraph"),
        pytest.param(boxed("summary"), id="the summary"),
        pytest.param(boxed(5, reference="21 000 833"), id="other decision"),
        pytest.param(boxed(5, " "), id="nothing"),
    ],
)
def test_sentence_is_not_told(measured, told):
    """Other words, or the same ones of another paragraph, do not make a box full."""
    assert measured(answered(hit(5), box=[told])).all.answers.full == Proportion(0, 1)


def test_sentence_in_what_the_box_leaves_out(measured):
    """A sentence in an item of a list that the box leaves out is not told."""
    lines = (Line("They must:"), Line("write;", 1), Line("Officers must ask first.", 1))
    whole = replace(paragraph(5, ""), lines=lines)
    left_out = replace(excerpt(whole, ENTRY, {}), kept=(0, 1), parts=())
    assert left_out.text == "They must:\nwrite;\n[…]"
    assert measured(answered(hit(5), box=[left_out])).all.answers.full == Proportion(0, 1)


# The answer box.


def of_box(answers):
    """Right, wrong and silent, of how many."""
    return [(share.count, share.of) for share in (answers.right, answers.wrong, answers.silent)]


@pytest.mark.parametrize(
    ("answer", "right", "wrong", "silent"),
    [
        pytest.param(answered(hit(5), box=[boxed(5)]), 1, 0, 0, id="answers"),
        pytest.param(answered(hit(5), box=[boxed(5), boxed(9)]), 1, 0, 0, id="answers first"),
        pytest.param(answered(hit(5), box=[boxed(9), boxed(5)]), 0, 1, 0, id="answers second"),
        pytest.param(answered(hit(5), box=[boxed("summary")]), 0, 1, 0, id="only helps"),
        pytest.param(answered(hit(5)), 0, 0, 1, id="no box"),
        pytest.param(refused(hit(5)), 0, 0, 1, id="refused"),
        pytest.param(opened(hit(9), box=[boxed(9)]), 0, 1, 0, id="opened another"),
        pytest.param(answered(kind="register", register=RegisterAnswer(1, (), {}, "One.")), 0, 1, 0, id="counted"),
    ],
)
def test_box_is_right_wrong_or_silent(measured, answer, right, wrong, silent):
    """A box is right if its first paragraph answers; any other is wrong, and a question without one is silent."""
    assert of_box(measured(answer).all.answers) == [(right, 1), (wrong, 1), (silent, 1)]


def test_box_on_what_cannot_be_answered(measured):
    """A box on a question that should be refused is counted apart, and for nothing else."""
    answers = measured(answered(hit(5), box=[boxed(5)]), answered(hit(9), box=[boxed(9)])).all.answers
    assert answers.boxed == Proportion(1, 1)
    assert of_box(answers) == [(1, 1), (0, 1), (0, 1)]
    assert measured(answered(hit(5)), refused(hit(9))).all.answers.boxed == Proportion(0, 1)


# Why it is refused.


@pytest.mark.parametrize(
    ("other", "refused_", "told"),
    [
        pytest.param(refused(reason="premise"), Proportion(1, 1), Proportion(1, 1), id="for this reason"),
        pytest.param(refused(reason="unclear"), Proportion(1, 1), Proportion(0, 1), id="for another"),
        pytest.param(answered(hit(9)), Proportion(0, 1), Proportion(0, 0), id="not refused"),
    ],
)
def test_refusals_by_reason(written, other, refused_, told):
    """For each reason to refuse it is told how many were refused, and how many of these for that reason."""
    questions = read_questions(written([ANSWERABLE, UNANSWERABLE | {"reason": "premise"}]))
    answers = {ANSWERABLE["question"]: answered(hit(5)), UNANSWERABLE["question"]: other}
    assert evaluate(ToldAnswerer(answers), questions).reasons == (("premise", refused_, told),)


def test_kind_is_the_reason_where_none_is_given(measured):
    """A question that should be refused without saying why counts under its kind."""
    assert [name for name, *_ in measured(answered(hit(5)), refused()).reasons] == ["out"]


# How far probabilities are what they say.


def test_calibration_by_hand():
    """Three said .25, of which one held, and one said .95, which did not: (3 × |.25 - 1/3| + .95) / 4."""
    found = Calibration.of([0.25, 0.25, 0.25, 0.95], [True, False, False, False])
    assert found.error == pytest.approx((3 * (1 / 3 - 0.25) + 0.95) / 4)
    assert [count for count, _, _ in found.bins] == [0, 0, 3, 0, 0, 0, 0, 0, 0, 1]
    assert found.bins[2][1:] == (pytest.approx(0.25), pytest.approx(1 / 3))


PROBABLE = st.lists(st.tuples(st.floats(0, 1), st.booleans()))


@given(PROBABLE)
def test_calibration_counts_every_probability(pairs):
    """Whatever is said, 0 and 1 too, each probability is in one tenth, and the error lies between 0 and 1."""
    found = Calibration.of([said for said, _ in pairs], [held for _, held in pairs])
    assert sum(count for count, _, _ in found.bins) == len(pairs)
    assert -1e-9 <= found.error <= 1 + 1e-9


@given(st.lists(st.booleans(), min_size=1))
def test_certainty_that_holds_has_no_error(held):
    """Who says 1 of what holds and 0 of what does not makes no error; who says the opposite makes all that there is."""
    assert Calibration.of([float(one) for one in held], held).error == 0
    assert Calibration.of([1.0 - one for one in held], held).error == 1


def test_reliability_diagram():
    """The diagram has a line for each tenth that has anything: what was said, what held, and how many."""
    text = Calibration.of([0.25, 0.25, 0.95, 0.95], [True, False, True, True]).as_text("the box is right")
    heading, *lines = text.splitlines()
    assert "“the box is right”" in heading and "0.150" in heading
    assert [line.split()[:4] for line in lines] == [["said", "0.25", "held", "0.50"], ["said", "0.95", "held", "1.00"]]
    assert [line.split()[-1] for line in lines] == ["2", "2"]
    assert [line.index("|") - line.index("held 0.50") for line in lines[:1]] == [11 + 10]
    assert [line.count("█") for line in lines] == [19, 39]


def test_calibration_is_of_content(measured):
    """Only what was said of paragraphs is judged: a typed citation is certain, and no model says so."""
    figures = measured(answered(hit(5), box=[boxed(5)], confidence=0.75), opened(hit(9), box=[boxed(9)]))
    assert [count for count, _, _ in figures.calibration.bins] == [0] * 7 + [1, 0, 0]
    assert figures.calibration.error == pytest.approx(0.25)
    assert measured(answered(hit(5))).calibration is None


def test_calibration_is_of_silent_answers_too(measured):
    """Where no box is shown, what was said of the best paragraph counts all the same."""
    figures = measured(answered(hit(9), hit(5), confidence=0.1))
    assert figures.calibration.bins[1] == (1, pytest.approx(0.1), 0.0)


TEXT = "It is fault. Officers must\nask first. Mr D did not know."


@pytest.mark.parametrize(
    ("span", "marked"),
    [
        pytest.param((13, 37), 1, id="the sentence"),
        pytest.param((0, 57), 1, id="more"),
        pytest.param((22, 30), 1, id="a part of it"),
        pytest.param((0, 12), 0, id="the one before"),
        pytest.param((0, 20), 0, id="overlapping"),
        pytest.param((20, 20), 0, id="nothing"),
    ],
)
def test_sentence_is_marked(measured, span, marked):
    """A highlight marks the sentence if one of them lies within the other."""
    answers = measured(answered(hit(9), hit(5, TEXT), spans=((), (span,)))).all.answers
    assert (answers.full, answers.told_or_marked) == (Proportion(0, 1), Proportion(marked, 1))


def test_highlight_of_another_paragraph(measured):
    """The same words highlighted in another paragraph do not mark the sentence."""
    assert measured(answered(hit(9, TEXT), spans=(((13, 37),),))).all.answers.told_or_marked == Proportion(0, 1)


def test_percentiles(written):
    """Half of the questions take no longer than p50, 95% no longer than p95."""
    questions = [ANSWERABLE | {"id": str(number), "question": f"Question {number}?"} for number in range(101)]
    answers = {f"Question {number}?": answered(hit(5), took_ms=float(number)) for number in range(101)}
    figures = evaluate(ToldAnswerer(answers), read_questions(written(questions)))
    assert (figures.all.p50, figures.all.p95) == (50, 95)


def test_progress(written):
    """Progress is told after each question."""
    told = []
    answerer = ToldAnswerer({ANSWERABLE["question"]: answered(), UNANSWERABLE["question"]: refused()})
    evaluate(answerer, read_questions(written([ANSWERABLE, UNANSWERABLE])), lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]


def test_figures_as_json(measured):
    """The figures of all and of each kind stand under their names, with null where there is nothing to measure."""
    figures = json.loads(json.dumps(measured(answered(hit(5)), refused(hit(9))).as_json()))
    assert list(figures["kinds"]) == ["fact", "out"]
    assert figures["kinds"]["out"]["ndcg@10"] is None
    assert figures["all"]["recall@10"] == 1
    assert figures["all"]["refusal_recall"] == {"count": 1, "of": 1, "share": 1.0, "interval": [0.2065, 1.0]}
    one = {"count": 1, "of": 1, "share": 1.0, "interval": [0.2065, 1.0]}
    assert figures["reasons"] == {
        "out": {"refused": one, "for_this_reason": one | {"count": 0, "share": 0.0, "interval": [0.0, 0.7935]}}
    }
    assert figures["calibration"] is None


def test_box_figures_as_json(measured):
    """What the box tells stands under its names, each share with its interval."""
    row = measured(answered(hit(5), box=[boxed(5)], confidence=0.75), refused(hit(9))).as_json()
    names = ("box_right", "box_full", "box_wrong", "box_silent", "box_on_unanswerable", "told_or_marked")
    assert [row["all"][name]["count"] for name in names] == [1, 1, 0, 0, 0, 1]
    assert all(row["all"][name]["of"] == 1 for name in names)
    assert row["calibration"]["expected_calibration_error"] == 0.25
    assert row["calibration"]["bins"] == [{"count": 1, "said": 0.75, "held": 1.0}]


def test_tables(measured):
    """There is a table of the order, one of the box, one of the reasons: a line for each kind, and the last for all."""
    tables = measured(answered(hit(5)), refused(hit(9), took_ms=1234.5)).as_table().split("\n\n")
    order, box, reasons = (table.splitlines() for table in tables)
    assert [line.split()[0] for line in order[1:]] == ["kind", "fact", "out", "all"]
    assert len({len(line) for line in order[1:]}) == 1
    assert [line.split()[0] for line in box] == ["answer", "fact", "out", "all"]
    assert [line.split()[0] for line in reasons] == ["refused", "out"]


def test_diagram_stands_below_the_tables(measured):
    """Where it was said how likely an answer is, the reliability diagram is the last of the text."""
    text = measured(answered(hit(5), box=[boxed(5)], confidence=0.75)).as_table()
    assert text.split("\n\n")[-1].startswith("How far “the first paragraph answers” is as likely as said")


def test_table_of_plain_passages():
    """Where nothing is refused or told, the table has no columns for it."""
    row = Row("all", 2, RankingMetrics(1, 1, 1, 1, 1), None, 1.0, 2.0)
    assert as_table([row]).splitlines()[-1].split() == ["all", "2", *["1.000"] * 5, "1.0", "2.0"]


# The files.


def test_questions_are_read(written):
    """A question has its grades by the places they were given to, and its sentence."""
    first, second = read_questions(written([ANSWERABLE, UNANSWERABLE]))
    kent = Reference(KENT)
    assert first.grades == {Pinpoint(kent, 5): 2, Pinpoint(kent, "summary"): 1}
    assert (first.answer_sentence.pinpoint, first.answer_sentence.text) == (
        Pinpoint(kent, 5),
        "Officers must ask first.",
    )
    assert (second.relevant, second.answer_sentence) == ((), None)


def test_gzipped_questions(tmp_path):
    """A gzipped file of questions is read."""
    path = tmp_path / "questions.json.gz"
    path.write_bytes(gzip.compress(json.dumps([UNANSWERABLE]).encode()))
    assert [question.id for question in read_questions(path)] == ["b"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file questions.json is not JSON; it must be a list of judged questions."),
        ("{}", "The file questions.json is no JSON list; it must be a list of judged questions."),
        ("[]", "The file questions.json holds no question."),
    ],
)
def test_wrong_questions_file(written, content, reason):
    """A file that is no list of questions is refused."""
    with pytest.raises(InputError) as raised:
        read_questions(written(content))
    assert str(raised.value) == reason


def relevant(**changes):
    return {"relevant": [ANSWERABLE["relevant"][0] | changes]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": 7}, "“id” must be a text."),
        ({"id": "b"}, "the id “b” is there twice."),
        ({"kind": " "}, "“kind” must be a text."),
        ({"question": ""}, "“question” must be a text of 1 to 2,000 characters."),
        ({"question": "x" * 2001}, "“question” must be a text of 1 to 2,000 characters."),
        ({"relevant": None}, "“relevant” must be a list of objects, each with reference, paragraph and grade."),
        (relevant(reference="21-17"), "“reference” must be a reference such as 21 017 496."),
        (relevant(reference=21017496), "“reference” must be a reference such as 21 017 496."),
        (relevant(paragraph=0), "“paragraph” must be a whole number from 1 on, or summary."),
        (relevant(paragraph="5"), "“paragraph” must be a whole number from 1 on, or summary."),
        (relevant(paragraph=True), "“paragraph” must be a whole number from 1 on, or summary."),
        (relevant(grade=3), "“grade” must be 1 or 2."),
        (relevant(grade=True), "“grade” must be 1 or 2."),
        ({"relevant": [{"reference": KENT, "paragraph": 5}]}, "“grade” is missing."),
        ({"relevant": ANSWERABLE["relevant"][:1] * 2}, "“relevant” has a paragraph twice."),
        (
            {"answer_sentence": "Ask."},
            "“answer_sentence” must be an object with reference, paragraph and text, or null.",
        ),
        ({"answer_sentence": {"reference": KENT, "paragraph": 5, "text": ""}}, "“text” must be a text."),
    ],
)
def test_wrong_entry(written, changes, reason):
    """An entry that is no judged question is named, with what is wrong."""
    with pytest.raises(InputError) as raised:
        read_questions(written([UNANSWERABLE, ANSWERABLE | changes]))
    assert str(raised.value) == f"Entry 2 of questions.json: {reason}"


def test_entry_that_is_no_object(written):
    """An entry that is no object is named."""
    with pytest.raises(InputError, match=r"Entry 1 of .*: it must be a JSON object"):
        read_questions(written([["What is the rule?"]]))


# Plain passages.

IDS = ["1|1.", "1|1.1", "1|1.2", "2|1."]


def test_plain_questions_are_read(written):
    """Each line is a question with the ids of what is relevant to it."""
    path = written('{"id": "q", "question": "Who audits?", "relevant": ["1|1.1"]}\n')
    assert read_plain_questions(path) == [PlainQuestion("q", "Who audits?", ("1|1.1",))]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "q", "question": "Who audits?"}, "“relevant” is missing."),
        (
            {"id": "q", "question": "Who audits?", "relevant": "1|1.1"},
            "“relevant” must be a list of the ids of passages.",
        ),
        ({"id": "q", "question": "Who audits?", "relevant": [1]}, "“relevant” must be a list of the ids of passages."),
        ({"id": "q", "question": "", "relevant": []}, "“question” must be a text."),
    ],
)
def test_wrong_plain_question(written, row, reason):
    """A line that is no question is named, with what is wrong."""
    with pytest.raises(InputError) as raised:
        read_plain_questions(written(row))
    assert str(raised.value) == f"Line 1 of questions.json: {reason}"


def test_plain_figures_by_hand():
    """Passages are told by their positions, and all that is relevant has grade 1."""
    searcher = ToldSearcher({"one": [3, 1], "two": [0]})
    questions = [PlainQuestion("1", "one", ("1|1.1", "1|1.2")), PlainQuestion("2", "two", ("1|1.",))]
    row = evaluate_plain(searcher, questions, IDS).all
    assert row.order.ndcg_10 == pytest.approx((1 + (1 / 1.584963) / 1.630930) / 2, abs=1e-6)
    assert (row.order.recall_5, row.order.recall_10, row.order.success_3) == (0.75, 0.75, 1)
    assert row.order.average_precision_10 == pytest.approx((1 + 0.25) / 2)
    assert (row.questions, row.answers) == (2, None)
    assert 0 <= row.p50 <= row.p95


def test_plain_question_without_anything_relevant():
    """A question to which no passage is relevant is left out."""
    questions = [PlainQuestion("1", "one", ()), PlainQuestion("2", "two", ("1|1.",))]
    assert evaluate_plain(ToldSearcher({"two": [0]}), questions, IDS).all.questions == 1


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        (("3|1.",), "Question “1” names a passage “3|1.” that there is not."),
        ((), "None of the questions names a relevant passage."),
    ],
)
def test_plain_questions_that_cannot_be_judged(ids, reason):
    """Questions on passages that there are not are refused, and so are questions on none at all."""
    with pytest.raises(InputError) as raised:
        evaluate_plain(ToldSearcher({}), [PlainQuestion("1", "one", ids)], IDS)
    assert str(raised.value) == reason


# The script.


def figures_of(models):
    """As good as the number of parts that were left in."""
    figure = 1 - len(models.ablated) / 2
    return Figures((), Row("all", 1, RankingMetrics(*[figure] * 5), None, 1.0, 1.0))


def report(capsys, as_json, ablation):
    script.report(figures_of, script.Models(None, None, None), as_json, ablation)
    return capsys.readouterr().out


def test_ablation_has_a_line_for_each_part(capsys):
    """With --ablation a second table has a line for all parts together and one without each."""
    rows = report(capsys, as_json=False, ablation=True).split("\n\n")[1].splitlines()[2:]
    assert [row.split("  ")[0] for row in rows] == ["all", *(f"without {part}" for part in script.PARTS)]
    assert all(row.split()[-7:-2] == ["0.500"] * 5 for row in rows[1:])


def test_ablation_as_json(capsys):
    """With --json the figures without each part stand under its name."""
    told = json.loads(report(capsys, as_json=True, ablation=True))
    assert {part: row["ndcg@10"] for part, row in told["without"].items()} == dict.fromkeys(script.PARTS, 0.5)
    assert told["all"]["ndcg@10"] == 1
    assert "without" not in json.loads(report(capsys, as_json=True, ablation=False))


@pytest.mark.parametrize(
    ("bounds", "missed"),
    [
        ({"ndcg@10": 0.5}, []),
        ({"ndcg@10": 0.6}, ["ndcg@10 is 0.5, and may be 0.6 at least"]),
        ({"box_right": 0.7, "box_wrong": 0.2}, []),
        ({"box_right": 0.8}, ["box_right is 0.7, and may be 0.8 at least"]),
        ({"box_wrong": 0.1}, ["box_wrong is 0.2, and may be 0.1 at most"]),
        ({"box_on_unanswerable": 0.0}, []),
        ({"box_full": 0.1}, ["box_full is None, and may be 0.1 at least"]),
    ],
)
def test_figures_out_of_bounds(bounds, missed):
    """What should be great must not be less than its bound, what should be small not more; nothing is 0."""
    figures = {"ndcg@10": 0.5, "box_right": {"share": 0.7}, "box_wrong": {"share": 0.2}}
    figures |= {"box_on_unanswerable": {"share": None}, "box_full": {"share": None}}
    assert script.missed_bounds(figures, bounds) == missed


def test_gate_of_the_project_is_of_figures_that_there_are(measured):
    """The figures that may not become worse are all measured, and those of the answer box are among them."""
    bounds = script.read_bounds(PROJECT / "tests" / "figures.json")
    assert set(bounds) <= set(measured(answered(hit(5)), refused(hit(9))).all.as_json())
    assert {"box_right", "box_full", "box_wrong", "box_on_unanswerable"} <= set(bounds)


@pytest.mark.parametrize("content", ["", "[]x", '["ndcg@10"]', '{"ndcg": 0.5}', '{"ndcg@10": "high"}', "7"])
def test_wrong_gate(tmp_path, content):
    """A file that has not the bounds of figures is refused."""
    path = tmp_path / "gate.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"^gate\.json is no JSON object of figures with numbers: "):
        script.read_bounds(path)


def test_sample_is_always_the_same():
    """So many questions are sampled, each once, and the same ones each time."""
    questions = [PlainQuestion(str(number), "Who audits?", ()) for number in range(100)]
    chosen = script.sample(questions, 10)
    assert chosen == script.sample(questions, 10)
    assert len({question.id for question in chosen}) == 10
    assert script.sample(questions, 1000) == script.sample(questions, None) == questions


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--passages", "p.jsonl"],
        ["--questions", "q.jsonl"],
        ["q.json", "--passages", "p.jsonl", "--questions", "q.jsonl"],
        ["q.json", "--limit", "5"],
        ["q.json", "--folder", "kept"],
        ["--passages", "p.jsonl", "--questions", "q.jsonl", "--index", "index"],
        ["--passages", "p.jsonl", "--questions", "q.jsonl", "--limit", "0"],
    ],
)
def test_wrong_use_of_the_script(arguments, capsys):
    """Arguments that do not go together are refused with how to use it, exit 2."""
    with pytest.raises(SystemExit) as stopped:
        script.main(arguments)
    assert stopped.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_wrong_file_for_the_script(written, capsys):
    """A wrong file is refused in one sentence, exit 2, before a model is loaded."""
    assert script.main([str(written("[]"))]) == 2
    assert capsys.readouterr().err == "evaluate: The file questions.json holds no question.\n"


def test_script_on_decisions(written, seed_index, capsys):
    """The script measures the answers from an index of decisions."""
    paragraphs = [{"reference": "21 017 496", "paragraph": number, "grade": 2} for number in (49, 51)]
    asked = ANSWERABLE | {"question": MISSION, "relevant": paragraphs, "answer_sentence": None}
    assert script.main([str(written([asked, UNANSWERABLE])), "--index", str(seed_index), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["all"]["questions"] == 2
    assert told["kinds"]["fact"]["recall@10"] == 1


@pytest.mark.parametrize(("least", "code"), [(0.9, 0), (1.1, 1)])
def test_script_holds_figures(tmp_path, written, seed_index, capsys, least, code):
    """With --gate the script fails, and says which figure is worse than it may be."""
    paragraphs = [{"reference": "21 017 496", "paragraph": 51, "grade": 2}]
    asked = ANSWERABLE | {"question": MISSION, "relevant": paragraphs, "answer_sentence": None}
    gate = tmp_path / "gate.json"
    gate.write_text(json.dumps({"recall@10": least}), encoding="utf-8")
    given = [str(written([asked])), "--index", str(seed_index), "--json", "--gate", str(gate)]
    assert script.main(given) == code
    assert ("evaluate: recall@10 is 1.0, and may be 1.1 at least" in capsys.readouterr().err) == bool(code)


def test_script_on_passages(tmp_path, written, capsys):
    """The script measures the order of plain passages, and keeps their index."""
    passages = tmp_path / "passages.jsonl"
    texts = ["Branches keep records for six years.", "A fund appoints an auditor.", "Fees are due in March."]
    rows = [json.dumps({"id": identity, "text": text}) for identity, text in zip(IDS, texts, strict=False)]
    passages.write_text("\n".join(rows), encoding="utf-8")
    questions = written({"id": "q", "question": "Who appoints the auditor of a fund?", "relevant": ["1|1.1"]})
    kept = tmp_path / "kept"
    given = ["--passages", str(passages), "--questions", str(questions), "--folder", str(kept)]
    assert script.main(given) == 0
    table = capsys.readouterr().out
    assert table.splitlines()[-1].split()[:7] == ["all", "1", *["1.000"] * 5]
    assert kept.is_dir()
