"""Fetches decisions into their folder: what is asked for, what is new, and whether what is held is still so.

What a run is to do is noted before it is done, and what it did after that, so one that is killed goes on where it was.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from index.decisions import Reference
from index.errors import InputError
from index.folder import DecisionFiles, TakenDown
from index.inputs import read_file
from index.parsing.isolated import Reader
from index.served_page import SUFFIX, ServedPage
from qa.fetching.pages import Captcha, Pages
from qa.fetching.polite import (
    MIN_PAUSE,
    PRODUCT,
    Forbidden,
    NotNow,
    PoliteClient,
    Stopped,
    SystemTime,
    Time,
)
from qa.fetching.report import Item, Report, What
from qa.fetching.site import Card, read_wanted
from qa.fetching.state import LATER, Page, State, StateUnusable, Walk, as_key
from qa.fetching.walk import OVERLAP, Lists, Selection

_WALK_LIFE = datetime.timedelta(days=1)  # after which a list has changed too much for going on in its middle
_MAX_FAILURES = 3  # pages in a row that the site could not give
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
        self._pages = Pages(client, state, files, self._lists, clock)
        self.report = Report()
        """What was done so far, also when `run` is interrupted."""

    def run(self, request: Request) -> Report:
        """Do what is asked. Raises NotAnAddress, NothingWanted."""
        begun = self._time.monotonic()
        try:
            self._run(request)
        except (Stopped, StateUnusable, Forbidden) as error:
            self.report.stopped = str(error)
            self.report.is_forbidden = isinstance(error, Forbidden)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            self.report.stopped = (
                f"A file could not be written{where}: {error.strerror}. What was fetched is whole; run the command "
                "again when that is mended."
            )
        finally:
            self.report.is_forbidden |= self._pages.is_forbidden
            self.report.seconds = self._time.monotonic() - begun
            with suppress(StateUnusable):
                self.report.pending = 0 if request.is_dry else self._state.pending()
            self.report.requests, self.report.waited = self._client.requests, self._client.waited
            self.report.answering = self._client.answering
        return self.report

    def _run(self, request: Request) -> None:
        wanted = [read_wanted(self._client.site, text) for text in request.wanted]
        selections = self._selections(request)
        if request.is_dry:
            self._list_only(wanted, selections, request.is_new)
            return
        if not (wanted or selections or request.is_new):
            self._resume(request)
            return
        key = as_key(
            {
                "wanted": sorted(([reference.text, url] for reference, url in wanted), key=str),
                "selections": [selection.key for selection in selections],
                "new": request.is_new,
                "recheck": request.recheck if request.is_new else 0,
            }
        )
        if request.is_new:
            self._finish_others(key, request)
        began = self._state.begin(key, self._time.now(), wanted)
        self._go_on(key, began, selections, request)

    def _selections(self, request: Request) -> list[Selection]:
        if request.selection is not None:
            return [request.selection]
        if not request.is_new:
            return []
        known = [Selection.from_key(key) for key in self._state.selections()]
        if not (known or self._state.references() or self._state.open_runs()):
            raise NothingWanted(
                "Nothing was fetched yet, so it is not known what is to be kept up to date. Say what to get, such as "
                "--council Kent, or --from 2000-01-01 for everything."
            )
        return known

    def _resume(self, request: Request) -> None:
        """Go on with every run that is open, and with what could not be had before."""
        runs = self._state.open_runs()
        if not runs and not self._state.wanted(LATER):
            raise NothingWanted(
                "Say what to fetch: references, addresses, --council, --category, --outcome, --from, --to, or --new. "
                "Nothing is left over from a run before."
            )
        for key in runs or [LATER]:
            self._resume_run(key, request)

    def _resume_run(self, key: str, request: Request) -> None:
        told = json.loads(key) if key else {}
        selections = [Selection.from_key(one) for one in told.get("selections", ())]
        now = self._time.now()
        began = self._state.begin(key, now) if key else now
        again = replace(request, is_new=bool(told.get("new")), recheck=told.get("recheck", 0))
        self._go_on(key, began, selections, again)

    def _finish_others(self, key: str, request: Request) -> None:
        """Before something new is looked for, go on with what was never finished; of a search for what is new only what
        it found still counts."""
        for other in self._state.open_runs():
            if other != key and json.loads(other).get("new"):
                self._state.finish(other, {}, self._time.now())
            elif other != key:
                self._resume_run(other, request)

    def _go_on(self, key: str, began: datetime.datetime, selections: Sequence[Selection], request: Request) -> None:
        newest: dict[str, datetime.date | None] = {}
        for selection in selections:
            newest[selection.key] = self._walk(key, selection, request)
        waiting = self._state.wanted(key, LATER)
        chosen = waiting[: request.limit]
        is_last = len(chosen) == len(waiting) and not self.report.is_partial
        checks = self._to_check(began, request) if is_last else []
        total = len(chosen) + len(checks)
        for done, (reference, url) in enumerate(chosen, start=1):
            self._note(self._wanted(reference, url))
            self._fetching(done, total)
        for done, page in enumerate(checks, start=len(chosen) + 1):
            self._note(self._checked(page))
            self._fetching(done, total)
        if is_last and key:
            self._state.finish(key, newest, self._time.now())
        self._take_down(len(checks))

    def _note(self, item: Item) -> None:
        self.report.items.append(item)
        if self._pages.failures >= _MAX_FAILURES:
            raise Stopped(
                f"The site could not give {_MAX_FAILURES} pages one after the other. {item.reason} Run the command "
                "again later; it goes on where it was."
            )

    def _to_check(self, began: datetime.datetime, request: Request) -> list[Page]:
        if not request.is_new:
            return []
        left = None if request.recheck is None else max(0, request.recheck - self._state.checked_since(began))
        held = [page for page in self._state.to_check(began) if self._files.named(page.reference)]
        missing = [page for page in held if page.gone is not None][:left]
        there = [page for page in held if page.gone is None]
        # At least as many others are asked for as were missing: they tell whether the site has pages where they were.
        return missing + (there if left is None else there[: max(left - len(missing), len(missing))])

    def _take_down(self, count: int) -> None:
        """Take down what is missing of the last items, unless most are: the site may have changed. Raises Stopped."""
        items = self.report.items
        places = range(len(items) - count, len(items))
        missing = [place for place in places if items[place].what == "gone"]
        there = sum(items[place].what in ("changed", "moved", "unchanged") for place in places)
        if len(missing) > max(there, 1):
            raise Stopped(
                f"{len(missing)} of {count} pages are missing where they were, so the site may have changed, and "
                "nothing is taken down. Look at some in a browser; what is gone for good can be taken out with remove."
            )
        for place in missing:
            try:
                items[place] = self._pages.take_down(items[place])
            except NotNow as error:
                items[place] = replace(items[place], what="postponed", reason=f"{error} {_AGAIN}")

    # Lists.

    def _walk(self, key: str, selection: Selection, request: Request) -> datetime.date | None:
        """Read the lists of a selection, or go on with them; the date of the newest decision that they show.

        Where a limit is set, they are read no further than it needs.
        """
        newest: list[datetime.date] = []
        is_new = request.is_new
        enough = self._enough(selection) if is_new else lambda _: False
        for search in selection.searches():
            name, now = as_key(search.address("", 0, datetime.date.max)), self._time.now()
            walk = self._state.walk(key, name)
            if walk is None or ((is_new or not walk.is_done) and now - walk.began > _WALK_LIFE):
                walk = Walk(now)
            for cards, after, last in self._lists.walk(search, walk, enough):
                walk = after
                taken = [card for card in cards if selection.takes(card)]
                wanted = [card for card in taken if self._is_wanted(card.reference, is_new)]
                self.report.listed += len(taken)
                self.report.held += len(taken) - len(wanted)
                self._state.step(key, name, walk, [(card.reference, card.url) for card in wanted])
                self._listing(min(walk.page - 1, last or 0), last or 0)
                if not walk.is_done and request.limit and self._state.pending(key, LATER) >= request.limit:
                    self.report.is_partial = True
                    return None
            newest += [walk.newest] if walk.newest else []
        return max(newest, default=None)

    def _enough(self, selection: Selection) -> Callable[[Sequence[Card]], bool]:
        """Whether a page of a list shows nothing that could be new: all of it is known, and older than the overlap."""
        newest = self._state.selections().get(selection.key)
        if newest is None:
            return lambda _: False
        newest = min(newest, self._time.now().date())
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
        self, wanted: Sequence[tuple[Reference, str | None]], selections: Sequence[Selection], is_new: bool
    ) -> None:
        """What would be fetched, without fetching or noting any of it."""
        if not (wanted or selections or is_new):
            for reference, url in self._state.wanted(*self._state.open_runs(), LATER):
                self._note(Item(reference, "listed", url, "Left over from a run before."))
                self.report.listed += 1
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
            item = self._pages.ask(
                reference, address, self._state.page(reference) if self._is_held(reference) else None
            )
        except NotNow as error:
            self._state.put_off(reference, url)
            return Item(reference, "postponed", url, f"{error} It is tried again next time.")
        except Captcha:
            self._state.put_off(reference, url)  # or the next run would begin, and end, with the same page
            raise
        if item.what in ("refused", "gone"):
            self._state.unwant(reference)
        return item

    def _checked(self, page: Page) -> Item:
        """Ask whether a decision that is held is still as it was. Raises Stopped."""
        try:
            item = self._pages.ask(page.reference, page.url, page)
        except (Captcha, NotNow) as error:
            self._state.put(replace(page, checked=self._time.now()))  # or every run would begin with the same page
            if isinstance(error, Captcha):
                raise
            return Item(page.reference, "postponed", page.url, f"{error} {_AGAIN}")
        if item.what == "refused":
            self._state.put(replace(page, checked=self._time.now()))
        return item


_AGAIN = "It is looked at again later."
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
        files = DecisionFiles(folder, reading)
        state.restore(_taken_down(folder, state, files))
        yield Fetcher(client, state, files, clock, listing, fetching)


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


def _taken_down(folder: Path, state: State, files: DecisionFiles) -> Iterator[Page]:
    """What was taken down by a run that was killed before it noted that."""
    for reference, day in TakenDown(folder).days().items():
        page = state.page(reference)
        if page is not None and page.removed is None and not files.files_of(reference):
            yield replace(page, removed=datetime.datetime.combine(day, datetime.time(), datetime.UTC))
