"""Room for so much work at once."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

import pytest

from qa.errors import Busy
from qa.room import Room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


@pytest.fixture
def taken() -> Iterator[tuple[Room, Callable[[], None]]]:
    """A room whose only place another process has taken, forked when it had been made, and what lets that go."""
    room = Room(1, "Too much.")
    taking, told = os.pipe()
    going, go = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            with room.place():
                os.write(told, b".")
                os.read(going, 1)
        finally:
            os._exit(0)
    os.close(told)

    def let_go() -> None:
        os.write(go, b".")
        os.waitpid(process, 0)

    assert os.read(taking, 1)
    yield room, let_go
    with contextlib.suppress(ChildProcessError):  # it has gone
        let_go()
    for descriptor in (taking, going, go):
        os.close(descriptor)


def test_room_is_taken_in_every_process(taken):
    """Where one process has taken the last place, another finds none."""
    room, _ = taken
    with pytest.raises(Busy), room.place():
        pass


def test_room_is_given_back_to_every_process(taken):
    """A place that one process has given back is there for another."""
    room, let_go = taken
    let_go()
    with room.place():
        pass
