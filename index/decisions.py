"""The nouns: a reference, a pinpoint, a paragraph, a decision. No I/O, and nothing that ranks.

A *reference* is the Ombudsman's case number, a *body* the organisation complained about. A *paragraph* is what is
quoted and cited; a *pinpoint* says which one. A *cross-reference* is where a decision speaks of its own paragraphs.
References and pinpoints are validated when they are made, so whoever holds one may trust it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from index.errors import InputError, NotAReference, NotHeld
from index.text import references

Numbering = Literal["published", "inferred"]
Role = Literal["complaint", "powers", "method", "law", "facts", "finding", "remedy", "conclusion", "summary"]
Number = int | str
"""The number of a paragraph; what has none goes by its name: "summary", "page 7", "section “Recommendations”"."""
Unit = Literal["paragraph", "page", "section"]
"""What a decision is cited by: its paragraphs, or, where these have no numbers, its pages or its sections."""
Verdict = Literal["agrees", "contradicts", "none"]
"""What a decision's own words say of its numbers; `none` where they say nothing that can be checked."""

_BY_WEIGHT: tuple[Verdict, ...] = ("contradicts", "agrees")

SUMMARY: Literal["summary"] = "summary"

_NAMES = re.compile(
    r"summary|page (?:[1-9][0-9]{0,3}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))"
    r"|section “[^“”]{1,140}”(?: \([1-9][0-9]{0,3}\))?"
)
_MAX_SECTIONS_TOLD = 8  # in one sentence
_MAX_HEADING_CITED = 120  # characters of a heading that a section is cited by

# Zero-width spaces, the mark of byte order, and hyphens that show only where a line breaks.
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# What has no width at all: these, marks of direction, joiners, and marks of a variant; but not what turns text round.
WIDTHLESS = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)


def fold(text: str) -> str:
    """Text as it is kept: each run of white space one space, none at the ends, and what has no width left out."""
    return " ".join(INVISIBLE.sub("", text).split())


def plain(text: str) -> str:
    """What is shown beside paragraphs, such as a name: folded, and without controls and marks of direction.

    With one of those it would be shown as another name, or change what stands beside it.
    """
    folded = fold(text)
    if folded.isprintable():
        return folded
    return fold("".join(letter for letter in folded if unicodedata.category(letter) not in ("Cc", "Cf")))


def slug_of(place: str) -> str:
    """The form of a place for addresses, equal however it is typed: `section “My finding”` is `section-my-finding`."""
    return re.sub(r"[\W_]+", "-", place.casefold()).strip("-")


def section_names(headings: Iterable[str]) -> list[str]:
    """What sections under these headings are cited by; a number tells apart those that would be cited alike."""
    names: list[str] = []
    taken: set[str] = set()
    last: dict[str, int] = {}
    for heading in headings:
        shown = heading.replace("“", "‘").replace("”", "’")
        if len(shown) > _MAX_HEADING_CITED:
            shown = f"{shown[:_MAX_HEADING_CITED].rsplit(' ', 1)[0]} …"
        name = whole = f"section “{shown}”"
        while slug_of(name) in taken:
            last[whole] = last.get(whole, 1) + 1
            name = f"{whole} ({last[whole]})"
        taken.add(slug_of(name))
        names.append(name)
    return names


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A case number. Made from spaces, hyphens or neither, it keeps the published form, `21 017 496` or `17 002 402b`.

    Raises NotAReference for any other text.
    """

    text: str

    def __post_init__(self) -> None:
        published = references.published(self.text)
        if published is None:
            raise NotAReference(f"“{self.text[:60]}” is not a reference; one looks like 21 017 496.")
        object.__setattr__(self, "text", published)

    def __str__(self) -> str:
        return self.text

    @property
    def slug(self) -> str:
        """The form for file names and the like, without spaces: `21-017-496`."""
        return self.text.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """One place in one decision; `str()` and `parse()` are inverse to each other.

    `number` counts from 1 through the whole decision; the summary above the first paragraph has none and is
    cited as "summary". A report without numbered paragraphs is cited by its pages, "page 7", or by the headings of
    its sections, "section “Recommendations”". `item` is the letter of an item in the paragraph's list.
    """

    reference: Reference
    number: Number
    item: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.number, str) and _NAMES.fullmatch(self.number) is None:
            raise InputError(f"“{self.number[:80]}” is no place; one looks like paragraph 50, page 7 or summary.")
        if isinstance(self.number, int) and self.number < 1:
            raise InputError(f"Paragraphs are numbered from 1; there is no paragraph {self.number}.")
        if self.item is not None and (isinstance(self.number, str) or re.fullmatch("[a-z]", self.item) is None):
            raise InputError(f"“{self.item[:20]}” is no item of a paragraph; one looks like paragraph 12(c).")

    def __str__(self) -> str:
        return f"{self.reference}, {self.place}"

    @property
    def place(self) -> str:
        """`paragraph 50`, `paragraph 12(c)`, `page 7`, `section “Recommendations”`, or `summary`."""
        item = f"({self.item})" if self.item else ""
        return self.number if isinstance(self.number, str) else f"paragraph {self.number}{item}"

    @property
    def slug(self) -> str:
        """The same for addresses: `paragraph-50`, `paragraph-12-c`, `page-7`, `section-recommendations`, `summary`."""
        return slug_of(self.place)

    @property
    def unit(self) -> Unit | Literal["summary"]:
        """What kind of place it is."""
        if isinstance(self.number, int):
            return "paragraph"
        return SUMMARY if self.number == SUMMARY else "page" if self.number.startswith("page ") else "section"

    def noted(self, numbering: Numbering) -> str:
        """The place as a citation ends; a number that is not known to be the published one says so."""
        return f"{self.place} (number inferred)" if numbering == "inferred" and self.unit == "paragraph" else self.place

    def cite(self, body: str, numbering: Numbering) -> str:
        """The citation as it goes into a letter."""
        return f"{body} ({self.reference}), {self.noted(numbering)}"

    @classmethod
    def parse(cls, text: str) -> Pinpoint:
        """Read `21 017 496, paragraph 50`. Raises InputError."""
        reference, _, place = text.partition(",")
        place = place.strip()
        match = re.fullmatch(r"paragraph\s+([1-9][0-9]{0,5})(?:\(([a-z])\))?", place)
        if match is None and _NAMES.fullmatch(place) is None:
            raise InputError(f"“{text[:80]}” is not a pinpoint; one looks like 21 017 496, paragraph 50.")
        return cls(Reference(reference), int(match[1]), match[2]) if match else cls(Reference(reference), place)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, verbatim without its list marker.

    `depth` is 0 for running text (the numbered item itself, a quotation, a statute in brackets), 1 for an item of a
    list, 2 for an item of a list within that. `item` is the letter of an item where the decision letters its items and
    the letter is certain; other markers are left out, because a capture does not keep the published ones. A letter that
    is not certain, and a number that is none of a list from 1 on, is no marker but text.
    """

    text: str
    depth: int = 0
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is quoted and cited: verbatim but for white space, with everything that belongs to its number.

    `section` holds the headings above it, outermost first.
    """

    pinpoint: Pinpoint
    numbering: Numbering
    section: tuple[str, ...]
    role: Role
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The whole paragraph, its list items a line each."""
        return "\n".join(line.text for line in self.lines)

    def items(self) -> Iterator[Paragraph]:
        """Its lettered items, each as a place that can be cited by itself, with the list within it."""
        for start, line in enumerate(self.lines):
            if line.item is not None:
                end = start + 1
                while end < len(self.lines) and self.lines[end].depth > line.depth:
                    end += 1
                yield replace(self, pinpoint=replace(self.pinpoint, item=line.item), lines=self.lines[start:end])


def summary_of(reference: Reference, lines: Sequence[Line]) -> Paragraph | None:
    """The summary of a decision with these lines; None without any."""
    return Paragraph(Pinpoint(reference, SUMMARY), "published", (), "summary", tuple(lines)) if lines else None


@dataclass(frozen=True, slots=True)
class CrossReference:
    """Where a decision speaks of its own paragraphs, checked against what stands there.

    `at` is the paragraph that it stands in, `words` its words ("paragraphs one and two"), `targets` the paragraphs that
    it names. `verdict` is `none` where nothing can be told; `reason` says in a sentence why one contradicts, else it
    is empty.
    """

    at: Number
    words: str
    targets: tuple[int, ...]
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a decision was published, and when and as what its page was taken.

    `url` is None where it is not known; where `is_derived`, no page says it, and it was made from the category and the
    reference. `fetched` is in UTC, None where a person saved the page. `sha256` is that of the page or file as it was
    read, 64 hexadecimal digits.
    """

    url: str | None = None
    is_derived: bool = False
    fetched: datetime.datetime | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One published decision as far as its capture tells; what the capture lacks is None.

    `paragraphs` are what it is cited by but for the summary: those of its `unit`, which in a report may be its pages or
    its sections, and none where the summary is all there is. Of such places the numbering is `published`.
    `doubts` are the reasons, a sentence each, for which its numbers are `inferred`. Two captures of one decision are
    equal wherever they were taken from, so `provenance` does not count.
    """

    reference: Reference
    body: str
    category: str | None
    outcome: str | None
    date: datetime.date | None
    summary: Paragraph | None
    paragraphs: tuple[Paragraph, ...]
    numbering: Numbering
    provenance: Provenance = field(default=Provenance(), compare=False)
    doubts: tuple[str, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()

    @property
    def proof(self) -> Verdict:
        """What all its cross-references say together: one that contradicts outweighs all that agree."""
        verdicts = {found.verdict for found in self.cross_references}
        return next((verdict for verdict in _BY_WEIGHT if verdict in verdicts), "none")

    @property
    def proved_to(self) -> int | None:
        """The furthest paragraph of which it says what stands there; None where its references do not agree."""
        agreeing = [max(found.targets) for found in self.cross_references if found.verdict == "agrees"]
        return max(agreeing) if self.proof == "agrees" else None

    @property
    def unit(self) -> Unit:
        """What it is cited by; a report that has its summary alone counts as having sections."""
        unit = self.paragraphs[0].pinpoint.unit if self.paragraphs else "section"
        return "section" if unit == SUMMARY else unit

    @property
    def extent(self) -> str:
        """What it has to be cited by, as the end of a sentence: `its paragraphs are numbered 1 to 65`."""
        has_summary = ", and it has a summary" if self.summary else ""
        if self.unit == "paragraph":
            return f"its paragraphs are numbered 1 to {len(self.paragraphs)}{has_summary}"
        if not self.paragraphs:
            return "it has a summary alone, and no numbered paragraphs"
        names = [place.pinpoint.place.removeprefix(f"{self.unit} ") for place in self.paragraphs]
        told = f"{names[0]} to {names[-1]}" if self.unit == "page" else ", ".join(names[:_MAX_SECTIONS_TOLD])
        more = ", …" if self.unit == "section" and len(names) > _MAX_SECTIONS_TOLD else ""
        no = "no certain paragraph numbers" if self.unit == "page" else "no numbered paragraphs"
        return f"it has {no}, and is cited by {self.unit}: {told}{more}{has_summary}"

    def places(self) -> Iterator[Paragraph]:
        """Everything that can be cited: the summary where there is one, then the paragraphs, pages or sections."""
        if self.summary is not None:
            yield self.summary
        yield from self.paragraphs

    def place(self, name: str) -> Paragraph:
        """What stands at `50`, `12(c)`, `page 7`, `section “Recommendations”` or `summary`. Raises NotHeld."""
        named = slug_of(name)
        by_name = (place for place in self.places() if isinstance(place.pinpoint.number, str))
        if found := next((place for place in by_name if place.pinpoint.slug in (named, f"section-{named}")), None):
            return found
        number, opened, item = re.sub(r"\s", "", name).lower().partition("(")
        found = next((place for place in self.paragraphs if str(place.pinpoint.number) == number), None)
        if found is None:
            what = "" if named.startswith(("page-", "section-", "paragraph-")) else "paragraph "
            raise NotHeld(f"Decision {self.reference} has no {what}“{name[:60]}”; {self.extent}.")
        if not opened:
            return found
        for place in found.items():
            if f"{place.pinpoint.item})" == item:
                return place
        raise NotHeld(
            f"{found.pinpoint.place.capitalize()} of decision {self.reference} has no lettered item “({item[:20]}”; "
            "one looks like 12(c)."
        )


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision as it stands in a list: all but its text. `paragraphs` is how many it has, or pages or sections."""

    reference: Reference
    body: str
    category: str | None
    outcome: str | None
    date: datetime.date | None
    numbering: Numbering
    provenance: Provenance
    paragraphs: int
    proof: Verdict
    unit: Unit = "paragraph"
