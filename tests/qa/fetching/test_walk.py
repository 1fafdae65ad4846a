"""How far a list is read, whatever it says of itself."""

from __future__ import annotations

import datetime

import pytest

from qa.fetching.polite import Response
from qa.fetching.site import Search
from qa.fetching.state import Walk
from qa.fetching.walk import Lists

TODAY = datetime.date(2026, 11, 2)
BEGAN = datetime.datetime(2026, 11, 2, 3, tzinfo=datetime.UTC)


class Listing:
    """A client of a site that lists some decisions; `late` are published after its first page was read."""

    site = "https://www.lgo.org.uk"

    def __init__(self, said: str = "", late: int = 0, newest: str = "1-Nov-2026", count: int = 35) -> None:
        self.count = count
        self.said, self.late, self.newest = said, late, newest

    def get(self, url: str, *_: object) -> Response:
        page = int(url.partition("&page=")[2].partition("&")[0] or 0)
        ids = list(range(900 + self.count, 900, -1)) if page else []
        begin = (page - 1) * 10 - (self.late if page > 1 else 0)
        cards = "".join(self._card(one, one == ids[0]) for one in ids[begin : begin + 10])
        return Response(url, 200, f"<html><body><p>{self.said}</p><ul>{cards}</ul></body></html>".encode(), "text/html")

    def _card(self, number: int, is_newest: bool) -> str:
        reference = f"21 000 {number:03}"
        link = f'<a href="/decisions/a/b/{reference.replace(" ", "-")}">Aldermarsh Borough Council ({reference})</a>'
        return f"<li>{link} Statement Upheld Housing {self.newest if is_newest else '1-Oct-2026'} Summary: One.</li>"


def read(listing: Listing) -> list[Walk]:
    walk = Lists(listing, lambda: TODAY).walk(Search(), Walk(BEGAN))
    return [after for _, after, _ in walk]


def test_decision_published_meanwhile_does_not_end_the_list():
    """A list that tells no total is read to its end though a decision is published while it is."""
    assert read(Listing(late=1))[-1].found == 35


def test_list_whose_last_page_is_full_ends():
    """A list that tells no total, and of which the last page is full, ends with it."""
    assert (read(Listing(count=30))[-1].found, read(Listing(count=30))[-1].is_done) == (30, True)


@pytest.mark.parametrize("said", ["Your search has 2 results", "Your search has no results"])
def test_total_below_what_was_found_does_not_end_the_list(said):
    """A total that is less than the decisions listed so far counts something else."""
    assert read(Listing(said))[-1].found == 35


def test_misdated_decision_is_not_the_newest():
    """A decision that is dated centuries ahead does not count as the newest, from which the next run looks back."""
    assert read(Listing(newest="12-Oct-2202"))[-1].newest == datetime.date(2026, 10, 1)
