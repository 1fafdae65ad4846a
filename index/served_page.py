"""A page as its server gave it, with where and when: one WARC file (ISO 28500), compressed, which the folder keeps.

The page can so be read anew at any time, and what is known of its publication cannot part from it. Nothing is fetched
here, and nothing of the page is understood.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from typing import Self

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.errors import NotADecision

SUFFIX = ".warc.gz"

MAX_PAGE_BYTES = 50_000_000
"""Of what a page may have uncompressed; whoever understands it has limits of their own."""

_BEGINNING_BYTES = 8_192  # of a record, with its headers
_BEGINNINGS = (b"\x1f\x8b", b"WARC/")
_DAMAGED = "It is a web archive (WARC) that is cut off or damaged."


@dataclass(frozen=True, slots=True)
class ServedPage:
    """What one request brought: `content` as it was served, but for the compression of its way.

    `fetched` is in UTC, to the second. `etag` and `last_modified` are the headers, for asking whether it has changed.
    """

    url: str
    fetched: datetime.datetime
    content: bytes
    content_type: str = "text/html"
    etag: str | None = None
    last_modified: str | None = None

    @property
    def sha256(self) -> str:
        """The SHA-256 of its content, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    def to_bytes(self) -> bytes:
        """The content of its file, equal whenever the page is."""
        headers = [("Content-Type", self.content_type), ("Content-Length", str(len(self.content)))]
        headers += [("ETag", self.etag)] if self.etag else []
        headers += [("Last-Modified", self.last_modified)] if self.last_modified else []
        date = self.fetched.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        named = hashlib.sha256(f"{self.url}\n{date}\n{self.sha256}".encode()).hexdigest()[:32]
        file = io.BytesIO()
        writer = WARCWriter(file, gzip=True)
        record = writer.create_warc_record(
            self.url,
            "response",
            payload=io.BytesIO(self.content),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": date,
                "WARC-Record-ID": f"<urn:uuid:{named[:8]}-{named[8:12]}-{named[12:16]}-{named[16:20]}-{named[20:]}>",
            },
        )
        writer.write_record(record)
        record.raw_stream.close()  # a temporary file of the writer's own
        return file.getvalue()

    @classmethod
    def from_bytes(cls, source: bytes) -> Self:
        """Read the first page of such a file, also one that another program wrote. Raises NotADecision."""
        try:
            for record in ArchiveIterator(io.BytesIO(source)):
                if record.rec_type not in ("response", "resource"):
                    continue
                content = record.content_stream().read(MAX_PAGE_BYTES + 1)
                if len(content) > MAX_PAGE_BYTES:
                    raise NotADecision(f"The page has more than {MAX_PAGE_BYTES:,} bytes, more than any decision.")
                return cls._of(record, content)
        except (NotADecision, MemoryError):
            raise
        except Exception:  # whatever its library makes of bytes that are no such file
            raise NotADecision(_DAMAGED) from None
        raise NotADecision("It is a web archive (WARC) without a page.")

    @classmethod
    def _of(cls, record: object, content: bytes) -> Self:
        said = record.rec_headers  # type: ignore[attr-defined]
        http = record.http_headers  # type: ignore[attr-defined]
        status = http.get_statuscode() if http else "200"
        if status != "200":
            raise NotADecision(f"The page in the web archive (WARC) was no success: its server answered {status[:3]}.")
        length = http.get_header("Content-Length") if http else None
        encoded = http.get_header("Content-Encoding") if http else None
        if length is not None and not encoded and re.fullmatch("[0-9]{1,12}", length) and int(length) != len(content):
            raise NotADecision(_DAMAGED)
        fetched = datetime.datetime.fromisoformat(said.get_header("WARC-Date") or "")
        return cls(
            said.get_header("WARC-Target-URI") or "",
            fetched.astimezone(datetime.UTC).replace(microsecond=0),
            content,
            (http.get_header("Content-Type") if http else None) or "text/html",
            http.get_header("ETag") if http else None,
            http.get_header("Last-Modified") if http else None,
        )


def beginning_of_page(source: bytes) -> bytes:
    """The first bytes of the first page in such a file, as far as they can be had at once; empty where they cannot."""
    with contextlib.suppress(zlib.error):
        is_compressed = not source.startswith(_BEGINNINGS[1])
        begin = zlib.decompressobj(wbits=31).decompress(source, _BEGINNING_BYTES) if is_compressed else source
        headers = begin[:_BEGINNING_BYTES].split(b"\r\n\r\n", 2)  # those of the record, and those of the answer
        return headers[2] if len(headers) == 3 else b""
    return b""


def looks_like_served_page(source: bytes) -> bool:
    """Whether a file is a web archive (or compressed, which nothing else in the folder is)."""
    return source.startswith(_BEGINNINGS)
