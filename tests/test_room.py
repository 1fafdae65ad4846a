"""Room for so much work at once."""

from __future__ import annotations

import os
import sys

import pytest

from qa.errors import Busy
from qa.room import Room

forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def finds_room(room: Room) -> bool:
    """Whether there is room, asked by another process that was forked when the room had been made."""
    process = os.fork()
    if process == 0:
        try:
            with room.place():
                os._exit(0)
        except Busy:
            os._exit(1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


@forks
def test_room_is_taken_in_every_process():
    """Where one process has taken the last place, another finds none."""
    room = Room(1, "Too much.")
    with room.place():
        assert not finds_room(room)


@forks
def test_room_is_given_back_to_every_process():
    """A place that one process has given back is there for another."""
    room = Room(1, "Too much.")
    with room.place():
        pass
    assert finds_room(room)
