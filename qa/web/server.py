"""The HTTP server: processes that answer at one address until they are told to stop.

An interpreter computes for one thread at a time, so two processes answer more questions in a second than one with as
many threads. Gunicorn's arbiter forks them before a model or an index is loaded, replaces one that ends or no longer
says that it lives, and stops them. In each, connections and requests are the matter of qa.web.gateway. Each loads the
model for itself; the files of the index and the socket that listens they share. The first says that it lives while it
loads; the others take up connections only when they can answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import functools
import logging
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from types import FrameType
from typing import cast

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from uvicorn.server import ServerState

from index.errors import DecisionQAError, kind_and_place
from index.memory import is_short
from qa.errors import SettingsError
from qa.web.gateway import LINGERING_SECONDS, Connection, Gateway, config_of, sweep

BACKLOG = 512  # connections that wait to be taken up
_MAX_CONNECTIONS = 1000  # of a process at most
_CONNECTIONS_PER_ACCEPT = 8  # connections for which one more is taken up in a turn of the loop,
_MAX_ACCEPTING = 32  # and so many at most: where there are too many, each takes time
_NO_DESCRIPTORS_SECONDS = 1.0  # until more are taken up where there were no descriptors left
_NOBODY_WAITS = {  # says the system where nobody waits, or whoever did has gone: accept(2)
    errno.EAGAIN, errno.EINTR, errno.ECONNABORTED, errno.EPERM, errno.EPROTO, errno.ENOPROTOOPT, errno.EOPNOTSUPP,
    errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH,
}  # fmt: skip
_SEND_BUFFER_BYTES = 256 * 1024  # of an answer that the system keeps for a client
_INDEX_DESCRIPTORS = 256  # descriptors that are left for the files of the index
_MIN_CONNECTIONS = 16  # with fewer nobody is served
_MAX_DESCRIPTORS = 16_384  # descriptors, where the system grants them
_HUNG_SECONDS = 7  # without a sign of life after which a process is replaced
_STOPPING_SECONDS = 20  # for requests that are being answered
_ARRIVING_SECONDS = 0.1  # for connections that are just being made
_TICK_SECONDS = 1.0  # between two signs of life, and two looks at deadlines
_POLL_SECONDS = 0.05  # between two looks at what is still being answered
_REFRESH_SECONDS = 5.0  # between two looks at what is published
_RETRY_SECONDS = 5.0  # until a process that could not load the model is replaced by the next
_SHARED_MEMORY = Path("/dev/shm")  # where there is room also on a file system that is read only
_OUT_OF_MEMORY = "There is not enough memory for a process of the server."
_EXIT_NOT_LOADED, _EXIT_BUG = 2, 1  # exit codes of a process that could not load the model, and of one with a bug
_SO_ATTACH_FILTER = 26  # of Linux; Python has no name for it
_ONE, _ANOTHER = "one of the server's processes", "another takes its place."
_ENDING = "Stopping; requests that are being answered are finished first."


@dataclass(frozen=True, slots=True)
class Loading:
    """What each process does before it answers, and now and then afterwards.

    `load` is called once, and raises DecisionQAError where no question can ever be answered. `check` raises it where
    none can be answered now, and prepares what the next one needs. `later` is called once when questions are answered,
    `end` when the process ends. Within `patience` seconds every request must have been answered.
    """

    load: Callable[[], object]
    check: Callable[[], object]
    later: Callable[[], object] = lambda: None
    end: Callable[[], object] = lambda: None
    patience: float = 60.0


def serve(app: Flask, listening: socket.socket, url: str, loading: Loading, processes: int) -> int:
    """Answer at `listening`, which is reached at `url`, until interrupted or told to stop (SIGTERM); the exit code.

    Where the model cannot be loaded that is 2. One of the `processes` that ends or hangs is replaced.
    """
    logging.lastResort.addFilter(Seldom())  # type: ignore[union-attr]
    most = limits(listening)
    served = _Service(app, url, loading, most, _Permission())
    pool = WorkerPool(_GunicornConfig(served, listening, processes))
    try:
        pool.run()
    except SystemExit as ended:
        return 2 if ended.code else 0
    except HaltServer:  # a second process could not load the model, while the others are told to stop
        pool.kill_workers(signal.SIGKILL)
        return 2
    return 0


def limits(listening: socket.socket) -> int:
    """Set what the system grants a process that serves, and a connection; how many of these it may have at once.

    Raises SettingsError where the process may have too few open files.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what was asked
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = _MAX_DESCRIPTORS if most == resource.RLIM_INFINITY else min(_MAX_DESCRIPTORS, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    if files < _INDEX_DESCRIPTORS + _MIN_CONNECTIONS:
        raise SettingsError(
            f"{files} open files are too few for a server; allow {_INDEX_DESCRIPTORS + _MIN_CONNECTIONS} (ulimit -n)."
        )
    set_options(listening)
    return min(_MAX_CONNECTIONS, files - _INDEX_DESCRIPTORS)


def set_options(listening: socket.socket) -> None:
    """Set what every connection inherits: an answer goes out at once, and the system does not hold megabytes for a
    client that asks much and reads little.
    """
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)


def _print(sentence: str, err: bool = False) -> None:
    with contextlib.suppress(OSError):  # nobody reads it any more
        click.echo(sentence, err=err)


class Seldom(logging.Filter):
    """Lets one line a second through of each place that logs, so that no client can fill the log."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told."""
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._last.get(place, -1.0) < 1:
            return False
        self._last[place] = now
        return True


class _Permission:
    """A permission that one of the processes gets, whichever asks first."""

    def __init__(self) -> None:
        self._left, writing = os.pipe()
        os.write(writing, b"1")
        os.close(writing)
        self._is_taken = mmap.mmap(-1, 1)

    def taken(self) -> bool:
        """Whether this process got it just now."""
        if not os.read(self._left, 1):
            return False
        self._is_taken[0] = 1
        return True

    def is_left(self) -> bool:
        """Whether nobody has it."""
        return not self._is_taken[0]


@dataclass(frozen=True, slots=True)
class _Service:
    app: Flask
    url: str
    loading: Loading
    connections: int
    telling: _Permission


class _GunicornConfig(BaseApplication):  # type: ignore[misc]
    def __init__(self, served: _Service, listening: socket.socket, processes: int) -> None:
        self._served, self._listening, self._processes = served, listening, processes
        super().__init__()

    def load_config(self) -> None:
        given = {
            "bind": f"fd://{self._listening.detach()}",
            "backlog": BACKLOG,
            "workers": self._processes,
            "worker_class": _WorkerProcess,
            "timeout": _HUNG_SECONDS,
            "graceful_timeout": _STOPPING_SECONDS + 2,
            "logger_class": _WorkerLog,
            "control_socket_disable": True,
            "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
        }
        for name, value in given.items():
            self.cfg.set(name, value)

    def load(self) -> _Service:
        return self._served


class _WorkerLog(Logger):  # type: ignore[misc]
    """What gunicorn logs, in words of this program: that a process was replaced, and why."""

    def critical(self, msg: str, *args: object, **_: object) -> None:
        """A process hangs."""
        if msg.startswith("WORKER TIMEOUT"):
            _print(f"decision-qa: {_ONE} hung; {_ANOTHER}", err=True)

    def error(self, msg: str, *args: object, **_: object) -> None:
        """A process was killed, or ended with another code than 0."""
        if msg.startswith("Worker (pid:%s) was sent"):
            _print(f"decision-qa: {_ONE} was ended by {args[1]}; {_ANOTHER}", err=True)
        elif msg.startswith("Worker (pid:%s) exited") and args[1] not in (Arbiter.WORKER_BOOT_ERROR, _EXIT_NOT_LOADED):
            _print(f"decision-qa: {_ONE} ended by itself; {_ANOTHER}", err=True)

    warning = error

    def info(self, *_: object, **__: object) -> None:
        """Nothing that anybody needs to know, no traceback, and no files."""

    debug = log = exception = setup = close_on_exec = reopen_files = info


class WorkerPool(Arbiter):  # type: ignore[misc]
    """The process that starts the others, looks after them, and computes nothing."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

    def __init__(self, settings: _GunicornConfig) -> None:
        super().__init__(settings)
        self._stopping = False

    def signal(self, sig: int, frame: FrameType | None) -> None:
        """The first is heeded by the loop; the second ends all at once."""
        if self._stopping:
            self.kill_workers(signal.SIGKILL)
            signal.signal(sig, signal.SIG_DFL)
            os.kill(os.getpid(), sig)
        self._stopping = True
        super().signal(sig, frame)

    def init_signals(self) -> None:
        """Those that mean nothing here are ignored, and so is one that whoever started it wants so: nohup."""
        ignored = [signal.SIGUSR1, signal.SIGUSR2]
        if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
            ignored.append(signal.SIGHUP)
        super().init_signals()
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)

    def spawn_worker(self) -> int:
        """Fork. A signal that comes meanwhile waits until the new process has handlers of its own."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        try:
            return int(super().spawn_worker())
        except OSError as error:  # no process, no memory, or no file to be had
            if os.getpid() != self.pid:
                raise
            _print(f"decision-qa: a process of the server could not be started: {error}.", err=True)
            if not self.WORKERS and self.worker_age <= 1:
                raise SystemExit(2) from None
            return 0
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self.SIGNALS)

    def handle_term(self) -> None:
        """Stop when what is being answered is finished."""
        _print(_ENDING)
        for one in self.LISTENERS:
            _close_to_new(one.sock)
        raise StopIteration

    handle_int = handle_hup = handle_quit = handle_term


def _close_to_new(listening: socket.socket) -> None:
    """Have the system take no more connections, but hand over those that it took.

    When a listening socket is closed, those that nobody has accepted yet are reset, with what was asked on them. So a
    filter (classic BPF, on the TCP header) drops what begins a connection: SYN without ACK. Its client tries again, and
    finds the port closed. Where there are no such filters, a connection may be lost in the moment of closing.
    """
    if sys.platform != "linux":
        return
    instructions = [(0x30, 0, 0, 13), (0x54, 0, 0, 0x12), (0x15, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFF)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in instructions))
    described = struct.pack("HP", len(instructions), ctypes.addressof(program))
    with contextlib.suppress(OSError):
        listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, described)


class _WorkerProcess(Worker):  # type: ignore[misc]
    _has_loaded = False

    @property
    def _served(self) -> _Service:
        return cast(_Service, self.app.wsgi())

    def init_process(self) -> None:
        """Begin: gunicorn calls it in the new process."""
        for number in (signal.SIGCHLD, signal.SIGQUIT, signal.SIGABRT):
            signal.signal(number, signal.SIG_DFL)
        for number in (signal.SIGINT, signal.SIGHUP):  # which reach every process; the first passes them on
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self.handle_exit)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WorkerPool.SIGNALS)
        self.booted = True
        code = _EXIT_BUG
        try:
            code = asyncio.run(self._serve())
            self._served.loading.end()
        except Exception as error:
            if is_short(error):
                _print(f"decision-qa: {_OUT_OF_MEMORY}", err=True)
                if self._has_loaded or self.age > self.cfg.workers:
                    time.sleep(_RETRY_SECONDS)  # or the next would meet the same at once
                code = _EXIT_NOT_LOADED if self._has_loaded else self._not_loaded()
            else:
                _print(f"decision-qa: {_said(error)}", err=True)
        # Threads that nobody can wake must not keep it.
        os._exit(code)

    def handle_exit(self, *_: object) -> None:
        """Told to stop before it has begun."""
        self.alive = False

    async def _serve(self) -> int:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: _tell_bug(context.get("exception")))
        stop, ready, failed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        if not self.alive:
            stop.set()
        served = self._served
        answering = Answering(served.app, served.connections, served.loading.patience, stop.set)

        def prepare() -> None:
            self._prepare(lambda has_loaded: loop.call_soon_threadsafe((ready if has_loaded else failed).set))

        threading.Thread(target=prepare, daemon=True).start()
        is_alone = self.age == 1 or self.cfg.workers == 1
        listens = False
        while not stop.is_set() and not failed.is_set() and self.ppid == os.getppid():
            self.notify()
            if not listens and (is_alone or ready.is_set()):
                await answering.begin([one.sock for one in self.sockets])
                listens = True
            answering.sweep()
            waiting = {asyncio.create_task(event.wait()) for event in (stop, failed, *(() if listens else (ready,)))}
            _, pending = await asyncio.wait(waiting, timeout=_TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
        if failed.is_set():
            if self.age > self.cfg.workers:
                await asyncio.sleep(_RETRY_SECONDS)
            return self._not_loaded()
        await answering.end(self.notify)
        return 0

    def _not_loaded(self) -> int:
        """The exit code of a process that can never answer: with one of the first, the server ends."""
        return int(Arbiter.WORKER_BOOT_ERROR) if self.age <= self.cfg.workers else _EXIT_NOT_LOADED

    def _prepare(self, tell: Callable[[bool], object]) -> None:
        loading, telling = self._served.loading, self._served.telling
        # Those that are begun together would only hinder the first.
        while 1 < self.age <= self.cfg.workers and telling.is_left():
            time.sleep(_POLL_SECONDS)
        try:
            loading.load()
        except Exception as error:
            if telling.taken() or self.age > self.cfg.workers:
                _print(f"decision-qa: {_said(error)}", err=True)
            tell(False)
            return
        why_not = _why_not(loading)
        if telling.taken():
            if why_not:
                _print(f"decision-qa listens on {self._served.url}, but cannot answer yet. {why_not}", err=True)
            else:
                _print(f"decision-qa is ready: open {self._served.url} (Ctrl-C stops it).")
        self._has_loaded = True
        tell(True)
        try:
            loading.later()
        except Exception as error:
            _print(f"decision-qa: {_said(error)}", err=True)
        # An index that was built anew is taken up though nobody asks: the one before keeps its place on the disk.
        while True:
            time.sleep(_REFRESH_SECONDS)
            _why_not(loading)


def _tell_bug(error: BaseException | None) -> None:
    logging.getLogger(__name__).error(kind_and_place(error) if error else "an error of the event loop")


def _why_not(loading: Loading) -> str:
    """Why no question can be answered yet; empty if one can."""
    try:
        loading.check()
    except Exception as error:
        return _said(error)
    return ""


def _said(error: Exception) -> str:
    """A sentence on an error; of one that was not foreseen, its kind and place only."""
    return (
        str(error)
        if isinstance(error, DecisionQAError)
        else f"Something went wrong in the program: {kind_and_place(error)}."
    )


class Answering:
    """The connections of a process, from the first to the last."""

    def __init__(self, app: Flask, most: int, patience: float, give_up: Callable[[], object]) -> None:
        """There are `most` of them at once. A request must have been answered within `patience` seconds; where one is
        not, `give_up` is called: the process had better end when the others are answered.
        """
        config = config_of(Gateway(app, patience, give_up))
        config.load()
        self._state = ServerState()
        self._connection = functools.partial(Connection, config, self._state, most)
        self._taking: set[asyncio.Task[object]] = set()
        self._sockets: list[socket.socket] = []
        self._stopping = False

    @property
    def _connections(self) -> list[Connection]:
        return list(cast("set[Connection]", self._state.connections))

    async def begin(self, listening: list[socket.socket]) -> None:
        """Take up connections."""
        loop = asyncio.get_running_loop()
        self._set_headers()
        for one in listening:
            one.setblocking(False)
            one.listen(BACKLOG)
            loop.add_reader(one.fileno(), self._take_up, one)
            self._sockets.append(one)

    def _take_up(self, listening: socket.socket) -> None:
        """Take up some of those who wait for it: one where little is done here, so that of many who come at once other
        processes have their share; more where much is, for then a turn of the loop takes long.
        """
        loop = asyncio.get_running_loop()
        try:
            for _ in range(
                min(_MAX_ACCEPTING - len(self._taking), 1 + len(self._state.connections) // _CONNECTIONS_PER_ACCEPT)
            ):
                accepted, _ = listening.accept()
                accepted.setblocking(False)
                taking = loop.create_task(loop.connect_accepted_socket(self._connection, accepted))
                self._taking.add(taking)
                taking.add_done_callback(self._taking.discard)
        except OSError as error:
            if error.errno in _NOBODY_WAITS:
                return
            # There are no more descriptors.
            logging.getLogger(__name__).error(kind_and_place(error))
            loop.remove_reader(listening.fileno())
            loop.call_later(_NO_DESCRIPTORS_SECONDS, self._look_again, listening)

    def _look_again(self, listening: socket.socket) -> None:
        if not self._stopping:
            asyncio.get_running_loop().add_reader(listening.fileno(), self._take_up, listening)

    def sweep(self) -> None:
        """Keep the deadlines; to be called now and then."""
        self._set_headers()
        sweep(self._state)

    def _set_headers(self) -> None:
        closing = [(b"connection", b"close")] if self._stopping else []
        self._state.default_headers = [(b"date", formatdate(usegmt=True).encode()), *closing]

    async def end(self, notify: Callable[[], object]) -> None:
        """Answer what was asked, also on connections that nobody has taken up yet and on those that are kept."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._stopping = True
        self._set_headers()
        for connection in self._connections:
            connection.close_after()
        await asyncio.sleep(_ARRIVING_SECONDS)
        for one in self._sockets:
            loop.remove_reader(one.fileno())
            with contextlib.suppress(OSError):
                while True:
                    accepted, _ = one.accept()
                    accepted.setblocking(False)
                    await loop.connect_accepted_socket(self._connection, accepted)
            one.close()
        while self._connections and loop.time() - began < _STOPPING_SECONDS:
            notify()
            self.sweep()
            for connection in self._connections:
                if connection.has_ended() and loop.time() - began > LINGERING_SECONDS:
                    connection.transport.close()
            await asyncio.sleep(_POLL_SECONDS)
