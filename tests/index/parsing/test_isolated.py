"""Captures are read in a process with limits, and whatever one does there, the next is read."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from conftest import PROJECT, SEEDS, SIXTH

from index.errors import NotADecision, NotRead, NotReadNow
from index.parsing.isolated import Reader
from index.parsing.parse import parse

CAPTURES = PROJECT / "tests" / "captures"
START = "<html><body><h2>Kent County Council (21 000 832)</h2>"
ITEM = "<h3>The complaint</h3><ol><li>One thing happened.</li></ol>"
TEXT = "Kent County Council (21 000 832)\n\nThe complaint\n\n  1. One.\n"
SLOW = f"{START}<p {' '.join(f'a{number}' for number in range(60_000))}>{ITEM}".encode()
"""The library that builds the tree takes seconds for the attributes of one tag."""
LARGE = f"{START}{'<br>' * 200_000}{ITEM}".encode()
GENEROUS = 40.0
"""Seconds: ten times the limit, which what grows with the square of the size exceeds all the same."""


@pytest.fixture
def reader():
    with Reader() as opened:
        yield opened


@pytest.mark.parametrize(
    "path", [*sorted(SEEDS.glob("*.txt")), *sorted(CAPTURES.iterdir())], ids=lambda path: path.name
)
def test_what_is_read_is_what_the_parser_makes(reader, path):
    """A decision that was read in the other process is the decision, to the last field."""
    assert repr(reader.parse(path.read_bytes())) == repr(parse(path.read_bytes()))


def test_reference_alone(reader):
    """The reference in a title can be read alone."""
    assert str(reader.reference_of(SIXTH.read_bytes())) == "22 009 999"


def test_refusal_is_told_as_the_parser_tells_it(reader):
    """What is no decision is refused with the parser's reason."""
    with pytest.raises(NotADecision, match="The file is empty"):
        reader.parse(b"")


def test_what_takes_too_long_is_refused():
    """A page that keeps the library busy is refused, and the next file is read."""
    with Reader(seconds=0.2) as reader:
        with pytest.raises(NotADecision, match=r"more than 0\.2 seconds"):
            reader.parse(SLOW)
        assert reader.parse(SIXTH.read_bytes()).body == "Northwick Borough Council"


@pytest.mark.parametrize("page", [LARGE, 5 * LARGE], ids=["read, but too large", "no memory to be had"])
def test_what_takes_too_much_memory_is_refused(page):
    """A page that needs too much memory is refused, whether or not it could be read, and the next file is read."""
    with Reader(mebibytes=40) as reader:
        with pytest.raises(NotADecision, match="more than 40 MiB"):
            reader.parse(page)
        assert reader.parse(SIXTH.read_bytes()).body == "Northwick Borough Council"


def test_what_nobody_foresaw_is_refused(reader):
    """An error that is none of the declared ones refuses the file, and tells the error's type and place alone."""
    with pytest.raises(NotRead, match=r"AttributeError at .*served_page\.py:\d+\)"):
        reader.parse(832)
    assert str(reader.reference_of(SIXTH.read_bytes())) == "22 009 999"


def children() -> list[int]:
    """The processes that this one has started."""
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def test_process_that_was_ended_is_replaced():
    """If the process was ended while it waited, the next file does not suffer for it."""
    before = children()
    with Reader() as reader:
        reader.parse(SIXTH.read_bytes())
        (process,) = set(children()) - set(before)
        os.kill(process, signal.SIGKILL)
        assert reader.parse(SIXTH.read_bytes()) == parse(SIXTH.read_bytes())
    assert set(children()) <= set(before)


def test_process_that_ends_in_the_middle_of_its_answer_is_replaced(monkeypatch):
    """If the process ends while it answers, the file is read by another."""
    with Reader() as reader:
        reader.parse(SIXTH.read_bytes())
        real = Connection.recv

        def cut(pipe):
            monkeypatch.setattr(Connection, "recv", real)
            reader._process.kill()
            raise OSError("got end of file during message")

        monkeypatch.setattr(Connection, "recv", cut)
        assert reader.parse(SIXTH.read_bytes()) == parse(SIXTH.read_bytes())


def test_no_process_without_a_file():
    """Where nothing is read, no process is started."""
    before = children()
    with Reader():
        assert children() == before


HOSTILE = {
    "deep indents": TEXT + "".join("\t" * depth + " 1. a:\n" for depth in range(1_500)) + "       •\n" * 150_000,
    "paragraphs of the Code": TEXT + ("  2. " + "paragraph 1 of the Code, " * 780 + "\n") * 50,
    "ranges of paragraphs": TEXT + ("  2. see paragraphs " + "1-999, " * 2_700 + "\n") * 50,
    "references in thousands of paragraphs": TEXT
    + "".join(
        f"  {number}. As I said in paragraph {number % 900 + 1}, the "
        + " ".join(f"word{(7 * number + word) % 500}" for word in range(18))
        + ".\n"
        for number in range(2, 5_000)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_size_alone(name):
    """What is long in an unusual way is read in a time that grows with its size, not with the square of it."""
    with Reader(seconds=GENEROUS) as reader:
        assert reader.parse(HOSTILE[name].encode()).paragraphs


def test_long_line_is_refused_for_its_length():
    """A paragraph of megabytes is refused as none of a decision, not for the time that it takes."""
    with Reader(seconds=GENEROUS) as reader, pytest.raises(NotADecision, match="characters, more than that of any"):
        reader.parse(TEXT.replace("One.", "word. Word " * 200_000).encode())


def test_process_that_says_nothing_is_replaced(monkeypatch):
    """If the process is stopped, so that it takes no time, the file is read by another."""
    monkeypatch.setattr("index.parsing.isolated._MAX_TIMES_SLOWER", 1)
    before = children()
    with Reader() as reader:
        reader.parse(TEXT.encode())
        (process,) = set(children()) - set(before)
        os.kill(process, signal.SIGSTOP)
        assert str(reader.parse(TEXT.encode()).reference) == "21 000 832"


class Killed(Reader):
    """Its process is killed whenever it has been asked."""

    def _start(self):
        pipe = super()._start()
        self._process.kill()
        return pipe


def test_want_of_memory_is_told_apart_from_a_fault():
    """A file at which the process is killed, as a system does that is short of memory, is refused as such."""
    with Killed() as reader, pytest.raises(NotReadNow, match="not enough memory"):
        reader.parse(TEXT.encode())


@pytest.mark.parametrize(("limit", "kind"), [(resource.RLIM_INFINITY, NotADecision), (72 << 20, NotReadNow)])
def test_whose_limit_it_is(limit, kind, monkeypatch):
    """A page too large is refused for good; where the machine grants little memory it may be read another time."""
    real = subprocess.Popen

    def begin(*given, **more):
        limited = lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))  # noqa: E731
        return real(*given, preexec_fn=limited, **more)

    monkeypatch.setattr(subprocess, "Popen", begin)
    with Reader(mebibytes=60) as reader:
        with pytest.raises(NotADecision, match="memory") as found:
            reader.parse(5 * LARGE)
        assert type(found.value) is kind
