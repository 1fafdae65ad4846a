"""A language model's server for tests: real HTTP on 127.0.0.1, and answers that a test chooses.

with ModelServer(says("Yes [1].")) as server:
    LanguageModel(server.url, "any").write(…)
    server.behaviour = lambda body: f"You asked: {body['messages'][-1]['content']}"
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
"""What was asked for, as JSON."""


@dataclass(frozen=True, slots=True)
class Does:
    """A behaviour that was made ready: what is done on the connection."""

    act: Callable[[Connection], None]


Behaviour = str | Does | Callable[[Body], str | Does]
"""A text to stream, something else to do, or what chooses one of these by the body of the request."""


class ModelServer:
    """Serves while it is entered; `behaviour` may be replaced at any time."""

    def __init__(self, behaviour: Behaviour = "Yes.") -> None:
        self.behaviour = behaviour
        self.requests: list[tuple[str, dict[str, str], Body]] = []
        """The path, the headers and the body of each request so far."""
        self.stopping = threading.Event()
        self.was_left = threading.Event()
        """Set once a client has closed its connection before it had all of its answer."""

    def __enter__(self) -> ModelServer:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()  # waits for the connections, each of which looks at `stopping`
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """The address of the API, as it is set."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def bodies(self) -> list[Body]:
        return [body for _, _, body in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    owner: ModelServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 10  # a client that neither sends nor reads
    server: _Server

    def do_POST(self) -> None:
        owner = self.server.owner
        self.close_connection = True
        length = int(self.headers["Content-Length"])
        data = self.rfile.read(length)
        if len(data) < length:  # the client left before it had asked
            owner.was_left.set()
            return
        body = json.loads(data)
        owner.requests.append((self.path, dict(self.headers.items()), body))
        chosen = owner.behaviour
        if not isinstance(chosen, str | Does):
            chosen = chosen(body)
        try:
            (says(chosen) if isinstance(chosen, str) else chosen).act(Connection(self, owner))
        except OSError:
            if not owner.stopping.is_set():
                owner.was_left.set()

    def do_GET(self) -> None:
        """Only a client that follows a redirect comes here."""
        self.server.owner.requests.append((self.path, dict(self.headers.items()), {}))
        self.send_error(405)

    def log_message(self, *_: object) -> None:
        pass


class Connection:
    """What a behaviour answers on; its methods raise OSError once the client has gone or the server stops."""

    def __init__(self, handler: _Handler, owner: ModelServer) -> None:
        self._handler = handler
        self._owner = owner

    def start(self, status: int = 200, content_type: str = "text/event-stream", **headers: str) -> None:
        """Send the head; what follows is sent in chunks, so that an end that is none can be told from one."""
        self._handler.send_response(status)
        for name, value in {
            "Content-Type": content_type,
            "Transfer-Encoding": "chunked",
            "Connection": "close",
            **headers,
        }.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        """Send one chunk."""
        if self._owner.stopping.is_set():
            raise ConnectionAbortedError
        if data:
            self._handler.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def speak(self, data: bytes) -> None:
        """Send what need not be HTTP."""
        self._handler.wfile.write(data)

    def event(self, delta: Body, finish: str | None = None) -> None:
        """Send one event, as the API has it."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake", "choices": [choice]}
        self.send(f"data: {json.dumps(chunk)}\n\n".encode())

    def say(self, pieces: Iterable[str]) -> None:
        """Begin an answer."""
        self.start()
        self.event({"role": "assistant", "content": ""})
        for piece in pieces:
            self.event({"content": piece})

    def finish(self, reason: str | None = "stop") -> None:
        """End an answer; without a reason only by the last line."""
        if reason:
            self.event({}, reason)
        self.send(b"data: [DONE]\n\n")
        self.end()

    def end(self) -> None:
        """End what is sent in chunks."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def wait(self, seconds: float = 3600) -> None:
        """Do nothing, but notice when the client leaves."""
        until = time.monotonic() + seconds
        while not self._owner.stopping.wait(0.01):
            readable, _, _ = select.select([self._handler.connection], [], [], 0)
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionAbortedError
            if time.monotonic() >= until:
                return
        raise ConnectionAbortedError


def _cut(text: str, pieces: int) -> Iterator[str]:
    size = max(1, -(-len(text) // pieces))
    return (text[start : start + size] for start in range(0, len(text), size))


def says(text: str, pieces: int = 3, finish: str | None = "stop") -> Does:
    """Streams the text in so many pieces; without `finish` it ends with `[DONE]` only."""

    def act(connection: Connection) -> None:
        connection.say(_cut(text, pieces))
        connection.finish(finish)

    return Does(act)


def length(text: str) -> Does:
    """Streams the text, and says that the limit of tokens was reached."""
    return says(text, finish="length")


def hangs() -> Does:
    """Takes the request and never answers."""
    return Does(Connection.wait)


def hangs_after(text: str) -> Does:
    """Streams the text, and then nothing more."""

    def act(connection: Connection) -> None:
        connection.say(_cut(text, 3))
        connection.wait()

    return Does(act)


def drips(text: str, seconds: float) -> Does:
    """Streams the text again and again, a letter at a time, so many seconds apart."""

    def act(connection: Connection) -> None:
        connection.say(())
        while True:
            for letter in text:
                connection.event({"content": letter})
                connection.wait(seconds)

    return Does(act)


def pings(seconds: float = 0.05) -> Does:
    """Says that it is still there, for ever, and nothing else."""
    return repeats(b": ping\n\n", seconds)


def repeats(data: bytes, seconds: float = 0, content_type: str = "text/event-stream") -> Does:
    """Sends these bytes for ever."""

    def act(connection: Connection) -> None:
        connection.start(content_type=content_type)
        while True:
            connection.send(data)
            if seconds:
                connection.wait(seconds)

    return Does(act)


def stops_in_mid_sentence(text: str) -> Does:
    """Streams the text and closes the connection."""
    return Does(lambda connection: connection.say(_cut(text, 3)))


def status(code: int, body: str | Body = "", **headers: str) -> Does:
    """Answers with a status, and a text or JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return raw(text.encode(), "text/plain" if isinstance(body, str) else "application/json", code, **headers)


def redirects(to: str, code: int = 307) -> Does:
    """Sends the client to another address."""
    return status(code, Location=to)


def raw(data: bytes, content_type: str = "text/event-stream", code: int = 200, **headers: str) -> Does:
    """Answers with these bytes, whole."""

    def act(connection: Connection) -> None:
        connection.start(code, content_type, **headers)
        connection.send(data)
        connection.end()

    return Does(act)


def speaks(data: bytes) -> Does:
    """Sends these bytes in place of an answer, HTTP or not, and closes the connection."""
    return Does(lambda connection: connection.speak(data))
