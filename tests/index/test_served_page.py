"""Tests of index.served_page."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from index.errors import NotADecision
from index.served_page import MAX_PAGE_BYTES, ServedPage, looks_like_served_page

DAY = datetime.datetime(2026, 5, 3, 9, 30, 12, tzinfo=datetime.UTC)
PAGE = ServedPage(
    "https://ombudsman.example/decisions/education/school-transport/22-010-227",
    DAY,
    b"<article>Fenwold District Council (22 010 227)</article>",
    "text/html; charset=utf-8",
    '"abc-1"',
    "Sun, 03 May 2026 09:00:00 GMT",
)


def test_a_page_is_read_as_it_was_written() -> None:
    """What was written of a page is read again, all of it."""
    assert ServedPage.from_bytes(PAGE.to_bytes()) == PAGE


@given(st.binary(max_size=3_000))
def test_any_content_is_read_as_it_was_served(content: bytes) -> None:
    """Content comes back byte for byte, whatever it is."""
    page = ServedPage("https://ombudsman.example/x", DAY, content)
    assert ServedPage.from_bytes(page.to_bytes()).content == content


def test_one_page_has_one_file() -> None:
    """The same page is written as the same bytes."""
    assert PAGE.to_bytes() == PAGE.to_bytes()


def test_other_programs_can_read_it() -> None:
    """The file is a WARC file whose digests a reader of such files finds right."""
    records = ArchiveIterator(io.BytesIO(PAGE.to_bytes()), check_digests="raise")
    assert [record.content_stream().read() for record in records] == [PAGE.content]


@pytest.mark.parametrize("cut", [12, 40, 200])
def test_a_file_that_is_cut_off_is_refused(cut: int) -> None:
    """What is left of a file that was cut off is no page."""
    with pytest.raises(NotADecision):
        ServedPage.from_bytes(PAGE.to_bytes()[:-cut])


def test_a_page_beyond_reason_is_refused() -> None:
    """A small file that would become a huge page is refused before all of it is unpacked."""
    with pytest.raises(NotADecision, match="more than any decision"):
        ServedPage.from_bytes(
            gzip.compress(
                b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: 2026-05-03T09:30:12Z\r\n"
                b"Content-Type: text/html\r\nContent-Length: 60000000\r\n\r\n" + b" " * (MAX_PAGE_BYTES + 1)
            )
        )


@given(st.data())
def test_no_spoiled_archive_ends_the_program(data: st.DataObject) -> None:
    """Whatever is spoiled in a web archive, it is read or refused with a sentence."""
    content = bytearray(gzip.decompress(PAGE.to_bytes()))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    spoiled = bytes(content[: data.draw(st.integers(10, len(content)))])
    with contextlib.suppress(NotADecision):
        ServedPage.from_bytes(spoiled)


@pytest.mark.parametrize("date", [b"0001-01-01T00:00:00+14:00", b"yesterday", b""])
def test_a_date_that_is_none_is_refused(date: bytes) -> None:
    """A web archive whose date is none is refused."""
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: " + date
    with pytest.raises(NotADecision):
        ServedPage.from_bytes(head + b"\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\nx\r\n\r\n")


def test_a_page_that_was_not_found_is_refused() -> None:
    """A page with which a server answered that it has none is no page."""
    body = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\nx"
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-05-03T09:30:12Z\r\n"
    head += b"WARC-Target-URI: https://ombudsman.example/x\r\nContent-Type: application/http\r\n"
    with pytest.raises(NotADecision, match="answered 404"):
        ServedPage.from_bytes(head + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\r\n\r\n")


def test_only_such_files_look_like_one() -> None:
    """A page or a text as it is saved does not look like a web archive."""
    assert looks_like_served_page(PAGE.to_bytes())
    assert not looks_like_served_page(PAGE.content)
