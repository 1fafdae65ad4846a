"""Connections as strangers open them: malformed, slow, endless, too many; and what becomes of what they ask."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.client
import json
import logging
import select
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from conftest import served
from flask import Flask, Response, jsonify, request, stream_with_context
from uvicorn.server import ServerState

from qa.web import gateway
from qa.web.gateway import MAX_BODY

HOST = b"Host: localhost\r\n"


@pytest.fixture(scope="module")
def application():
    """An application that tells what it was asked."""
    app = Flask(__name__)
    app.finished = threading.Event()

    @app.route("/echo", methods=["GET", "POST"])
    @app.route("/healthz")
    def echo():
        return jsonify(
            {"path": request.full_path, "body": request.get_data().decode("latin-1"), "host": request.host}
            | {"address": request.headers.get("X-Forwarded-For", "")}
        )

    @app.get("/broken")
    def broken():
        raise SystemError("a secret")

    @app.get("/large")
    def large():
        return Response(b"a" * 3_000_000)

    @app.get("/middling")
    def middling():
        return Response(b"a" * 600_000)

    @app.get("/events")
    def events():
        def told():
            try:
                for number in range(100_000):
                    yield f"data: {number}\n\n"
            finally:
                app.finished.set()

        return Response(stream_with_context(told()), mimetype="text/event-stream")

    app.waiting, app.left, pause = threading.Event(), threading.Event(), threading.Event()

    @app.get("/waits")
    def waits():
        app.waiting.set()
        while not request.environ[gateway.HAS_GONE]():
            pause.wait(0.01)
        app.left.set()
        return ""

    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture(scope="module")
def address(application):
    with served(application) as url:
        yield urlsplit(url)


@pytest.fixture
def connect(address):
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(socket.create_connection((address.hostname, address.port), timeout=20))


def said(connection, *parts: bytes) -> bytes:
    """All that comes back until the server closes."""
    with contextlib.suppress(ConnectionError):
        for part in parts:
            connection.sendall(part)
    came = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            came += part
    return came


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def post(*fields: bytes) -> bytes:
    return b"POST /echo HTTP/1.1\r\n" + HOST + b"".join(field + b"\r\n" for field in fields) + b"\r\n"


MALFORMED = {
    "no request": b"hello\r\n\r\n",
    "a secure one": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no host": b"GET /echo HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /echo HTTP/1.1\r\n" + HOST * 2 + b"\r\n",
    "a host that is none": b"GET /echo HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a host with a path": b"GET /echo HTTP/1.1\r\nHost: localhost/a\r\n\r\n",
    "two lengths": post(b"Content-Length: 2", b"Content-Length: 3") + b"{}",
    "the same length twice": post(b"Content-Length: 2", b"Content-Length: 2") + b"{}",
    "lengths in a list": post(b"Content-Length: 2, 3") + b"{}",
    "a length with a sign": post(b"Content-Length: +2") + b"{}",
    "a length below nothing": post(b"Content-Length: -2") + b"{}",
    "a length with a letter": post(b"Content-Length: 0x2") + b"{}",
    "a length with a line": post(b"Content-Length: 1_0") + b"{}",
    "a length and chunks": post(b"Content-Length: 2", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "another encoding": post(b"Transfer-Encoding: gzip") + b"0\r\n\r\n",
    "a chunk without a size": post(b"Transfer-Encoding: chunked") + b"x\r\n\r\n",
    "a chunk with a sign": post(b"Transfer-Encoding: chunked") + b"+2\r\n{}\r\n0\r\n\r\n",
    "a chunk of a size beyond any number": post(b"Transfer-Encoding: chunked") + b"FFFFFFFFFFFFFFFF\r\n",
    "a chunk of a size one beyond": post(b"Transfer-Encoding: chunked") + b"8000000000000000\r\n",
    "a chunk of a size without end": post(b"Transfer-Encoding: chunked") + b"F" * 1000 + b"\r\n",
    "a chunk below nothing": post(b"Transfer-Encoding: chunked") + b"-2\r\n{}\r\n0\r\n\r\n",
    "a chunk with a letter": post(b"Transfer-Encoding: chunked") + b"0x2\r\n{}\r\n0\r\n\r\n",
    "a chunk with nothing for a size": post(b"Transfer-Encoding: chunked") + b"\r\n{}\r\n0\r\n\r\n",
    "a trailer that is none": post(b"Transfer-Encoding: chunked") + b"0\r\nabc\r\n\r\n",
    "an encoding that is none": post(b"Transfer-Encoding: identity", b"Content-Length: 2") + b"{}",
    "two encodings": post(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    "chunks twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "a chunk that goes on": post(b"Transfer-Encoding: chunked") + b"2\r\n{}{}\r\n0\r\n\r\n",
    "a name with a space": post(b"Content-Length : 2") + b"{}",
    "a field on two lines": post(b"X-A: b\r\n\tc\r\nContent-Length: \r\n 2") + b"{}",
    "nothing in a field": b"GET /echo HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
    "bare line ends": b"POST /echo HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{}",
    "two lengths with bare line ends": post(b"Content-Length: 2", b"Content-Length: 2").replace(b"\r", b"") + b"{}",
    "two lengths in one": post(b"Content-Length: 2, 2") + b"{}",
    "a control character": b"GET /echo HTTP/1.1\r\n" + HOST + b"X: a\x01b\r\n\r\n",
    "a method in small letters": b"get /echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "a path that is none": b"GET echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "a body cut too small": post(b"Transfer-Encoding: chunked") + b"1\r\na\r\n" * 5000,
    "two kinds": post(b"Content-Type: text/plain", b"Content-Type: application/json", b"Content-Length: 2") + b"{}",
    "letters as they are": "GET /echo?q=é HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "another version": b"GET /echo HTTP/3.7\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_malformed_request_is_a_problem(connect, sent):
    """What is no request, or may be read in two ways, gets 400 and a sentence as JSON, and the connection ends."""
    answer = said(connect(), sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (status(answer), b"application/problem+json" in head) == (400, True)
    assert b"nosniff" in head and b"close" in head
    assert head.lower().count(b"\r\ndate: ") == 1
    assert json.loads(body)["type"] == "/docs#problem-bad-request"


def test_head_without_end_is_a_problem(connect):
    """A head of more than 64 KiB, or of more than 100 fields, is refused."""
    assert status(said(connect(), b"GET /echo HTTP/1.1\r\nX: " + b"a" * 100_000)) == 431
    assert status(said(connect(), b"GET /echo HTTP/1.1\r\n" + HOST + b"a:b\r\n" * 100 + b"\r\n")) == 431


def in_pieces(*sent: bytes) -> bytes:
    """What a connection answers to what comes in these pieces, each looked at by itself."""

    async def answers(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> bytes:
        config = gateway.config_of(answers)
        config.load()
        make = functools.partial(gateway.Connection, config, ServerState(), 8)
        with socket.create_server(("127.0.0.1", 0)) as at, socket.create_connection(at.getsockname()) as client:
            _, connection = await asyncio.get_running_loop().connect_accepted_socket(make, at.accept()[0])
            for piece in sent:
                connection.data_received(piece)
                await asyncio.sleep(0)
            while connection.is_answering:
                await asyncio.sleep(0.01)
            connection.transport.close()
            return await asyncio.to_thread(said, client)

    return asyncio.run(run())


def one_by_one(text: bytes) -> list[bytes]:
    return [text[at : at + 1] for at in range(len(text))]


@pytest.mark.parametrize(("fields", "code"), [(99, 200), (100, 431)])
@pytest.mark.parametrize("cut", [one_by_one, lambda text: [text[:-2], text[-2:]], lambda text: [text[:-3], text[-3:]]])
def test_pieces_of_a_head_are_counted_together(fields, code, cut):
    """A head of 100 fields is answered and one of 101 is refused, in whatever pieces they come."""
    head = b"GET /echo HTTP/1.1\r\n" + HOST + b"a: b\r\n" * fields + b"\r\n"
    assert status(in_pieces(*cut(head))) == code


def test_head_behind_another_is_counted_by_itself():
    """The fields of one request are not counted for the next one over the same connection."""
    head = b"GET /echo HTTP/1.1\r\n" + HOST + b"a: b\r\n" * 60 + b"\r\n"
    assert in_pieces(*one_by_one(head), head[:100], head[100:] + head).count(b"HTTP/1.1 200 ") == 3


def test_head_that_comes_byte_by_byte_is_looked_at_once(monkeypatch):
    """Each byte of a head is looked at some times, however many came before it."""
    looked_at = 0

    class End:
        def search(self, text, at=0):
            nonlocal looked_at
            looked_at += len(text) - at
            return end.search(text, at)

    end = gateway._END_OF_HEAD
    monkeypatch.setattr(gateway, "_END_OF_HEAD", End())
    head = b"GET /echo?" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    assert status(in_pieces(*one_by_one(head))) == 200
    assert looked_at < 4 * len(head)


LONG = [b"/echo?a=", b"/echo", b"http://localhost/echo?"]


@pytest.mark.parametrize("path", LONG)
def test_address_beyond_any_question_is_refused(address, path):
    """An address longer than any question gets 413 as a body does, and the client that is still sending sees it."""
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    connection.request("GET", path.decode() + "a" * 900_000)
    response = connection.getresponse()
    assert (response.status, response.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(response.read())["detail"] == "The address must not be larger than 64 KiB."


def test_address_as_long_as_a_body_is_told(connect):
    """What may stand in a body may be asked by its address, where each byte is written as three."""
    answer = said(connect(), b"GET /echo?a=" + b"%C3%A9" * 32_768 + b" HTTP/1.0\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["path"].count("%C3%A9") == 32_768


def test_client_that_goes_on_after_its_head_was_refused_is_let_go(connect, monkeypatch):
    """What comes behind a head that was refused is thrown away only for a while."""
    monkeypatch.setattr(gateway, "_DISCARDING_SECONDS", 0.1)
    connection = connect()
    assert status(said(connection, b"GET /" + b"a" * 300_000)) == 413
    pause = threading.Event()
    with pytest.raises(ConnectionError):
        for _ in range(600):
            connection.sendall(b"a")
            pause.wait(0.1)


def test_stroke_that_is_written_otherwise_is_none(connect):
    """`%2F` does not part a path."""
    for path in (b"/%2fecho", b"/echo%2F", b"/a%2f..%2fecho"):
        assert status(said(connect(), b"GET " + path + b" HTTP/1.0\r\n\r\n")) == 404
    assert status(said(connect(), b"GET /%65cho HTTP/1.0\r\n\r\n")) == 200


@pytest.mark.parametrize("value", [b"a" * 9000, b"text/html" + b"\t" * 5000 + b"b", b"a" + b" " * 101 + b"b"])
@pytest.mark.parametrize("name", [b"Accept", b"Cookie", b"X"])
def test_field_that_is_costly_to_split_is_refused(connect, name, value):
    """A long field, or one with a long run of blanks, is refused before anybody looks into it."""
    sent = b"GET /echo HTTP/1.1\r\n" + HOST + name + b": " + value + b"\r\nConnection: close\r\n\r\n"
    assert status(said(connect(), sent)) == 431
    assert status(said(connect(), sent.replace(value, b"a" * 8000))) == 200


TOO_LARGE = {
    "announced": [post(b"Content-Length: %d" % (MAX_BODY + 1))],
    "the largest size": [post(b"Transfer-Encoding: chunked"), b"7FFFFFFFFFFFFFFF\r\n"],
    "in one chunk": [post(b"Transfer-Encoding: chunked"), b"%x\r\n" % (600 << 20), *[b"a" * (1 << 20)] * 5],
    "in many": [post(b"Transfer-Encoding: chunked"), *[b"10000\r\n" + b"a" * 65536 + b"\r\n"] * 40],
    "where none is read": [
        b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % (600 << 20),
        b"a" * 4096,
    ],
}


@pytest.mark.parametrize("parts", TOO_LARGE.values(), ids=TOO_LARGE)
def test_body_over_the_limit_is_refused_before_it_is_read(connect, parts):
    """A body over 64 KiB gets 413, however it is told how long it is, and the client sees the answer."""
    assert status(said(connect(), *parts)) == 413


def test_body_in_chunks_is_whole(connect):
    """A body in chunks is told to the application as one with its length."""
    answer = said(
        connect(), post(b"Transfer-Encoding: chunked", b"Connection: close"), b'3\r\n{"a\r\n2;x=y\r\n":\r\n0\r\n\r\n'
    )
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == '{"a":'


def test_expected_continue_comes(connect):
    """Who waits for “100 Continue” before sending the body gets it, unless the body would be refused."""
    connection = connect()
    connection.sendall(post(b"Content-Length: 2", b"Expect: 100-continue", b"Connection: close"))
    assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
    assert status(said(connection, b"{}")) == 200


def test_requests_in_a_row_are_answered_in_order(connect):
    """Requests that are sent without waiting get their answers in their order."""
    sent = b"".join(b"GET /echo?%d HTTP/1.1\r\n" % number + HOST + b"\r\n" for number in range(5))
    answers = said(connect(), sent + b"GET /echo?5 HTTP/1.0\r\n" + HOST + b"\r\n")
    assert [answers.index(b"/echo?%d" % number) for number in range(6)] == sorted(
        answers.index(b"/echo?%d" % number) for number in range(6)
    )


def test_address_of_a_proxy_is_understood(connect):
    """A whole address in the first line is the one that counts, with its host."""
    answer = said(connect(), b"GET http://b.example/echo?x HTTP/1.0\r\nHost: a.example\r\n\r\n")
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (told["path"], told["host"]) == ("/echo?x", "b.example")


def test_field_with_a_line_in_its_name_is_not_told(connect):
    """X_Forwarded_For is not taken for X-Forwarded-For."""
    answer = said(connect(), b"GET /echo HTTP/1.0\r\nX_Forwarded_For: 192.0.2.1\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["address"] == ""


def test_slow_head_ends(connect, monkeypatch):
    """A head that does not come to its end is given up after its time, with a problem; one that never began without."""
    monkeypatch.setattr(gateway, "HEAD_SECONDS", 0.2)
    assert status(said(connect(), b"GET /echo HTTP/1.1\r\nX: ")) == 408
    assert said(connect()) == b""


def test_slow_body_ends(connect, monkeypatch):
    """A body that does not come to its end is given up after its time, with a problem."""
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.2)
    assert status(said(connect(), post(b"Content-Length: 100"), b"{")) == 408


def test_client_that_goes_in_the_middle_harms_nobody(connect, caplog):
    """A client that ends before its body is whole, or its head, gets no answer but that, and nothing is logged."""
    for sent in (post(b"Content-Length: 100") + b"{", b"GET /echo HT"):
        connection = connect()
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = said(connection)
        assert not answer or status(answer) == 400
    assert status(said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")) == 200
    assert caplog.text == ""


def test_client_that_reads_nothing_is_let_go(connect, monkeypatch):
    """A client that does not read what it asked for is let go after a while."""
    monkeypatch.setattr(gateway, "_UNREAD_SECONDS", 0.2)
    dropped = threading.Event()
    drop = gateway.Connection.drop
    monkeypatch.setattr(gateway.Connection, "drop", lambda one: (drop(one), dropped.set()))
    connection = connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.sendall((b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n") * 5)
    assert dropped.wait(60)
    with pytest.raises(ConnectionError):
        while connection.recv(65536):
            pass


def test_client_that_leaves_a_stream_ends_it(connect, application):
    """When the client of a stream of events goes, the application is told to end it."""
    application.finished.clear()
    connection = connect()
    connection.sendall(b"GET /events HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b"data: 0" in connection.recv(65536) + connection.recv(65536)
    connection.close()
    assert application.finished.wait(30)


def test_bug_is_a_problem_without_a_traceback(connect, caplog):
    """What the application raises is logged by its kind and place alone, and told as a problem."""
    with caplog.at_level(logging.DEBUG):
        answer = said(connect(), b"GET /broken HTTP/1.0\r\n\r\n")
    assert status(answer) == 500
    assert "SystemError at " in caplog.text
    assert "secret" not in caplog.text + answer.decode()


def test_too_many_connections_make_room(connect, monkeypatch):
    """Where there are as many connections as there may be, one on which nothing is asked goes for the next."""
    monkeypatch.setattr(gateway, "_SETTLED_SECONDS", 0)
    crowd = [connect() for _ in range(120)]  # of 100
    assert status(said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")) == 200
    for one in crowd:
        one.close()


def test_unfinished_bodies_make_room(connect, monkeypatch):
    """So does one on which a body does not come to its end, if it is slow."""
    monkeypatch.setattr(gateway, "_SLOW_SECONDS", 0)
    crowd = [connect() for _ in range(120)]
    for one in crowd:
        with contextlib.suppress(ConnectionError):
            one.sendall(post(b"Content-Length: 2") + b"{")
    assert status(said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")) == 200
    for one in crowd:
        one.close()


def test_client_with_most_connections_makes_room(address, connect, monkeypatch):
    """Where one client has most of the connections, another's stay, though they have waited longer."""
    monkeypatch.setattr(gateway, "_SETTLED_SECONDS", 0)
    with socket.create_connection((address.hostname, address.port), 20, source_address=("127.0.0.2", 0)) as other:
        other.sendall(b"GET /echo HTTP/1.0\r\n")
        crowd = [connect() for _ in range(120)]
        assert status(said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")) == 200
        assert status(said(other, b"\r\n")) == 200
    for one in crowd:
        one.close()


def test_unread_answers_of_all_have_a_bound(connect, monkeypatch):
    """Where the answers that nobody reads are more than the process keeps, the one with most of them goes."""
    monkeypatch.setattr(gateway, "_MAX_BUFFERED_BYTES", 8_000_000)
    dropped = threading.Event()
    drop = gateway.Connection.drop
    monkeypatch.setattr(gateway.Connection, "drop", lambda one: (drop(one), dropped.set()))
    crowd = [connect() for _ in range(10)]
    for one in crowd:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        one.sendall(b"GET /large HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert dropped.wait(60)
    sizes = [len(said(one)) for one in crowd]
    assert min(sizes) < 3_000_000 < max(sizes)


def test_unfinished_heads_of_all_have_a_bound(connect, monkeypatch):
    """Heads that do not come to their end have one, too: the longest go, and a short one is answered."""
    monkeypatch.setattr(gateway, "_MAX_BUFFERED_BYTES", 300_000)
    short, *long = [connect() for _ in range(5)]
    short.sendall(b"GET /echo?a")
    for one in long:
        one.sendall(b"GET /echo?" + b"a" * 150_000)
    while len(long) > 1:
        ended, _, _ = select.select(long, [], [], 60)
        assert ended
        for one in ended:
            long.remove(one)
            with contextlib.suppress(ConnectionError):
                assert one.recv(1) == b""
    assert status(said(short, b" HTTP/1.0\r\n\r\n")) == 200
    assert select.select(long, [], [], 0) == ([], [], []) and len(long) == 1


def test_answers_behind_do_not_keep_a_client_that_reads_nothing(connect, monkeypatch):
    """A client that reads nothing is let go, though it asks for more and more that still finds room."""
    monkeypatch.setattr(gateway, "_UNREAD_SECONDS", 0.3)
    connection, pause = connect(), threading.Event()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.sendall(b"GET /middling HTTP/1.1\r\n" + HOST + b"\r\n")
    with pytest.raises(ConnectionError):
        for _ in range(600):
            connection.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
            pause.wait(0.1)


def test_client_with_most_connections_does_not_keep_others_out_by_not_reading(address, connect, monkeypatch):
    """Where connections that do not read take all the room, one of the client that has most of them goes."""
    monkeypatch.setattr(gateway, "_SETTLED_SECONDS", 0)
    crowd = []
    for _ in range(110):
        one = connect()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        with contextlib.suppress(ConnectionError):
            one.sendall(b"GET /middling HTTP/1.1\r\n" + HOST + b"\r\n")
        crowd.append(one)
    threading.Event().wait(0.5)  # a sweep has seen them
    with socket.create_connection((address.hostname, address.port), 20, source_address=("127.0.0.2", 0)) as other:
        assert status(said(other, b"GET /echo HTTP/1.0\r\n\r\n")) == 200
    for one in crowd:
        one.close()


def test_some_clients_do_not_keep_others_out_by_not_reading(address, connect, monkeypatch):
    """Where the connections that do not read are those of several clients, one goes of a client that has most."""
    monkeypatch.setattr(gateway, "_SETTLED_SECONDS", 0)
    with contextlib.ExitStack() as crowd:
        for number in range(120):
            source = (f"127.0.0.{3 + number % 3}", 0)
            one = socket.create_connection((address.hostname, address.port), 20, source_address=source)
            crowd.enter_context(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            with contextlib.suppress(ConnectionError):
                one.sendall(b"GET /middling HTTP/1.1\r\n" + HOST + b"\r\n")
        threading.Event().wait(0.5)  # a sweep has seen them
        for _ in range(3):
            assert status(said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")) == 200


NOTHING, SENDING, READING, ANSWERED = gateway._Doing
OLD, YOUNG = 900.0, 995.0  # at 1,000 seconds


def who_goes(newcomer, *others):
    """Of whom a connection goes for a newcomer, where 100 may be; others are `(host, how many, doing, since)`."""
    gone, standing = [], set()

    class Standing(SimpleNamespace):
        __hash__ = object.__hash__
        loop, _most, connections = SimpleNamespace(time=lambda: 1000.0), 100, standing
        _first_to_go = gateway.Connection._first_to_go
        _open = property(gateway.Connection._open.fget)
        transport = SimpleNamespace(is_closing=lambda: False)

        def drop(self):
            gone.append((self._host, self._doing[0]))

    standing |= {Standing(_host=host, _doing=(doing, since)) for host, n, doing, since in others for _ in range(n)}
    asking = Standing(_host=newcomer, _doing=(NOTHING, 1000.0))
    standing.add(asking)
    assert gateway.Connection._make_room(asking) == bool(gone)
    return gone[0] if gone else None


WAITS, SENDS = ("victim", 1, NOTHING, OLD), ("victim", 1, SENDING, OLD)


@pytest.mark.parametrize(
    ("newcomer", "others", "goes"),
    [
        # that reads slowly, of whoever has most
        ("a", [("a", 34, READING, OLD), ("b", 33, READING, OLD), ("c", 33, READING, OLD), WAITS], None),
        ("a", [("a", 50, READING, OLD), ("b", 50, READING, OLD), WAITS], ("a", READING)),
        ("a", [("a", 100, READING, OLD), WAITS], ("a", READING)),
        ("b", [("a", 99, READING, OLD), WAITS], ("a", READING)),
        # that is answered, where somebody has many
        ("b", [("a", 99, ANSWERED, 0.0), SENDS], ("a", ANSWERED)),
        ("b", [("a", 49, ANSWERED, 0.0), ("c", 50, ANSWERED, 0.0), SENDS], ("c", ANSWERED)),
        ("b", [("a", 98, ANSWERED, 0.0), ("a", 1, NOTHING, YOUNG), SENDS], ("a", NOTHING)),
        ("a", [("a", 99, ANSWERED, 0.0), SENDS], None),
        ("victim", [("a", 50, ANSWERED, 0.0), ("c", 49, ANSWERED, 0.0), SENDS], ("a", ANSWERED)),
        ("b", [(f"{number}", 1, ANSWERED, 0.0) for number in range(99)], None),
        # of clients that have one each, what asks for nothing, and then what is slow
        ("b", [(f"{number}", 1, SENDING, YOUNG) for number in range(98)] + [WAITS], ("victim", NOTHING)),
        ("b", [(f"{number}", 1, SENDING, YOUNG) for number in range(98)] + [SENDS], ("victim", SENDING)),
        ("b", [(f"{number}", 1, SENDING, YOUNG) for number in range(99)], None),
        ("b", [("a", 2, SENDING, YOUNG), *((f"{number}", 1, SENDING, OLD) for number in range(97))], ("a", SENDING)),
        # its own
        ("victim", [*((f"{number}", 1, ANSWERED, 0.0) for number in range(98)), SENDS], None),
        ("a", [("a", 99, SENDING, OLD)], ("a", SENDING)),
        ("a", [("a", 99, SENDING, YOUNG)], None),
        ("a", [("a", 99, NOTHING, YOUNG)], ("a", NOTHING)),
        ("a", [("a", 99, NOTHING, 999.5)], None),
    ],
)
def test_who_goes_for_a_newcomer(newcomer, others, goes):
    """It is one of the client that has most, never one of a client that has fewer than whoever comes."""
    assert who_goes(newcomer, *others) == goes


def test_each_newcomer_of_a_turn_has_another_go(monkeypatch):
    """Of many that come in one turn of the loop, none counts on the room that one before it was made."""

    async def most_at_once() -> int:
        state, config = ServerState(), gateway.config_of(lambda *_: None)
        monkeypatch.setattr(gateway, "_SLOW_SECONDS", -1)
        monkeypatch.setattr(gateway, "_SETTLED_SECONDS", -1)
        with contextlib.ExitStack() as crowd:
            for _ in range(24):
                ours, theirs = socket.socketpair()
                crowd.enter_context(theirs)
                await asyncio.get_running_loop().connect_accepted_socket(lambda: _sending(config, state), ours)
            assert len(state.connections) <= 8
            taken = [socket.socketpair() for _ in range(8)]
            await asyncio.gather(
                *(
                    asyncio.get_running_loop().connect_accepted_socket(lambda: _sending(config, state), ours)
                    for ours, _ in taken
                )
            )
            await asyncio.sleep(0.05)
            number = len(state.connections)
            for one in list(state.connections):
                one.transport.abort()
            for _, theirs in taken:
                theirs.close()
            await asyncio.sleep(0.05)
        return number

    def _sending(config, state):
        one = gateway.Connection(config, state, 8)
        one._receiving_since = 0.0
        return one

    assert asyncio.run(most_at_once()) <= 8


def test_empty_lines_do_not_keep_a_connection(connect, monkeypatch):
    """A connection on which nothing but empty lines come ends as a silent one does."""
    monkeypatch.setattr(gateway, "HEAD_SECONDS", 0.3)
    connection, pause = connect(), threading.Event()
    with pytest.raises(ConnectionError):
        for _ in range(600):
            connection.sendall(b"\r\n")
            pause.wait(0.1)


def test_application_can_tell_that_the_client_has_gone(connect, application, monkeypatch):
    """While it makes an answer, the application can ask whether the client is still there."""
    monkeypatch.setattr(gateway, "_WATCHED_AFTER_SECONDS", 0.05)
    connection = connect()
    connection.sendall(b"GET /waits HTTP/1.1\r\n" + HOST + b"\r\n")
    assert application.waiting.wait(60)
    connection.close()
    assert application.left.wait(60)


def test_connection_too_many_is_told_so(connect, monkeypatch):
    """Where none of them is idle, one more is told to come back."""
    monkeypatch.setattr(gateway, "_SETTLED_SECONDS", 1e9)
    crowd = [connect() for _ in range(100)]
    answer = said(connect(), b"GET /echo HTTP/1.0\r\n\r\n")
    assert (status(answer), b"retry-after: 5" in answer) == (503, True)
    for one in crowd:
        one.close()


def test_one_client_does_not_keep_all_threads(monkeypatch):
    """While one client has as much to do done as it may, more of it is refused, and another is answered."""
    monkeypatch.setattr(gateway, "_MAX_REQUESTS", 3)
    monkeypatch.setattr(gateway, "REFUSAL_SECONDS", 0)
    app, go_on, begun = Flask(__name__), threading.Event(), threading.Semaphore(0)

    @app.get("/held")
    def held():
        begun.release()
        assert go_on.wait(60)
        return ""

    @app.get("/free")
    def free():
        return ""

    def get(source, path):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60, source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status

    with served(app) as url, ThreadPoolExecutor(2) as many:
        busy = [many.submit(get, "127.0.0.1", "/held") for _ in range(2)]
        begun.acquire(), begun.acquire()
        assert (get("127.0.0.1", "/free"), get("127.0.0.2", "/free")) == (503, 200)
        go_on.set()
        assert [one.result() for one in busy] == [200, 200]


def test_second_request_is_as_strict_as_the_first(connect):
    """What stands behind another request, on the same connection, is read as strictly."""
    first = b"GET /echo HTTP/1.1\r\n" + HOST + b"\r\n"
    answers = said(connect(), first + post(b"Content-Length: 2", b"Content-Length: 2") + b"{}")
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 400 " in answers


def test_client_that_sends_no_more_is_answered(connect):
    """A client that has said all and closes its side still gets its answer, and then the end."""
    connection = connect()
    connection.sendall(b"GET /echo HTTP/1.1\r\n" + HOST + b"\r\n")
    connection.shutdown(socket.SHUT_WR)
    assert status(said(connection)) == 200


def test_bodies_of_all_have_a_bound(connect, monkeypatch):
    """Where the bodies that are still coming are more than the process takes, one that goes on is told to come back."""
    monkeypatch.setattr(gateway, "_MAX_BUFFERED_BYTES", 1000)
    waiting = connect()
    waiting.sendall(post(b"Content-Length: 4000") + b"a" * 500)
    answer = said(connect(), post(b"Content-Length: 4000"), b"a" * 900)
    assert status(answer) == 503


@pytest.mark.parametrize("largest", [990, 4000])
def test_whoever_sends_most_does_not_shut_out_who_sends_little(monkeypatch, largest):
    """Where bodies that do not come to their end take all the room, the largest of the client that sends most goes."""
    monkeypatch.setattr(gateway, "_MAX_BUFFERED_BYTES", 9 * 900 + largest)
    bodies = gateway.Bodies()

    def sends(host: str, *parts: bytes) -> asyncio.Task[bytes]:
        coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        ended = {"type": "http.request", "body": b"", "more_body": False}

        async def receive():
            await asyncio.sleep(0)
            if not coming and host == "127.0.0.1":
                await asyncio.Event().wait()
            return coming.pop(0) if coming else ended

        scope = {"path": "/echo", "headers": [], "client": (host, 1)}
        return asyncio.create_task(bodies.read(scope, receive))

    async def outcome() -> tuple[bytes, list[asyncio.Task[bytes]], int]:
        crowd = [sends("127.0.0.1", b"a" * size) for size in [largest, *[900] * 9]]
        for _ in range(9):
            await asyncio.sleep(0)
        letter = await sends("127.0.0.2", b"b" * 450, b"b" * 450)
        for _ in range(9):
            await asyncio.sleep(0)
        done = [one for one in crowd if one.done()]
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        return letter, done, crowd.index(done[0])

    letter, done, which = asyncio.run(outcome())
    assert (letter, len(done), which) == (b"b" * 900, 1, 0)
    assert done[0].exception().status == 503


def test_whoever_sends_most_is_told_so_at_once(monkeypatch):
    """A body that takes the most room itself is refused, and leaves its room to others."""
    monkeypatch.setattr(gateway, "_MAX_BUFFERED_BYTES", 1000)
    bodies = gateway.Bodies()

    async def receive():
        return {"type": "http.request", "body": b"a" * 600, "more_body": True}

    with pytest.raises(gateway.Refusal) as refused:
        asyncio.run(bodies.read({"path": "/echo", "headers": [], "client": None}, receive))
    assert (refused.value.status, bodies._held) == (503, 0)


def test_request_that_hangs_is_given_up():
    """A request that the application does not answer in time is told so, and the process learns that it had better
    end."""
    app, go, given_up = Flask(__name__), threading.Event(), threading.Event()

    @app.get("/hang")
    def hang():
        go.wait(60)
        return ""

    with served(app, patience=0.2, give_up=given_up.set) as url:
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=60) as connection:
            answer = said(connection, b"GET /hang HTTP/1.0\r\n\r\n")
        go.set()
    assert (status(answer), given_up.is_set()) == (503, True)


def test_hanging_request_that_nobody_waits_for_is_given_up(monkeypatch):
    """Where a thread hangs whose client has gone, the process learns of it from whoever waits for the thread."""
    monkeypatch.setattr(gateway, "_MAX_THREADS", 1)
    monkeypatch.setattr(gateway, "_WATCHED_AFTER_SECONDS", 0.01)
    app, begun, go, given_up = Flask(__name__), threading.Event(), threading.Event(), threading.Event()

    @app.get("/hang")
    def hang():
        begun.set()
        go.wait(60)
        return ""

    with served(app, patience=0.2, give_up=given_up.set) as url:
        address = urlsplit(url).hostname, urlsplit(url).port
        leaving = socket.create_connection(address, timeout=60)
        leaving.sendall(b"GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert begun.wait(60)
        leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        leaving.close()
        with socket.create_connection(address, timeout=60) as connection:
            answer = said(connection, b"GET /other HTTP/1.0\r\n\r\n")
        go.set()
    assert (status(answer), given_up.is_set()) == (503, True)


def test_answer_that_is_read_steadily_is_not_cut(connect, monkeypatch):
    """A client that reads slowly, but reads, gets the whole answer, also where the connection closes behind it."""
    monkeypatch.setattr(gateway, "_CLOSING_SECONDS", 0.1)
    connection, size = connect(), 0
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.sendall(b"GET /large HTTP/1.0\r\n\r\n")
    pause = threading.Event()
    while part := connection.recv(65536):
        size += len(part)
        pause.wait(0.01)
    assert size > 3_000_000


def test_empty_line_behind_a_body_is_passed_over(connect):
    """An empty line behind a body, as old clients send, is no request."""
    connection = connect()
    connection.sendall(post(b"Content-Length: 2") + b"{}")
    assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    connection.sendall(b"\r\n")
    assert status(said(connection, b"GET /echo HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")) == 200


def test_body_of_short_lines_in_chunks_is_read(connect):
    """The line ends of a body are no chunks."""
    body = b"a short line\n" * 2500
    sent = post(b"Transfer-Encoding: chunked", b"Connection: close") + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    assert status(said(connect(), sent)) == 200


def test_whole_address_has_the_same_limits(connect):
    """A letter may be as long where the whole address is asked for."""
    head = b"POST http://localhost/api/check HTTP/1.0\r\nContent-Length: 100000\r\n\r\n"
    assert status(said(connect(), head + b"a" * 100_000)) == 404  # as the application that is served here has none
