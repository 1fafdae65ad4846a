"""Messages to a language model → the pieces of what it writes: one client, for any server that speaks OpenAI's API.

What is sent goes to the address that was set and to no other, and holds the messages and nothing about this machine.
What comes back is not trusted: whatever the server does, a call ends in time, with a whole text or with NotWritten.
No message is stored or logged here.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import functools
import io
import json
import queue
import re
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from index.errors import DecisionQAError

# httpx2 takes a part of a second to import: it is imported where it is first needed, so that a program that has no
# language model, or does not ask it, starts without it.
if TYPE_CHECKING:
    import ssl

    import httpx2

Failure = Literal["unreachable", "refused", "timed_out", "cut_off", "nonsense"]

_CUT_OFF: tuple[str, Failure] = "stopped before the end of its text.", "cut_off"
_TOO_LONG: tuple[str, Failure] = "sent more than it was asked for.", "nonsense"
_NONSENSE: tuple[str, Failure] = "answered with something that is not a text of a model.", "nonsense"
_ERROR: tuple[str, Failure] = "reports an error of its own.", "refused"

_AGENT = "decision-qa"
_HEARTBEAT_SECONDS = 1.0
_MAX_LETTERS_PER_TOKEN = 20  # of text, for each token that was asked for; English has about four
_MAX_BYTES_PER_TOKEN = 4096  # each comes in an event of its own, of 200 to 1,000 bytes
_MAX_BYTES_BESIDE = 65536  # for what comes before and after the text
_DONE = "[DONE]"
_TOKEN_LIMIT_REACHED = ("length", "model_length")  # the second is what Mistral says
_OPTIONAL = ("max_tokens", "temperature")  # what some models refuse; they are asked again otherwise
_UNSUPPORTED = ("unsupported_parameter", "unsupported_value")


class NotWritten(DecisionQAError):
    """The language model wrote no whole answer; the text tells the reader of the page what happened."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Message:
    """A message to the model: the system's says how to answer, the user's what."""

    role: Literal["system", "user"]
    text: str


class LanguageModel:
    """A model behind an address; threads may share it."""

    def __init__(self, url: str, model: str, api_key: str = "", seconds: float = 60.0, tokens: int = 600) -> None:
        """`url` is that of the API, such as `http://127.0.0.1:8080/v1`; without `api_key` none is sent.

        `seconds` is the longest that a call takes, `tokens` the most that the model may write.
        """
        self.model = model
        self.host = urlsplit(url).netloc.rpartition("@")[2]
        """To whom the messages are sent, as the page shows it: the host, and the port if one was set."""
        self.is_local = bool(re.fullmatch(r"localhost|127\.[0-9.]+|::1", urlsplit(url).hostname or ""))
        """Whether they stay on this machine."""
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity", "User-Agent": _AGENT}
        self._headers["Content-Type"] = "application/json"
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._seconds = seconds
        self._tokens = tokens
        self._refused: frozenset[str] = frozenset()
        """Those of `_OPTIONAL` that the model is known to refuse. Threads that learn at once may forget one: it is
        learned again.
        """

    def write(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Pieces of the text as they come. Raises NotWritten, also after some pieces.

        An empty one comes each second in which there is none, so that the caller can look whether anybody still waits.

        The time counts from this call. The request is sent when the first piece is asked for; closing the generator
        ends it.
        """
        return self._pieces(messages, time.monotonic() + self._seconds)

    def _pieces(self, messages: Sequence[Message], deadline: float) -> Generator[str, None, None]:
        import httpx2  # noqa: F401  (here, since an import would hold up the loop)

        # What reads is apart from what waits, so that nothing that hangs below, be it the look-up of a name, can keep
        # the caller longer than it is allowed. It is a task and not a thread, since a thread that waits for the network
        # cannot be stopped.
        written: queue.SimpleQueue[str | NotWritten | None] = queue.SimpleQueue()
        reading = asyncio.run_coroutine_threadsafe(self._read(messages, deadline, written.put), _loop())
        try:
            while True:
                left = deadline - time.monotonic()
                try:
                    item = written.get(timeout=min(left, _HEARTBEAT_SECONDS)) if left > 0 else self._too_late()
                except queue.Empty:
                    item = ""
                if item is None:
                    return
                if isinstance(item, NotWritten):
                    raise item
                yield item
        finally:
            reading.cancel()

    async def _read(
        self, messages: Sequence[Message], deadline: float, give: Callable[[str | NotWritten | None], None]
    ) -> None:
        """Give the pieces, and then None or what went wrong. Never raises, except when it is cancelled."""
        failure: NotWritten | None = None
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                while await self._must_resend(messages, give):
                    pass
        except TimeoutError:
            failure = self._too_late()
        except NotWritten as error:
            # Made anew, not passed on: the error behind it holds the request, and so the question and the key.
            failure = NotWritten(str(error), error.failure)
        except Exception:
            failure = self._failed(*_NONSENSE)
        give(failure)

    async def _must_resend(self, messages: Sequence[Message], give: Callable[[str], None]) -> bool:
        """Send the request and give the pieces, or learn that it has to be put otherwise; true then."""
        import httpx2

        refused = self._refused
        options: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "stream": True,
            "max_completion_tokens" if "max_tokens" in refused else "max_tokens": self._tokens,
        }
        if "temperature" not in refused:
            options["temperature"] = 0
        # The transport alone: a client would send headers of its own and read the environment for proxies.
        # One for each call: a connection that stays open may be closed by the server just when it is used again.
        async with httpx2.AsyncHTTPTransport(verify=_trust()) as transport:
            try:
                content = json.dumps(options).encode()
                request = httpx2.Request("POST", self._url, headers=self._headers, content=content)
                response = await transport.handle_async_request(request)
            except Exception:
                unreachable = "cannot be reached. Is it running, and is its address right?"
                raise self._failed(unreachable, "unreachable") from None
            status = response.status_code
            async with contextlib.aclosing(self._body(response)) as body:
                if 200 <= status < 300:
                    await self._listen(body, give)
                    return False
                error = bytearray()
                with contextlib.suppress(NotWritten):
                    async for data in body:
                        error += data
            learned = _refused_option(error) if status == 400 else None
            if learned is None or learned in refused:
                # The body is never repeated: it may hold the question.
                raise self._failed(_refusal(status, self.model), "refused")
            self._refused |= {learned}
            return True

    async def _body(self, response: httpx2.Response) -> AsyncGenerator[bytes, None]:
        """The bytes of a response. Raises NotWritten where they break off, or are more than could be of use.

        No compression was asked for. A little of it can unfold to more than the memory holds, so it stays folded.
        """
        import httpx2

        left = self._tokens * _MAX_BYTES_PER_TOKEN + _MAX_BYTES_BESIDE
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        try:
            async for data in response.stream:
                left -= len(data)
                if left < 0:  # a line without an end would fill the memory
                    raise self._failed(*_TOO_LONG)
                yield data
        except httpx2.TransportError:
            raise self._failed(*_CUT_OFF) from None

    async def _listen(self, body: AsyncIterator[bytes], give: Callable[[str], None]) -> None:
        """Give the pieces of the stream. Raises NotWritten, or any other error where the stream is malformed."""
        answer = _Answer()
        letters, events, finish = 0, 0, None
        async for data in _events(body):
            events += 1
            if data == _DONE:  # some servers give no other sign of the end
                finish = "stop"
                break
            piece, finish = self._piece(json.loads(data))
            letters += len(piece)
            if letters > _MAX_LETTERS_PER_TOKEN * self._tokens:
                raise self._failed(*_TOO_LONG)
            if text := answer.add(piece):
                give(text)
            if finish:  # no text comes after it; what does come is not waited for
                break
        if not finish:
            raise self._failed(*(_CUT_OFF if events else _NONSENSE))
        if finish in _TOKEN_LIMIT_REACHED:
            raise self._failed(f"reached the limit of {self._tokens} tokens before its end.", "cut_off")
        if finish == "content_filter":
            raise self._failed("refuses to write about this.", "refused")
        if finish == "error":  # of a server that passes requests on, such as OpenRouter
            raise self._failed(*_ERROR)
        if text := answer.rest():
            give(text)
        if not answer.has_words:
            raise self._failed("answered nothing.", "nonsense")

    def _piece(self, event: object) -> tuple[str, str | None]:
        """The text of an event, and why it is the last. Raises NotWritten for what is no event of the API."""
        match event:
            case {"error": error} if error:
                raise self._failed(*_ERROR)
            case {"choices": []}:  # such an event tells of the use of tokens, or of a filter
                return "", None
            case {"choices": [dict(choice), *_]}:
                content = (choice.get("delta") or {}).get("content")
                finish = choice.get("finish_reason")
                if isinstance(content, str | None) and isinstance(finish, str | None):
                    return content or "", finish
        raise self._failed(*_NONSENSE)

    def _failed(self, how: str, failure: Failure) -> NotWritten:
        return NotWritten(f"The language model at {self.host} {how}", failure)

    def _too_late(self) -> NotWritten:
        return self._failed(f"did not finish within {self._seconds:g} seconds.", "timed_out")


def _refused_option(body: bytes | bytearray) -> str | None:
    """The one of `_OPTIONAL` that the model does not support, as the body of its refusal says."""
    with contextlib.suppress(ValueError, RecursionError):
        match json.loads(body):
            case {"error": {"code": code, "param": param}} | {"code": code, "param": param}:
                return str(param) if code in _UNSUPPORTED and param in _OPTIONAL else None
    return None


def _refusal(status: int, model: str) -> str:
    """What a status says, and what to look at, as the end of a sentence."""
    if 300 <= status < 400:
        return f"sends requests on to another address ({status}), which is not followed. Is its address right?"
    if status in (401, 403):
        return f"does not accept the key ({status}). Is DECISION_QA_LLM_API_KEY right?"
    if status == 404:
        return f"does not know the address or the model “{model}” (404). Should the address end in /v1?"
    if status == 429:
        return "has had too many requests, or the account is used up (429). Try again later."
    if status >= 500:
        return f"has a problem on its server ({status}). Try again later."
    return f"does not accept the request ({status})."


async def _events(body: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of the events in a stream of them, https://html.spec.whatwg.org/#server-sent-events.

    Names, numbers and comments are passed over. An event without its end is none, but for `[DONE]`.
    """
    data: list[str] = []
    async for line in _lines(body):
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        if data and (not line or data == [_DONE]):
            yield "\n".join(data)
            data = []


async def _lines(body: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The lines of a text in UTF-8; its last may have no end, and is given if it is not empty."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")(), translate=True)
    parts: list[str] = []  # of the line that has not come to its end
    async for data in body:
        first, *others = decoder.decode(data).split("\n")
        parts.append(first)
        for other in others:
            yield "".join(parts)
            parts = [other]
    if line := "".join(parts):
        yield line


class _Answer:
    """The text without the thoughts that some models write before it, between `<think>` and `</think>`."""

    def __init__(self) -> None:
        self.has_words = False
        self._pending = ""  # what may yet be part of a tag
        self._is_thinking = False

    def add(self, piece: str) -> str:
        """What of the text is certain by now."""
        if self.has_words:
            return _printable(piece)
        self._pending = (self._pending + piece).lstrip()
        while self._is_thinking or self._pending.startswith("<think>"):
            _, end, after = self._pending.partition("</think>")
            self._is_thinking = not end
            if not end:
                self._pending = self._pending[-len("</think>") :]
                return ""
            self._pending = after.lstrip()
        return "" if "<think>".startswith(self._pending) else self.rest()

    def rest(self) -> str:
        """What was not certain until the end."""
        text = "" if self._is_thinking else _printable(self._pending)
        self._pending = ""
        self.has_words = self.has_words or bool(text)
        return text


def _printable(text: str) -> str:
    """The text without halves of characters, which JSON can hold but no page."""
    return text.encode(errors="replace").decode()


@functools.cache
def _trust() -> ssl.SSLContext:
    """The authorities that this machine trusts; reading them takes a tenth of a second."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    """The loop in which everything is read, in a thread of its own; started once, at the first call."""
    with _starting:
        return _started_loop()


@functools.cache
def _started_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # A daemon: the program may end while a model writes.
    threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
    return loop
