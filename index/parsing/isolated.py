"""Captures are read in a process of their own, so that none can hold up or end the program that has them read.

The library that builds the tree of a page takes time, and some pages memory, that grows with the square of what they
hold; any guard on the text foresees only the shapes that are known. So the process has limits, and what exceeds them,
or fails in a way that nobody foresaw, is refused alone: the process is replaced, and the next file is read as ever.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import operator
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, Self

from index.decisions import CrossReference, Decision, Line, Paragraph, Pinpoint, Provenance, Reference
from index.errors import IndexUnusable, NotADecision, NotRead, NotReadNow, kind_and_place
from index.memory import room
from index.parsing.decode import kind_of
from index.parsing.parse import parse, reference_of
from index.served_page import beginning_of_page, looks_like_served_page

SECONDS = 3.0
"""Of a processor that reading one capture may take: a hundred times what the largest decisions need."""

PDF_SECONDS = 30.0
"""The same of a PDF, of which a page takes as long as a whole decision of another kind."""

MEBIBYTES = 320
"""Of memory that the process may take, itself included; decisions need some 50."""

_START_SECONDS = 120.0  # seconds within which the process must have begun
_END_SECONDS = 2.0  # seconds for a process to end whose connection has ended
_MAX_TIMES_SLOWER = 40  # times as long as a capture may take, until a process that says nothing is taken to hang

# MiB above that where an allocation is refused: no library that overlooks one can then hand back half a tree.
_SPARE_MEBIBYTES = 128

_NOT_STARTED = "No process to read files in can be started: {}."
_TOO_SLOW = "Reading the file takes more than {:g} seconds of a processor, which that of no decision does."
_TOO_LARGE = "Reading the file takes more than {} MiB of memory, which that of no decision does."

_Wanted = Literal["decision", "reference"]
_Outcome = Literal["read", "refused", "failed", "too large", "short"]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a capture; `reason` is a sentence, or of what `failed`, or was `short` of memory, how it did."""

    outcome: _Outcome
    reason: str
    read: Decision | Reference | None = None


class Reader:
    """Reads captures one after the other. Its process is started by the first; close it when all are read."""

    def __init__(self, seconds: float = SECONDS, mebibytes: int = MEBIBYTES) -> None:
        self._seconds, self._mebibytes = seconds, mebibytes
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse(self, source: bytes) -> Decision:
        """Read a capture as index.parsing.parse does. Raises NotADecision, NotRead where that was not foreseen."""
        decision = self._read("decision", source)
        assert isinstance(decision, Decision)
        return decision

    def reference_of(self, source: bytes) -> Reference:
        """The reference in the title of a capture. Raises as `parse` does."""
        reference = self._read("reference", source)
        assert isinstance(reference, Reference)
        return reference

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _read(self, wanted: _Wanted, source: bytes) -> Decision | Reference | None:
        is_fresh = self._process is None
        answer = self._ask(wanted, source)
        if answer.outcome in ("failed", "too large", "short") and not is_fresh and self._process is None:
            answer = self._ask(wanted, source)  # what it read before must not tell against this one
        if answer.outcome == "failed":
            raise NotRead(answer.reason)
        if answer.outcome == "short":
            raise NotReadNow(answer.reason)
        if answer.outcome != "read":
            raise NotADecision(answer.reason)
        return answer.read

    def _ask(self, wanted: _Wanted, source: bytes) -> _Answer:
        """What became of a capture; the process is gone if it did not survive that."""
        try:
            pipe = self._pipe or self._start()
            seconds = _seconds_for(source, self._seconds)
            try:
                _end_waiting(pipe, _MAX_TIMES_SLOWER * seconds)
                pipe.send((wanted, source))
                answer: _Answer = pipe.recv()
            except (EOFError, OSError):  # also in the middle of an answer
                return self._ended(seconds)
        except BaseException:  # an interruption: what the process says next would be taken for an answer to another
            self.close()
            raise
        if answer.outcome in ("too large", "short"):
            self.close()
        return answer

    def _start(self) -> Connection:
        """Start the process. Raises IndexUnusable."""
        try:
            self._pipe, theirs = Pipe()
        except OSError as error:
            raise IndexUnusable(_NOT_STARTED.format(error.strerror)) from None
        given = f"{theirs.fileno()}, {self._seconds}, {self._mebibytes}"
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", f"from {__name__} import serve; serve({given})"],
                    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as error:
                self.close()
                raise IndexUnusable(_NOT_STARTED.format(error.strerror)) from None
        _end_waiting(self._pipe, _START_SECONDS)
        try:
            self._pipe.recv()
        except (EOFError, OSError):
            self.close()
            raise IndexUnusable("The process to read files in ended as it began; run decision-qa again.") from None
        return self._pipe

    def _ended(self, seconds: float) -> _Answer:
        """What is said of the capture at which the process ended."""
        process = self._process
        assert process is not None
        try:
            code = process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.close()
            return _Answer("failed", "no answer")
        self.close()
        if code == -signal.SIGPROF:
            return _Answer("refused", _TOO_SLOW.format(seconds))
        how = f"exit {code}"
        if code < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-code).name
        # The system kills where memory is short.
        return _Answer("short" if code == -signal.SIGKILL else "failed", how)


def _seconds_for(source: bytes, seconds: float) -> float:
    """How long a processor may take to read a file, where another than a PDF may take `seconds`."""
    if not isinstance(source, bytes):
        return seconds
    content = beginning_of_page(source) if looks_like_served_page(source) else source
    return seconds * PDF_SECONDS / SECONDS if kind_of(content) == "pdf" else seconds


def _end_waiting(pipe: Connection, seconds: float) -> None:
    """Have what waits for so long to send or receive raise OSError: the other process may be stopped."""
    with socket.socket(fileno=os.dup(pipe.fileno())) as end:
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            end.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", int(seconds), int(seconds % 1 * 1e6)))


# In the process.


def serve(descriptor: int, seconds: float, mebibytes: int) -> None:
    """Answer on a connection until nobody is left to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks decides when to end
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    has_room = room(mebibytes)  # else it is the machine that refuses memory, and not this limit
    _limit(resource.RLIMIT_DATA, mebibytes + _SPARE_MEBIBYTES << 20)
    with Connection(descriptor) as pipe, contextlib.suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            wanted, source = pipe.recv()
            most = _seconds_for(source, seconds)
            signal.setitimer(signal.ITIMER_PROF, most)  # no handler: also C code that never looks at signals ends
            answer = _answer(wanted, source, mebibytes, has_room)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send_bytes(answer)


def _answer(wanted: _Wanted, source: bytes, mebibytes: int, has_room: bool) -> bytes:
    too_large = _Answer("too large", _TOO_LARGE.format(mebibytes))
    try:
        read = parse(source) if wanted == "decision" else reference_of(source)
        answer = too_large if _peak() > mebibytes else _Answer("read", "", read)
    except NotADecision as error:
        answer = _Answer("refused", str(error))
    except Exception as error:  # a library that was refused memory has an error of its own
        answer = _Answer("failed", kind_and_place(error))
        if isinstance(error, MemoryError) or _peak() > mebibytes:
            answer = too_large if has_room else replace(answer, outcome="short")
    try:
        return _pickled(answer)
    except Exception as error:
        return _pickled(_Answer("failed", kind_and_place(error)))


def _pickled(answer: _Answer) -> bytes:
    written = io.BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _AS_MADE
    pickler.dump(answer)
    return written.getvalue()


def _as_made(noun: type[object], names: Iterable[str]) -> Callable[[Any], tuple[type[object], tuple[object, ...]]]:
    values = operator.attrgetter(*names)
    return lambda one: (noun, values(one))


# The nouns are sent as the arguments that they are made from, in half the time that frozen dataclasses else take.
_AS_MADE: Mapping[type[object], Callable[[Any], tuple[type[object], tuple[object, ...]]]] = {
    noun: _as_made(noun, (field.name for field in dataclasses.fields(noun)))
    for noun in (Decision, Paragraph, Line, Pinpoint, CrossReference, Provenance)
}


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # not every system has every limit
        resource.setrlimit(what, (most, most))


def _peak() -> int:
    """The most memory, in MiB, that this process ever had; 0 where the system does not tell.

    What getrusage tells counts that of the process which started this one.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    return 0
