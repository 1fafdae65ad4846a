"""Messages to a language model → the pieces of what it writes: one client, for any server that speaks OpenAI's API.

What is sent goes to the address that was set and to no other, and holds the messages and nothing about this machine.
What comes back is not trusted: whatever the server does, a call ends in time, with a whole text or with NotWritten.
No message is kept or logged here.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import queue
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from index.errors import DecisionQAError

# openai takes a second to import, and httpx2 a part of it: they are imported where they are first needed, so that a
# program that has no language model, or does not ask it, starts without them.
if TYPE_CHECKING:
    import ssl

    import httpx2

Failure = Literal["unreachable", "refused", "timed_out", "cut_off", "nonsense"]

_AGENT = "decision-qa"
_QUIET = 1.0  # seconds without a piece
_LETTERS = 20  # of text for each token that was asked for; English has about four
_BYTES = 4096  # for each token, which comes in an event of its own, of 200 to 1,000 bytes
_MORE_BYTES = 65536  # for what comes before and after the text
_DONE = re.compile(rb"[\r\n]data: ?\[DONE\]")  # only an event can begin so: no JSON holds a bare line break
_DONE_BYTES = len(b"\ndata: [DONE]")
_LIMIT_REACHED = ("length", "model_length")  # the second is what Mistral says
_OPTIONAL = ("max_tokens", "temperature")  # what some models refuse; they are asked again otherwise
_UNSUPPORTED = ("unsupported_parameter", "unsupported_value")


class NotWritten(DecisionQAError):
    """The language model wrote no whole answer; the text tells the reader of the page what happened."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Message:
    """What the model is told: by the system, how to answer; by the user, what."""

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
        """To whom the messages are sent, as the page tells it: the host, and the port if one was set."""
        self.is_local = bool(re.fullmatch(r"localhost|127\.[0-9.]+|::1", urlsplit(url).hostname or ""))
        """Whether they stay on this machine."""
        self._url = url
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
        import openai.resources.chat.completions  # noqa: F401  (here, since an import would hold up the loop)

        # What reads is apart from what waits, so that nothing that hangs below, be it the look-up of a name, can keep
        # the caller longer than it was told. It is a task and not a thread, since a thread that waits for the network
        # cannot be stopped.
        said: queue.SimpleQueue[str | NotWritten | None] = queue.SimpleQueue()
        reading = asyncio.run_coroutine_threadsafe(self._read(messages, deadline, said.put), _loop())
        try:
            while True:
                left = deadline - time.monotonic()
                try:
                    item = said.get(timeout=min(left, _QUIET)) if left > 0 else self._too_late()
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
        self, messages: Sequence[Message], deadline: float, say: Callable[[str | NotWritten | None], None]
    ) -> None:
        """Say the pieces, and then None or what went wrong. Never raises, except when it is cancelled."""
        heard = _Heard(self._tokens * _BYTES + _MORE_BYTES)
        failure: NotWritten | None = None
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                while await self._refuses(messages, heard, say):
                    heard = _Heard(heard.limit)
        except TimeoutError:
            failure = self._too_late()
        except Exception as error:
            # Told anew, not passed on: the error of the client holds the request, and so the question and the key.
            failure = self._failure(error, heard)
        say(failure)

    async def _refuses(self, messages: Sequence[Message], heard: _Heard, say: Callable[[str], None]) -> bool:
        """Send the request and say the pieces, or learn that it has to be put otherwise; true then."""
        import openai

        refused = self._refused
        options: dict[str, Any] = {
            "max_completion_tokens" if "max_tokens" in refused else "max_tokens": self._tokens,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
        }
        if "temperature" not in refused:
            options["temperature"] = 0
        # The key is a stand-in, lest the client take one from the environment: `_http_client` sends the right one.
        # A client for each call: a connection that is kept may be closed by the server just when it is used again.
        async with openai.AsyncOpenAI(
            base_url=self._url,
            api_key="none",
            max_retries=0,
            timeout=None,  # the deadline is kept above
            http_client=_http_client(self._headers, heard),
        ) as client:
            try:
                stream = await client.chat.completions.create(model=self.model, stream=True, **options)
            except openai.BadRequestError as error:
                learned = error.code in _UNSUPPORTED and error.param in _OPTIONAL and error.param not in refused
                if not learned or not isinstance(error.param, str):
                    raise
                self._refused |= {error.param}
                return True
            async with stream:
                try:
                    await self._listen(stream, heard, say)
                finally:
                    # What has arrived is read to its end, and no more. Of a stream that is left before its end, the
                    # garbage collector would close the generators, in any thread and while others close them here.
                    heard.is_over = True
                    with contextlib.suppress(Exception):
                        async for _ in stream:
                            pass
        return False

    async def _listen(self, stream: AsyncIterator[Any], heard: _Heard, say: Callable[[str], None]) -> None:
        """Say the pieces of the stream. Raises NotWritten, or any other error where the stream is malformed."""
        answer = _Answer()
        letters, events, finish = 0, 0, None
        async for event in stream:
            events += 1
            if not isinstance(event.choices, list):
                raise self._nonsense()
            if not event.choices:
                continue  # such an event tells of the use of tokens, or of a filter
            delta, finish = event.choices[0].delta, event.choices[0].finish_reason
            piece = "" if delta is None or delta.content is None else delta.content
            if not isinstance(piece, str) or not isinstance(finish, str | None):
                raise self._nonsense()
            letters += len(piece)
            if letters > _LETTERS * self._tokens:
                raise self._too_long()
            if text := answer.add(piece):
                say(text)
            if finish:  # no text comes after it; what does come is not waited for
                break
        if not finish and heard.is_too_long:
            raise self._too_long()
        if not finish and not heard.is_done:
            raise self._cut_off() if events else self._nonsense()
        if finish in _LIMIT_REACHED:
            raise NotWritten(f"{self._who} reached the limit of {self._tokens} tokens before its end.", "cut_off")
        if finish == "content_filter":
            raise NotWritten(f"{self._who} refuses to write about this.", "refused")
        if finish == "error":  # of a server that passes requests on, such as OpenRouter
            raise self._error()
        if text := answer.rest():
            say(text)
        if not answer.has_words:
            raise NotWritten(f"{self._who} answered nothing.", "nonsense")

    def _failure(self, error: Exception, heard: _Heard) -> NotWritten:
        """What the reader is told of an error. The body of a response is never repeated: it may hold the question."""
        import openai

        if isinstance(error, NotWritten):
            return NotWritten(str(error), error.failure)
        if heard.status is None:
            return NotWritten(f"{self._who} cannot be reached. Is it running, and is its address right?", "unreachable")
        if not 200 <= heard.status < 300:
            return NotWritten(f"{self._who} {_refusal(heard.status, self.model)}", "refused")
        if isinstance(error, openai.APIConnectionError):
            return self._cut_off()
        if isinstance(error, openai.APIError):
            return self._error()
        return self._nonsense()

    @property
    def _who(self) -> str:
        return f"The language model at {self.host}"

    def _too_late(self) -> NotWritten:
        return NotWritten(f"{self._who} did not finish within {self._seconds:g} seconds.", "timed_out")

    def _cut_off(self) -> NotWritten:
        return NotWritten(f"{self._who} stopped before the end of its text.", "cut_off")

    def _too_long(self) -> NotWritten:
        return NotWritten(f"{self._who} sent more than it was asked for.", "nonsense")

    def _nonsense(self) -> NotWritten:
        return NotWritten(f"{self._who} answered with something that is no text of a model.", "nonsense")

    def _error(self) -> NotWritten:
        return NotWritten(f"{self._who} reports an error of its own.", "refused")


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


class _Answer:
    """The text without the thoughts that some models write before it, between `<think>` and `</think>`."""

    def __init__(self) -> None:
        self.has_words = False
        self._held = ""  # what may yet be part of a tag
        self._is_thinking = False

    def add(self, piece: str) -> str:
        """What of the text is certain by now."""
        if self.has_words:
            return _printable(piece)
        self._held = (self._held + piece).lstrip()
        while self._is_thinking or self._held.startswith("<think>"):
            _, end, after = self._held.partition("</think>")
            self._is_thinking = not end
            if not end:
                self._held = self._held[-len("</think>") :]
                return ""
            self._held = after.lstrip()
        return "" if "<think>".startswith(self._held) else self.rest()

    def rest(self) -> str:
        """What was held back, at the end."""
        text = "" if self._is_thinking else _printable(self._held)
        self._held = ""
        self.has_words = self.has_words or bool(text)
        return text


def _printable(text: str) -> str:
    """The text without halves of characters, which JSON can hold but no page."""
    return text.encode(errors="replace").decode()


class _Heard:
    """What is known of a response below the client: its status, whether it ended as it should, and how long it is."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.status: int | None = None
        self.is_done = False
        """Whether `[DONE]` was sent, which the client does not tell; some servers give no other sign of the end."""
        self.is_over = False
        """Whether no more is wanted."""
        self._length = 0
        self._end = b"\n"

    @property
    def is_too_long(self) -> bool:
        return self._length > self.limit

    def take(self, data: bytes) -> None:
        """Take note of the next bytes of the body."""
        self._length += len(data)
        self.is_done = self.is_done or bool(_DONE.search(self._end + data))
        self._end = (self._end + data)[-_DONE_BYTES:]


def _http_client(headers: dict[str, str], heard: _Heard) -> httpx2.AsyncClient:
    """A client that sends these headers and no other, asks the set address directly, and reads no more than it may."""
    import httpx2

    class Body(httpx2.AsyncByteStream):
        """Ends where too much was sent, since a line without an end would fill the memory."""

        def __init__(self, body: httpx2.AsyncByteStream) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            if heard.is_over:
                return
            async for data in self._body:
                heard.take(data)
                if heard.is_too_long:
                    return
                yield data
                if heard.is_over:
                    return

        async def aclose(self) -> None:
            await self._body.aclose()

    class Transport(httpx2.AsyncHTTPTransport):
        """Sends the body of the request under a new head.

        In its own, openai tells of this machine, and puts whatever the environment has of keys, accounts and headers.
        """

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            bare = httpx2.Request(
                request.method, request.url, headers=headers, content=request.content, extensions=request.extensions
            )
            response = await super().handle_async_request(bare)
            heard.status = response.status_code
            # No compression was asked for. A little of it can unfold to more than the memory holds, so it stays folded.
            response.headers.pop("Content-Encoding", None)
            assert isinstance(response.stream, httpx2.AsyncByteStream)
            response.stream = Body(response.stream)
            return response

    return httpx2.AsyncClient(
        transport=Transport(verify=_trust()),
        trust_env=False,  # no proxy: what is sent is for the set address only
        follow_redirects=False,
        timeout=None,
    )


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
