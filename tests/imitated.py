"""A folder of decisions into which is fetched from an imitated site, and time that passes at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synthetic.site import ImitatedSite

from index.decisions import Decision, Reference
from index.parsing.isolated import Reader
from index.parsing.parse import parse, reference_of
from qa.fetching.fetch import Fetcher, Request, opened
from qa.fetching.polite import SystemTime
from qa.fetching.report import Report
from qa.fetching.walk import Selection

EVERYTHING = Selection(date_from=datetime.date(2000, 1, 1))


class Clock:
    """Time that passes when somebody waits, and not else; it remembers each wait."""

    def __init__(self) -> None:
        self.moment = datetime.datetime(2026, 11, 2, 3, tzinfo=datetime.UTC)
        self.waits: list[float] = []
        self._seconds = 0.0

    def now(self) -> datetime.datetime:
        return self.moment + datetime.timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._seconds += seconds

    def pass_(self, **duration: float) -> None:
        self.moment += datetime.timedelta(**duration)


class Hurried(SystemTime):
    """The time of this machine, in which nobody waits."""

    def sleep(self, seconds: float) -> None:
        pass


class ReaderHere(Reader):
    """Reads pages in this process. The one of conftest is the same, but takes seconds to import."""

    def parse(self, source: bytes) -> Decision:
        return parse(source)

    def reference_of(self, source: bytes) -> Reference:
        return reference_of(source)


def fetch_everything(url: str, folder: str) -> None:
    """What a process does that may be killed."""
    with opened(Path(folder), url, clock=Hurried(), reader=ReaderHere()) as fetcher:
        fetcher.run(Request(selection=EVERYTHING))


class Home:
    """A folder of decisions into which is fetched from a site."""

    def __init__(self, site: ImitatedSite, folder: Path) -> None:
        self.site, self.folder, self.clock = site, folder, Clock()

    @contextmanager
    def fetcher(self, **options: object) -> Iterator[Fetcher]:
        given = {"clock": self.clock, "reader": ReaderHere()} | options
        with opened(self.folder, self.site.url, "someone@example.org", **given) as fetcher:
            yield fetcher

    def fetch(self, *wanted: str, selection: Selection | None = None, **options: object) -> Report:
        with self.fetcher() as fetcher:
            return fetcher.run(Request(wanted, selection, **options))

    def everything(self, **options: object) -> Report:
        return self.fetch(selection=EVERYTHING, **options)

    def new(self, recheck: int | None = None) -> dict[str, str]:
        """What `--new` did with which decisions, but for those that are as they were."""
        report = self.fetch(is_new=True, recheck=recheck)
        assert not report.stopped
        return {item.reference.slug: item.what for item in report.items if item.what != "unchanged"}

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))

    def read(self, slug: str) -> bytes:
        return (self.folder / f"{slug}.warc.gz").read_bytes()


def slug_of(path: str) -> str:
    return path.rsplit("/", 1)[1]
