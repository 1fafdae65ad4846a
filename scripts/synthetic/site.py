"""An imitation of the Ombudsman's site: its pages, its lists and its ways to be difficult, served on 127.0.0.1.

    write_site(drafts(500), folder)                    what a site serves, from the maker's decisions
    with ImitatedSite(folder) as site: site.url        serves it, in threads of this process

A folder has a line for each decision in `list.jsonl`, its page below `pages`, and in `truth.jsonl` what a reader should
find in it. Pages are read when they are asked for. What a test changes is changed in memory.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import html
import http.client
import json
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from synthetic.compose import make
from synthetic.dialects import DIALECTS, render, truth
from synthetic.draft import Draft
from synthetic.reports import report_page, report_truth

REPORT = "report"
PAGES = (*(name for name in DIALECTS if name.startswith("html")), REPORT)
"""The dialects that are pages of the site, and public reports."""

_HERE = "https://www.ombudsman.example"  # what stands in the files for the address of the server
_CANONICAL = re.compile(rf'<link rel="canonical" href="{re.escape(_HERE)}[^"]*">')
_PER_PAGE = 10
_CODES = {"u": "upheld", "nu": "not upheld", "c": "closed"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
{head}<link rel="stylesheet" href="/css/site.css"></head>
<body><header><a href="/">Home</a> <a href="/decisions">Decisions</a></header>
<nav><form action="/search"><input name="q"></form><script src="/js/captcha.js"></script></nav>
<main id="content">
{main}
</main>
<footer><a href="/privacy">Privacy</a></footer></body></html>
"""
SHELL = b'<!doctype html><html><head><script src="/app.js"></script></head><body><div id="app"></div></body></html>'


def drafts(count: int, seed: int = 1) -> Iterator[tuple[Draft, str]]:
    """The maker's first decisions, each with the kind of page that it has."""
    for number in range(1, count + 1):
        yield make(number, seed), PAGES[zlib.crc32(f"{seed}/{number}/page".encode()) % len(PAGES)]


def write_site(decisions: Iterable[tuple[Draft, str]], folder: Path) -> int:
    """Write what a site of these serves into a folder; tells how many they are."""
    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        (folder / "list.jsonl").open("w", encoding="utf-8") as listed,
        (folder / "truth.jsonl").open("w", encoding="utf-8") as told,
    ):
        for draft, dialect in decisions:
            entry = _entry(draft, dialect)
            (pages / f"{entry['slug']}.html").write_bytes(_page(draft, dialect, str(entry["path"])))
            listed.write(json.dumps(entry, ensure_ascii=False) + "\n")
            told.write(json.dumps(_truth(draft, dialect), ensure_ascii=False) + "\n")
            count += 1
    return count


def _entry(draft: Draft, dialect: str) -> dict[str, Any]:
    slug = draft.reference.replace(" ", "-")
    steps = [re.sub("[^a-z0-9]+", "-", step.lower()).strip("-") for step in (draft.category or "Other").split(" > ")]
    return {
        "slug": slug,
        "path": f"/decisions/{'/'.join(steps)}/{slug}",
        "reference": draft.reference,
        "body": draft.body,
        "kind": "Report" if dialect == REPORT else "Statement",
        "outcome": draft.outcome,
        "category": draft.category,
        "date": draft.date.isoformat() if draft.date else None,
        "summary": draft.summary,
    }


def _truth(draft: Draft, dialect: str) -> dict[str, object]:
    if dialect != REPORT:
        return truth(draft, dialect)
    return truth(draft, "html") | {"dialect": REPORT, "summary": None, "paragraphs": report_truth(draft)}


def _page(draft: Draft, dialect: str, path: str) -> bytes:
    text = report_page(draft) if dialect == REPORT else render(draft, dialect).decode("utf-8")
    canonical = f'<link rel="canonical" href="{_HERE}{path}">'
    if "<html" not in text:
        text = _PAGE.format(title=f"{draft.reference} - Decisions", head=canonical, main=text)
    return _CANONICAL.sub(canonical, text).encode()


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer that a test chooses. `cut` bytes of the body are kept back; with `stall` none of it comes for long."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    cut: int = 0
    stall: bool = False


@dataclass(slots=True)
class Asked:
    """A request as it arrived."""

    path: str
    query: str
    headers: http.client.HTTPMessage
    at: float
    status: int = 0


@dataclass(slots=True)
class _Decision:
    """A decision as the site has it now."""

    entry: dict[str, Any]
    content: Callable[[], bytes]
    hidden: bool = False


class ImitatedSite:
    """Serves a folder while it is entered. What it does may be changed at any time, by its attributes."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.robots: str | None = "User-agent: *\nDisallow: /search\n"
        """None: there is no robots.txt."""
        self.needs_session = False
        """Whether a client without the cookie of /decisions gets empty shells."""
        self.has_etags = True
        self.canned: dict[str, list[Canned]] = {}
        """Answers for a path, each given once, in their order."""
        self.always: dict[str, Canned] = {}
        """The answer for a path, whenever it is asked for."""
        self.busy_every = 0
        """Every so many requests one is answered with 503; 0 is never."""
        self.log: list[Asked] = []
        """The requests so far."""
        self.counted = threading.Condition()
        """Is notified of each."""
        self.stopping = threading.Event()
        self._decisions: dict[str, _Decision] = {}  # by path
        self._moved: dict[str, str] = {}
        self._order: list[str] | None = None
        self._last: str | None = None  # the query that found these
        self._entries: list[dict[str, Any]] = []
        with (folder / "list.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                path = folder / "pages" / f"{entry['slug']}.html"
                self._decisions[entry["path"]] = _Decision(entry, path.read_bytes)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.site = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ImitatedSite:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # What the site has.

    @property
    def paths(self) -> list[str]:
        """The paths of the decisions that are listed, newest first; those without a date last."""
        if self._order is None:
            held = [(path, one) for path, one in self._decisions.items() if not one.hidden]
            held.sort(key=lambda found: (found[1].entry["date"] or "", found[1].entry["slug"]), reverse=True)
            self._order = [path for path, _ in held]
        return self._order

    def path_of(self, slug: str) -> str:
        return next(path for path in self._decisions if path.endswith(f"/{slug}"))

    def hide(self, path: str, hidden: bool = True) -> None:
        """Have it not published yet, or publish it."""
        self._decisions[path].hidden = hidden
        self._order = self._last = None

    def change(self, path: str, old: str, new: str) -> None:
        """Change the words of a page."""
        decision = self._decisions[path]
        before = decision.content()
        after = before.replace(old.encode(), new.encode())
        assert after != before, f"“{old}” is not in {path}"
        decision.content = lambda: after

    def move(self, path: str, new: str) -> None:
        """Publish it at another path, to which the old one leads."""
        decision = self._decisions.pop(path)
        here, there = (f'href="{_HERE}{one}"'.encode() for one in (path, new))
        content = decision.content().replace(here, there)
        self._decisions[new] = _Decision(decision.entry | {"path": new}, lambda: content)
        self._moved[path] = new
        self._order = self._last = None

    def remove(self, path: str, status: int = 404) -> None:
        """Take it off the site."""
        del self._decisions[path]
        self.always[path] = Canned(status, b"<html><body>It is not here.</body></html>")
        self._order = self._last = None

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(request.path == path for request in self.log)

    def wait_for(self, count: int) -> None:
        """Until there were so many requests in all."""
        with self.counted:
            self.counted.wait_for(lambda: len(self.log) >= count, timeout=60)

    # What it answers.

    def answer(self, request: Asked) -> Canned:
        """The answer to a request."""
        path = request.path
        if self.canned.get(path):
            return self.canned[path].pop(0)
        if path in self.always:
            return self.always[path]
        if path == "/robots.txt":
            if self.robots is None:
                return Canned(404, b"no such page")
            return Canned(200, self.robots.encode(), (("Content-Type", "text/plain"),))
        if self.busy_every and len(self.log) % self.busy_every == 0:
            return Canned(503, b"busy", (("Retry-After", "1"),))
        if path == "/decisions":
            return self._made("Decisions", "<h1>Decisions</h1>", (("Set-Cookie", "session=1; Path=/; HttpOnly"),))
        if self.needs_session and "session=1" not in request.headers.get("Cookie", ""):
            return Canned(200, SHELL)
        if path == "/Decisions/SearchResults":
            return self._list(parse_qs(request.query))
        if path in self._moved:
            return Canned(301, b"", (("Location", self._moved[path]),))
        if path in self._decisions and not self._decisions[path].hidden:
            return self._decision(self._decisions[path], request)
        return Canned(404, b"<html><body>There is no such page.</body></html>")

    def _decision(self, decision: _Decision, request: Asked) -> Canned:
        content = decision.content().replace(_HERE.encode(), self.url.encode())
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        validators = (("ETag", etag),) if self.has_etags else ()
        if self.has_etags and request.headers.get("If-None-Match") == etag:
            return Canned(304, b"", validators)
        headers = (("Content-Type", "text/html; charset=utf-8"), *validators)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return Canned(200, gzip.compress(content, 1, mtime=0), (*headers, ("Content-Encoding", "gzip")))
        return Canned(200, content, headers)

    def _list(self, query: dict[str, list[str]]) -> Canned:
        page = int(query.get("page", ["1"])[0])
        found = self._found(json.dumps({name: given for name, given in query.items() if name != "page"}), query)
        cards = "\n".join(map(_card, found[(page - 1) * _PER_PAGE : page * _PER_PAGE]))
        said = f"{len(found):,}" if found else "no"
        return self._made(
            "Search results", f"<p>Your search has {said} results</p>\n<div class='results'>{cards}</div>"
        )

    def _found(self, name: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """What a query finds, newest first; kept for its next page."""
        paths = self.paths
        if self._last != name:
            self._last = name
            self._entries = [entry for path in paths if _matches(entry := self._decisions[path].entry, query)]
        return self._entries

    def _made(self, title: str, main: str, headers: tuple[tuple[str, str], ...] = ()) -> Canned:
        content = _PAGE.format(title=title, head="", main=main).encode()
        return Canned(200, content, (("Content-Type", "text/html; charset=utf-8"), *headers))


def _matches(entry: dict[str, Any], query: dict[str, list[str]]) -> bool:
    given = {name: values[0] for name, values in query.items()}
    if given.get("t") == "ref" and given.get("q") != entry["reference"]:
        return False
    if given.get("aname", "").lower() not in entry["body"].lower():
        return False
    codes = [_CODES[code] for code in given.get("dc", "c+nu+u+").strip("+").split("+")]
    if entry["outcome"] and not entry["outcome"].lower().startswith(tuple(codes)):
        return False
    first, last = given.get("fd", "0001-01-01"), given.get("td", "9999-12-31")
    return entry["date"] is None or first <= entry["date"] <= last


def _card(entry: dict[str, Any]) -> str:
    shown = html.escape
    date = datetime.date.fromisoformat(entry["date"]).strftime("%d-%b-%Y") if entry["date"] else ""
    return (
        f'<div class="result"><h2><a href="{entry["path"]}">{shown(entry["body"])} ({entry["reference"]})</a></h2>'
        f"<p><span>{entry['kind']}</span> <span>{entry['outcome'] or ''}</span> "
        f"<span>{shown((entry['category'] or 'Other').rpartition(' > ')[2])}</span> <span>{date}</span></p>"
        f"<p>Summary: {shown(entry['summary'])}</p></div>"
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: ImitatedSite

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed left; nobody needs to be told."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        site, parts = self.server.site, urlsplit(self.path)
        request = Asked(parts.path, parts.query, self.headers, time.monotonic())
        with site.counted:
            site.log.append(request)
            canned = site.answer(request)
            request.status = canned.status
            site.counted.notify_all()
        self.send_response(canned.status)
        for name, value in canned.headers:
            self.send_header(name, value)
        if canned.status != 304 and not any(name == "Transfer-Encoding" for name, _ in canned.headers):
            self.send_header("Content-Length", str(len(canned.body)))
        self.end_headers()
        if canned.stall:
            site.stopping.wait(60)
        self.wfile.write(canned.body[: len(canned.body) - canned.cut])
        if canned.cut or canned.stall:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is printed; the site has its log."""
