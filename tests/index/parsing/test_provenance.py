"""Tests of index.parsing.provenance: where a decision was published."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from conftest import SEEDS

from index.decisions import Reference
from index.parsing.parse import parse
from index.parsing.provenance import derived_url
from index.served_page import ServedPage

SITE = "https://www.lgo.org.uk/decisions"
DAY = datetime.datetime(2026, 5, 3, 9, 30, 12, tzinfo=datetime.UTC)
PAGE = """<html><head>{head}</head><article id="article"><h2>Fenwold District Council (22 010 227)</h2>
<p><span class="label">Category : </span><span class="value">Benefits and tax &gt; Council tax</span></p>
<h3>The complaint</h3><ol><li>Mr D complained that bailiffs came.</li></ol></article></html>"""


def page(head: str = "") -> bytes:
    """A page with this in its head."""
    return PAGE.format(head=head).encode()


def served(url: str, head: str = "") -> bytes:
    """The file of a page that was served at an address."""
    return ServedPage(url, DAY, page(head)).to_bytes()


def url_of(source: bytes) -> tuple[str | None, bool]:
    """Where a file says that its decision was published, and whether that was derived."""
    found = parse(source).provenance
    return found.url, found.is_derived


def test_every_seed_has_a_derived_address() -> None:
    """The seeds, which do not say where they were published, have the address that follows from their category."""
    found = [parse(path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))]
    assert [one.provenance.url for one in found if one.category] == [
        derived_url(one.reference, one.category) for one in found if one.category
    ]
    assert all(one.provenance.is_derived for one in found)


def test_derived_address() -> None:
    """The steps of a category are written in small letters, with a hyphen for all that is no letter or digit."""
    derived = derived_url(Reference("21 002 206"), "Children’s care services > Child protection")
    assert derived == f"{SITE}/children-s-care-services/child-protection/21-002-206"


@pytest.mark.parametrize("category", [None, "", "Housing", "Housing > ", "Housing > Other > Again"])
def test_without_both_steps_nothing_is_derived(category: str | None) -> None:
    """Where a category has not two steps, no address is made up."""
    assert derived_url(Reference("21 002 206"), category) is None


def test_address_of_a_served_page() -> None:
    """The address at which a page was served counts, before any that it gives as its own."""
    address = f"{SITE}/benefits-and-tax/council-tax/22-010-227"
    head = f'<link rel="canonical" href="{SITE}/benefits-and-tax/other/22-010-227">'
    assert url_of(served(f"{address}?page=2#top", head)) == (address, False)


def test_canonical_address() -> None:
    """A saved page is published where its canonical link says."""
    address = f"{SITE}/benefits-and-tax/other/22-010-227"
    assert url_of(page(f'<link rel="canonical" href="{address}">')) == (address, False)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.lgo.org.uk.evil.example/decisions/a/b/22-010-227",
        "https://evil.example/decisions/a/b/22-010-227",
        "javascript:alert(1)//lgo.org.uk/decisions/a/b/22-010-227",
        "https://user@www.lgo.org.uk/decisions/a/b/22-010-227",
        "file:///decisions/a/b/22-010-227",
        "https://[www.lgo.org.uk/decisions/a/b/22-010-227",
        f"{SITE}/benefits-and-tax/council-tax/22-010-228",
        "https://www.lgo.org.uk/",
        "https://www.lgo.org.uk/decisions",
        f"{SITE}/benefits-and-tax",
        "https://www.lgo.org.uk/Decisions/SearchResults",
        "https://www.lgo.org.uk:8080/decisions/a/b/22-010-227",
        "http://localhost:8000/decisions/a/b/22-010-227",
        "http://[::1]:80/decisions/a/b/22-010-227",
    ],
)
def test_address_that_does_not_count(address: str) -> None:
    """An address elsewhere, or of another decision, is not that of the decision."""
    derived = f"{SITE}/benefits-and-tax/council-tax/22-010-227"
    assert url_of(page(f'<link rel="canonical" href="{address}">')) == (derived, True)


def test_imitated_site() -> None:
    """A page that was served by this machine, which imitates the site, was published there."""
    address = "http://127.0.0.1:8085/decisions/benefits-and-tax/other/22-010-227"
    assert url_of(served(address)) == (address, False)


def test_address_of_a_list_is_none_of_a_decision() -> None:
    """A page that was served at the address of a list is published where it says itself."""
    address = f"{SITE}/benefits-and-tax/other/22-010-227"
    head = f'<link rel="canonical" href="{address}">'
    assert url_of(served("https://www.lgo.org.uk/Decisions/SearchResults?q=x", head)) == (address, False)


def test_served_page_says_when_it_was_fetched() -> None:
    """The day on which a page was served, and its digest, go with the decision."""
    found = parse(served(f"{SITE}/benefits-and-tax/council-tax/22-010-227")).provenance
    assert (found.fetched, found.sha256) == (DAY, hashlib.sha256(page()).hexdigest())


def test_saved_page_has_its_own_digest() -> None:
    """What a person saved has the digest of the file, and was fetched at no known time."""
    found = parse(page()).provenance
    assert (found.fetched, found.sha256) == (None, hashlib.sha256(page()).hexdigest())


def test_served_page_is_the_decision_of_its_page() -> None:
    """A page gives the same decision whether it was served or saved."""
    assert parse(served(f"{SITE}/a/b/22-010-227")) == parse(page())
