"""A server in a process of its own, and who asks it over HTTP."""

from __future__ import annotations

import contextlib
import itertools
import json
import selectors
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from measuring.memory import memory_of_all

READY_SECONDS = 120
"""Until then a server must have become ready."""

COMMAND = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "decision-qa"


class Server:
    """`decision-qa serve` on an index, until the block ends."""

    def __init__(self, index: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [COMMAND, "serve", "--port", str(self.port), "--index", index], stdout=subprocess.DEVNULL
        )

    def ready(self) -> float:
        """Wait until it can answer; the seconds since it was started."""
        while time.perf_counter() - self._started < READY_SECONDS:
            with contextlib.suppress(OSError), Client(self.port) as client:
                if client.request(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")[0] == 200:
                    return time.perf_counter() - self._started
            if self._process.poll() is not None:
                raise SystemExit("benchmark: the server ended by itself")
            time.sleep(0.02)
        raise SystemExit(f"benchmark: the server was not ready within {READY_SECONDS} seconds")

    def memory(self) -> dict[str, float]:
        """What its processes hold together, see memory_of_all."""
        return memory_of_all(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body that come back."""
        self._socket.sendall(request)
        came = b""
        while (answer := read_answer(came)) is None:
            part = self._socket.recv(1 << 20)
            if not part:
                raise ConnectionResetError("the server closed the connection")
            came += part
        return answer[0], answer[2]

    def ask(self, question: str) -> tuple[float, dict[str, Any]]:
        """The seconds that an answer takes to come, and the answer."""
        request = post(question)
        started = time.perf_counter()
        try:
            status, body = self.request(request)
        except ConnectionError:  # it was idle for longer than the server keeps one
            self.__init__(self._port)  # type: ignore[misc]
            return self.ask(question)
        took = time.perf_counter() - started
        if status != 200:
            raise SystemExit(f"benchmark: the server answered {status}: {body.decode()}")
        return took, json.loads(body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def post(question: str) -> bytes:
    """The request that asks a question."""
    body = json.dumps({"question": question}).encode()
    head = f"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def read_answer(came: bytes) -> tuple[int, dict[bytes, bytes], bytes] | None:
    """The status, the headers in lower case and the body of an answer; None while it is not whole."""
    head, end, body = came.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *rest = head.split(b"\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in rest)}
    if len(body) < int(headers.get(b"content-length", b"0")):
        return None
    return int(first.split()[1]), headers, body


def clients(port: int, questions: list[str], connections: int) -> dict[str, Any]:
    """Ask all questions over so many connections, each as soon as its last answer came.

    Runs in a process of its own and waits in one thread, to take little of what the server needs. `took` has seconds
    and status of each, from connecting or sending on; `late` is how many 503 came without Retry-After.
    """
    selector, waiting, took, errors, late = selectors.DefaultSelector(), iter(questions), [], 0, 0

    def begin(link: dict[str, Any] | None = None) -> None:
        question = next(waiting, None)
        if link is not None and question is None:
            selector.unregister(link["socket"])
            link["socket"].close()
        elif question is not None:
            if link is None:
                link = {"socket": socket.socket()}
                link["socket"].setblocking(False)
                link["socket"].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                link["socket"].connect_ex(("127.0.0.1", port))
                selector.register(link["socket"], selectors.EVENT_WRITE, link)
            else:
                selector.modify(link["socket"], selectors.EVENT_WRITE, link)
            link |= {"started": time.perf_counter(), "request": post(question), "came": b""}

    def drop(link: dict[str, Any]) -> None:
        selector.unregister(link["socket"])
        link["socket"].close()
        begin()

    started = time.perf_counter()
    for _ in range(connections):
        begin()
    while selector.get_map():
        events = selector.select(60)
        if not events:
            errors += len(selector.get_map())
            break
        for key, _ in events:
            link = key.data
            try:
                if link["request"]:
                    link["request"] = link["request"][link["socket"].send(link["request"]) :]
                    if not link["request"]:
                        selector.modify(link["socket"], selectors.EVENT_READ, link)
                    continue
                part = link["socket"].recv(1 << 20)
            except OSError:
                part = b""
            link["came"] += part
            answer = read_answer(link["came"])
            if answer is not None:
                took.append((time.perf_counter() - link["started"], answer[0]))
                late += answer[0] == 503 and b"retry-after" not in answer[1]
                closes = answer[1].get(b"connection", b"").lower() == b"close"
                drop(link) if closes else begin(link)
            elif not part:
                errors += 1
                drop(link)
    return {"seconds": time.perf_counter() - started, "took": took, "errors": errors, "late": late}


def varied(questions: Sequence[str], count: int) -> list[str]:
    """So many different questions: the judged ones, and then the same with the names of people put to them."""
    titles = itertools.product(("Mr", "Mrs", "Ms", "Miss"), "ABCDEFGHJKLMNOPQRSTUVWXYZ", ("", " and her son", " again"))
    names = itertools.chain([""], (f" (as {title} {letter}{rest} asked)" for title, letter, rest in titles))
    return list(itertools.islice((f"{question}{name}" for name in names for question in questions), count))
