"""Every link of every page leads somewhere: the site is walked as a link checker does."""

from __future__ import annotations

from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from conftest import MISSION
from selectolax.lexbor import LexborHTMLParser

STARTS = ["/", *(f"/?{urlencode({'question': question})}" for question in (MISSION, "zxqj vbnmk", "costs in Kent"))]
PAGE = {"Accept": "text/html"}


def links(address: str, page: LexborHTMLParser) -> list[str]:
    found = [node.attributes[name] or "" for name in ("href", "src", "action") for node in page.css(f"[{name}]")]
    return [urljoin(address, link) for link in found]


def test_every_link_leads_somewhere(client):
    """Whatever a page of this site links to is there, with the place on it that the link names."""
    waiting, seen, broken = list(STARTS), set(), []
    anchors: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        with client.get(address, headers=PAGE) as response:
            if response.status_code != 200:
                broken.append(f"{response.status_code} {address}")
            page = LexborHTMLParser(response.text if response.mimetype == "text/html" else "")
        anchors[address] = {node.attributes["id"] for node in page.css("[id]")}
        for link in links(address, page):
            if not urlsplit(link).netloc:
                target, anchor = urldefrag(link)
                waiting.append(target)
                if anchor:
                    wanted.append((address, target, anchor))
    broken += [f"{page} → {target}#{anchor}" for page, target, anchor in wanted if anchor not in anchors[target]]
    assert not broken
    assert len(anchors) > 20
