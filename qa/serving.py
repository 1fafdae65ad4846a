"""The HTTP server: processes that answer at one address until they are told to stop.

An interpreter computes for one thread at a time, so two processes answer more questions in a second than one with as
many threads. They are forked before a model or an index is loaded. Each loads the model for itself; the files of the
index, the socket that listens and the bounds of qa.room they share. The first says that it lives while it loads; the
others begin when it can answer, and take up connections only when they can answer themselves.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

import click
from cheroot.wsgi import Server
from flask import Flask

from index.errors import DecisionQAError
from qa.errors import kind_and_place

_THREADS = 128  # of a process: more than there is room for questions, so that whoever finds none is told so at once
_CONNECTIONS = 512  # that wait to be taken up, or are kept open between two questions
_STOPPING = 20  # seconds for requests that are being answered
_WAKING = 0.5  # seconds until it is seen that the server has ended by itself
_LOOKING = 5.0  # seconds between two looks at what is published
_POLLING = 0.02  # seconds until it is seen that a process has ended
_MOST = 4  # processes, unless more are asked for: each has a model of its own in memory
_SIGNALS = (signal.SIGINT, signal.SIGTERM)  # that stop it
_BUG = "Something went wrong in the program: {}."
_ENDING = "Stopping; requests that are being answered are finished first."

_Loaded = Callable[[str], object]
"""Called when the model is there, with why no question can be answered yet; empty if one can."""


@dataclass(frozen=True, slots=True)
class Loading:
    """What each process does before it answers, and now and then afterwards.

    `load` is called once, and raises DecisionQAError where no question can ever be answered. `check` raises it where
    none can be answered now, and prepares what the next one needs.
    """

    load: Callable[[], object]
    check: Callable[[], object]


def serve(app: Flask, listening: socket.socket, url: str, loading: Loading, processes: int = 0) -> int:
    """Answer at `listening`, which is reached at `url`, until interrupted or told to stop (SIGTERM); the exit code.

    Where the model cannot be loaded, or a process ends by itself, that is 2. With 0 `processes` there are as many as
    processors, four at most; there is only one where they cannot be forked.
    """

    def loaded(why_not: str) -> None:
        if why_not:
            _say(f"decision-qa listens on {url}, but cannot answer yet. {why_not}", err=True)
        else:
            _say(f"decision-qa is ready: open {url} (Ctrl-C stops it).")

    count = processes or min(_MOST, _processors())
    if count == 1 or not hasattr(os, "fork") or sys.platform == "darwin":  # whose libraries do not survive a fork
        return _work(_Server(app, listening), loading, loaded)
    return _Crew(app, listening, loading).run(count, loaded)


def _say(sentence: str, err: bool = False) -> None:
    with contextlib.suppress(OSError):  # nobody reads it any more
        click.echo(sentence, err=err)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _stop_at(signals: Iterable[int], second: Callable[[int, object], None] | signal.Handlers) -> None:
    """Have each of these signals raise SystemExit in this thread, once; the `second` is what becomes of all later."""

    def stop(*_: object) -> NoReturn:
        for number in _SIGNALS:
            signal.signal(number, second)
        raise SystemExit(0)

    for number in signals:
        signal.signal(number, stop)


class _Server(Server):
    """At a socket that other processes may have, too."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(
            (host, port), app, numthreads=_THREADS, server_name="decision-qa", request_queue_size=_CONNECTIONS
        )
        self._listening = listening
        self.keep_alive_conn_limit = _CONNECTIONS
        self.timeout = 5  # seconds that a client may keep a thread waiting
        self.shutdown_timeout = _STOPPING
        self.max_request_header_size = 64 * 1024  # bytes; without it a header may be of any length

    def bind(self, family: int, type: int, proto: int = 0) -> socket.socket:  # noqa: A002  # as it is called there
        self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # every connection inherits it
        self.socket = self._listening
        return self._listening

    def prepare(self) -> None:
        super().prepare()
        self.socket.settimeout(0)  # another process may have been quicker, and the next connection take long to come

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Without a traceback."""
        _say(f"decision-qa: {msg}", err=True)


def _work(server: _Server, loading: Loading, loaded: _Loaded, parent: int | None = None, early: bool = True) -> int:
    """Answer in this process; the exit code. It ends with its `parent`, and connects while it loads if `early`."""
    ready, failed = threading.Event(), threading.Event()

    def preparing() -> None:
        try:
            loading.load()
        except Exception as error:
            why = str(error) if isinstance(error, DecisionQAError) else _BUG.format(kind_and_place(error))
            _say(f"decision-qa: {why}", err=True)
            failed.set()
            return
        loaded(_why_not(loading))
        ready.set()
        # An index that was built anew is taken up though nobody asks: the one before keeps its place on the disk.
        while not failed.wait(_LOOKING):
            _why_not(loading)

    def answering() -> None:
        with contextlib.suppress(BaseException):  # it is kept as server.interrupt, too
            server.serve()

    def goes_on() -> bool:
        return not failed.is_set() and parent in (None, os.getppid())

    # Not in this thread: a signal would break off the server's work wherever it is, and where that is the waking of a
    # thread, the server would wait for ever for that thread when it stops.
    serving = threading.Thread(target=answering, daemon=True)
    try:
        if parent is None:
            _stop_at(_SIGNALS, signal.SIG_DFL)
        else:  # which may be told to stop together with its children, and then tells them, too
            _stop_at([signal.SIGTERM], signal.SIG_IGN)
        threading.Thread(target=preparing, daemon=True).start()
        while not early and goes_on() and not ready.wait(_WAKING):
            pass
        if goes_on():
            server.prepare()
            serving.start()
        while serving.is_alive() and goes_on():
            failed.wait(_WAKING)
        if server.interrupt:
            raise server.interrupt
    except (KeyboardInterrupt, SystemExit):
        if parent is None:
            _say(_ENDING)
    finally:
        if parent is not None:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # The server itself would wait without end for a request that takes so long.
        stopping = threading.Thread(target=server.stop, daemon=True)
        stopping.start()
        stopping.join(_STOPPING + 1)
    return 2 if failed.is_set() else 0


def _why_not(loading: Loading) -> str:
    """Why no question can be answered yet; empty if one can."""
    try:
        loading.check()
    except DecisionQAError as error:
        return str(error)
    except Exception as error:
        return _BUG.format(kind_and_place(error))
    return ""


class _Crew:
    """The processes that answer, and this one, which waits for them.

    It looks at them now and then: a signal that came just before it waited for them would be heard only afterwards.
    """

    def __init__(self, app: Flask, listening: socket.socket, loading: Loading) -> None:
        self._app, self._listening, self._loading = app, listening, loading
        self._alive: set[int] = set()

    def run(self, count: int, loaded: _Loaded) -> int:
        """See serve."""
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would keep from this process how they end
            _stop_at(_SIGNALS, self._kill)
            if self._first(loaded):
                for _ in range(1, count):
                    self._fork(lambda _: None, early=False)
            self._listening.close()
            while (code := self._ended()) is None:
                time.sleep(_WAKING)
            if code != 2:  # then it has told why
                how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
                _say(f"decision-qa: one of the server's processes ended by itself ({how}).", err=True)
            return 2
        except (KeyboardInterrupt, SystemExit):
            self._listening.close()  # nobody is kept waiting for an answer any more
            _say(_ENDING)
            return 0
        finally:
            for number in _SIGNALS:
                signal.signal(number, self._kill)
            self._end()

    def _first(self, loaded: _Loaded) -> bool:
        """Fork the first process; whether it has loaded the model."""
        reading, writing = os.pipe()
        self._fork(lambda why_not: os.write(writing, f"{why_not}\n".encode()), early=True)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as told:
            while not select.select([told], [], [], _WAKING)[0]:
                pass
            line = told.readline()
        if line:
            loaded(line.strip())
        return bool(line)

    def _fork(self, loaded: _Loaded, early: bool) -> None:
        parent = os.getpid()
        # A signal that comes while the child is being made is kept for later; otherwise the child would forget it.
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
            pid = os.fork()
            if pid:
                self._alive.add(pid)
            else:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent passes it on
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        if pid:
            return
        code = 2
        try:
            code = _work(_Server(self._app, self._listening), self._loading, loaded, parent, early)
        except Exception as error:
            _say(f"decision-qa: {_BUG.format(kind_and_place(error))}", err=True)
        finally:
            os._exit(code)

    def _ended(self) -> int | None:
        """The exit code of a process that has ended, each once; None while there is none."""
        for pid in self._alive:
            try:
                found, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:  # somebody else was told
                found, status = pid, 0
            if found:
                self._alive.remove(pid)
                return os.waitstatus_to_exitcode(status)
        return None

    def _end(self) -> None:
        """Tell every process to stop, and wait until it has."""
        self._send(signal.SIGTERM)
        until = time.monotonic() + _STOPPING + 2
        while self._alive and time.monotonic() < until:
            if self._ended() is None:
                time.sleep(_POLLING)
        self._send(signal.SIGKILL)

    def _kill(self, number: int, _: object) -> None:
        """End all at once, as a second signal wants."""
        self._send(signal.SIGKILL)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _send(self, number: int) -> None:
        for pid in self._alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
