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
from index.parsing.other_pages import is_list, told_of_list
from index.text.dates import MONTH
from index.text.sentences import is_ended

_MAX_NAME_CHARACTERS = 200  # of a body, a category, an outcome: each stands on every page
_YEARS = range(1974, 2100)  # the first is that of the Act which made the Ombudsman

_TITLE = re.compile(
    r"""
    \A(?:(?:[\w]++\ ){0,6}complaint\ (?:about|against)\ )?  # Statement on a complaint about
    (?P<body>\S.*?)            # Leicestershire County Council
    (?<!\s)\s*+
    \((?:(?:complaint\ )?ref(?:erence)?(?:\ (?:number|no))?[.:]*\ )?
    (?P<reference>\d[^()]*)\)  # (21 002 206)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A decision as it was sent has two fields for its title.
_PRINTED = re.compile(r"Complaint (?P<name>reference|against)\s*:\s*(?P<value>.*)", re.IGNORECASE)
_FIELD = re.compile(
    r"""
    (?P<name>Category|Subject|Decision\ date|Date\ of\ (?:final\ )?decision|Decision|Outcome)
    \s*:\s*
    (?P<value>.*)
    """,
    re.VERBOSE,
)
_NAMES = {"Subject": "Category", "Outcome": "Decision"}  # what else a field is called
_MAX_VALUE_LINES = 5  # of a field whose value stands below it: the steps of a category, with ">" between them
_DATES = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y", "%Y-%m-%d")
_ORDINAL = re.compile(
    r"\A(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\b(?!:)", re.IGNORECASE
)
_DAY = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)? {MONTH} \d{{4}}", re.IGNORECASE)
_SUMMARY = re.compile(r"Summary(?:\s*:\s*(?P<text>.*))?")
_OMBUDSMANS = r"The (?:Local Government (?:and Social Care )?)?Ombudsm[ae]n[’']s"
_TITLE_OF_DECISION = re.compile(
    rf"(?:{_OMBUDSMANS} (?:final )?decision(?: statement)?|(?:final )?decision statement"
    r"|statement(?: of (?:decision|reasons))?)\s*:?",
    re.IGNORECASE,
)
_DRAFT = re.compile(rf"{_OMBUDSMANS} (?:draft|provisional|proposed) (?:decision|views?)\s*:?", re.IGNORECASE)
_MIN_WRAPPED_CHARACTERS = 20  # of a line that a program wrapped


class Untitled(NotADecision):
    """There is no title of a decision; what it is instead, index.parsing.other_pages may tell."""


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
    """The title, the fields below it and the summary; and the labels that follow these.

    Raises NotADecision; Untitled where no title of a decision was found.
    """
    if is_list(labels):
        raise NotADecision(told_of_list())
    above = next((i for i, label in enumerate(labels) if label.marker == "number"), len(labels))
    labels, above = _with_printed_title(labels, above)
    start = next((i for i in range(above) if labels[i].marker in UNMARKED and _reference_in(labels[i].text)), None)
    title = labels[start].text if start is not None else next((title for title in titles if _reference_in(title)), "")
    match, reference = _title(title), _reference_in(title)
    if match is None or reference is None:
        raise Untitled("Its first lines hold no body with a reference, such as “Kent County Council (21 000 832)”.")
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
            value = fields["value"]
            if not value:
                value, lines = _value_below(rest[position + 1 : position + 1 + _MAX_VALUE_LINES])
                position += lines
            _set_field(header, _NAMES.get(fields["name"], fields["name"]), value)
        elif label.marker in UNMARKED and _DRAFT.fullmatch(label.text):
            raise NotADecision("It is the draft of a decision, which was never published; save the final one instead.")
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


def _with_printed_title(labels: list[Label], above: int) -> tuple[list[Label], int]:
    """The labels with one title in place of the fields "Complaint reference" and "Complaint against", if these stand
    above the first number; and where that stands then. A date among or above them is that of the decision.
    """
    said: dict[str, str] = {}
    end = position = 0
    while position < above and len(said) < 2:
        label = labels[position]
        found = _PRINTED.fullmatch(plain(label.text)) if label.marker in UNMARKED else None
        position += 1
        if found is not None:
            value = found["value"]
            if not value and position < above:
                value = plain(labels[position].text)
                position += 1
            said[found["name"].lower()] = value
            end = position
    if len(said) < 2:
        return labels, above
    head = [Label("line", f"{said['against']} ({said['reference']})")]
    head += [Label("line", f"Decision date : {label.text}") for label in labels[:end] if _DAY.fullmatch(label.text)][:1]
    return [*head, *labels[end:]], above - end + len(head)


def _value_below(labels: Sequence[Label]) -> tuple[str, int]:
    """The value of a field whose name stands alone, and how many lines it has: several where ">" joins them."""
    value: list[str] = []
    for label in labels:
        text = plain(label.text)
        joins = text in (">", "›", "»") or (bool(value) and value[-1] == ">")
        if label.marker not in UNMARKED or (value and not joins) or _is_of_header(text) or is_known(text):
            break
        value.append(">" if text in ("›", "»") else text)
    return " ".join(value), len(value)


def _is_of_header(text: str) -> bool:
    """Whether a line is a field, the title of the whole, or begins the summary."""
    return any(kind.fullmatch(text) for kind in (_FIELD, _TITLE_OF_DECISION, _DRAFT, _SUMMARY))


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
    elif value:  # "Decision date", or "Date of decision"
        header.date = _date(value)


def _check_name(what: str, name: str) -> None:
    if len(name) > _MAX_NAME_CHARACTERS:
        raise NotADecision(
            f"Its {what} has {len(name):,} characters; that of a decision has {_MAX_NAME_CHARACTERS} at most."
        )


def _date(text: str) -> datetime.date:
    said = _ORDINAL.sub(r"\1", text.rstrip("."))
    for form in _DATES:
        with contextlib.suppress(ValueError):
            date = datetime.datetime.strptime(said, form).date()
            if date.year not in _YEARS:
                raise NotADecision(
                    f"Its decision date “{text[:40]}” is not in the years {_YEARS.start} to {_YEARS.stop - 1}."
                )
            return date
    raise NotADecision(f"Its decision date “{text[:40]}” is no date such as 09 Oct 2022.")
