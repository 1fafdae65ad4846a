"""Which decisions a list of the site shows: a selection, its searches, and the walk through their pages.

A walk is told page by page, so that whoever follows it can note how far it came. Nothing is fetched here but lists.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from index.decisions import Reference
from index.errors import NotADecision
from qa.fetching.polite import NotNow, PoliteClient, Response, Stopped
from qa.fetching.site import OUTCOMES, PER_PAGE, PRIMING, Card, ListPage, Outcome, Search, read_list
from qa.fetching.state import Walk, as_key

OVERLAP = datetime.timedelta(days=28)
"""How long before the newest decision that is known others may be dated that are published after it."""

_MAX_PAGES = 20_000  # of a list; all that is published has a third of them
_ALL = tuple(OUTCOMES)


class NoList(Stopped):
    """What the site gives for a search holds no list."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which decisions are wanted; an empty field lets everything through, values of one field are either-or."""

    councils: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None

    @property
    def key(self) -> str:
        """A text that is the same for equal selections."""
        first, last = self.date_from, self.date_to
        return as_key(
            {
                "councils": sorted(self.councils),
                "categories": sorted(self.categories),
                "outcomes": sorted(self.outcomes),
                "from": first and first.isoformat(),
                "to": last and last.isoformat(),
            }
        )

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The selection with this key."""
        told = json.loads(key)
        first, last = (told[name] and datetime.date.fromisoformat(told[name]) for name in ("from", "to"))
        return cls(tuple(told["councils"]), tuple(told["categories"]), tuple(told["outcomes"]), first, last)

    def searches(self) -> list[Search]:
        """What the site is asked to list for it: it lists one body at a time."""
        return [
            Search(council, self.outcomes, self.date_from, self.date_to) for council in sorted(self.councils) or [""]
        ]

    def takes(self, card: Card) -> bool:
        """Whether it wants what a list shows; the site is not trusted to have filtered."""
        return (
            (not self.councils or card.is_about(self.councils))
            and (not self.categories or card.is_in(self.categories))
            and (not self.outcomes or card.has(self.outcomes))
            and (card.date is None or (self.date_from or card.date) <= card.date <= (self.date_to or card.date))
        )


class Lists:
    """Reads the lists of the site."""

    def __init__(self, client: PoliteClient, today: Callable[[], datetime.date]) -> None:
        self._client, self._today = client, today

    def walk(
        self, search: Search, walk: Walk, enough: Callable[[Sequence[Card]], bool] = lambda _: False
    ) -> Iterator[tuple[tuple[Card, ...], Walk, int | None]]:
        """The cards of each page from where a walk is, how far it then came, and how many pages there are if known.

        It ends with the list, or with a page of which `enough` is true. Raises what the client does, and Stopped where
        the site gives no list.
        """
        seen: set[str] = set()
        while not walk.is_done:
            listed = self._page(search, walk.page)
            cards = tuple(card for card in listed.cards if card.url not in seen)
            seen |= {card.url for card in cards}
            found, last = walk.found + len(cards), None
            if listed.total is not None and listed.total >= found:  # else it counts something else
                last = -(-listed.total // PER_PAGE)
                if not cards and found < listed.total:
                    raise Stopped(
                        f"The site speaks of {listed.total:,} results, but its list ends after {found:,}. Fetch them "
                        "in parts with --from and --to."
                    )
            ended = not cards or (len(listed.cards) < PER_PAGE if last is None else walk.page >= last)
            today = self._today()  # what is dated later is misdated, and would be the newest for ever
            dates = [card.date for card in cards if card.date and card.date <= today]
            walk = replace(
                walk,
                page=walk.page + 1,
                found=found,
                newest=max([*dates, *([walk.newest] if walk.newest else [])], default=None),
                is_done=ended or enough(cards) or walk.page >= _MAX_PAGES,
            )
            yield cards, walk, last

    def find(self, reference: Reference) -> str | None:
        """The address that the search gives for a reference; None where it lists no such decision. Raises NoList."""
        listed = self._page(Search(reference=reference), 1)
        return next((card.url for card in listed.cards if card.reference == reference), None)

    def prime(self) -> None:
        """Begin a session, as a browser does that opens the page of the search."""
        self._client.get(f"{self._client.site}{PRIMING}")

    def _page(self, search: Search, number: int) -> ListPage:
        """A page of a list; where it is an empty shell, once more with a session."""
        for primed in (False, True):
            listed = self._asked(search, number)
            if not listed.is_empty_shell:
                return listed
            if not primed:
                self.prime()
        if number > 1 and self._asked(search, number - 1).cards:
            return ListPage((), None)  # lists are given still, so that one was the last
        url = search.address(self._client.site, number, self._today())
        raise NoList(
            f"The site answers the search with a page that holds no list ({url}). It may want a browser, or have "
            "changed; open the address in one to see."
        )

    def _asked(self, search: Search, number: int) -> ListPage:
        try:
            response = self._client.get(search.address(self._client.site, number, self._today()))
        except NotNow as error:
            raise Stopped(f"The site's list of decisions could not be read. {error} Run the command again.") from None
        if response.status in (404, 410) and number > 1:
            return ListPage((), 0)
        return self._read(response)

    def _read(self, response: Response) -> ListPage:
        if response.status != 200:
            raise NoList(f"The site answers the search with status {response.status} ({response.url}).")
        try:
            return read_list(self._client.site, response.url, response.content)
        except NotADecision:
            return ListPage((), None)
