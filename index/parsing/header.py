"""The head of a decision: its title with body and reference, the fields below it, and the summary. Pure.

Leicestershire County Council (21 002 206)
Category : Education > School transport
Decision : Upheld
Decision date : 09 Oct 2022
The Ombudsman's final decision:
Summary: …
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.decisions import Line, Reference, plain
from index.errors import NotADecision, NotAReference
from index.parsing.headings import SIGNATURE, is_heading, is_known
from index.parsing.html_page import is_back_to_top
from index.parsing.labels import UNMARKED, Label
from index.text.sentences import is_ended

_MAX_NAME_CHARACTERS = 200  # of a body, a category, an outcome: each stands on every page
_YEARS = range(1974, 2100)  # the first is that of the Act which made the Ombudsman

_TITLE = re.compile(
    r"""
    \A(?P<body>\S.*?)            # Leicestershire County Council
    (?<!\s)\s*+
    \((?P<reference>\d[^()]*)\)  # (21 002 206)
    """,
    re.VERBOSE,
)
_FIELD = re.compile(
    r"""
    (?P<name>Category|Decision\ date|Decision)
    \s*:\s*
    (?P<value>.*)
    """,
    re.VERBOSE,
)
_OTHER_OMBUDSMAN = re.compile(
    r"Housing Ombudsman|Parliamentary and Health Service Ombudsman|Public Services Ombudsman for Wales"
    r"|(?:Scottish|Northern Ireland) Public Services Ombudsman|Financial Ombudsman Service"
)
_DATES = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y", "%Y-%m-%d")
_SUMMARY = re.compile(r"Summary(?:\s*:\s*(?P<text>.*))?")
_TITLE_OF_DECISION = re.compile(r"The Ombudsm[ae]n[’']s (?:final )?decision\s*:?")
_MIN_WRAPPED_CHARACTERS = 20  # of a line that a program wrapped


@dataclass(slots=True)
class Header:
    """What stands above the first heading; what the capture lacks is None."""

    reference: Reference
    body: str
    category: str | None = None
    outcome: str | None = None
    date: datetime.date | None = None
    summary: list[Line] = field(default_factory=list)


def read_header(labels: list[Label], titles: Sequence[str]) -> tuple[Header, list[Label]]:
    """The title, the fields below it and the summary; and the labels that follow these."""
    above = next((i for i, label in enumerate(labels) if label.marker == "number"), len(labels))
    start = next((i for i in range(above) if labels[i].marker in UNMARKED and _reference_in(labels[i].text)), None)
    title = labels[start].text if start is not None else next((title for title in titles if _reference_in(title)), "")
    match, reference = _title(title), _reference_in(title)
    if match is None or reference is None:
        others = filter(None, (_OTHER_OMBUDSMAN.search(label.text) for label in labels))
        if found := next(others, None):
            raise NotADecision(
                f"It is a decision of the {found[0]}; only those of the Local Government and Social Care Ombudsman are "
                "read."
            )
        raise NotADecision("Its first lines hold no body with a reference, such as “Kent County Council (21 000 832)”.")
    body = match["body"].rpartition(" > ")[2]  # what stands before is the way to the page
    _check_name("name of the body", body)
    header = Header(reference, body)
    rest = labels[start + 1 if start is not None else 0 :]
    last = max((i for i, label in enumerate(rest) if label.marker in ("number", "dash")), default=0)
    for label in rest[:last]:
        if label.marker in UNMARKED and (other := _reference_in(label.text)) not in (None, reference):
            raise NotADecision(f"It holds another decision, {other}; each needs a file of its own.")

    headings = {_alike(label.text) for label in rest if label.marker in UNMARKED}

    def is_furniture(label: Label) -> bool:
        """A heading of the whole, or an entry of a table of contents."""
        if label.marker in UNMARKED:
            of_whole = _TITLE_OF_DECISION.fullmatch(label.text) or SIGNATURE.fullmatch(label.text)
            return of_whole is not None or _reference_in(label.text) is not None or is_back_to_top(label.text)
        return _alike(label.text) in headings

    # What stands above the summary is no part of the decision; but only what is unmarked can stand there.
    first = next((i for i, label in enumerate(rest) if label.marker not in UNMARKED and not is_furniture(label)), 0)
    summarised = next((i for i in range(first) if rest[i].marker in UNMARKED and _SUMMARY.fullmatch(rest[i].text)), 0)
    position = 0
    while position < len(rest):
        label = rest[position]
        if fields := _FIELD.fullmatch(plain(label.text)) if label.marker in UNMARKED else None:
            _set_field(header, fields["name"], fields["value"])
        elif position >= summarised and not is_furniture(label):
            break
        position += 1

    if position < len(rest) and (summary := _SUMMARY.fullmatch(rest[position].text)):
        header.summary = [Line(summary["text"])] if summary["text"] else []
        position += 1
        while position < len(rest) and (depth := _depth_in_summary(rest[position], header.summary)) is not None:
            header.summary.append(Line(rest[position].text, depth))
            position += 1
    while position < len(rest) and rest[position].marker not in UNMARKED and is_furniture(rest[position]):
        position += 1
    return header, rest[position:]


def _alike(heading: str) -> str:
    """Equal for a heading and its entry in a table of contents, which may differ in case and apostrophe."""
    return heading.casefold().replace("’", "'")


def _title(text: str) -> re.Match[str] | None:
    """A title, also as pages give it in their head: followed by the name of the site."""
    return _TITLE.fullmatch(re.split(r"(?<=\)) [-–|] ", plain(text))[0])


def _reference_in(title: str) -> Reference | None:
    match = _title(title)
    try:
        return Reference(match["reference"]) if match else None
    except NotAReference:
        return None


def _depth_in_summary(label: Label, summary: list[Line]) -> int | None:
    """The depth of a line of the summary, or None for what comes after it."""
    if label.marker == "none" or (label.marker == "line" and not is_heading(label.text)):
        return 0
    if label.marker == "line" and not label.gap and not is_known(label.text) and summary:
        above = summary[-1]
        if above.depth == 0 and not is_ended(above.text) and len(above.text) >= _MIN_WRAPPED_CHARACTERS:
            return 0  # a program wrapped it
    listed = bool(summary) and (summary[-1].depth > 0 or summary[-1].text.endswith(":"))
    return 1 if listed and label.marker in ("bullet", "dash") else None


def _set_field(header: Header, name: str, value: str) -> None:
    if name == "Category":
        _check_name("category", value)
        header.category = value or None
    elif name == "Decision":
        _check_name("outcome", value)
        header.outcome = value or None
    elif value:
        header.date = _date(value)


def _check_name(what: str, name: str) -> None:
    if len(name) > _MAX_NAME_CHARACTERS:
        raise NotADecision(
            f"Its {what} has {len(name):,} characters; that of a decision has {_MAX_NAME_CHARACTERS} at most."
        )


def _date(text: str) -> datetime.date:
    for form in _DATES:
        with contextlib.suppress(ValueError):
            date = datetime.datetime.strptime(text, form).date()
            if date.year not in _YEARS:
                raise NotADecision(
                    f"Its decision date “{text[:40]}” is not in the years {_YEARS.start} to {_YEARS.stop - 1}."
                )
            return date
    raise NotADecision(f"Its decision date “{text[:40]}” is no date such as 09 Oct 2022.")
