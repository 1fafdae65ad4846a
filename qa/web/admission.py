"""Who may ask a server what: by which name it is called, from which page, with which token, and how often.

No cookie says who somebody is. What is to be prevented is that the page of another site has a browser spend what the
server has: read what a name points at only by a trick (DNS rebinding), check letters, or have a language model write.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from qa.errors import Forbidden, Misdirected, TooMany, Unauthorised

_WRONG_TOKENS = 20  # of an address in a minute; then none is looked at
_BEFORE = re.compile("prefetch|prerender|preview", re.IGNORECASE)
_WILDCARDS = ("0.0.0.0", "::", "")
_PREFETCH = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
TOKEN_WANTED = "Send this server’s token: Authorization: Bearer …"
"""What is said where it is missing or wrong."""


class Admission:
    """The rules of one server, applied to the request that Flask is handling.

    Each process counts by itself how often somebody asks.
    """

    def __init__(
        self,
        token: str = "",
        origins: Iterable[str] = (),
        host: str = "127.0.0.1",
        letters: int = 0,
        generations: int = 0,
    ) -> None:
        """`host` is where the server listens; it is known by that name, as localhost, and by those of `origins`.

        `letters` and `generations` are how many of them an address may ask for in a minute, 0 is any number.
        """
        self.token = token
        self.origins = frozenset(origins)
        self._names = {"localhost", host.lower(), *(urlsplit(origin).hostname or "" for origin in self.origins)}
        self._is_everywhere = host in _WILDCARDS
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())  # keeps nothing of an address for long
        self._letters = RateLimitItemPerMinute(letters) if letters else None
        self._generations = RateLimitItemPerMinute(generations) if generations else None
        self._tokens = RateLimitItemPerMinute(_WRONG_TOKENS)

    def require_own_name(self) -> None:
        """Raise Misdirected where the request is for a server of another name."""
        name = _host(request.host)
        if name in self._names:
            return
        try:  # an address cannot be made to point at another machine
            address = ipaddress.ip_address(name)
        except ValueError:
            address = None
        if address is None or not (address.is_loopback or self._is_everywhere):
            raise Misdirected(
                "This server does not answer to the name that you used. Whoever runs it can add the "
                "name: DECISION_QA_ORIGINS=https://NAME."
            )

    def require_own_page(self) -> None:
        """Raise Forbidden where the page of another site has a browser send this."""
        if self.is_foreign():
            raise Forbidden("A page of another site sent this. Use the pages of this server.")

    def require_token(self, or_own_page: bool = False) -> None:
        """Raise Unauthorised where the server has a token and it was not sent, TooMany for one who tries many."""
        if not self.token or (or_own_page and self._is_from_own_page()):
            return
        given = request.authorization
        sent = (given.token or "") if given and given.type == "bearer" else ""
        if sent and not self._limiter.test(self._tokens, "token", client_address()):
            raise self._too_many(self._tokens, "token", "Too many wrong tokens from your address.")
        if hmac.compare_digest(sent.encode(), self.token.encode()):
            return
        if sent:
            self._limiter.hit(self._tokens, "token", client_address())
        raise Unauthorised(TOKEN_WANTED)

    def count_letter(self) -> None:
        """Raise TooMany where the client has had its share of letters checked."""
        self._count(self._letters, "letter", "Too many letters from your address.")

    def admit_generation(self, is_navigation: bool) -> bool:
        """Whether a text may be written for this request. With `is_navigation` a page is shown in either case.

        Not for a mere look at the head, nor for what a browser fetches before anybody wants it, nor for a page of
        another site, for which it raises Forbidden unless that is but a link. Raises Unauthorised and TooMany.
        """
        if request.method == "HEAD" or any(_BEFORE.search(request.headers.get(name, "")) for name in _PREFETCH):
            return False
        if self.is_foreign():
            if is_navigation and "Origin" not in request.headers:
                return False
            self.require_own_page()
        if is_navigation and self.token and not self._is_from_own_page() and request.authorization is None:
            return False
        self.require_token(or_own_page=True)
        self._count(self._generations, "generation", "Too many requests for texts from your address.")
        return True

    def is_foreign(self) -> bool:
        """Whether the page of a site that is not allowed has a browser send this, or a browser does not tell."""
        told = self._told()
        if told is not None:
            return not told
        # A browser that says nothing is an old one. It does not send JSON elsewhere unless it is allowed to (CORS).
        return request.headers.get("User-Agent", "").startswith("Mozilla/") and not request.is_json

    def _is_from_own_page(self) -> bool:
        return self._told() is True and request.headers.get("Sec-Fetch-Site") != "none"

    def _told(self) -> bool | None:
        """Whether a browser says that this comes from a page of this server, of a site that is allowed, or from its
        own address line; None where nothing is said.
        """
        headers = request.headers
        if (origin := headers.get("Origin")) is not None:
            return self._is_allowed(origin)
        if (site := headers.get("Sec-Fetch-Site")) is not None:
            return site in ("none", "same-origin")
        if referer := headers.get("Referer"):
            return self._is_allowed(referer)
        return None

    def _is_allowed(self, address: str) -> bool:
        try:
            parts = urlsplit(address.lower())
        except ValueError:
            return False
        return bool(parts.netloc) and (
            parts.netloc == request.host.lower() or f"{parts.scheme}://{parts.netloc}" in self.origins
        )

    def _count(self, limit: RateLimitItemPerMinute | None, kind: str, said: str) -> None:
        if limit and not self._limiter.hit(limit, kind, client_address()):
            raise self._too_many(limit, kind, said)

    def _too_many(self, limit: RateLimitItemPerMinute, kind: str, said: str) -> TooMany:
        seconds = max(1, round(self._limiter.get_window_stats(limit, kind, client_address()).reset_time - time.time()))
        return TooMany(f"{said} Try again in {seconds} second{'' if seconds == 1 else 's'}.", seconds)


def _host(host: str) -> str:
    """The name in a host such as `[::1]:8000`."""
    return re.sub(r":[0-9]*\Z", "", host).strip("[]").rstrip(".").lower()


def client_address() -> str:
    """Of the client that sent the request which Flask is handling."""
    return network_of(request.remote_addr or "")


def network_of(told: str) -> str:
    """An address; of a client that has many, what they have in common: IPv6 is given out in networks of /64."""
    told = re.sub(r":[0-9]+\Z", "", told) if told.startswith("[") or told.count(":") == 1 else told  # of some proxies
    try:
        address = ipaddress.ip_address(told.strip("[]"))
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address.ipv4_mapped) if address.version == 6 else str(address)
