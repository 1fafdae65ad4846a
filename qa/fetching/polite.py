"""Asks one site for pages, as slowly and as carefully as its operators may expect; whatever the site does, it ends.

One request at a time, with a pause after each; robots.txt is obeyed; 429, 503 and `Retry-After` are waited for. No
request leaves the host that was set, and none goes to an address within a network of one's own unless that was set. A
page is read only as far as a decision can be long. Nothing is understood here of what a page says, and nothing stored.
"""

from __future__ import annotations

import datetime
import email.utils
import random
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx2
from protego import Protego

from index.errors import DecisionQAError
from index.parsing.decode import MAX_BYTES
from qa.fetching.addresses import is_of_own_network, is_origin, is_public

PRODUCT = "decision-qa"
"""The name by which a robots.txt may speak to this program."""

MIN_PAUSE = 1.0
"""Seconds between the end of a request and the beginning of the next, at least."""

_READ_SECONDS = 30.0  # without a byte
_PAGE_SECONDS = 120.0  # for all of an answer, however it drips
_MAX_WAIT_SECONDS = 3600.0  # that the site may ask for, in all for one page
_ROBOTS_SECONDS = 24 * 3600.0  # for which a robots.txt counts (RFC 9309, 2.4)
_MAX_BACKOFF_SECONDS = 300.0
_BUSY_TRIES = 7  # of a site that asks to wait without saying how long: some minutes together
_BROKEN_TRIES = 4  # of a page at which something else goes wrong
_MAX_REDIRECTS = 5
_PERMANENT, _TEMPORARY, _BUSY = (301, 308), (302, 303, 307), (429, 503)


class Refused(DecisionQAError):
    """What came for this address is not taken; the text says why. Asking again would bring the same."""


class NotNow(DecisionQAError):
    """The site could not answer for this address; it may later."""


class Stopped(DecisionQAError):
    """Nothing more is to be asked of the site for now; the text says why, and what to do."""


class Forbidden(DecisionQAError):
    """The robots.txt of the site forbids an address, so it is not asked for."""


class Time(Protocol):
    """What tells the time and lets it pass."""

    def now(self) -> datetime.datetime:
        """The time in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""


class SystemTime:
    """The time of this machine."""

    def now(self) -> datetime.datetime:
        """The time in UTC."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)


Resolve = Callable[[str, int], list[str]]
"""The addresses of a host, in the order in which they are to be tried. Raises OSError."""


def resolve(host: str, port: int) -> list[str]:
    """What the system says."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True, slots=True)
class Response:
    """What the site said. `url` is where it said so; `moved`, that every step there was said to be for good."""

    url: str
    status: int
    content: bytes
    content_type: str
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer, with its body whole; `location` is where it leads, `retry_after` the seconds it asks for."""

    status: int
    headers: httpx2.Headers
    content: bytes


class PoliteClient:
    """Gets pages of one site. Close it at the end; one thread has it."""

    def __init__(
        self,
        site: str,
        agent: str,
        pause: float = MIN_PAUSE,
        *,
        clock: Time | None = None,
        resolving: Resolve = resolve,
        read_seconds: float = _READ_SECONDS,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`site` is its origin, such as `https://www.lgo.org.uk`; `pause`, `read_seconds` are in seconds.

        Certificates are checked against those that are `trusted`, or those that this machine trusts.
        """
        self.site = site
        self.requests = 0
        """How many requests were sent."""
        self.waited = 0.0
        """Seconds in which nothing was asked, for the site's sake."""
        self.answering = 0.0
        """Seconds from sending requests to having their answers."""
        self._time = clock or SystemTime()
        self._pause = pause
        self._last_end: float | None = None
        self._robots: tuple[Protego, float] | None = None  # and when it was read
        self._host = _OneHost(httpx2.URL(site), resolving, trusted)
        self._client = httpx2.Client(
            transport=self._host,
            headers={"User-Agent": agent, "Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip"},
            timeout=httpx2.Timeout(read_seconds),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Response:
        """The page at an address, or word that it is as it was when it had these validators (304).

        Raises Refused, NotNow, Stopped, Forbidden.
        """
        headers = {"If-None-Match": etag} if etag else {"If-Modified-Since": last_modified} if last_modified else {}
        moved = True
        for step in range(_MAX_REDIRECTS + 1):
            self._check_robots(url)
            answer = self._patiently(url, headers)
            if answer.status not in (*_PERMANENT, *_TEMPORARY):
                said = answer.headers
                return Response(
                    url, answer.status, answer.content, said.get("Content-Type", ""),
                    said.get("ETag"), said.get("Last-Modified"), moved and step > 0,
                )  # fmt: skip
            moved = moved and answer.status in _PERMANENT
            url = self._led_to(url, answer.headers.get("Location", ""))
        raise Refused(f"The site redirects more than {_MAX_REDIRECTS} times from there.")

    def _led_to(self, url: str, location: str) -> str:
        """Where a redirect leads. Raises Refused where that is not this site."""
        try:
            target = urljoin(url, location)
        except ValueError:
            target = ""
        if not location or not is_origin(self.site, target):
            raise Refused(f"It redirects to another site, “{location[:100]}”; only {self.site} is asked.")
        return target.partition("#")[0]

    # Robots.

    def _check_robots(self, url: str) -> None:
        robots = self._rules()
        if not robots.can_fetch(url, PRODUCT):
            raise Forbidden(f"The robots.txt of {self.site} forbids {urlsplit(url).path}, so it was not fetched.")

    def _rules(self) -> Protego:
        if self._robots is None or self._time.monotonic() - self._robots[1] > _ROBOTS_SECONDS:
            robots = self._read_robots()
            self._robots = robots, self._time.monotonic()
            delay = float(robots.crawl_delay(PRODUCT) or 0)
            rate = robots.request_rate(PRODUCT)
            if rate is not None and rate.requests:
                delay = max(delay, rate.seconds / rate.requests)
            if delay > _MAX_WAIT_SECONDS:
                raise Stopped(f"The robots.txt of {self.site} asks for {delay:,.0f} seconds between two requests.")
            self._pause = max(self._pause, delay)
        return self._robots[0]

    def _read_robots(self) -> Protego:
        """RFC 9309: none (4xx) allows everything, one that cannot be had (5xx) nothing."""
        url = f"{self.site}/robots.txt"
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                answer = self._patiently(url, {})
                if answer.status not in (*_PERMANENT, *_TEMPORARY):
                    break
                url = self._led_to(url, answer.headers.get("Location", ""))
        except (NotNow, Refused) as error:
            raise Stopped(f"The robots.txt of {self.site} cannot be read, so nothing is fetched. {error}") from None
        if answer.status == 200:
            return Protego.parse(answer.content.decode("utf-8", errors="replace"))
        if 400 <= answer.status < 500:
            return Protego.parse("")
        raise Stopped(
            f"The robots.txt of {self.site} cannot be read (status {answer.status}), so nothing is fetched. Try later."
        )

    # Patience.

    def _patiently(self, url: str, headers: dict[str, str]) -> _Answer:
        """An answer that is neither busy nor broken."""
        waited, broken, busy = 0.0, 0, 0
        while True:
            try:
                answer = self._once(url, headers)
            except NotNow:
                broken += 1
                if broken >= _BROKEN_TRIES:
                    raise
                self._wait(_backoff(broken))
                continue
            if answer.status not in _BUSY:
                if answer.status < 500:
                    return answer
                broken += 1
                if broken >= _BROKEN_TRIES:
                    raise NotNow(f"The site reports an error of its own (status {answer.status}).")
                self._wait(_backoff(broken))
                continue
            busy += 1
            asked = self._asked_to_wait(answer.headers.get("Retry-After", ""))
            if busy >= _BUSY_TRIES or waited + (asked or 0) > _MAX_WAIT_SECONDS:
                how_long = f"{asked:,.0f} seconds" if asked else "longer"
                raise Stopped(
                    f"The site asks to wait {how_long} (status {answer.status}). Run the command again later; it goes "
                    "on where it was."
                )
            waited += self._wait(_backoff(busy) if asked is None else asked)

    def _asked_to_wait(self, said: str) -> float | None:
        """The seconds of a Retry-After, a number or a date; None where it says nothing."""
        if re.fullmatch("[0-9]{1,9}", said.strip()):
            return float(said)
        try:
            until = email.utils.parsedate_to_datetime(said)
        except (IndexError, OverflowError, TypeError, ValueError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
        return max(0.0, (until - self._time.now()).total_seconds())

    def _wait(self, seconds: float) -> float:
        begun = self._time.monotonic()
        self._time.sleep(seconds)
        self.waited += self._time.monotonic() - begun
        return seconds

    # One request.

    def _once(self, url: str, headers: dict[str, str]) -> _Answer:
        if self._last_end is not None:
            left = self._pause - (self._time.monotonic() - self._last_end)
            if left > 0:
                self._wait(left)
        self.requests += 1
        begun = self._time.monotonic()
        try:
            with (
                self._in_time(),
                _told_of(self.site),
                self._client.stream("GET", url, headers=headers) as response,
            ):
                content = b"" if response.status_code == 304 else self._read(response)
                return _Answer(response.status_code, response.headers, content)
        finally:
            self._last_end = self._time.monotonic()
            self.answering += self._last_end - begun

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Cut off an answer that takes too long, its headers too. Raises NotNow."""
        late = threading.Event()

        def cut() -> None:
            late.set()
            self._host.cut()

        timer = threading.Timer(_PAGE_SECONDS, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except NotNow:
            if not late.is_set():
                raise
        finally:
            timer.cancel()
        if late.is_set():
            raise NotNow(f"The page did not arrive within {_PAGE_SECONDS:g} seconds.")

    def _read(self, response: httpx2.Response) -> bytes:
        """The body, never more of it in memory than a decision may have. Raises Refused, NotNow."""
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", ""):
            raise Refused(f"The page is compressed in a way that was not asked for (“{encoding[:40]}”).")
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
        content = bytearray()
        for chunk in response.iter_raw():  # as it comes: a size would have it wait until so much is there
            content += unpacking.decompress(chunk, MAX_BYTES + 1 - len(content)) if unpacking else chunk
            if len(content) > MAX_BYTES:
                raise Refused(f"The page has more than {MAX_BYTES:,} bytes, more than any decision.")
        has_end = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        cut_off = unpacking is not None and not unpacking.eof and bool(content)
        if cut_off or (not has_end and response.status_code == 200 and b"</html" not in content[-4096:].lower()):
            raise NotNow("The page is cut off.")
        return bytes(content)


def _backoff(tries: int) -> float:
    """Seconds to wait after so many tries: twice as long each time, with chance, so that many do not come at once."""
    return min(_MAX_BACKOFF_SECONDS, 2.0**tries * random.uniform(1, 1.5))


@contextmanager
def _told_of(site: str) -> Iterator[None]:
    """Says in a sentence what the network did."""
    try:
        yield
    except (httpx2.TimeoutException, TimeoutError):
        raise NotNow("The site did not answer in time.") from None
    except zlib.error:
        raise NotNow("The page is cut off or damaged on its way.") from None
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError) as error:
        if fault := _certificate_fault(error):
            raise Stopped(f"The certificate of {site} cannot be trusted ({fault}), so nothing is fetched.") from None
        if isinstance(error, httpx2.RemoteProtocolError):
            raise NotNow("The page is cut off, or no proper answer.") from None
        raise NotNow(f"{site} cannot be reached.") from None


def _certificate_fault(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or "it is not valid"
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "it is not valid"
        error = error.__cause__ or error.__context__
    return None


class _OneHost(httpx2.BaseTransport):
    """Sends what is for one host to an address of it that was looked at before, and nothing else.

    The address is named in the connection, so that a name which is looked up twice cannot lead to two places; the
    certificate is that of the name.
    """

    def __init__(self, site: httpx2.URL, resolving: Resolve, trusted: ssl.SSLContext | None) -> None:
        self._site, self._resolve = site, resolving
        self._socket: socket.socket | None = None
        self._inner = httpx2.HTTPTransport(trusted or True, limits=httpx2.Limits(max_connections=1), trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it. Raises Refused, httpx2.HTTPError, OSError."""
        url = request.url
        if (url.scheme, url.host, url.port) != (self._site.scheme, self._site.host, self._site.port):
            raise Refused(f"{url.host} is not {self._site.host}, which alone is asked.")
        addresses = self._addresses(url.host, url.port or (443 if url.scheme == "https" else 80))
        extensions = dict(request.extensions) | {"trace": self._note}
        if url.scheme == "https":
            extensions["sni_hostname"] = url.host
        for place, address in enumerate(addresses, start=1):
            sent = httpx2.Request(
                request.method,
                url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
            try:
                return self._inner.handle_request(sent)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                if place == len(addresses) or _certificate_fault(error):
                    raise
        raise httpx2.ConnectError("The name has no address.")

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def cut(self) -> None:
        """End what is on its way, from another thread."""
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # that of TLS would pull the rug from its reader

    def _note(self, event: str, told: Mapping[str, Any]) -> None:
        """Remember the connection, which only what traces it is told."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = told["return_value"].get_extra_info("socket")

    def _addresses(self, host: str, port: int) -> list[str]:
        found = self._resolve(host, port)
        if not is_of_own_network(host):
            for address in found:
                if not is_public(address):
                    raise Stopped(
                        f"{host} leads to {address}, an address of this machine or network, so nothing is fetched."
                    )
        return found
