"""Messages of JSON-RPC, read one by one and served over a pipe."""

from __future__ import annotations

import io
import json
import os
import random
import threading
import tracemalloc

import anyio
import mcp_types as types
import pytest
from mcp.server.lowlevel import Server

from qa.mcp import jsonrpc
from qa.mcp.jsonrpc import LIMIT, Refused, read, serve_pipe

PARSE, REQUEST, PARAMS = types.PARSE_ERROR, types.INVALID_REQUEST, types.INVALID_PARAMS
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def call(question: bytes, number: bytes = b"7") -> bytes:
    """A request with a question as it is written."""
    return b'{"jsonrpc":"2.0","id":%b,"method":"tools/call","params":{"question":%b}}' % (number, question)


def ping(number: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":%b,"method":"ping"}' % number


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    return call(opening * depth + b"1" + closing * depth)


@pytest.mark.parametrize(
    ("raw", "code", "ids"),
    [
        # What is no JSON, or none that can be kept
        (call(rb'"half \ud83d"'), PARSE, [b"7"]),
        (call(rb'"the other half \ude00"'), PARSE, [b"7"]),
        (call(rb'"\ude00\ud83d"'), PARSE, [b"7"]),
        (call(b'"\xed\xa0\xbd"'), PARSE, [b"7"]),
        (call(b'"caf\xe9"'), PARSE, [b"7"]),
        (call(b'"a\x00b"'), PARSE, [b"7"]),
        (call(b"1" * 5000), PARSE, [b"7"]),
        (call(b"NaN"), PARSE, [b"7"]),
        (call(b"-Infinity"), PARSE, [b"7"]),
        (nested(b"[", b"]", 200), PARSE, [b"7"]),
        (nested(b'{"a":', b"}", 10_000), PARSE, [b"7"]),
        (nested(b"[", b"]", 100_000), PARSE, [b"7"]),
        (call(b'"cut')[:-2], PARSE, [b"7"]),
        (call(b'"x",')[:-1], PARSE, [b"7"]),
        (b'{"method":"m","params":{"id":1,"q":"\\ud83d"},"jsonrpc":"2.0", "id" : "last"}', PARSE, [b'"last"']),
        (b'{"method":"m","params":{"id":1,"q":"\\ud83d"},"jsonrpc":"2.0"}', PARSE, [b"null"]),
        (b'{"method":"m","params":{"q":"\\",\\"id\\":1,\\ud83d"},"id":2}', PARSE, [b"2"]),
        (b'{"jsonrpc":"2.0","id":12', PARSE, [b"null"]),
        (ping(b"1") + ping(b"2"), PARSE, [b"1", b"2"]),
        (b'{"id":1,"params":{},"id":2,"method":"m",}', PARSE, [b"1"]),
        # What is given twice
        (call(b'"a","question":"b"'), REQUEST, [b"7"]),
        (call(b'[{"a":{"b":1,"\\u0062":2}}]'), REQUEST, [b"7"]),
        (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}', REQUEST, [b"1"]),
        (b'{"jsonrpc":"2.0","id":1,"method":"m","method":"n"}', REQUEST, [b"1"]),
        (rb'{"\u0069d":7,"method":"m","params":5,"jsonrpc":"2.0"}', PARAMS, [b"7"]),
        (rb'{"i\u0064":7,"method":"m","params":{"q":"\ud83d"},"jsonrpc":"2.0"}', PARSE, [b"7"]),
        (rb'{"\u0069\u0064":"a","method":5,"jsonrpc":"2.0"}', REQUEST, [b'"a"']),
        (rb'{"\\u0069d":7,"method":5,"jsonrpc":"2.0","id":1}', REQUEST, [b"1"]),
        (rb'{"\u0069d\u0020":7,"method":5,"id":1}', REQUEST, [b"1"]),
        (rb'{"\ud83d":7,"method":5,"id":1}', PARSE, [b"1"]),
        (b"GET / HTTP/1.1", PARSE, [b"null"]),
        (b'{\x00"\x00i\x00d\x00"\x00:\x001\x00}\x00', PARSE, [b"null"]),
        # What is no message
        (b"5", REQUEST, [b"null"]),
        (b"null", REQUEST, [b"null"]),
        (b'"ping"', REQUEST, [b"null"]),
        (b"{}", REQUEST, [b"null"]),
        (b"[]", REQUEST, [b"null"]),
        (b"[%b,%b]" % (ping(b"1"), ping(b'"b"')), REQUEST, [b"1", b'"b"']),
        (b"[%b,%b" % (ping(b"1"), ping(b'"b"')), PARSE, [b"1", b'"b"']),
        # Answers of the client get none
        (b'[{"jsonrpc":"2.0","id":1,"result":{}},%b]' % ping(b"2"), REQUEST, [b"2"]),
        (b'[%b,{"error":{"code":1,"message":"x"},"id":1,"jsonrpc":"2.0"}]' % ping(b"2"), REQUEST, [b"2"]),
        (rb'[{"id":1,"r\u0065sult":{}},%b]' % ping(b"2"), REQUEST, [b"2"]),
        (b'[{"jsonrpc":"2.0","id":1,"result":{}},{"id":3,"result":{}}]', REQUEST, [b"null"]),
        (b'[{"id":1,"result":{}},{"id":2,"method":"ping","result":{}}]', REQUEST, [b"2"]),
        (rb'[{"id":1,"result":{}},{"id":2,"m\u0065thod":"ping","error":{}},5]', REQUEST, [b"2"]),
        (b'[{"id":1,"params":{"result":5},"method":"ping"},{"id":2}]', REQUEST, [b"1", b"2"]),
        (b'{"id":1,"result":{}}%b' % ping(b"2"), PARSE, [b"2"]),
        (rb'{"id":1,"result":"\ud83d"}', PARSE, [b"null"]),
        (b'[{"id":1,"result":{}', PARSE, [b"null"]),
        (b'{"id":7,"method":"ping"}', REQUEST, [b"7"]),
        (b'{"jsonrpc":"1.0","id":7,"method":"ping"}', REQUEST, [b"7"]),
        (b'{"jsonrpc":2.0,"id":7,"method":"ping"}', REQUEST, [b"7"]),
        (b'{"jsonrpc":"2.0","id":7}', REQUEST, [b"7"]),
        (b'{"jsonrpc":"2.0","id":7,"method":5}', REQUEST, [b"7"]),
        (b'{"jsonrpc":"2.0","id":7,"method":null}', REQUEST, [b"7"]),
        # Ids that are none are sent back as they are written, where JSON-RPC has such
        (ping(b"1.0"), REQUEST, [b"1.0"]),
        (ping(b"1e999"), REQUEST, [b"1e999"]),
        (ping(b"1" * 5000), PARSE, [b"1" * 5000]),
        (ping(rb'"\ud83d"'), PARSE, [rb'"\ud83d"']),
        (ping(b"null"), REQUEST, [b"null"]),
        (ping(b"true"), REQUEST, [b"null"]),
        (ping(b"{}"), REQUEST, [b"null"]),
        (ping(b"[1]"), REQUEST, [b"null"]),
        (ping(b"01"), PARSE, [b"null"]),
        (ping(b'"\xff"'), PARSE, [b"null"]),
        (ping(b'"\xed\xa0\xbd"'), PARSE, [b"null"]),
        # Parameters
        (b'{"jsonrpc":"2.0","id":7,"method":"m","params":[]}', PARAMS, [b"7"]),
        (b'{"jsonrpc":"2.0","id":7,"method":"m","params":"x"}', PARAMS, [b"7"]),
        (b'{"jsonrpc":"2.0","id":7,"method":"m","params":true}', PARAMS, [b"7"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_message_that_cannot_be_taken(raw, code, ids):
    """It is refused with the code for it and the ids of all requests in it, each as it is written."""
    with pytest.raises(Refused) as refused:
        read(raw)
    assert (refused.value.code, refused.value.ids) == (code, ids)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"method":"notifications/cancelled"}',
        b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}',
        b'{"jsonrpc":"1.0","method":"notifications/cancelled"}',
        b'{"jsonrpc":"2.0","method":5}',
        b'{"jsonrpc":"2.0","method":"m","params":{"a":1,"a":2}}',
    ],
)
def test_notification_gets_no_answer(raw):
    """A notification that cannot be taken gets no answer, for it has no id."""
    with pytest.raises(Refused) as refused:
        read(raw)
    assert refused.value.answers() == []


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        (b'{"id":7,"method":"m","params":{"q":%b}', [b"7"]),
        (b'{"method":"m","params":{"q":%b,},"id":7}', [b"7"]),
        (b'{"method":"m","params":{"q":%b,},"id":7,"id":8}', [b"8"]),
        (b'{"method":"m","params":{"q":%b,},"id":7,"jsonrpc":"2.0","x":1}', [b"null"]),
        (b'{"result":{"q":%b,},"id":7}', [b"null"]),
        (b'[{"id":7,"method":"m"},%b,{"id":8,"method":"m"}]', [b"null"]),
    ],
)
def test_id_is_looked_for_within_bounds(raw, ids):
    """Of a body with more tokens than are looked at, an id counts that stands among the first of them or at its end."""
    with pytest.raises(Refused) as refused:
        read(raw % (b"[" + b",".join([b"[]"] * 10_000) + b"]"), 2000)
    assert refused.value.ids == ids


@pytest.mark.parametrize("number", [0, -5, 2**70, 10**4000, "", "a", "😀", "x" * 100_000, 'a"b\\c'])
def test_request(number):
    """A request has the id that it was sent with, of the same type."""
    message = read(json.dumps({"jsonrpc": "2.0", "id": number, "method": "ping"}).encode())
    assert isinstance(message, types.JSONRPCRequest)
    assert (message.id, type(message.id)) == (number, type(number))


@pytest.mark.parametrize("rest", [b'"result":{}', b'"result":5', b'"error":{"code":1,"message":"x"}'])
def test_answer_of_the_client(rest):
    """An answer is passed over, since none is awaited."""
    assert read(b'{"jsonrpc":"2.0","id":1,%b}' % rest) is None


def test_any_bytes():
    """Whatever comes, it is taken, or refused with answers that are JSON."""
    chance = random.Random(29)
    whole = call(b'[{"a":"\\ud83d\\ude00 \\" b"},-1.5e3,true]', b'"a \\" b"')
    for _ in range(5000):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(raw))
            match chance.randrange(3):
                case 0:
                    raw[at] = chance.choice(b'{}[]",:\\\x00\xff0a')
                case 1:
                    del raw[at : at + chance.randint(1, 20)]
                case _:
                    raw[at:at] = raw[: chance.randint(1, 30)]
        try:
            read(bytes(raw))
        except Refused as refused:
            answers = [one.decode() for one in (*refused.answers(), refused.answer())]
            assert all(json.loads(one)["error"]["message"] for one in answers)


# Over a pipe


AT_ONCE = 4


class Lines(io.BytesIO):
    """Lines whose end can be waited for."""

    def __init__(self, *args):
        super().__init__(*args)
        self.ended = threading.Event()

    def readline(self, *args):
        line = super().readline(*args)
        if not line:
            self.ended.set()
        return line


class Tools:
    """A server of tools: `wait` until as many are at work as may be, or all is read; and `half` an emoji."""

    def __init__(self, lines):
        self.lines = lines
        self.at_work = self.most = 0

    async def call(self, _, params):
        if params.name == "half":
            return types.CallToolResult(content=[types.TextContent(text="\ud83d")])
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            while self.most < AT_ONCE and not self.lines.ended.is_set():
                await anyio.sleep(0.01)
            await anyio.sleep(0.05)
        finally:
            self.at_work -= 1
        return types.CallToolResult(content=[types.TextContent(text="done")])

    async def serve(self, read, write):
        server = Server("test", on_call_tool=self.call)
        await server.run(read, write, server.create_initialization_options())


def request(number, method="ping", **params) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()


def tool(number, name="wait") -> bytes:
    return request(number, "tools/call", name=name, arguments={})


START = [request("hello", "initialize", **HELLO), b'{"jsonrpc":"2.0","method":"notifications/initialized"}']


def talk(*lines, end=b"\n"):
    """What is answered to these lines and the end of the input, in any order, and the most that were at work."""
    source, sink = Lines(b"\n".join([*START, *lines]) + end), io.BytesIO()
    tools = Tools(source)

    async def run():
        with anyio.fail_after(60):
            await serve_pipe(tools.serve, source, sink, AT_ONCE)

    anyio.run(run)
    answers = [json.loads(line) for line in sink.getvalue().splitlines()]
    return [answer for answer in answers if answer["id"] != "hello"], tools.most


def ids_of(answers):
    return [answer["id"] for answer in answers]


def test_all_are_answered_before_the_end():
    """What is at work when the input ends is answered."""
    answers, _ = talk(*(tool(number) for number in range(AT_ONCE - 1)))
    assert sorted(ids_of(answers)) == list(range(AT_ONCE - 1))
    assert all(answer["result"]["content"][0]["text"] == "done" for answer in answers)


def test_so_many_at_once():
    """However many are sent at once, all are answered, and no more are at work than may be."""
    answers, most = talk(*(tool(number) for number in range(50)))
    assert sorted(ids_of(answers)) == list(range(50))
    assert most == AT_ONCE


def test_cancelled_is_not_waited_for():
    """What the client has cancelled gets no answer and keeps no place, and the end comes all the same."""
    cancelled = [
        json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}}).encode()
        for number in (1, 2)
    ]
    answers, _ = talk(tool(1), tool(2), tool(3), *cancelled, tool(4), tool(5), tool(6))
    assert sorted(ids_of(answers)) == [3, 4, 5, 6]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_ends_of_lines(end):
    """Lines may end in two characters and be empty, and the last need not end."""
    answers, _ = talk(request(1) + b"\r", b"", b" \t\r", b"\xef\xbb\xbf" + request(2), request(3), end=end)
    assert sorted(ids_of(answers)) == [1, 2, 3]
    assert all("result" in answer for answer in answers)


def test_refused_and_the_next():
    """What cannot be read is answered with its id, and what comes after it as if it had not been."""
    answers, _ = talk(call(rb'"\ud83d"'), ping(b"1.5"), b"[%b,%b]" % (ping(b"8"), ping(b"9")), request(10))
    assert [(answer["id"], answer.get("error", {}).get("code")) for answer in answers] == [
        (7, PARSE), (1.5, REQUEST), (8, REQUEST), (9, REQUEST), (10, None),
    ]  # fmt: skip


def test_same_id_twice():
    """Two requests of one id get two answers."""
    answers, _ = talk(tool(1), tool(1), tool("1"))
    assert sorted(map(repr, ids_of(answers))) == ["'1'", "1", "1"]


def test_answer_that_cannot_be_written():
    """It is told as an error of the server, with the id."""
    answers, _ = talk(tool(1, "half"), request(2))
    assert [(answer["id"], answer.get("error", {}).get("code")) for answer in answers] == [
        (1, types.INTERNAL_ERROR),
        (2, None),
    ]


def padded(size: int, beginning: bytes, end: bytes) -> bytes:
    return beginning + b"x" * (size - len(beginning) - len(end)) + end


FIRST = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"', b'"}}'
LAST = b'{"method":"ping","params":{"id":5,"x":"', b'"},"jsonrpc":"2.0","id":"one"}'
ESCAPED = LAST[0], b'"},"\\u0069\\u0064":"one","jsonrpc":"2.0"}'
NONE = b'{"method":"ping","params":{"x":"', b'","id":5},"jsonrpc":"2.0"}'


@pytest.mark.parametrize("end", [b"", b"\r"])
@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False), (2, False), (3, False), (200_000, False)])
def test_limit(more, taken, end):
    """A message of 1 MiB is taken; one that is longer is refused with its id, and the next is answered."""
    answers, _ = talk(padded(LIMIT + more, *FIRST) + end, request(2))
    assert ids_of(answers) == [1, 2]
    assert ("result" in answers[0]) is taken
    if not taken:
        assert answers[0]["error"] == {"code": REQUEST, "message": "A message may have 1,048,576 bytes (1 MiB)."}


@pytest.mark.parametrize(
    ("parts", "number"),
    [
        (FIRST, 1),
        (LAST, "one"),
        (ESCAPED, "one"),
        (NONE, None),
        ((b'{"jsonrpc":"2.0","id":"', b'","method":"ping"}'), None),
        ((LAST[0], b'"},"id":"\xff"}'), None),
    ],
    ids=["first", "last", "escaped", "none", "cut", "none that can be read"],
)
def test_id_of_a_message_that_is_too_long(parts, number):
    """It is read where it stands first or last; not one that belongs to something else, nor a part of one."""
    answers, _ = talk(padded(LIMIT + 5000, *parts))
    assert ids_of(answers) == [number]


def test_message_that_is_too_long_is_not_held():
    """However long a message is, only some of it is held."""
    source, into = os.pipe()

    def send():
        with os.fdopen(into, "wb") as to:
            to.write(FIRST[0])
            for _ in range(64):
                to.write(b"x" * LIMIT)
            to.write(FIRST[1])

    threading.Thread(target=send).start()
    with os.fdopen(source, "rb") as lines:
        tracemalloc.start()
        try:
            with pytest.raises(Refused):
                jsonrpc._line(lines)
            assert tracemalloc.get_traced_memory()[1] < 16 * LIMIT
        finally:
            tracemalloc.stop()


def test_client_that_reads_no_more():
    """Whoever serves is told that nothing can be written, also while the client says nothing more."""
    source, into = os.pipe()
    unread, out = os.pipe()
    os.close(unread)
    with os.fdopen(source, "rb") as lines, os.fdopen(out, "wb", buffering=0) as sink, os.fdopen(into, "wb") as client:
        client.write(b"\n".join([*START, b""]))
        client.flush()
        too_late = threading.Timer(60, client.close)
        too_late.start()

        async def run():
            with anyio.fail_after(30):
                await serve_pipe(Tools(None).serve, lines, sink, AT_ONCE)

        try:
            with pytest.raises(BrokenPipeError):
                anyio.run(run)
        finally:
            too_late.cancel()
