"""Messages of JSON-RPC 2.0, and how they come and go over a pipe: each that wants an answer gets one.

The library of the Model Context Protocol answers nothing to a message that it cannot read, takes one whose id is no id
for a notification, and drops what it has not answered yet when the input ends. So messages are read here, and only
those that are requests or notifications reach it.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO

import anyio
import mcp_types as types
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from pydantic_core import PydanticSerializationError, from_json

from qa.errors import BUG

LIMIT = 2**20
"""Bytes that a message over a pipe may have, without the end of its line."""

_NO_ID = b"null"  # where there is none that can be read
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some shells put it before what they pipe
# A text that is not closed runs to the end, so that each byte is read once.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_END = 1024  # bytes at the end of a message that is too long; some clients write the id last
_LAST = re.compile(
    rb',\s*+"(?:i|\\u0069)(?:d|\\u0064)"\s*+:\s*+("[^"\\]{0,256}+"|-?[0-9]{1,256}+)\s*+'
    rb'(?:,\s*+"(?:jsonrpc|method)"\s*+:\s*+"[^"\\]*+"\s*+)*+\}\s*+\Z'
)
_PIECE = 2**16
_NAME = 2 + 6 * len("method")  # bytes of the longest name that counts here, each letter written as `\u0069`
_Received = MemoryObjectReceiveStream[SessionMessage | Exception]
_Sent = MemoryObjectSendStream[SessionMessage]


class Refused(Exception):
    """A message that cannot be taken: `code` is JSON-RPC's, the text says why.

    `ids` are those of the requests in it as they are written, null for one that cannot be read; a notification has
    none, since it gets no answer.
    """

    def __init__(self, code: int, message: str, ids: list[bytes]) -> None:
        super().__init__(message)
        self.code = code
        self.ids = ids

    def answers(self) -> list[bytes]:
        """An answer for each request, as it is sent."""
        return [_error(one, self.code, str(self)) for one in self.ids]

    def answer(self) -> bytes:
        """One answer for all of it."""
        return _error(self.ids[0] if len(self.ids) == 1 else _NO_ID, self.code, str(self))


def read(raw: bytes, most: int | None = None) -> types.JSONRPCRequest | types.JSONRPCNotification | None:
    """A request or a notification; nothing for an answer, since none is awaited. Raises Refused.

    In one that cannot be taken ids are looked for among so many tokens as are the `most`, and then at its end only.
    """
    try:
        message = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Refused(types.PARSE_ERROR, f"This cannot be read as JSON: {error}.", _ids(raw, most)) from None
    if isinstance(message, list):
        said = "Send each message by itself: lists of them are not taken."
        raise Refused(types.INVALID_REQUEST, said, _ids(raw, most))
    if not isinstance(message, dict):
        raise Refused(types.INVALID_REQUEST, "A message must be a JSON object.", [_NO_ID])
    if "method" not in message and ("result" in message or "error" in message):
        return None
    code, wrong = _wrong_in(message)
    if not wrong and (name := _repeated(raw)) is not None:
        code, wrong = types.INVALID_REQUEST, f"“{name[:40]}” can be given only once."
    if wrong:
        is_notification = "method" in message and "id" not in message
        raise Refused(code, wrong, [] if is_notification else _ids(raw, most))
    method, params = message["method"], message.get("params")
    if "id" not in message:
        return types.JSONRPCNotification(jsonrpc="2.0", method=method, params=params)
    return types.JSONRPCRequest(jsonrpc="2.0", id=message["id"], method=method, params=params)


def _wrong_in(message: dict[str, Any]) -> tuple[int, str]:
    if message.get("jsonrpc") != "2.0":
        return types.INVALID_REQUEST, '“jsonrpc” must be "2.0".'
    if not isinstance(message.get("method"), str):
        return types.INVALID_REQUEST, "“method” must be a text."
    if "id" in message and type(message["id"]) not in (int, str):
        return types.INVALID_REQUEST, "“id” must be a whole number or a text."
    if not isinstance(message.get("params"), dict | None):
        return types.INVALID_PARAMS, "“params” must be an object."
    return 0, ""


def _repeated(raw: bytes) -> str | None:
    """A name that an object in JSON has twice, of which each reader would take another; None if there is none."""
    repeated: list[str] = []

    def once(given: list[tuple[str, object]]) -> None:
        if not repeated and len(dict(given)) < len(given):
            repeated.append(Counter(name for name, _ in given).most_common(1)[0][0])

    with contextlib.suppress(ValueError):
        json.loads(raw.decode(), object_pairs_hook=once, parse_int=str, parse_float=str)
    return repeated[0] if repeated else None


def _ids(raw: bytes, most: int | None = None) -> list[bytes]:
    """The ids of the messages in what need not be JSON: of one, of a list, or of several one behind another.

    Each is as it is written, so that it can be sent back whatever it is. There is at least one, null if need be: an
    answer of the client has none that it could be answered by. Of an id that is given twice the first counts.
    """
    found: list[bytes] = []
    top = 2 if raw.lstrip().startswith(b"[") else 1  # how deep the members of a message stand
    depth, key, before, one = 0, b"", b"", b""
    is_call = is_answer = False
    for number, token in enumerate(_TOKEN.finditer(raw)):
        if number == most:
            if top == 1 and not (found or one or is_answer) and (last := _last(raw[-_END:])):
                return [last]
            if top == 2:  # it has others that were not looked at
                return [_NO_ID]
            break
        word = token[0]
        if depth == top and before == b":":
            if key == b'"id"':
                one = one or (word if token.end() < len(raw) and _is_id(word) else _NO_ID)
            is_call = is_call or key == b'"method"'
            is_answer = is_answer or key in (b'"result"', b'"error"')
        elif depth == top and before in (b"{", b","):
            key = _name(word)
        if word in (b"{", b"["):
            depth += 1
        elif word in (b"}", b"]"):
            depth -= 1
            if depth < top:
                if one and (is_call or not is_answer):
                    found.append(one)
                one, is_call, is_answer = b"", False, False
        before = word
    if one and (is_call or not is_answer):
        found.append(one)
    return found or [_NO_ID]


def _last(end: bytes) -> bytes | None:
    """The id that stands last in a message which ends so."""
    last = _LAST.search(end)
    return last[1] if last and _is_id(last[1]) else None


def _name(word: bytes) -> bytes:
    """The name of a member as it is written without need, `"id"` also for `"\\u0069d"`."""
    if b"\\" not in word or len(word) > _NAME:
        return word
    try:
        return json.dumps(json.loads(word.decode())).encode()
    except ValueError:
        return word


def _is_id(word: bytes) -> bool:
    """Whether it is a number or a text, which another can read."""
    if not word.startswith(b'"'):
        return _NUMBER.fullmatch(word) is not None
    try:
        return isinstance(json.loads(word.decode()), str)
    except ValueError:
        return False


def _error(written_id: bytes, code: int, message: str) -> bytes:
    told = json.dumps({"code": code, "message": message}, ensure_ascii=False).encode(errors="replace")
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (written_id, told)


async def serve_pipe(
    serve: Callable[[_Received, _Sent], Awaitable[None]], source: BinaryIO, sink: BinaryIO, at_once: int
) -> None:
    """Have `serve` serve the client whose messages are the lines of `source`, until that ends and all is answered.

    So many requests are at work `at_once`; the next is read when one of them is answered. Raises OSError where nothing
    can be read, or nothing written any more.
    """
    to_server, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, from_server = anyio.create_memory_object_stream[SessionMessage](0)
    async with anyio.create_task_group() as tasks:
        pipe = _Pipe(source, sink, at_once, tasks.cancel_scope)
        tasks.start_soon(pipe.take, to_server)
        tasks.start_soon(pipe.give, from_server)
        await serve(incoming, outgoing)
    if pipe.broken is not None:
        raise pipe.broken


class _Pipe:
    """Both ends of a pipe; `broken` is why nothing more can be read or written, once `scope` is cancelled for it."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, at_once: int, scope: anyio.CancelScope) -> None:
        self._source, self._sink, self._scope = source, sink, scope
        self._at_once, self._limit, self._writing = at_once, anyio.Semaphore(at_once), anyio.Lock()
        self.broken: OSError | None = None

    async def take(self, to_server: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        """Hand each message that comes to the server, until they end and all requests are answered."""
        async with to_server:
            try:
                while True:
                    try:
                        raw = await anyio.to_thread.run_sync(_line, self._source, abandon_on_cancel=True)
                        if not raw:
                            break
                        message = read(raw)
                    except Refused as refused:
                        for answer in refused.answers():
                            await self._write(answer)
                        continue
                    if isinstance(message, types.JSONRPCRequest):
                        await self._limit.acquire()
                    if message is not None:
                        metadata = ServerMessageMetadata(on_request_unanswered=self._unanswered)
                        await to_server.send(SessionMessage(message, metadata))
            except OSError as error:
                self._break_off(error)
            for _ in range(self._at_once):
                await self._limit.acquire()

    async def _unanswered(self) -> None:  # the client has cancelled it
        self._limit.release()

    async def give(self, from_server: MemoryObjectReceiveStream[SessionMessage]) -> None:
        """Write each message of the server."""
        async with from_server:
            async for sent in from_server:
                message = sent.message
                try:
                    written = message.model_dump_json(by_alias=True, exclude_unset=True).encode()
                except PydanticSerializationError:
                    written = _error(json.dumps(getattr(message, "id", None)).encode(), types.INTERNAL_ERROR, BUG)
                await self._write(written)
                if isinstance(message, types.JSONRPCResponse | types.JSONRPCError):
                    self._limit.release()

    async def _write(self, written: bytes) -> None:
        try:
            async with self._writing:
                await anyio.to_thread.run_sync(_write, self._sink, written + b"\n")
        except OSError as error:
            self._break_off(error)

    def _break_off(self, error: OSError) -> None:
        self.broken = error
        self._scope.cancel()


def _line(source: BinaryIO) -> bytes:
    """The next line that says anything, without its end; nothing at the end of all.

    Raises Refused for one that is too long, when all of it has gone by.
    """
    while line := source.readline(LIMIT + 2):
        text = line.rstrip(b"\r\n") if line.endswith(b"\n") else line
        if len(text) > LIMIT:
            rest, end = line, text[-_END:]
            while rest and not rest.endswith(b"\n"):
                rest = source.readline(_PIECE)
                end = (end + rest)[-_END:]
            ids = _ids(text)
            if ids == [_NO_ID] and (last := _last(end)):
                ids = [last]
            raise Refused(types.INVALID_REQUEST, f"A message may have {LIMIT:,} bytes (1 MiB).", ids)
        text = text.removeprefix(_BYTE_ORDER_MARK)
        if text.strip():
            return text
    return b""


def _write(sink: BinaryIO, written: bytes) -> None:
    sink.write(written)
    sink.flush()
