"""Room for so much work at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import Busy
from qa.room import Room


def enter(room: Room) -> None:
    with room.place():
        pass


@pytest.fixture
def room() -> Room:
    """A room for one."""
    return Room(1, "Too much.")


def test_full_room_tells_others(room: Room) -> None:
    """Where one thread has taken the last place, another is told so at once, in the words of the room."""
    with ThreadPoolExecutor(1) as another, room.place(), pytest.raises(Busy, match=r"^Too much\.$"):
        another.submit(enter, room).result()


def test_place_is_given_back(room: Room) -> None:
    """A place that one thread has given back is there for another."""
    with ThreadPoolExecutor(1) as another:
        enter(room)
        another.submit(enter, room).result()


def test_failed_work_gives_its_place_back(room: Room) -> None:
    """Work that ends with an error leaves its place."""
    with pytest.raises(ZeroDivisionError), room.place():
        raise ZeroDivisionError
    enter(room)
