"""Room for so much work at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import Busy
from qa.room import Room


def enter(room: Room, client: str = "") -> None:
    with room.place(client):
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


def test_one_client_has_not_all_the_room() -> None:
    """A client that has its share of the places is told so, and another finds one."""
    room = Room(3, "Too much.", of_one=2)
    with room.place("a"), room.place("a"):
        with pytest.raises(Busy):
            enter(room, "a")
        enter(room, "b")
    enter(room, "a")


def test_client_without_a_name_has_all_the_room() -> None:
    """Who is not told apart from others has no share."""
    room = Room(2, "Too much.", of_one=1)
    with room.place(), room.place(), pytest.raises(Busy):
        enter(room)
