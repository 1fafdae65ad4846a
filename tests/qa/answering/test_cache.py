"""Answers that are kept for whoever asks the same again, and the room for questions that are searched for."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import WordEmbedder, variant

from index.build import build
from index.errors import NotHeld
from index.latest_store import LatestStore
from qa.answering.answer import Answerer
from qa.answering.cache import AnswerCache
from qa.limits import ConcurrencyLimit
from qa.retrieval.models import Models
from qa.retrieval.requests import Question
from qa.web.app import create_app

ASKED = Question(question="who got a lanyard?")


class Clock:
    """A clock that goes when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class SlowEmbedder(WordEmbedder):
    """Once told to, it makes whoever asks wait until it may `go`; `reached` says that somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = threading.Semaphore(0), threading.Event()
        self.go.set()
        self.asked: list[str] = []

    def embed_question(self, question):
        self.asked.append(question)
        if not self.go.is_set():
            self.reached.release()
            assert self.go.wait(60)
        return super().embed_question(question)


@pytest.fixture
def slow():
    """A model that can be made slow."""
    return SlowEmbedder()


@pytest.fixture
def index(tmp_path, decisions, slow):
    build(decisions, tmp_path / "index", slow.model, lambda _: slow)
    return tmp_path / "index"


@pytest.fixture
def asking(index, slow):
    """What answers, one question at a time; `slow` remembers what it searched for."""
    answerer = Answerer(LatestStore(index), Models.of(slow), 0.0, limit=ConcurrencyLimit(1, "Too much."))
    answerer.check_ready()
    slow.embedded.clear()
    return answerer


def test_questions_of_usual_lengths_are_read_before_the_first(index, slow):
    """A server is ready when the model has read questions of several lengths; asked once more it is ready at once."""
    answerer = Answerer(LatestStore(index), Models.of(slow), 0.0)
    answerer.check_ready()
    lengths = [len(text.split()) for text in slow.asked]
    assert len(set(lengths)) > 4
    answerer.check_ready()
    assert len(slow.asked) == len(lengths)


def test_same_question_is_searched_for_once(asking, slow):
    """Who asks the same again gets the same answer without a search, its time being that of this request."""
    first, second = asking.answer(ASKED), asking.answer(ASKED)
    assert slow.embedded == [ASKED.question]
    assert (first.hits, first.box, first.highlights) == (second.hits, second.box, second.highlights)
    assert second.question == ASKED.question
    assert second.took_ms != first.took_ms


@pytest.mark.parametrize(
    "other",
    [
        {"question": "who got a Lanyard?"},
        {"limit": 6},
        {"role": ("finding",)},
        {"from": "2001-01-01"},
        {"everywhere": True},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_question_is_another(asking, slow, other):
    """Whatever of a question changes what is found, a kept answer is not taken for its answer."""
    asking.answer(ASKED)
    asking.answer(Question(**{"question": ASKED.question} | other))
    assert len(slow.embedded) == 2


def test_another_page_is_another(asking):
    """The hits behind the first are not those that were kept."""
    first, next_ones = asking.answer(ASKED), asking.answer(ASKED, 5)
    assert not {hit.rank for hit in first.hits} & {hit.rank for hit in next_ones.hits}


def test_wish_for_a_text_is_no_other_question(asking, slow):
    """What a language model is asked to write from is found once."""
    asking.answer(ASKED)
    assert asking.answer(ASKED.model_copy(update={"generate": True})).hits
    assert len(slow.embedded) == 1


def test_new_version_is_searched(asking, index, decisions, slow):
    """No answer of an older version is given once there is a newer one."""
    before = asking.answer(ASKED)
    (decisions / "22-009-998.txt").write_text(variant("22 009 998"), encoding="utf-8")
    build(decisions, index, slow.model, lambda _: slow)
    after = asking.answer(ASKED)
    assert (before.store.version, after.store.version) == ("000001", "000002")
    assert slow.embedded.count(ASKED.question) == 2


def test_error_is_not_kept(asking):
    """What is not held is said to be so each time."""
    for _ in range(2):
        with pytest.raises(NotHeld):
            asking.answer(Question(question="who got a lanyard?", council=("Atlantis",)))


def test_question_is_not_kept():
    """What was asked cannot be read out of what is kept."""
    cache = AnswerCache[str]()
    cache.put("an answer", 1, "what about Ann Smith?")
    assert cache.get("what about Ann Smith?") == "an answer"
    assert b"Smith" not in pickle.dumps({name: value for name, value in vars(cache).items() if name == "_answers"})


def test_answer_that_has_words_of_the_question_is_not_kept(asking, slow):
    """What a question names that is not held is not kept either."""
    unheld = Question(question="who got a lanyard from Birmingham City Council?")
    assert asking.answer(unheld).unknown
    asking.answer(unheld)
    assert len(slow.embedded) == 2


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("who got a lanyrad?", "corrected"),
        ("22 009 999 paragraph 2 and paragraph 99", "notes"),
        ("22 009 998", "refusal"),
        ("who was paid £5,123 for a lanyard?", "refusal"),
        ("did Birmingham City Council lose a lanyard?", "unknown"),
    ],
)
def test_answer_that_tells_what_was_typed_is_not_kept(asking, question, tells):
    """An answer that repeats anything of the question is made anew each time; one that does not is the one kept."""
    first, second = (asking.answer(Question(question=question)) for _ in range(2))
    assert getattr(first, tells)
    assert (first.refusal or first.hits) is not (second.refusal or second.hits)
    assert asking.answer(ASKED).hits is asking.answer(ASKED).hits


def test_oldest_is_let_go():
    """There are so many answers; what was asked for longest ago makes room."""
    cache = AnswerCache[int](most=2)
    for number in (1, 2):
        cache.put(number, 1, number)
    assert cache.get(1) == 1
    cache.put(3, 1, 3)
    assert [cache.get(number) for number in (1, 2, 3)] == [1, None, 3]


def test_heavy_answers_are_fewer():
    """What all answers hold is bounded, and an answer that is too heavy is not kept at all."""
    cache = AnswerCache[int](heaviest=10)
    cache.put(1, 6, 1)
    cache.put(2, 5, 2)
    assert (cache.get(1), cache.get(2)) == (None, 2)
    cache.put(3, 11, 3)
    assert (cache.get(2), cache.get(3)) == (None, None)
    cache.put(4, 10, 4)
    assert cache.get(4) == 4


def test_answer_is_kept_for_some_time_only():
    """What was not asked for again in time is gone."""
    clock = Clock()
    cache = AnswerCache[int](seconds=10, clock=clock)
    cache.put(1, 1, 1)
    clock.now = 9.0
    assert cache.get(1) == 1
    clock.now = 18.0
    assert cache.get(1) == 1
    clock.now = 28.0
    assert cache.get(1) is None


def test_threads_share_what_is_kept():
    """From several threads, it keeps count of what it holds."""
    cache = AnswerCache[int](most=8, heaviest=20)

    def use(seed: int) -> None:
        for number in range(500):
            asked = (number * seed) % 13
            assert cache.get(asked) in (None, asked)
            cache.put(asked, asked % 5, asked)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in (1, 3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.put(99, 20, 99)
    assert (cache.get(99), [cache.get(number) for number in range(13) if number % 5]) == (99, [None] * 10)


@pytest.fixture
def full(asking, slow):
    """An application while it searches for as many questions as there is room for."""
    asking.answer(ASKED)
    slow.go.clear()
    thread = threading.Thread(target=asking.answer, args=(Question(question="what is a lanyard?"),))
    thread.start()
    assert slow.reached.acquire(timeout=60)
    yield create_app(asking).test_client()
    slow.go.set()
    thread.join()


def test_question_too_many_is_told_so(full):
    """Beyond the room that there is, whoever asks is told when to come back, instead of waiting."""
    for response in (full.post("/ask", json={"question": "another?"}), full.get("/ask?question=another?")):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert (response.json["type"], response.mimetype) == ("/docs#problem-busy", "application/problem+json")
        assert "ETag" not in response.headers
    page = full.get("/?question=another", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Retry-After"], page.mimetype) == (503, "5", "text/html")


def test_share_of_one_client_is_not_all_of_the_room(index, slow):
    """A client that asks as much at once as it may is told so, and another finds a place."""
    answerer = Answerer(LatestStore(index), Models.of(slow), 0.0, limit=ConcurrencyLimit(2, "Too much."))
    answerer.check_ready()
    app = create_app(answerer).test_client()

    def ask(text: str, address: str) -> int:
        return app.post("/ask", json={"question": text}, environ_base={"REMOTE_ADDR": address}).status_code

    slow.go.clear()
    with ThreadPoolExecutor(2) as others:
        first = others.submit(ask, "what is a lanyard?", "192.0.2.1")
        assert slow.reached.acquire(timeout=60)
        assert ask("another?", "192.0.2.1") == 503
        second = others.submit(ask, "who got a lanyard?", "192.0.2.2")
        assert slow.reached.acquire(timeout=60)
        slow.go.set()
        assert (first.result(), second.result()) == (200, 200)


def test_full_house_still_says_that_it_lives(full):
    """While there is no room for questions, the process lives, is ready, and can be read in."""
    for path in ("/healthz", "/readyz", "/api/decisions", "/decisions/22-009-999?question=another", "/docs"):
        assert full.get(path).status_code == 200


def test_decision_without_its_marks_is_not_kept(full):
    """A decision that is shown without what a search found in it, for want of a slot, is asked for again."""
    path = "/decisions/22-009-999"
    assert "ETag" in full.get(path).headers
    assert "ETag" not in full.get(f"{path}?question=another").headers


def test_kept_answer_needs_no_room(full):
    """Who asks what was asked before is answered, however many others are waiting."""
    assert full.post("/ask", json={"question": ASKED.question}).status_code == 200


def test_room_is_taken_again(asking, slow, full):
    """When a search is done there is room for the next."""
    slow.go.set()
    while (response := full.post("/ask", json={"question": "another?"})).status_code == 503:
        pass
    assert response.json["status"] == "answered"


def test_place_is_given_back_after_an_error():
    """Work that goes wrong leaves its place to others."""
    limit = ConcurrencyLimit(1, "Too much.")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), limit.slot():
            raise ZeroDivisionError
