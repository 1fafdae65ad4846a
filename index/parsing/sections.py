"""The page of a public report, which has sections under headings in place of numbered paragraphs → these. Pure.

The site gives a report a page with a short account of it: a few sections, or the account alone, which is the summary.
Each section is cited by its heading; nothing gets a number that was not published. A statement of a decision whose
numbers a copy has lost is none of this: its own headings tell it apart.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.decisions import Line, Paragraph, Pinpoint, Reference, section_names
from index.parsing.labels import UNMARKED, Label
from index.parsing.lists import Draft, assemble
from index.parsing.roles import roles
from index.text.dates import MONTH

# What only the page of a report says.
_OF_REPORT = re.compile(
    r"""
    (?: report\ summary | (?:this\ is\ a\ )?public\ (?:interest\ )?report
      | (?: the\ )?ombudsman\ satisfied\ with\ .{1,100}\ response
      | (?: read | download | view | see )\ the\ (?:full\ |public\ |investigation\ )?report
      | investigation\ into\ (?:an?\ )?complaints?\ (?:about|against)
      | report\ (?: by\ the\ local\ government | issued | published | date ) ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Headings of a report, of which its page has two or more.
_REPORT_HEADING = re.compile(
    r"(?:report )?summary|(?:the )?complaints?|(?:the |our )?(?:ombudsm[ae]n[’']s )?(?:findings?|recommendations?)"
    r"|(?:the )?(?:background|conclusions?|decision|remedy|injustice|fault)",
    re.IGNORECASE,
)
_MIN_REPORT_HEADINGS = 2
# What only the statement of a decision says: its investigator speaks in the first person.
_OF_STATEMENT = re.compile(
    r"\A(?:the ombudsm[ae]n[’']s (?:final )?decision\s*+:?\Z|(?:investigator|assessor)[’']s )|\b(?:i|my)\b",
    re.IGNORECASE,
)
_SECTION_HEADING = re.compile(r"(?:the )?(?:complaints?|background|conclusions?)", re.IGNORECASE)  # in no summary
_SUMMARY_HEADING = re.compile(r"(?:report )?summary\s*:?", re.IGNORECASE)
LIST_HEADING = re.compile(
    r"(?:the |our )?(?:ombudsm[ae]n[’']s )?(?:recommendations?|remedy|(?:agreed|recommended) (?:actions?|remedy))\s*:?",
    re.IGNORECASE,
)
"""Headings right below which a report that numbers nothing else may have a numbered list."""
# Headings of a statement without "I": what stands under them has lost its numbers.
_PART_OF_STATEMENT = re.compile(
    r"(?:final|my) decision|how .{1,60} considered .{1,40}|.{0,60}\broles? and powers?", re.IGNORECASE
)
# What the site adds to a report's page when it has heard from the council.
_FOLLOW_UP = re.compile(
    rf"(?:the )?ombudsm[ae]n satisfied with .{{1,100}} response\s*+:?\s*+[0-9]{{1,2}} (?:{MONTH}) [0-9]{{4}}\.?",
    re.IGNORECASE,
)


def is_report(above: Sequence[Label], labels: Sequence[Label]) -> bool:
    """Whether labels, their headings settled, are the text of a public report's page; `above` is all of the page.

    In doubt it is none: a statement that lost its numbers and their marks must not be cited by its headings.
    """
    headings = [label.text for label in labels if label.marker == "heading" and label.text]
    first = next((at for at, label in enumerate(labels) if label.marker == "number"), None)
    is_below = first is not None and (first == 0 or labels[first - 1].marker == "heading")
    if is_below and (not _numbers_lists_alone(labels) or any(map(_PART_OF_STATEMENT.fullmatch, headings))):
        return False  # a number right below a heading is that of a paragraph; others are those of a list
    if any(_OF_STATEMENT.search(text) for text in headings):
        return False
    if any(label.marker in UNMARKED and _OF_STATEMENT.search(label.text) for label in above if len(label.text) < 60):
        return False
    below = [label for before, label in itertools.pairwise(labels) if before.marker == "heading"]
    text = [label for label in below if label.marker != "heading"]
    if 2 * sum(label.marker == "none" for label in text) < len(text):
        return False  # paragraphs that have lost their numbers are marked like the items of a list
    if any(label.marker in UNMARKED and _OF_REPORT.match(label.text) for label in above):
        return True
    return len({text.casefold() for text in headings if _REPORT_HEADING.fullmatch(text)}) >= _MIN_REPORT_HEADINGS


def _numbers_lists_alone(labels: Sequence[Label]) -> bool:
    """Whether numbers stand only where a list does, such as that of recommendations, and text under other headings."""
    numbered: set[str] = set()
    unnumbered: set[str] = set()
    heading = ""
    for label in labels:
        if label.marker == "heading":
            heading = label.text or heading
        elif label.marker == "number":
            numbered.add(heading)
        elif label.marker == "none":
            unnumbered.add(heading)
    return all(map(LIST_HEADING.fullmatch, numbered)) and not unnumbered <= {*numbered, ""}


def without_follow_up(labels: Sequence[Label]) -> list[Label]:
    """The labels of a page without the line that the site added later: it belongs to no section of the report."""
    return [label for label in labels if label.marker not in UNMARKED or not _FOLLOW_UP.fullmatch(label.text)]


def read_sections(reference: Reference, labels: Sequence[Label]) -> tuple[list[Line], tuple[Paragraph, ...]]:
    """What stands above the first heading, as lines of the summary; and the sections below, each with its text.

    The headings of a section are those right above it: the page of a report has one level of them, or two.
    """
    numbers: list[int | None] = []
    trails: list[tuple[int, ...]] = []
    trail: tuple[int, ...] = ()
    is_open = False
    for position, label in enumerate(labels):
        is_heading = label.marker == "heading"
        if is_heading and label.text:
            trail, is_open = ((position,) if is_open else (*trail, position)), False
        numbers.append(None if is_heading or is_open else position)
        trails.append(trail)
        is_open = is_open or not is_heading
    drafts = list(assemble(list(labels), numbers, trails))
    account = [line for draft in drafts if not draft.section for line in _unlettered(draft)]
    headed = [draft for draft in drafts if draft.section]
    names = section_names(draft.section[-1] for draft in headed)
    sections = tuple(
        Paragraph(
            Pinpoint(reference, name),
            "published",
            draft.section,
            "summary" if _SUMMARY_HEADING.fullmatch(draft.section[-1]) else role,
            tuple(_unlettered(draft)),
        )
        for draft, name, role in zip(headed, names, roles([draft.section for draft in headed]), strict=True)
    )
    return account, sections


def above_first_number(labels: Sequence[Label]) -> tuple[list[Line], list[Label]]:
    """The text of a "Report summary" above the first numbered paragraph, and the labels without it.

    Where other sections stand above that number, it need not be that of a paragraph, and nothing is taken.

    The headings right above that paragraph are its own; others within the summary are lines of it.
    """
    first = next((at for at, label in enumerate(labels) if label.marker == "number"), 0)
    headed = (at for at in range(first) if labels[at].marker == "heading")
    start = next((at for at in headed if _SUMMARY_HEADING.fullmatch(labels[at].text)), None)
    end = first
    while end and labels[end - 1].marker == "heading":
        end -= 1
    others = (label for label in labels[(start or 0) + 1 : end] if label.marker == "heading")
    if start is None or end <= start or any(_SECTION_HEADING.fullmatch(label.text) for label in others):
        return [], list(labels)
    within = (label for label in labels[start + 1 : end] if label.text)
    lines = [Line(label.text, int(label.marker not in UNMARKED)) for label in within]
    return lines, [*labels[:start], *labels[end:]]


def _unlettered(draft: Draft) -> list[Line]:
    """The lines of a draft with their letters as text: only an item of a numbered paragraph is cited by its letter.

    So is the mark of the first line: there it is that of no paragraph.
    """
    return [
        Line(f"{label.mark} {line.text}".lstrip() if line.item or not at else line.text, line.depth)
        for at, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True))
    ]
