"""Fetches decisions into their folder: what is asked for, what is new, and whether what is held is still so.

Each page is checked before it is put into the folder: it must be the decision that was asked for. What is held is
replaced by a newer page of the same decision only, and taken down only when the site said twice, a day apart, that it
is gone. What was done is noted in the state after it was done, so a run that is killed goes on where it was.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from index.decisions import Decision, Reference
from index.errors import InputError, NotADecision, NotRead
from index.folder import DecisionFiles
from index.inputs import read_file
from index.parsing.isolated import Reader
from index.served_page import SUFFIX, ServedPage
from qa.fetching.polite import (
    MIN_PAUSE,
    PRODUCT,
    Forbidden,
    NotNow,
    PoliteClient,
    Refused,
    Response,
    Stopped,
    SystemTime,
    Time,
)
from qa.fetching.report import Item, Report, What
from qa.fetching.site import Card, canonical, other_page, read_wanted, unread_charset
from qa.fetching.state import LATER, Page, State, StateUnusable, Walk, as_key
from qa.fetching.walk import OVERLAP, Lists, Selection

DAY = datetime.timedelta(days=1)
"""How long a page must have been missing before its decision is taken down."""

_WALK_LIFE = datetime.timedelta(days=1)  # after which a list has changed too much for going on in its middle
_MAX_FAILURES = 3  # pages in a row that the site could not give
_OTHERS = {
    "not found": "The site says that there is no such page, though not by its status.",
    "consent": "The site answers with a page that asks for consent to cookies.",
    "shell": "The site answers with an empty page, as it does to some programs.",
    "list": "The site answers with a list of decisions.",
}

Progress = Callable[[int, int], object]
"""Is told how many are done, and of how many."""


class NothingWanted(InputError):
    """It was not said what to fetch, and nothing is open."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a command asks for.

    `wanted` are references and addresses. `selection` is None where nothing was selected. With `is_new` what is new is
    fetched, and of what is held so many as `recheck` are asked for again, all where that is None. `limit` is the most
    pages to fetch.
    """

    wanted: tuple[str, ...] = ()
    selection: Selection | None = None
    is_new: bool = False
    recheck: int | None = 500
    limit: int | None = None
    is_dry: bool = False


class Fetcher:
    """Fetches with one client, one state and one folder."""

    def __init__(
        self,
        client: PoliteClient,
        state: State,
        files: DecisionFiles,
        clock: Time,
        listing: Progress = lambda *_: None,
        fetching: Progress = lambda *_: None,
    ) -> None:
        self._client, self._state, self._files, self._time = client, state, files, clock
        self._lists = Lists(client, lambda: clock.now().date())
        self._listing, self._fetching = listing, fetching
        self._failures = 0  # in a row
        self.report = Report()
        """What was done so far, also when `run` is interrupted."""

    def run(self, request: Request) -> Report:
        """Do what is asked. Raises NotAnAddress, NothingWanted."""
        begun = self._time.monotonic()
        try:
            self._run(request)
        except (Stopped, StateUnusable, Forbidden) as error:
            self.report.stopped = str(error)
            self.report.is_forbidden |= isinstance(error, Forbidden)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            self.report.stopped = (
                f"A file could not be written{where}: {error.strerror}. What was fetched is whole; run the command "
                "again when that is mended."
            )
        finally:
            self.report.seconds = self._time.monotonic() - begun
            self.report.requests, self.report.waited = self._client.requests, self._client.waited
            self.report.answering = self._client.answering
        return self.report

    def _run(self, request: Request) -> None:
        wanted = [read_wanted(self._client.site, text) for text in request.wanted]
        selections = self._selections(request)
        if request.is_dry:
            self._list_only(wanted, selections, request.is_new)
            return
        if not (wanted or selections):
            self._resume(request)
            return
        key = as_key(
            {
                "wanted": sorted([reference.text, url] for reference, url in wanted),
                "selections": [selection.key for selection in selections],
                "new": request.is_new,
                "recheck": request.recheck if request.is_new else 0,
            }
        )
        began = self._state.begin(key, self._time.now(), wanted)
        self._go_on(key, began, selections, request)

    def _selections(self, request: Request) -> list[Selection]:
        if request.selection is not None:
            return [request.selection]
        if not request.is_new:
            return []
        known = [Selection.from_key(key) for key in self._state.selections()]
        if not known and not self._state.references():
            raise NothingWanted(
                "Nothing was fetched yet, so it is not known what is to be kept up to date. Say what to get, such as "
                "--council Kent, or --from 2000-01-01 for everything."
            )
        return known

    def _resume(self, request: Request) -> None:
        """Go on with every run that is open, and with what could not be had before."""
        runs = self._state.open_runs()
        if request.is_new:
            self._go_on(
                key := as_key({"new": True, "recheck": request.recheck}),
                self._state.begin(key, self._time.now()),
                [],
                request,
            )
        elif not runs and not self._state.wanted(LATER):
            raise NothingWanted(
                "Say what to fetch: references, addresses, --council, --category, --outcome, --from, --to, or --new. "
                "Nothing is left over from a run before."
            )
        else:
            for key in runs or [LATER]:
                told = json.loads(key) if key else {}
                selections = [Selection.from_key(one) for one in told.get("selections", ())]
                again = replace(request, is_new=bool(told.get("new")), recheck=told.get("recheck", 0))
                self._go_on(
                    key, self._state.begin(key, self._time.now()) if key else self._time.now(), selections, again
                )

    def _go_on(self, key: str, began: datetime.datetime, selections: Sequence[Selection], request: Request) -> None:
        newest: dict[str, datetime.date | None] = {}
        for selection in selections:
            newest[selection.key] = self._walk(key, selection, request.is_new)
        waiting = list(dict(self._state.wanted(key, LATER)).items())
        chosen = waiting[: request.limit]
        checks = self._to_check(began, request) if len(chosen) == len(waiting) else []
        total = len(chosen) + len(checks)
        for done, (reference, url) in enumerate(chosen, start=1):
            self._note(self._wanted(reference, url))
            self._fetching(done, total)
        for done, page in enumerate(checks, start=len(chosen) + 1):
            self._note(self._checked(page))
            self._fetching(done, total)
        if len(chosen) == len(waiting) and key:
            self._state.finish(key, newest, self._time.now())
        self.report.pending = len(self._state.wanted(key, LATER))

    def _note(self, item: Item) -> None:
        self.report.items.append(item)
        if self._failures >= _MAX_FAILURES:
            raise Stopped(
                f"The site could not give {_MAX_FAILURES} pages one after the other. {item.reason} Run the command "
                "again later; it goes on where it was."
            )

    def _to_check(self, began: datetime.datetime, request: Request) -> list[Page]:
        if not request.is_new:
            return []
        left = None if request.recheck is None else max(0, request.recheck - self._state.checked_since(began))
        return [page for page in self._state.to_check(began) if self._files.named(page.reference)][:left]

    # Lists.

    def _walk(self, key: str, selection: Selection, is_new: bool) -> datetime.date | None:
        """Read the lists of a selection, or go on with them; the date of the newest decision that they show."""
        newest: list[datetime.date] = []
        enough = self._enough(selection) if is_new else lambda _: False
        for search in selection.searches():
            name, now = as_key(search.address("", 0, datetime.date.max)), self._time.now()
            walk = self._state.walk(key, name)
            if walk is None or (not walk.is_done and now - walk.began > _WALK_LIFE):
                walk = Walk(now)
            for cards, after, last in self._lists.walk(search, walk, enough):
                walk = after
                taken = [card for card in cards if selection.takes(card)]
                wanted = [card for card in taken if self._is_wanted(card.reference, is_new)]
                self.report.listed += len(taken)
                self.report.held += len(taken) - len(wanted)
                self._state.step(key, name, walk, [(card.reference, card.url) for card in wanted])
                self._listing(min(walk.page - 1, last or 0), last or 0)
            newest += [walk.newest] if walk.newest else []
        return max(newest, default=None)

    def _enough(self, selection: Selection) -> Callable[[Sequence[Card]], bool]:
        """Whether a page of a list shows nothing that could be new: all of it is known, and older than the overlap."""
        newest = self._state.selections().get(selection.key)
        if newest is None:
            return lambda _: False
        known = self._state.references()

        def enough(cards: Sequence[Card]) -> bool:
            return all(
                (card.reference.text in known or not selection.takes(card))
                and (card.date is None or card.date < newest - OVERLAP)
                for card in cards
            )

        return enough

    def _is_held(self, reference: Reference) -> bool:
        """Whether a decision is in the folder, as it was fetched."""
        page = self._state.page(reference)
        return page is not None and page.removed is None and bool(self._files.named(reference))

    def _is_wanted(self, reference: Reference, is_new: bool) -> bool:
        """Whether what a list shows is to be fetched; what a person took out of the folder is not new."""
        page = self._state.page(reference)
        if page is None or page.removed is not None:
            return True
        return not is_new and not self._files.named(reference)

    def _list_only(
        self, wanted: Iterable[tuple[Reference, str | None]], selections: Iterable[Selection], is_new: bool
    ) -> None:
        """What would be fetched, without fetching or noting any of it."""
        for reference, url in wanted:
            found = url or self._address_of(reference)
            what: What = "listed" if found else "refused"
            self._note(Item(reference, what, found, "" if found else _NOT_LISTED))
            self.report.listed += bool(found)
        for selection in selections:
            enough = self._enough(selection) if is_new else lambda _: False
            for search in selection.searches():
                for cards, walk, last in self._lists.walk(search, Walk(self._time.now()), enough):
                    for card in filter(selection.takes, cards):
                        self.report.listed += 1
                        if not self._is_wanted(card.reference, is_new):
                            self.report.held += 1
                        else:
                            self._note(Item(card.reference, "listed", card.url, _described(card)))
                    self._listing(min(walk.page - 1, last or 0), last or 0)

    # Pages.

    def _address_of(self, reference: Reference) -> str | None:
        page = self._state.page(reference)
        return page.url if page is not None else self._lists.find(reference)

    def _wanted(self, reference: Reference, url: str | None) -> Item:
        """Fetch a decision that is wanted. Raises Stopped."""
        try:
            address = url or self._address_of(reference)
            if address is None:
                self._state.unwant(reference)
                return Item(reference, "refused", None, _NOT_LISTED)
            item = self._asked(reference, address, self._state.page(reference) if self._is_held(reference) else None)
        except NotNow as error:
            self._failures += 1
            self._state.put_off(reference, url)
            return Item(reference, "postponed", url, f"{error} It is tried again next time.")
        if item.what in ("refused", "gone"):
            self._state.unwant(reference)
        return item

    def _checked(self, page: Page) -> Item:
        """Ask whether a decision that is held is still as it was. Raises Stopped."""
        try:
            item = self._asked(page.reference, page.url, page)
        except NotNow as error:
            self._failures += 1
            return Item(page.reference, "postponed", page.url, f"{error} It is looked at again next time.")
        if item.what == "refused":
            self._state.put(replace(page, checked=self._time.now()))
        return item

    def _asked(self, reference: Reference, url: str, page: Page | None) -> Item:
        """Ask for a page, conditionally where `page` is held. Raises NotNow, Stopped."""
        try:
            validators = (page.etag, page.last_modified) if page else (None, None)
            response = self._client.get(url, *validators)
            if response.status in (404, 410):
                self._failures = 0
                return self._gone(reference, url, page, response.status)
            if response.status == 304 and page is not None:
                self._failures = 0
                return self._still(page, response.url if response.moved else page.url)
            if response.status != 200:
                raise NotNow(f"The site answers with status {response.status}.")
            decision, response = self._decision(reference, url, response)
            address = canonical(self._client.site, reference, response.content)
            return self._take(decision, address or (response.url if response.moved else url), response, page)
        except Forbidden as error:
            self.report.is_forbidden = True
            return Item(reference, "refused", url, str(error))
        except (Refused, NotADecision) as error:
            return Item(reference, "refused", url, str(error))

    def _decision(self, reference: Reference, url: str, response: Response) -> tuple[Decision, Response]:
        """What a page holds, once it is known to be the decision that was asked for. Raises Refused, Stopped."""
        for primed in (False, True):
            kind = response.content_type.partition(";")[0].strip().lower()
            if kind not in ("text/html", "application/xhtml+xml", ""):
                raise Refused(f"What the site gives is no page but “{kind[:40]}”.")
            if charset := unread_charset(response.content_type, response.content):
                raise Refused(f"The page says that it is in “{charset}”, an encoding that is not read here.")
            try:
                decision = self._files.reader.parse(response.content)
            except NotRead:
                raise
            except NotADecision as error:
                other = other_page(self._client.site, response.url, response.content)
                if other == "captcha":
                    raise Stopped(
                        "The site asks whether a person is there (a captcha), so nothing more is asked of it. Try "
                        "again another day."
                    ) from None
                if other in ("shell", "consent") and not primed:
                    self._lists.prime()
                    response = self._client.get(url)
                    continue
                self._failures += other in ("shell", "consent")
                raise Refused(_OTHERS.get(other or "", f"The page was not taken. {error}")) from None
            if decision.reference != reference:
                raise Refused(f"The page is that of another decision, {decision.reference}.")
            self._failures = 0
            return decision, response
        raise AssertionError  # the second round ends it

    def _take(self, decision: Decision, address: str, response: Response, page: Page | None) -> Item:
        """Put a page into the folder. Raises NotADecision where something else stands in its place; OSError."""
        reference, now = decision.reference, self._time.now().replace(microsecond=0)
        served = ServedPage(
            address, now, response.content, response.content_type or "text/html", response.etag, response.last_modified
        )
        what: What = "fetched"
        if page is not None:
            held = self._held_decision(reference)
            what = "changed" if held != decision else "moved" if address != page.url else "unchanged"
        checked = self._time.now()
        known = Page(reference, address, served.sha256, checked, checked, response.etag, response.last_modified)
        if what == "unchanged" and page is not None:
            known = replace(known, fetched=page.fetched)  # what differs is not of the decision; its file stays
        else:
            self._files.put(reference, served.to_bytes())
        self._state.put(known)
        was = f"It was at {page.url}." if page is not None and page.url != address else ""
        return Item(reference, what, address, was)

    def _held_decision(self, reference: Reference) -> Decision | None:
        for path in self._files.files_of(reference):
            return self._files.reader.parse(read_file(path))
        return None

    def _still(self, page: Page, address: str) -> Item:
        """Note that a page is as it was, though it may have another address."""
        now = self._time.now()
        known = replace(page, url=address, checked=now, gone=None)
        if address == page.url:
            self._state.put(known)
            return Item(page.reference, "unchanged", address)
        for path in self._files.files_of(page.reference)[:1]:
            served = replace(ServedPage.from_bytes(read_file(path)), url=address, fetched=now.replace(microsecond=0))
            self._files.put(page.reference, served.to_bytes())
        self._state.put(known)
        return Item(page.reference, "moved", address, f"It was at {page.url}.")

    def _gone(self, reference: Reference, url: str, page: Page | None, status: int) -> Item:
        now, said = self._time.now(), f"The site has no page there (status {status})"
        if page is None:
            return Item(reference, "refused", url, f"{said}.")
        since = page.gone or now
        if now - since < DAY:
            self._state.put(replace(page, gone=since, checked=now))
            return Item(reference, "gone", url, f"{said}. It is taken down if that is still so in a day.")
        self._files.take_down(reference, now.date())
        self._state.put(replace(page, gone=since, checked=now, removed=now))
        return Item(reference, "removed", url, f"{said}, and had none on {since:%-d %B %Y}.")


_NOT_LISTED = "The site's search lists no decision with this reference; give its address."


def _described(card: Card) -> str:
    date = card.date.isoformat() if card.date else ""
    return ", ".join(filter(None, (card.body, card.kind, card.outcome, card.category, date)))


@contextmanager
def opened(
    folder: Path,
    site: str,
    contact: str = "",
    pause: float = MIN_PAUSE,
    *,
    clock: Time | None = None,
    reader: Reader | None = None,
    listing: Progress = lambda *_: None,
    fetching: Progress = lambda *_: None,
) -> Iterator[Fetcher]:
    """What fetches into a folder from a site, for a block. Raises StateUnusable, OSError."""
    clock = clock or SystemTime()
    with (
        State(folder) as state,
        reader or Reader() as reading,
        PoliteClient(site, agent(contact), pause, clock=clock) as client,
    ):
        known = state.references()
        state.restore(_pages_in(folder, known))
        yield Fetcher(client, state, DecisionFiles(folder, reading), clock, listing, fetching)


def agent(contact: str) -> str:
    """The User-Agent: the program, its version, and whom to ask about it."""
    return f"{PRODUCT}/{version(PRODUCT)}{f' (+{contact})' if contact else ''}"


def _pages_in(folder: Path, known: set[str]) -> Iterator[Page]:
    """What the served pages of a folder tell of decisions of which nothing is known."""
    for found in os.scandir(folder):
        try:
            if not found.name.endswith(SUFFIX):
                continue
            reference = Reference(found.name.removesuffix(SUFFIX))
            if reference.text in known:
                continue
            served = ServedPage.from_bytes(read_file(folder / found.name))
        except InputError:
            continue
        yield Page(
            reference, served.url, served.sha256, served.fetched, served.fetched, served.etag, served.last_modified
        )
