"""What a question gets, with the real model: an answer box that can be quoted, or silence, or a no that says why."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import MISSION, PROJECT, SEEDS, as_set

from index.build import build
from index.decisions import Reference
from index.latest_store import LatestStore
from index.passages import sentences
from qa.answering.answer import Answer, Answerer, asked_sums, with_published_sums
from qa.answering.citations import PUBLISHER, citation_full
from qa.answering.extract import LEFT_OUT
from qa.evaluation.judged import Judged, read_questions
from qa.letters.check import check_letter
from qa.retrieval.models import Models
from qa.retrieval.requests import Question
from qa.serialise import answer_as_json
from qa.settings import Settings
from qa.web.app import create_app

CAPTURES = PROJECT / "tests" / "captures"
HELD = {
    "decisions": 5,
    "categories": ["Children's care services > Child protection", "Children's care services > Other"],
    "from": "2021-03-10",
    "to": "2022-10-09",
}
LEANING = re.compile(r"(?:This|However|It|They|But|These)\b")
"""How sentences begin that hang on the one before."""


@pytest.fixture(scope="session")
def every(answerer, some) -> list[tuple[Judged, Answer]]:
    """Judged questions of the project, and their answers."""
    judged = some(read_questions(PROJECT / "tests" / "questions.json"))
    with ThreadPoolExecutor(8) as threads:  # the model reads together what is asked at once
        answers = threads.map(lambda one: answerer.answer(Question(question=one.question)), judged)
        return list(zip(judged, answers, strict=True))


@pytest.fixture(scope="session")
def boxes(every) -> list[Answer]:
    """The answers that have a box."""
    found = [answer for _, answer in every if answer.box]
    assert len(found) > len(every) / 5
    return found


@pytest.fixture(scope="session")
def excerpts(boxes):
    """Each paragraph that a box tells, as it tells it, once."""
    return list({(one.paragraph.pinpoint, one.text): one for answer in boxes for one in answer.box}.values())


@pytest.fixture(scope="session")
def cases(tmp_path_factory, model, models) -> Answerer:
    """What answers from the seeds, a decision in which no fault was found, and one with a sum.

    It shows every box, however unlikely: what it must never tell, it must not tell then either.
    """
    folder = tmp_path_factory.mktemp("cases")
    (folder / "decisions").mkdir()
    for path in (*SEEDS.glob("*.txt"), CAPTURES / "no-fault.txt", CAPTURES / "findings.txt"):
        (folder / "decisions" / path.name).write_bytes(path.read_bytes())
    build(folder / "decisions", folder / "index", model.model, lambda _: model)
    return Answerer(LatestStore(folder / "index"), models, Settings().threshold, confidence=0.0)


def ask(client, question, **fields):
    """The body of an answer, which is always status 200."""
    response = client.post("/ask", json={"question": question} | fields)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return response.get_json()


@pytest.fixture
def told(cases):
    """Asks for a decision that is no seed."""
    client = create_app(cases).test_client()
    return lambda question, **fields: ask(client, question, **fields)


# A box is a true quotation


def letter_of(text, citation):
    """A letter with nothing in it but a quotation and, below it, where it stands."""
    return f"“{text}”\n{citation}"


def not_exact(letters, store):
    """Those of some letters of which the letter check says anything but that all is exact."""
    found = {letter: [one.verdict for one in check_letter(letter, store)] for letter in letters}
    return {letter: verdicts for letter, verdicts in found.items() if verdicts != ["exact"]}


def test_every_box_is_exact(excerpts, answerer):
    """Every paragraph that any box tells is found exact by the letter check, with the citation beneath it."""
    letters = [letter_of(one.text, one.citation) for one in excerpts]
    assert not_exact(letters, answerer.stores.get()) == {}


def test_every_box_is_exact_with_the_full_citation(excerpts, answerer):
    """So is it with the citation that has the publisher and the date."""
    letters = [letter_of(one.text, citation_full(one.paragraph, one.entry)) for one in excerpts]
    assert not_exact(letters, answerer.stores.get()) == {}


def test_box_stands_in_the_json(boxes):
    """The text has the paragraphs of the box, apart by an empty line, and the sentences their citations, in order."""
    for answer in boxes:
        body = answer_as_json(answer)["answer"]
        cited = dict.fromkeys(citation for sentence in body["sentences"] for citation in sentence["citations"])
        assert body["text"].split("\n\n") == [one.text for one in answer.box]
        assert list(cited) == [one.citation for one in answer.box]


def test_sentences_stand_in_their_paragraph(boxes):
    """Every sentence stands word for word in its paragraph of the text, one behind the other."""
    for answer in boxes:
        body = answer_as_json(answer)["answer"]
        of = defaultdict(list)
        for sentence in body["sentences"]:
            of[sentence["citations"][0]].append(sentence["text"])
        for text, parts in zip(body["text"].split("\n\n"), of.values(), strict=True):
            at = 0
            for sentence in parts:
                assert sentence in text[at:]
                at = text.index(sentence, at) + len(sentence)


def test_what_is_left_out_are_lines(excerpts):
    """A paragraph is told line by line as it is published; the mark of what is left out is a line, not two."""
    for one in excerpts:
        lines = one.text.split("\n")
        published = iter(line.text for line in one.paragraph.lines)
        assert all(line in published for line in lines if line != LEFT_OUT)
        assert (LEFT_OUT, LEFT_OUT) not in itertools.pairwise(lines)
        assert (len(one.kept) == len(one.paragraph.lines)) == (LEFT_OUT not in lines)


def test_no_sentence_without_what_it_hangs_on(excerpts):
    """A sentence that begins with “This” or “However” is told with the one before it, unless it is the first."""
    for one in excerpts:
        spans = {part.span for part in one.parts}
        for before, span in itertools.pairwise(sentences(one.paragraph)):
            if span in spans and LEANING.match(one.paragraph.text[slice(*span)]):
                assert before in spans


def test_box_is_one_to_three_paragraphs(boxes):
    """A box has one to three paragraphs, none of them twice."""
    for answer in boxes:
        places = [one.paragraph.pinpoint for one in answer.box]
        assert 1 <= len(set(places)) == len(places) <= 3


def test_first_paragraph_of_a_box_is_marked(boxes):
    """In the first paragraph of a box something is marked, and it is what is told."""
    for answer in boxes:
        first = answer.box[0]
        assert set(first.marks) <= {part.span for part in first.parts}
        assert first.marks


def test_box_does_not_depend_on_how_much_is_shown(boxes, answerer):
    """Whoever asks for fewer paragraphs, or for more, gets the same box."""
    for answer in boxes[::25]:
        for limit in (1, 2, 5, 50):
            assert answerer.answer(Question(question=answer.question, limit=limit)).text == answer.text


def test_next_page_has_no_box(answerer):
    """What stands behind the first paragraphs is shown without a box."""
    first, later = (answerer.answer(Question(question=MISSION), offset) for offset in (0, 5))
    assert first.box
    assert (later.box, answer_as_json(later)["answer"]) == ((), None)


# The mission


def test_mission_is_answered_first(answerer):
    """The project's own question is answered first by the paragraph that says so."""
    first = answerer.answer(Question(question=MISSION)).box[0]
    assert first.paragraph.pinpoint.reference == Reference("21 017 496")
    assert first.paragraph.pinpoint.number in (50, 51)


def test_mission_is_marked(answerer):
    """What is marked in the box says “voluntary”."""
    box = answerer.answer(Question(question=MISSION)).box
    marked = [one.paragraph.text[start:end] for one in box for start, end in one.marks]
    assert any("voluntary" in sentence for sentence in marked)


# Shown only where it is probably right


def test_box_is_probably_right(boxes):
    """Whatever has a box, that is so likely to answer as is set."""
    assert {answer.confidence >= Settings().confidence for answer in boxes} == {True}


def test_silent_answer(every, answerer):
    """Where nothing is probably right the question is answered with paragraphs alone, and nothing is refused."""
    silent = [answer for _, answer in every if answer.hits and not answer.box]
    assert silent
    for answer in silent:
        body = answer_as_json(answer)
        assert (body["status"], body["answer"], body["nearest"]) == ("answered", None, [])
        assert body["paragraphs"]
        assert not {"reason", "detail", "held"} & set(body)


@pytest.mark.parametrize(("confidence", "has_box"), [(0.0, True), (1.0, False)])
def test_threshold_of_the_box(answerer, models, confidence, has_box):
    """At 0 there is a box even where it is not likely to be right; at 1 there is none."""
    careful = Answerer(answerer.stores, models, Settings().threshold, confidence=confidence)
    question = "Which rules apply to the council's written agreements, and who must explain what to whom?"
    for asked in (MISSION, question):
        answer = careful.answer(Question(question=asked))
        assert (answer.status, bool(answer.box)) == ("answered", has_box)


def test_another_model_has_no_box(tmp_path, decisions, fake):
    """Of what another model makes of a question nothing was learned: there are paragraphs, and no box."""
    build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    answer = as_set(LatestStore(tmp_path / "index"), Models.of(fake)).answer(Question(question="lanyard"))
    assert (answer.status, answer.box, answer.confidence) == ("answered", (), 0.0)
    assert answer.hits
    assert set(answer.highlights) == {()}


def test_marks_are_not_everywhere(every):
    """Less than half of the paragraphs that are shown have a mark, and hardly one has more than two in a row."""
    spans = [marks for _, answer in every for marks in answer.highlights if answer.hits]
    assert sum(map(bool, spans)) < len(spans) / 2
    assert sum(len(marks) > 2 for marks in spans) < len(spans) / 50


def test_nothing_is_marked_beside_a_refusal(every):
    """The nearest paragraphs of a question that is refused do not answer, and nothing in them is marked."""
    refused = [answer for _, answer in every if answer.refusal]
    assert refused
    assert {marks for answer in refused for marks in answer.highlights} <= {()}


# Whose words


def test_allegation_is_told_with_what_was_found(told):
    """In a decision that was not upheld what was alleged is never told without what was found."""
    answer = told("was Broadmere at fault over the flood survey?")["answer"]
    assert any(found in answer["text"] for found in ("There was no fault by the Council.", "I find no fault."))


@pytest.mark.parametrize(
    "question",
    [
        "was Broadmere at fault over the flood survey?",
        "Did the council fail to weigh the flood survey?",
        "flood survey garage neighbour",
        "what did Mr L complain about?",
        "Why did the council let the neighbour of Mr L build a garage without weighing the flood survey?",
        "Did Broadmere let somebody build a garage without looking at the flood survey?",
    ],
)
def test_allegation_is_never_alone(told, question):
    """However it is asked, what tells the complaint about the survey tells that there was no fault."""
    answer = told(question)["answer"]
    text = answer["text"] if answer else ""
    if "without weighing the flood survey" in text:
        assert "There was no fault by the Council." in text or "I find no fault." in text


def test_voice_of_an_allegation(told):
    """What somebody complained of is told as the complainant's words, what was found as the Ombudsman's."""
    answer = told("was Broadmere at fault over the flood survey?")["answer"]
    voices = {sentence["text"]: sentence["voice"] for sentence in answer["sentences"]}
    found = {"There was no fault by the Council.", "I find no fault."} & set(voices)
    assert {voices[text] for text in found} == {"ombudsman"}
    assert {voice for text, voice in voices.items() if text.startswith("Mr L complained")} <= {"complainant"}


def test_who_alleges_is_not_first(boxes):
    """Nobody who asks what happened is told first what somebody only complained of, in the complaint itself."""
    questions = re.compile(
        r"(?i)\bcomplain|\balleg|\baccus|\bsay|\bsaid|\bwant|\bhop|\bunhapp|\bask|\bclaim|\bdid .* (?:think|feel)"
    )
    for answer in boxes:
        if answer.box[0].paragraph.role == "complaint" and not questions.search(answer.question):
            assert len(answer.box) > 1
            assert any(part.voice == "ombudsman" for one in answer.box[1:] for part in one.parts)


# Sums


def sums(body):
    """The sums that an answer tells."""
    return set(re.findall(r"£[0-9,]+", body["answer"]["text"] if body["answer"] else ""))


@pytest.mark.parametrize("sum_", ["£1250", "£1,250"])
def test_sum_is_told(told, sum_):
    """A sum that was paid is told, and no other, however it is written."""
    assert sums(told(f"who was paid {sum_} for the noise of a kennels?")) == {"£1,250"}


def test_sum_that_stands_nowhere_tells_no_other(told):
    """A sum that no decision has is a wrong premise: it is refused, and no other sum is told."""
    body = told("who was paid £1255 for the noise of a kennels?")
    assert (body["status"], body["reason"], body["answer"]) == ("not_found", "premise", None)
    assert "£1255" in body["detail"] or "£1,255" in body["detail"]
    assert "£1,250" not in body["detail"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("who was paid £1255 for the kennels?", ["1255"]),
        ("why was Mr J awarded £1,255?", ["1255"]),
        ("who got £300 and who £1,250.50 for distress?", ["300", "1250.50"]),
        ("My council owes me £300, who decides what is paid?", []),
        ("I lost £12,000 in rent, can I get that back?", []),
        ("£300", []),
        ("was it £300,", []),
    ],
)
def test_sums_that_a_question_takes_for_granted(question, asked):
    """The sums that somebody says were paid in a case are looked for; those of one's own story are not."""
    assert asked_sums(question) == asked


@pytest.mark.parametrize(
    ("question", "published"),
    [
        ("who was paid £1250?", "who was paid £1,250?"),
        ("who was paid £1,250?", "who was paid £1,250?"),
        ("£100 or £12000", "£100 or £12,000"),
        ("£1250.50 for 1250 days", "£1,250.50 for 1250 days"),
        ("£ 1250 at 21 017 496", "£1,250 at 21 017 496"),
        ("£1250pw", "£1250pw"),
    ],
)
def test_sums_are_read_as_they_are_published(question, published):
    """A sum is searched for as decisions write it; other numbers stay as they are."""
    assert with_published_sums(question) == published


# Why there is no answer

REASONS = [
    ("out_of_scope", "What is the recipe for a lemon cake?", "about complaints"),
    (
        "subject_not_held",
        "My bins have not been collected for six weeks",
        "5 decisions, all about children's care services, 2021 to 2022",
    ),
    ("body_not_held", "Was Medway Council at fault?", "We have no decisions about Medway Council."),
    ("body_not_held", "the Surrey case", "We have no decisions about Surrey."),
    ("reference_not_held", "21 017 497", "21 017 497"),
    ("reference_not_held", "What did 22 007 123 say about written agreements?", "22 007 123"),
    ("paragraph_not_held", "21 017 496 paragraph 66", "paragraphs 1 to 65"),
    ("not_in_decisions", "how many paragraphs mention hotels?", "cannot count"),
    ("not_in_decisions", "What does the Ombudsman usually award for distress?", "what is usual"),
    ("premise", "how much did Kent pay for the broken window?", "“window”"),
    ("no_words", "?!…", "no words"),
    ("unclear", "the of and", "not clear"),
]


@pytest.mark.parametrize(("reason", "question", "words"), REASONS)
def test_refusal_says_why(client, reason, question, words):
    """Each reason is told, as one sentence with what to do next, and with what is held."""
    body = ask(client, question)
    assert (body["status"], body["reason"], body["answer"], body["paragraphs"]) == ("not_found", reason, None, [])
    assert words in body["detail"]
    assert re.fullmatch(r"[A-Z].*[.]", body["detail"])
    assert body["held"] == HELD


def test_out_of_scope_shows_nothing(client):
    """Beside a question that has nothing to do with the Ombudsman no paragraph is shown; beside others the nearest."""
    shown = {reason: len(ask(client, question, limit=3)["nearest"]) for reason, question, _ in REASONS}
    assert (shown["out_of_scope"], shown["subject_not_held"], shown["premise"], shown["unclear"]) == (0, 3, 3, 3)


def test_answered_question_has_no_reason(client):
    """What is answered has neither a reason nor a detail, nor what is held."""
    assert not {"reason", "detail", "held", "corrected"} & set(ask(client, MISSION))


def test_premise_says_nothing_false(every):
    """A word that is said to be missing in a decision does not stand in it."""
    false = []
    for _, answer in every:
        match = re.search(r"\((?P<reference>\d\d \d{3} \d{3}\w?)\)", answer.refusal.detail if answer.refusal else "")
        if match and answer.refusal.reason == "premise":
            places = answer.store.decision(Reference(match["reference"])).places()
            text = "\n".join(place.text for place in places)
            words = re.findall("“([^”]+)”", answer.refusal.detail)
            there = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]
            false += [(answer.question, word) for word in there]
    assert false == []


@pytest.mark.parametrize(
    "question",
    [question for reason, question, _ in REASONS if reason in ("out_of_scope", "premise", "subject_not_held")],
)
def test_threshold_zero_never_refuses_what_was_learned(answerer, models, question):
    """At 0 nothing is refused for what was learned of such questions."""
    lenient = Answerer(answerer.stores, models, 0.0)
    assert lenient.answer(Question(question=question)).status == "answered"


@pytest.mark.parametrize(
    ("reason", "question"),
    [
        (reason, question)
        for reason, question, _ in REASONS
        if reason not in ("out_of_scope", "premise", "subject_not_held")
    ],
)
def test_threshold_zero_refuses_what_is_not_held(answerer, models, reason, question):
    """What is named and not held, or cannot be told at all, is refused all the same."""
    answer = Answerer(answerer.stores, models, 0.0).answer(Question(question=question))
    assert (answer.status, answer.refusal.reason) == ("not_found", reason)


def test_threshold_one_refuses_every_content_question(answerer, models):
    """At 1 no question is answered with paragraphs; a citation is opened all the same."""
    strict = Answerer(answerer.stores, models, 1.0)
    assert strict.answer(Question(question=MISSION)).status == "not_found"
    assert strict.answer(Question(question="21 017 496 paragraph 50")).status == "answered"


def test_filters_that_nothing_passes(client):
    """Filters that no decision passes together are said to be so."""
    body = ask(client, MISSION, council=["Kent"], **{"from": "2022-10-01"})
    assert (body["status"], body["reason"], body["nearest"]) == ("not_found", "subject_not_held", [])
    assert "filter" in body["detail"]


# Typed citations


def numbers(body):
    return [(hit["reference"], hit["paragraph"]) for hit in body["paragraphs"]]


@pytest.mark.parametrize(
    "question",
    [
        "21 017 496 paragraph 50", "21017496 para 50", "West Northamptonshire paragraph 50", "21 017 496 §50",
        "West Northamptonshire Council (21 017 496), paragraph 50",
        f"{PUBLISHER}, West Northamptonshire Council (21 017 496), 9 October 2022, paragraph 50",
    ],
)  # fmt: skip
def test_citation_opens_its_paragraph(client, question):
    """A citation, however it is typed, gets its paragraph as it is published, and those beside it."""
    body = ask(client, question)
    published = client.get("/api/decisions/21-017-496/paragraphs/50").get_json()
    assert (body["status"], body["answer"]["kind"], body["answer"]["confidence"]) == ("answered", "citation", 1.0)
    assert body["answer"]["text"] == published["text"]
    assert numbers(body) == [("21 017 496", number) for number in (50, 49, 51)]


def test_range_opens_all(client):
    """Several paragraphs are all opened, and told in their order."""
    body = ask(client, "paras 50-51 of 21 017 496")
    assert numbers(body)[:2] == [("21 017 496", 50), ("21 017 496", 51)]
    assert len(body["answer"]["text"].split("\n\n")) == 2


def test_reference_opens_the_decision(told):
    """A reference alone opens its decision: the summary, and the first paragraphs."""
    body = told("23 004 418")
    assert (body["answer"]["kind"], body["status"]) == ("citation", "answered")
    assert body["answer"]["text"].startswith("Mr J complained about a dog kennels. There was fault.")
    assert numbers(body)[0] == ("23 004 418", "summary")
    assert {hit["council"] for hit in body["paragraphs"]} == {"Castlebeck Borough Council"}


def test_body_opens_its_decisions(client):
    """A body alone opens each of its decisions, the newest first."""
    body = ask(client, "Leicestershire")
    assert body["answer"]["kind"] == "citation"
    assert [hit["reference"] for hit in body["paragraphs"]] == ["21 000 259", "21 002 206"]


def test_opened_text_is_true_as_well(answerer):
    """What a citation opens is quoted word for word: the letter check finds all of it exact."""
    for typed in ("21 017 496", "21 000 832 paragraphs 45 to 50", "20 001 737 paragraph 80", "Leicestershire"):
        answer = answerer.answer(Question(question=typed))
        assert answer.box
        assert not_exact([letter_of(one.text, one.citation) for one in answer.box], answer.store) == {}


def test_lettered_item_is_opened(client):
    """An item of a paragraph is quoted alone, with its own citation."""
    body = ask(client, "21 000 259 paragraph 51(b)")
    assert body["answer"]["text"].startswith("make a payment to Mr X of £100")
    assert body["answer"]["sentences"][0]["citations"] == [
        "Leicestershire County Council (21 000 259), paragraph 51(b)"
    ]


def test_what_is_held_is_opened_beside_what_is_not(client):
    """Of several citations those that are held are opened, and of the others it is said that they are not."""
    body = ask(client, "21 017 496 paragraphs 50 and 99")
    assert (body["status"], numbers(body)[0]) == ("answered", ("21 017 496", 50))
    assert "99" in body["detail"]
    assert "reason" not in body


def test_nearest_reference_is_named(tmp_path, model, models):
    """Of a reference that is held with a letter behind it, it is said which is held."""
    (tmp_path / "decisions").mkdir()
    text = (CAPTURES / "findings.txt").read_text(encoding="utf-8").replace("23 004 418", "23 004 418b")
    (tmp_path / "decisions" / "b.txt").write_text(text, encoding="utf-8")
    build(tmp_path / "decisions", tmp_path / "index", model.model, lambda _: model)
    body = answer_as_json(as_set(LatestStore(tmp_path / "index"), models).answer(Question(question="23 004 418")))
    assert (body["status"], body["reason"]) == ("not_found", "reference_not_held")
    assert "23 004 418b" in body["detail"]


# Questions about the collection


def test_register_answers(client):
    """A question about the collection is answered with a count, the decisions, newest first, and a sentence."""
    body = ask(client, "How many decisions about Leicestershire were upheld?")
    answer = body["answer"]
    assert (body["status"], body["paragraphs"], body["nearest"]) == ("answered", [], [])
    assert (answer["kind"], answer["sentences"], answer["model"]) == ("register", [], None)
    assert set(answer["register"]) == {"count", "decisions", "filters", "sentence"}
    assert (answer["register"]["count"], answer["register"]["decisions"]) == (2, ["21 000 259", "21 002 206"])
    assert answer["register"]["filters"] == {"council": ["Leicestershire County Council"], "outcome": ["Upheld"]}
    assert answer["text"] == answer["register"]["sentence"]


def test_register_asks_for_an_unheld_body(client):
    """A question about the decisions on a body that is not held is refused."""
    body = ask(client, "How many decisions about Surrey are there?")
    assert (body["status"], body["reason"]) == ("not_found", "body_not_held")


@pytest.mark.parametrize(
    "question",
    [
        "Which school place appeal was upheld?",
        "Was the complaint about the dog upheld?",
        "What did the latest decision say about hotels?",
    ],
)
def test_register_leaves_no_word_out(client, question):
    """A question with a word that no register knows is not answered as if it were not there."""
    body = ask(client, question)
    assert body["answer"] is None or body["answer"]["kind"] != "register"


def test_filters_leave_the_register_alone(client):
    """With filters set it is paragraphs that are asked for."""
    body = ask(client, "How many decisions were upheld?", council=["Kent"])
    assert body["answer"] is None or body["answer"]["kind"] != "register"


def test_content_questions_are_not_caught_by_the_register(every):
    """No question that a paragraph answers is taken for one about the collection, or for a citation."""
    caught = [one.question for one, answer in every if one.relevant and answer.kind != "extract"]
    assert caught == []


# Typing errors


def test_typing_error_is_read(client):
    """A word that is typed wrong is read as the one that is meant, and it is said so."""
    body, meant = ask(client, "saftey agreement voluntary"), ask(client, "safety agreement voluntary")
    assert body["corrected"] == [{"from": "saftey", "to": "safety"}]
    assert body["paragraphs"] == meant["paragraphs"]
    assert body["question"] == "saftey agreement voluntary"
    assert "corrected" not in meant


def test_as_typed_is_taken_as_it_stands(client):
    """Whoever wants the words as they were typed gets these."""
    body = ask(client, "saftey agreement voluntary", as_typed=True)
    assert "corrected" not in body
    assert body["paragraphs"] != ask(client, "saftey agreement voluntary")["paragraphs"]


def test_typing_error_in_a_name(client):
    """A body whose name is typed wrong is found."""
    body = ask(client, "What did Haltn say about the hotel?")
    assert body["corrected"] == [{"from": "Haltn", "to": "Halton"}]
    assert {hit["council"] for hit in body["paragraphs"]} == {"Halton Borough Council"}


def test_held_words_are_not_corrected(every):
    """No word that stands in a decision is read as another one."""
    for _, answer in every:
        for typed, _ in answer.corrected if answer.kind == "extract" else ():
            assert not answer.store.search_bm25(typed, 1, Question(question="a").within), typed


# Bad input: one clear reply each

TEN = "; ".join(f"21 017 496 paragraph {number}" for number in range(41, 51))


@pytest.mark.parametrize(
    ("question", "status", "reason"),
    [
        ("21 017 496 paragraph 0", "not_found", "paragraph_not_held"),
        ("21 017 496 paragraph 99999", "not_found", "paragraph_not_held"),
        ("21 017 496 paragraph 50(zz)", "not_found", "paragraph_not_held"),
        ("21 017 496 paragraphs 51-50", "answered", None),
        (TEN, "answered", None),
        ("how many decisions about Kent were published before 2020 and after 2023?", "answered", None),
        ("how many upheld decisions were not upheld?", "answered", None),
        ("7", "not_found", "unclear"),
        ("hotel", "answered", None),
        ("the", "not_found", "unclear"),
        ("why", "not_found", "unclear"),
    ],
)
def test_bad_input_gets_one_reply(client, question, status, reason):
    """Whatever is typed, there is one reply with one reason, or an answer."""
    body = ask(client, question)
    assert (body["status"], body.get("reason")) == (status, reason)
    assert ("detail" in body) == (reason is not None)


def test_range_backwards_is_turned_round(client):
    """A range that runs backwards is read forwards, and it is said so."""
    body = ask(client, "21 017 496 paragraphs 51-50")
    assert [number for _, number in numbers(body)[:2]] == [50, 51]
    [corrected] = body["corrected"]
    assert "51" in corrected["from"] and "50" in corrected["to"]


def test_ten_citations_are_all_opened(client):
    """Ten citations in one question are all opened, in their order; the box tells the first three."""
    body = ask(client, TEN, limit=50)
    assert [number for _, number in numbers(body)[:10]] == list(range(41, 51))
    assert len(body["answer"]["text"].split("\n\n")) == 3


@pytest.mark.parametrize(
    "question",
    [
        "how many decisions about Kent were published before 2020 and after 2023?",
        "how many upheld decisions were not upheld?",
    ],
)
def test_contradictory_filters_count_none(client, question):
    """Filters that exclude each other let nothing through, and the sentence says why."""
    register = ask(client, question)["answer"]["register"]
    assert (register["count"], register["decisions"]) == (0, [])
    assert "exclude each other" in register["sentence"]


@pytest.mark.parametrize("question", ["xkcd", "asdf", "foo bar baz qux", "zxqj vbnmk qwrtp plkjh", "help", "ok thanks"])
def test_what_means_nothing_is_not_quoted_for(client, question):
    """What asks nothing gets no box."""
    assert ask(client, question)["answer"] is None
