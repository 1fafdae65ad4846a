"""From the bytes of a connection to a call of the application, and back; the application sees whole requests only.

    a connection → its head, by h11 within uvicorn's protocol, and what is stricter here → its body, within bounds
                 → the WSGI application (PEP 3333) in a thread → the answer, whole or as it comes

However slowly a client sends or reads, it keeps neither a thread nor a process waiting: it costs its connection alone,
and that only until a deadline. What is refused here is answered with a problem (RFC 9457), as the application does it.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import fcntl
import functools
import io
import json
import logging
import re
import socket
import struct
import termios
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from enum import IntEnum
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import h11
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from index.errors import kind_and_place
from qa.errors import BUG, HEADERS, RETRY, Busy, kind_of_status
from qa.limits import Workers
from qa.web.admission import network_of

HEAD_SECONDS, BODY_SECONDS = 10, 30
"""Until then the head of a request, and then its body, must have come."""
MAX_BODY, MAX_LETTER = 64 * 1024, 1280 * 1024
"""Bytes of a body, and of one at LETTERS: a letter of 100,000 characters may have 1.2 million, where each is written as
`%F0%9F%99%82`."""
LETTERS = ("/check", "/api/check")
"""Where letters are sent."""
FULL = "The server is busy. Try again in a few seconds."
"""The message where there is no room for a request."""
REFUSAL_SECONDS = 2
"""How long that message is held back: many who ask again at once would keep everybody waiting."""
LINGERING_SECONDS = 1.0
"""For a request that may be on its way when a process stops."""
TOO_LONG = f"The address must not be larger than {MAX_BODY // 1024} KiB."
"""The message for an address that holds more than a body may."""
HAS_GONE = "decision_qa.has_gone"
"""The name, in the environment of a request, of a function that says whether the client has gone, or seems to have
because it has closed its side. It is answered all the same, but nothing that costs much need be done for it.
"""
_HAS_CLOSED_ITS_SIDE = "decision_qa.says_no_more"  # in the scope of a request
# Bytes of bodies in a process that have not come to their end, and as many of heads and unread answers.
_MAX_BUFFERED_BYTES = 64 << 20
_MAX_HEAD_BYTES = 64 * 1024  # of its fields
_MAX_ADDRESS_BYTES = 3 * MAX_BODY + 1024  # what may be in a body may be asked by `GET`, each byte as `%C3`
_IDLE_SECONDS = 65  # that a connection is kept without a request; a proxy that keeps one for 60 closes it first
_UNREAD_SECONDS = 60  # in which a client must have read so many bytes, or all that it was sent:
_MIN_READ_BYTES = 64 * 1024
_MAX_DISCARDED_BYTES = 1 << 20  # that are read and thrown away after a refusal, so that the client sees it,
_DISCARDING_SECONDS = 2  # and for how long
_CLOSING_SECONDS = 5  # until a connection that was closed is given up
_UNFINISHED_SECONDS = 3.0  # for the rest of a head when a process stops
_SETTLED_SECONDS = 1  # after which a connection may be dropped for another,
_SLOW_SECONDS = 10  # and where its client has no more
_MANY_PART = 16  # the part of all the connections, a sixteenth, beyond which a client has many
_WATCHED_AFTER_SECONDS = 1.0  # after which it is watched whether a client is still there
_MAX_THREADS = 16  # of a process: of many that compute, each makes the loop wait, and with it everybody
_HEALTH_THREADS = 2  # more, for liveness checks, and as many for readiness checks
_MAX_REQUESTS = 256  # of a process that have a thread or wait for one
_HEALTH_PATHS = ("/healthz", "/readyz")  # in threads of their own

_MAX_FIELD_BYTES = 8 * 1024  # of one field of a head
_MAX_BLANKS = 100  # in a row, in a field: those who split it may take long over them
_BLANKS = re.compile(rb"[ \t]{%d}" % (_MAX_BLANKS + 1))
_MAX_FIELDS = 100  # in a head: h11 takes some microseconds for each, and every other client waits meanwhile
_NO_LENGTH = 1 << 63  # what nobody counts bytes by
_MAX_CHUNK_LINES = 1000  # of a body in chunks, for the same reason,
_BYTES_PER_LINE = 16  # and one more for so many bytes
# What h11 takes, and others read in another way or not at all.
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_AMBIGUOUS = re.compile(
    rb"""
    (?<!\r)\n                                  # a line end without CR
    | \n[ \t]                                  # a field on two lines
    | [\0-\x08\x0b\x0c\x0e-\x1f\x7f]          # a control character
    | ^content-length[ \t]*:[^\r\n]*,          # two lengths in one field
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_CONTENT_LENGTH = re.compile(rb"^content-length[ \t]*:", re.IGNORECASE | re.MULTILINE)
_TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_SINGLE_FIELDS = ("content-type", "authorization", "origin")
_ENCODED_SLASH = re.compile(rb"%2f", re.IGNORECASE)
_ABSOLUTE_ADDRESS = re.compile(rb"https?://([^/?#]+)", re.IGNORECASE)

_log = logging.getLogger(__name__)

_Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """The answer to a request that is refused."""

    status: int
    detail: str


_MALFORMED = "This is not a valid HTTP/1.1 request (RFC 9112)."


def _problem(refusal: Refusal) -> tuple[_Headers, bytes]:
    body = json.dumps(kind_of_status(refusal.status).as_json(refusal.detail)).encode() + b"\n"
    told = {"Content-Type": "application/problem+json", "Content-Length": str(len(body)), "Cache-Control": "no-store"}
    told |= HEADERS | (RETRY if refusal.status == 503 else {})
    return [*((name.lower().encode(), value.encode()) for name, value in told.items()), (b"connection", b"close")], body


class _Counted:
    """A transport, and how many bytes are written to it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.written = 0

    def write(self, data: bytes) -> None:
        self.written += len(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Doing(IntEnum):
    """What a connection does; those that do the first of these are the first to go for another."""

    NOTHING = 0  # or it sends the head of a request
    SENDING = 1
    READING = 2  # more slowly than it is answered
    ANSWERED = 3


class Connection(H11Protocol):
    """A client. Its deadlines are kept by `sweep`, which the server calls once a second."""

    def __init__(self, config: Config, server_state: ServerState, most: int, **_: object) -> None:
        """`most` is how many of them there may be in this process."""
        super().__init__(config, server_state, {})
        self._most = most
        self._waiting_since: float | None = None  # for the rest of a head
        self._looked_at = 0, 0  # bytes and lines of a head that has not come to its end
        self._receiving_since: float | None = None  # the rest of a body
        self._host = ""
        self._unread: tuple[float, int] | None = None  # since when there are any, and how many had been read then
        self._closing_since: float | None = None
        self._discarded: int | None = None  # bytes, since a head was refused that is still coming
        self._chunked: list[int] | None = None  # lines and bytes of a body in chunks so far

    @property
    def is_answering(self) -> bool:
        """Whether there is a request that has not been answered to its end."""
        return self.cycle is not None and not self.cycle.response_complete

    def has_ended(self) -> bool:
        """Whether nothing was asked on it for long enough to close it, as its process stops."""
        if self.is_answering or self._waiting_since is None or self.unread:
            return False
        waited = self.loop.time() - self._waiting_since
        if self.conn.trailing_data[0]:
            return waited > _UNFINISHED_SECONDS
        unread = array.array("i", [0])
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.FIONREAD, unread)
        return waited > LINGERING_SECONDS and not unread[0]

    def close_after(self) -> None:
        """Have the answer that is being made tell that the connection closes; later ones say so by themselves."""
        if self.is_answering and not self.cycle.response_started:
            self.cycle.default_headers = self.server_state.default_headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come. Where there are too many, one that asks for nothing goes for it."""
        self._counted = _Counted(transport)
        super().connection_made(cast(asyncio.Transport, self._counted))
        if self.client is None:  # it was reset before it was taken up: nobody waits for what it asks
            self.drop()
            return
        self._host = network_of(str(self.client[0]))
        self._waiting_since = self.loop.time()
        if len(self._open) > self._most and not self._make_room():
            self.refuse(Refusal(503, "The server has too many connections. Try again in a few seconds."))

    @property
    def _open(self) -> set[Connection]:
        """All but those that end with this turn of the loop: each makes room for one newcomer."""
        return {one for one in cast("set[Connection]", self.connections) if not one.transport.is_closing()}

    def _make_room(self) -> bool:
        """Have one go of the client that has most of them: one that asks for nothing if it can, of a few the eldest.

        Nobody goes for a client that has more, and what is being answered goes only where its client has many. Where
        nobody has more than whoever comes, a body or a reader goes only if it is slow; among the client's own it goes
        only if these are most of all, as where everybody comes by one proxy. Of a client that has many, whichever asks
        for nothing goes: many may come at a time, and whoever is looked at costs others time.
        """
        every = self._open
        have = Counter(one._host for one in every)
        mine = have[self._host]
        by_count: dict[int, list[Connection]] = {}
        for one in every - {self}:
            if (of := have[one._host]) >= mine:
                by_count.setdefault(of, []).append(one)
        for of in sorted(by_count, reverse=True):
            going = self._first_to_go(by_count[of], of, mine)
            if going is not None:
                going.drop()
                return True
        return False

    def _first_to_go(self, connections: Sequence[Connection], of: int, mine: int) -> Connection | None:
        """The one to go of some whose clients have `of` of them each; the client of this one has `mine`."""
        now, many = self.loop.time(), self._most // _MANY_PART
        first: tuple[tuple[_Doing, float], Connection] | None = None
        for one in connections:
            doing, since = one._doing
            if doing is _Doing.ANSWERED:
                may_go = of > max(mine, many)
            elif of > mine or doing is _Doing.NOTHING:
                may_go = now - since > _SETTLED_SECONDS
            else:
                may_go = (one._host != self._host or of > self._most // 2) and now - since > _SLOW_SECONDS
            if may_go and doing is _Doing.NOTHING and of > many:
                return one
            if may_go and (first is None or (doing, since) < first[0]):
                first = (doing, since), one
        return None if first is None else first[1]

    @property
    def _doing(self) -> tuple[_Doing, float]:
        if self._receiving_since is not None:
            return _Doing.SENDING, self._receiving_since
        if self._unread is not None and self.unread:
            return _Doing.READING, self._unread[0]
        if self.is_answering or self.unread or self._waiting_since is None:
            return _Doing.ANSWERED, 0.0
        return _Doing.NOTHING, self._waiting_since

    def data_received(self, data: bytes) -> None:
        """More has come: a part of a head, of a body, or of the request after this."""
        if self._discarded is not None:
            self._discarded += len(data)
            if self._discarded > _MAX_DISCARDED_BYTES:
                self.transport.close()
            return
        if self.transport.is_closing() or self.conn.their_state is h11.MUST_CLOSE:
            return
        if not self.is_answering and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            data = data.removeprefix(b"\r\n")  # which old clients send behind a body (RFC 9112, 2.2)
            if not data:  # h11 takes nothing for the end, of which uvicorn makes an endless loop
                return
            self._waiting_since = self.loop.time()
        if self.conn.their_state is h11.SEND_BODY and not self._may_chunk(data):
            return
        super().data_received(data)
        # A chunk that is larger than any body may be is refused when it is announced.
        announced = getattr(self.conn._reader, "_bytes_in_chunk", 0)
        if self.is_answering and announced > (most := _most(self.scope)):
            is_number = announced < _NO_LENGTH
            self.refuse(Refusal(413, too_large(most)) if is_number else Refusal(400, _MALFORMED))

    def handle_events(self) -> None:
        """Read what has come so far."""
        if self.conn.their_state is h11.IDLE and not self._may_begin(self.conn.trailing_data[0]):
            return
        super().handle_events()
        if self.is_answering:
            self._waiting_since = None
        if self.conn.their_state is not h11.SEND_BODY:
            self._receiving_since = None
        elif self._receiving_since is None:
            self._receiving_since = self.loop.time()

    def _may_begin(self, come: bytes) -> bool:
        """Whether the head of the next request is one that is read; what has come of it, and of what is behind it."""
        # What was looked at before is not looked at again, but for the beginning of an end: it may come byte by byte.
        seen, lines = self._looked_at
        end = _END_OF_HEAD.search(come, max(0, seen - 2))
        size = end.start() + 1 if end else len(come)
        lines += come.count(b"\n", seen, size)
        self._looked_at = (0, 0) if end else (size, lines)
        first = come.find(b"\n", 0, size) + 1 or size
        if first > _MAX_ADDRESS_BYTES:
            self.refuse(Refusal(413, TOO_LONG), is_sending=True)
            return False
        if size - first > _MAX_HEAD_BYTES or lines > _MAX_FIELDS + 1:
            size_kib = _MAX_HEAD_BYTES // 1024
            said = f"The request has more than {_MAX_FIELDS} header fields, or more than {size_kib} KiB of them."
            self.refuse(Refusal(431, said), is_sending=True)
            return False
        if end is None:
            return True
        head = come[:size]
        if any(len(field) > _MAX_FIELD_BYTES for field in head.split(b"\n")[1:]) or _BLANKS.search(head):
            said = f"A header field has more than {_MAX_FIELD_BYTES // 1024} KiB, or {_MAX_BLANKS} blanks in a row."
            self.refuse(Refusal(431, said))
            return False
        if _AMBIGUOUS.search(come, 0, end.end()) or len(_CONTENT_LENGTH.findall(head)) > 1:
            self.refuse(Refusal(400, _MALFORMED))
            return False
        self._chunked = [0, 0] if _TRANSFER_ENCODING.search(head) else None
        return self._may_chunk(come[end.end() :])

    def _may_chunk(self, data: bytes) -> bool:
        """Whether the body in chunks, of which this has come, is not cut too small."""
        if self._chunked is None:
            return True
        self._chunked[0] += data.count(b"\n")
        self._chunked[1] += len(data)
        if self._chunked[0] <= _MAX_CHUNK_LINES + self._chunked[1] // _BYTES_PER_LINE:
            return True
        self.refuse(Refusal(400, "The body is sent in too many small chunks."))
        return False

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more; what was asked is answered all the same. Whether the connection stays for that."""
        if not self.is_answering:
            return False
        if not self.conn.trailing_data[0]:
            self.cycle.keep_alive = False
            cast("dict[str, object]", self.scope)[_HAS_CLOSED_ITS_SIDE] = True
        if self.conn.their_state is h11.SEND_BODY:  # whose end is missing
            self.conn.receive_data(b"")
            self.handle_events()
        return True

    def on_response_complete(self) -> None:
        """An answer was sent to its end; the next request may stand behind it already."""
        self._waiting_since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """What has come cannot be read as a request."""
        self.refuse(Refusal(400, _MALFORMED))

    def refuse(self, refusal: Refusal, is_sending: bool = False) -> None:
        """Tell why, if that can still be told, and close; to a client that `is_sending` when it has seen the answer."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # for whoever waits for the rest of the body, of which there is none
            self.cycle.message_event.set()
        with contextlib.suppress(h11.LocalProtocolError):
            headers, body = _problem(refusal)
            headers.append((b"date", formatdate(usegmt=True).encode()))
            status = HTTPStatus(refusal.status)
            head = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        if is_sending:
            self._discarded = 0
            self.transport.write_eof()
            self.loop.call_later(_DISCARDING_SECONDS, self.transport.close)
        else:
            self.transport.close()

    @property
    def unread(self) -> int:
        """Bytes of answers that the client has not read."""
        return self.transport.get_write_buffer_size()

    @property
    def buffered(self) -> int:
        """Bytes that are kept for it: of answers, and of a head that has not come to its end."""
        return self.unread + len(self.conn._receive_buffer)

    def sweep(self, now: float) -> None:
        """End it where a deadline has passed."""
        read = self._counted.written - self.unread
        if not self.unread:
            self._unread = None
        elif self._unread is None or read >= self._unread[1] + _MIN_READ_BYTES:
            self._unread = now, read
        if self._unread is not None:
            if now - self._unread[0] > _UNREAD_SECONDS:
                self.drop()
        elif self.transport.is_closing():
            self._closing_since = self._closing_since or now
            if now - self._closing_since > _CLOSING_SECONDS:
                self.drop()
        elif self._waiting_since is not None and now - self._waiting_since > HEAD_SECONDS:
            if self.conn.trailing_data[0]:
                self.refuse(Refusal(408, f"The head of the request did not arrive within {HEAD_SECONDS} seconds."))
            elif self.cycle is None:  # it never said anything; one that is kept has a timer of its own
                self.drop()

    def drop(self) -> None:
        """End it at once, with all that the client has not read."""
        with contextlib.suppress(OSError):
            client: socket.socket = self.transport.get_extra_info("socket")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def sweep(state: ServerState) -> None:
    """Keep the deadlines of all connections, and end those for which most is kept where together it is too much."""
    now = asyncio.get_running_loop().time()
    connections = list(cast("set[Connection]", state.connections))
    for one in connections:
        one.sweep(now)
    buffered = sum(one.buffered for one in connections)
    for one in sorted(connections, key=lambda one: -one.buffered):
        if buffered <= _MAX_BUFFERED_BYTES:
            return
        buffered -= one.buffered
        one.drop()


def config_of(app: object) -> Config:
    """How uvicorn's protocol is set to call an application (ASGI 3)."""
    logging.getLogger("uvicorn.error").disabled = True  # it tells of every request that is malformed
    return Config(
        cast(Any, app), loop="asyncio", lifespan="off", ws="none", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=_IDLE_SECONDS,
        h11_max_incomplete_event_size=_MAX_ADDRESS_BYTES + _MAX_HEAD_BYTES,
    )  # fmt: skip


@dataclass(eq=False, slots=True)
class _Coming:
    """A body that is coming, from whom, and how much of it is here."""

    host: str
    until: asyncio.Timeout
    size: int = 0
    is_given_up: bool = False


class Bodies:
    """The bodies that come to a process, each of them whole, and all of them within a bound."""

    def __init__(self) -> None:
        self._coming: set[_Coming] = set()
        self._held = 0

    async def read(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> bytes:
        """The whole body. Raises Refusal, and ConnectionResetError where the client goes before its end."""
        most = _most(scope)
        if next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0) > most:
            raise Refusal(413, too_large(most))
        parts: list[bytes] = []
        until = asyncio.timeout(BODY_SECONDS)
        coming = _Coming(client_of(scope), until)
        try:
            async with until:
                self._coming.add(coming)
                while True:
                    message = await receive()
                    if coming.is_given_up:  # of which the timeout may not have told yet
                        raise TimeoutError
                    if message["type"] != "http.request":
                        raise ConnectionResetError
                    parts.append(message.get("body", b""))
                    coming.size += len(parts[-1])
                    self._held += len(parts[-1])
                    if coming.size > most:
                        raise Refusal(413, too_large(most))
                    if not message.get("more_body"):
                        return b"".join(parts)
                    while self._held > _MAX_BUFFERED_BYTES:
                        self._give_up()
        except TimeoutError:
            if coming.is_given_up:
                raise Refusal(503, "The server is busy receiving requests. Try again in a few seconds.") from None
            raise Refusal(408, f"The body of the request did not arrive within {BODY_SECONDS} seconds.") from None
        finally:
            self._end(coming)

    def _give_up(self) -> None:
        """Refuse the largest body of the client that sends most: whoever sends little is not shut out by it."""
        held: Counter[str] = Counter()
        for one in self._coming:
            held[one.host] += one.size
        largest = max(self._coming, key=lambda one: (held[one.host], one.size))
        largest.is_given_up = True
        self._end(largest)
        with contextlib.suppress(RuntimeError):  # its time is over in this very turn
            largest.until.reschedule(asyncio.get_running_loop().time())

    def _end(self, coming: _Coming) -> None:
        if coming in self._coming:
            self._coming.remove(coming)
            self._held -= coming.size


class WholeRequests:
    """An application as uvicorn calls it (ASGI 3): `answer` gets whole requests only, and none that is ambiguous."""

    def __init__(self) -> None:
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        environ: WSGIEnvironment = {}
        is_busy = False
        try:
            scope = in_origin_form(scope)
            environ |= environ_of(scope)
            body = await self._bodies.read(scope, receive)
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            del body
            await self.answer(scope, environ, receive, send)
            return
        except Busy as busy:
            refusal, is_busy = Refusal(503, str(busy)), True
        except Refusal as error:
            refusal = Refusal(error.status, error.detail)  # without what was read, which its traceback holds
        except ConnectionResetError:
            return  # nobody is there any more
        except Exception as error:  # a traceback would be printed by the library, and might tell the question
            _log.error(kind_and_place(error))
            refusal = Refusal(500, BUG)
        if is_busy:  # so that no thread works with it
            environ.clear()  # with the body
            await asyncio.sleep(REFUSAL_SECONDS)
        with contextlib.suppress(Exception):
            await refuse(refusal, receive, send)

    async def answer(
        self, scope: HTTPScope, environ: WSGIEnvironment, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer a request whose body is in `environ`. It may raise Busy and Refusal, and ConnectionResetError."""
        raise NotImplementedError


class Gateway(WholeRequests):
    """A WSGI application, called in threads."""

    def __init__(self, app: WSGIApplication, patience: float, given_up: Callable[[], object]) -> None:
        """A request that the application does not answer within `patience` seconds is told so, and then `given_up` is
        called: the thread in which it hangs is lost to this process.
        """
        super().__init__()
        self._app = app
        self._patience = patience
        self._given_up = given_up
        self._workers = Workers(_MAX_THREADS, _MAX_REQUESTS, FULL, "request")
        self._aside = {path: Workers(_HEALTH_THREADS, _MAX_REQUESTS, FULL, path) for path in _HEALTH_PATHS}
        self._calling: set[_Exchange] = set()  # those that a thread is busy with, whoever still waits for them

    async def answer(
        self, scope: HTTPScope, environ: WSGIEnvironment, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer a request, in a thread of those that its address has."""
        workers = self._aside.get(scope["path"], self._workers)
        exchange, loop = _Exchange(), asyncio.get_running_loop()
        environ[HAS_GONE] = lambda: exchange.gone.is_set() or _HAS_CLOSED_ITS_SIDE in scope
        # A place is kept until the thread is free: how slowly the answer is read does not count.
        workers.submit(functools.partial(self._call, exchange, environ), client_of(scope))
        watch = loop.call_later(_WATCHED_AFTER_SECONDS, exchange.watch, receive)
        until = loop.time() + self._patience
        try:
            while True:
                try:
                    async with asyncio.timeout_at(until):
                        message = await exchange.messages.get()
                except TimeoutError:
                    until = (exchange.alive or 0) + self._patience
                    if until > loop.time():  # it waited for its turn
                        continue
                    if any(one.alive and one.alive + self._patience <= loop.time() for one in [*self._calling]):
                        self._given_up()
                    raise Refusal(503, "The answer took too long. Try again in a few seconds.") from None
                until = loop.time() + self._patience
                match message:
                    case Exception():
                        raise message
                    case (int(status), list(headers)):
                        await send({"type": "http.response.start", "status": status, "headers": headers})
                    case (bytes(part), bool(more)):
                        await send({"type": "http.response.body", "body": part, "more_body": more})
                        if not more:
                            return
                        exchange.watch(receive)
        finally:
            watch.cancel()
            exchange.end()

    def _call(self, exchange: _Exchange, environ: WSGIEnvironment) -> None:
        self._calling.add(exchange)
        try:
            exchange.call(self._app, environ)
        finally:
            self._calling.discard(exchange)


class _Exchange:
    """One call of the application, in a thread, and what it tells: the head, then parts of the body, each with whether
    more comes; or an exception.
    """

    def __init__(self) -> None:
        self.messages: asyncio.Queue[object] = asyncio.Queue()
        self.gone = threading.Event()
        self.alive: float | None = None  # when it began or last sent something, by the clock of the loop
        self._loop = asyncio.get_running_loop()
        self._watching: asyncio.Task[None] | None = None

    def watch(self, receive: ASGIReceiveCallable) -> None:
        """Notice from now on when the client has gone."""
        if self._watching is None:
            self._watching = self._loop.create_task(self._watch(receive))

    async def _watch(self, receive: ASGIReceiveCallable) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.gone.set()
        self.messages.put_nowait(ConnectionResetError())

    def end(self) -> None:
        self.gone.set()
        if self._watching is not None:
            self._watching.cancel()

    def call(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        """Call the application, and tell what it does; not if nobody waits for it any more."""
        if self.gone.is_set():
            return
        self.alive = self._loop.time()
        try:
            self._tell(*self._called(app, environ))
        except Exception as error:
            self._tell(error)

    def _called(self, app: WSGIApplication, environ: WSGIEnvironment) -> Sequence[object]:
        """What is still to be told when the application has finished."""
        head: list[tuple[int, _Headers]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            told = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            head[:] = [(int(status[:3]), told)]
            return _cannot_write

        parts = app(environ, cast(StartResponse, start_response))
        try:
            if not any(
                name == b"content-type" and value.startswith(b"text/event-stream") for name, value in head[0][1]
            ):
                return *head, (b"".join(parts), False)
            self._tell(*head)
            for part in parts:
                if self.gone.is_set():
                    return ()
                self._tell((part, True))
            return ((b"", False),)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def _tell(self, *messages: object) -> None:
        self.alive = self._loop.time()

        def put() -> None:
            for message in messages:
                self.messages.put_nowait(message)

        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(put)


def _cannot_write(_: bytes) -> object:
    raise NotImplementedError("The application must return what it answers.")


def client_of(scope: HTTPScope) -> str:
    """The address of whoever sent a request, or an empty one."""
    return network_of(str((scope.get("client") or ("",))[0]))


def _most(scope: HTTPScope) -> int:
    return MAX_LETTER if in_origin_form(scope)["path"] in LETTERS else MAX_BODY


def too_large(size: int) -> str:
    """The message for a body of more bytes."""
    return f"The body must not be larger than {size // 1024:,} KiB."


async def refuse(refusal: Refusal, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Tell why, and close. What the client is still sending is thrown away for a while: were it left unread, the system
    would reset the connection, and the client might never see the answer.
    """
    headers, body = _problem(refusal)
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    discarded = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DISCARDING_SECONDS):
            while discarded < _MAX_DISCARDED_BYTES:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    break
                discarded += len(message.get("body", b""))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def in_origin_form(scope: HTTPScope) -> HTTPScope:
    """A request with its path alone: where it has a whole address, as a proxy is asked, the host of that is the one
    that counts (RFC 9112, 3.2.2).
    """
    raw = scope.get("raw_path") or b""
    absolute = _ABSOLUTE_ADDRESS.match(raw)
    if not absolute:
        return scope
    path = raw[absolute.end() :] or b"/"
    headers = [(b"host", absolute[1]), *((name, value) for name, value in scope["headers"] if name != b"host")]
    told = {**scope, "raw_path": path, "path": unquote_to_bytes(path).decode(errors="replace"), "headers": headers}
    return cast(HTTPScope, told)


def environ_of(scope: HTTPScope) -> WSGIEnvironment:
    """What the application is told of a request in origin form (PEP 3333).

    Raises Refusal for one that may be read in two ways.
    """
    raw = scope.get("raw_path") or b""
    given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    names = [name for name, _ in given]
    if scope["http_version"] not in ("1.0", "1.1"):
        raise Refusal(400, "The server speaks HTTP/1.1.")
    if not scope["method"].isupper() or not raw.startswith((b"/", b"http", b"HTTP", b"*")):
        raise Refusal(400, _MALFORMED)
    if "transfer-encoding" in names and ("content-length" in names or scope["http_version"] != "1.1"):
        raise Refusal(400, "A body in chunks must not have a Content-Length, and HTTP/1.0 has no chunks.")
    if any(names.count(name) > 1 for name in _SINGLE_FIELDS):
        raise Refusal(400, "The request repeats a header field that may appear only once.")
    hosts = [value for name, value in given if name == "host"]
    if any(not _HOST.fullmatch(host) for host in hosts):
        raise Refusal(400, "The Host of the request is not a valid host name.")
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # A stroke that is written otherwise is no stroke between the parts of a path (RFC 3986, 2.2).
        "PATH_INFO": b"%2F".join(map(unquote_to_bytes, _ENCODED_SLASH.split(raw))).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in given:
        if "_" in name or name in ("host", "transfer-encoding", "connection"):
            continue  # WSGI would not tell X_Forwarded_For from X-Forwarded-For
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if hosts:
        environ["HTTP_HOST"] = hosts[0]
    return environ
