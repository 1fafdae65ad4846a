"""A collection of small decisions that change: pages as they were served, their folder, and its index."""

from __future__ import annotations

import datetime
from pathlib import Path

from conftest import ReaderHere, WordEmbedder

from index.build import build
from index.decisions import Reference
from index.folder import DecisionFiles
from index.ledger import Change
from index.served_page import ServedPage
from index.store import Store

DAY = datetime.datetime(2026, 5, 3, 9, 30, 12, tzinfo=datetime.UTC)
SITE = "https://www.lgo.org.uk/decisions/benefits-and-tax"


def page(
    reference: Reference,
    *texts: str,
    path: str = "council-tax",
    outcome: str = "Upheld",
    menu: str = "",
    heading: str = "",
) -> bytes:
    """The file of a page that was served, with these paragraphs."""
    items = "".join(f"<li>{text}" for text in texts)
    fields = f'<span class="label">Decision :</span> <span class="value">{outcome}</span>'
    head = f"<h2>Fenwold District Council ({reference})</h2><p>{fields}</p>"
    above = f"<h3>{heading}</h3>" if heading else ""
    html = f"<nav>{menu}</nav><article>{head}{above}<ol>{items}</ol></article>"
    return ServedPage(f"{SITE}/{path}/{reference.slug}", DAY, html.encode()).to_bytes()


class Collection:
    """A folder and its index."""

    def __init__(self, root: Path, fake: WordEmbedder) -> None:
        self.folder, self.index, self._fake = root / "decisions", root / "index", fake
        self.folder.mkdir()

    def put(self, reference: Reference, content: bytes) -> None:
        """Write the file of a decision."""
        with ReaderHere() as reader:
            DecisionFiles(self.folder, reader).put(reference, content)

    def take_down(self, reference: Reference) -> None:
        """Note that the Ombudsman took a decision down."""
        with ReaderHere() as reader:
            DecisionFiles(self.folder, reader).take_down(reference, DAY.date())

    def remove(self, reference: Reference) -> None:
        """Take a decision out of the folder, if it is there."""
        (self.folder / f"{reference.slug}.warc.gz").unlink(missing_ok=True)

    def build(self, purge: bool = False) -> None:
        """Bring the index up to date."""
        build(self.folder, self.index, self._fake.model, lambda _: self._fake, purge=purge)

    def changes(self) -> list[Change]:
        """What changed, the first first."""
        return Store.open(self.index).ledger.since()[::-1]

    def what(self) -> list[tuple[str, str]]:
        """The same in short."""
        return [(str(entry.reference), entry.what) for entry in self.changes()]
