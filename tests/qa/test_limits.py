"""A limit of what is worked on at once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import Busy
from qa.limits import ConcurrencyLimit, Workers


def enter(limit: ConcurrencyLimit, client: str = "") -> None:
    with limit.slot(client):
        pass


@pytest.fixture
def limit() -> ConcurrencyLimit:
    """A limit of one."""
    return ConcurrencyLimit(1, "Too much.")


def test_full_limit_tells_others(limit: ConcurrencyLimit) -> None:
    """Where one thread has taken the last place, another is told so at once, in the words of the limit."""
    with ThreadPoolExecutor(1) as another, limit.slot(), pytest.raises(Busy, match=r"^Too much\.$"):
        another.submit(enter, limit).result()


def test_place_is_given_back(limit: ConcurrencyLimit) -> None:
    """A place that one thread has given back is there for another."""
    with ThreadPoolExecutor(1) as another:
        enter(limit)
        another.submit(enter, limit).result()


def test_failed_work_gives_its_place_back(limit: ConcurrencyLimit) -> None:
    """Work that ends with an error leaves its place."""
    with pytest.raises(ZeroDivisionError), limit.slot():
        raise ZeroDivisionError
    enter(limit)


def entered(limit: ConcurrencyLimit, client: str) -> int:
    """How many places a client finds, and keeps."""
    count = 0
    with contextlib.suppress(Busy):
        while True:
            limit.take(client)
            count += 1
    return count


@pytest.mark.parametrize(("places", "of_one"), [(1, 1), (2, 1), (3, 2), (4, 3), (48, 38)])
def test_one_client_has_not_all_the_room(places: int, of_one: int) -> None:
    """A client that has its share of the places is told so, and another finds one if there is more than one."""
    limit = ConcurrencyLimit(places, "Too much.")
    assert entered(limit, "a") == of_one
    assert entered(limit, "b") >= min(1, places - of_one)


def test_share_shrinks_where_others_wait() -> None:
    """Clients that each take whatever they find have the same in the end, whoever came first."""
    limit, has = ConcurrencyLimit(48, "Too much."), Counter({"first": 0, "second": 0, "third": 0})
    for _ in range(100):
        for client in has:
            has[client] += entered(limit, client)
            limit.give_back(client)
            has[client] -= 1
    assert max(has.values()) - min(has.values()) <= 3
    assert sum(has.values()) > 40


@pytest.mark.parametrize(
    ("at_work", "come", "order"),
    [
        (1, "aaabbc", "abcaba"),  # one after the other
        (2, "aabc", "bcaa"),  # of “a” one is still at work
    ],
)
def test_turns_go_to_whoever_has_fewest_at_work(at_work: int, come: str, order: str) -> None:
    """Whoever comes behind many of one client waits for no more of them than have had no turn for as long."""
    limit, had = ConcurrencyLimit(20, "Too much.", at_work), list[str]()

    def work(client: str) -> None:
        with limit.slot(client):
            had.append(client)

    def waiting() -> int:
        return sum(len(turns) for turns in list(limit._waiting.values()))

    with ThreadPoolExecutor(8) as workers, contextlib.ExitStack() as still:
        for _ in range(at_work - 1):
            still.enter_context(limit.slot("a"))
        with limit.slot("a"):
            for number, client in enumerate(come, 1):
                workers.submit(work, client)
                while waiting() < number:
                    time.sleep(0.001)
        while len(had) < len(come):
            time.sleep(0.001)
    assert "".join(had) == order
    with limit.slot("a"):  # nobody waits, and nobody is thought to be at work
        assert (limit._waiting, limit._working) == ({}, {"a": 1})


def test_turn_of_failed_work_goes_on() -> None:
    """Work that ends with an error gives its turn to the next."""
    limit = ConcurrencyLimit(2, "Too much.", at_work=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), limit.slot("a"):
            raise ZeroDivisionError


def test_client_without_a_name_has_all_the_room() -> None:
    """Who is not told apart from others has no share."""
    limit = ConcurrencyLimit(2, "Too much.")
    with limit.slot(), limit.slot(), pytest.raises(Busy):
        enter(limit)


@pytest.fixture
def workers() -> Workers:
    """One thread, and slots for two calls of a client."""
    return Workers(1, 3, "Too much.", "test")


def test_workers_give_what_a_call_gives(workers: Workers) -> None:
    """What a call returns, and what it raises, is told; and its place is given back."""
    for _ in range(5):
        assert workers.submit(lambda: 3, "a").result(60) == 3
        with pytest.raises(ZeroDivisionError):
            workers.submit(lambda: 1 // 0, "a").result(60)


def test_what_was_called_off_is_not_begun(workers: Workers) -> None:
    """A call that is called off while it waits for its turn is never made, and leaves its place to another."""
    go_on, made = threading.Event(), list[str]()
    first = workers.submit(lambda: go_on.wait(60), "a")
    second = workers.submit(lambda: made.append("second"), "a")
    with pytest.raises(Busy):
        workers.submit(lambda: made.append("third"), "a")
    assert second.cancel()
    go_on.set()
    assert first.result(60)
    workers.submit(lambda: made.append("another"), "b").result(60)
    assert made == ["another"]
    workers._pool.shutdown()
    assert entered(workers._limit, "a") == 2
