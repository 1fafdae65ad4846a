"""Where a decision was published, from the address of its page, what the page says, or its category and reference.

Only an address at the Ombudsman's site counts, and only where it is not that of another decision: a link that is pasted
into a letter must lead to what is cited. Nothing is asked of the site.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from index.decisions import Provenance, Reference, plain
from index.served_page import ServedPage
from index.text import references

SITE = "https://www.lgo.org.uk"
"""Where the decisions are published."""

_HOSTS = ("lgo.org.uk", "www.lgo.org.uk")
_MAX_URL_CHARACTERS = 400
_STEP = re.compile(r"[^a-z0-9]+")


def provenance(
    source: bytes, served: ServedPage | None, said: Iterable[str], reference: Reference, category: str | None
) -> Provenance:
    """That of a decision; `source` is the file, `served` the page in it where it has one, `said` are addresses that the
    page gives as its own, the surest first."""
    asked = _permanent(served.url, reference, is_served=True) if served else None
    own = (url for one in said if (url := _permanent(one, reference)) is not None)
    found = asked or next(own, None)
    derived = derived_url(reference, category) if found is None else None
    sha256 = served.sha256 if served else hashlib.sha256(source).hexdigest()
    return Provenance(found or derived, derived is not None, served.fetched if served else None, sha256)


def derived_url(reference: Reference, category: str | None) -> str | None:
    """The address that a decision has if it stands where all of its category do; None where that cannot be told."""
    steps = [slug(step) for step in (category or "").split(" > ")]
    if len(steps) != 2 or not all(steps):
        return None
    return f"{SITE}/decisions/{'/'.join(steps)}/{reference.slug}"


def slug(name: str) -> str:
    """A name as it stands in an address of the site: `children-s-care-services`."""
    return _STEP.sub("-", name.lower()).strip("-")


def _permanent(address: str, reference: Reference, is_served: bool = False) -> str | None:
    """An address without its query, if it is that of the decision at the site; of one that `is_served` also at an
    imitation of the site on this machine, or, as a PDF has, with no reference in it.
    """
    url = plain(re.split("[?#]", address.strip())[0])
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    known = (host in _HOSTS and port is None) or (is_served and _is_this_machine(host))
    if parts.scheme not in ("http", "https") or not known or parts.username is not None:
        return None
    if len(url) > _MAX_URL_CHARACTERS or re.search(r"[\s\"<>\\]", url):
        return None
    *folders, last = parts.path.strip("/").split("/")
    if references.published(last) == reference.text:
        return url
    is_file = is_served and bool(folders) and last.lower().endswith(".pdf")
    return url if is_file else None


def _is_this_machine(host: str) -> bool:
    """Whether a host is this machine, which may imitate the site."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
